"""The whole back office on this machine, with the demonstration, as a browser and an API client meet it."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra import outbox
from infra.data_folder import PROJECT, DataFolder
from infra.local_stack import LocalStack, attach, wait_until
from infra.outbox import Message

#: A fresh machine packages, deploys and loads eight tenants first.
_PATIENCE = 300.0
_CODE = re.compile(r"\b\d{6}\b")
_REPORT = re.compile(r"http://\S+/report/\S+")


@dataclass(frozen=True)
class Office:
    """A running back office."""

    url: str
    folder: DataFolder
    stack: LocalStack
    _clients: dict[str, "Client"] = field(default_factory=dict)
    _members: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def members(self, tenant: str, role: str) -> list[dict[str, Any]]:
        """Give the members of the demonstration who have a role."""
        if tenant not in self._members:
            self._members[tenant] = list(self.client(tenant).every("/v1/members"))
        return [each for each in self._members[tenant] if role in each["roles"]]

    def freest_coordinator(self, tenant: str) -> dict[str, Any]:
        """Give the coordinator with most places left."""
        loads = self.client(tenant).get("/v1/monitoring/caseload")["items"]
        free = {each["member"]: each["places"] - each["pairs"] for each in loads}
        return max(self.members(tenant, "coordinator"), key=lambda each: free[each["id"]])

    def client(self, tenant: str) -> "Client":
        """Give the API of a tenant, as its head office uses it: to set a scene, and to know the truth."""
        if tenant not in self._clients:
            self._clients[tenant] = Client(self.url, self._new_key(tenant))
        return self._clients[tenant]

    def mails_to(self, address: str) -> list[Message]:
        """Give what was sent to an address, oldest first."""
        return [each for each in outbox.messages(self.stack) if each.to == address]

    def code_for(self, address: str) -> str:
        """Read the last sign-in code sent to an address."""
        return self._last(address, _CODE)

    def report_link_for(self, address: str) -> str:
        """Read the link of the last reminder sent to a mentor."""
        return self._last(address, _REPORT)

    def tick(self) -> None:
        """Do what is due now, as the schedule would within five minutes."""
        self.stack.tick()

    def _last(self, address: str, wanted: re.Pattern[str]) -> str:
        found = [read[0] for each in self.mails_to(address) if (read := wanted.search(each.text))]
        assert found, f"no mail to {address} holds {wanted.pattern}"
        return found[-1]

    def _new_key(self, tenant: str) -> str:
        command = ["key", "create", "--tenant", tenant, "--role", "head_office"]
        return subprocess.check_output(  # noqa: S603 - our own command.
            [sys.executable, "-m", "infra.command_line", *command],
            cwd=PROJECT,
            env={**os.environ, "DATA_DIR": str(self.folder.path)},
            text=True,
        ).strip()


@dataclass(frozen=True)
class Client:
    """The JSON API with a key."""

    url: str
    key: str

    def get(self, path: str) -> dict[str, Any]:
        """Read one thing."""
        return self._ask("GET", path)

    def every(self, path: str) -> Iterator[dict[str, Any]]:
        """Read a list to its end."""
        start = f"{path}{'&' if '?' in path else '?'}limit=100"
        page = self.get(start)
        yield from page["items"]
        while page["next"]:
            page = self.get(f"{start}&cursor={page['next']}")
            yield from page["items"]

    def post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Add something."""
        return self._ask("POST", path, body)

    def patch(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Change something."""
        return self._ask("PATCH", path, body)

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - our own http address.
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own http address.
                read: dict[str, Any] = json.load(answer)
                return read
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from None


def days_ago(count: int) -> str:
    """Give an ISO day so many days back."""
    return (datetime.now(UTC).date() - timedelta(days=count)).isoformat()


def born(age: int) -> str:
    """Give the birth date of somebody who turned an age half a year ago."""
    return days_ago(365 * age + 190)


@contextmanager
def opened(folder: Path) -> Iterator[Office]:
    """Run `binome serve` on a folder for as long as the block lasts."""
    port = _free_port()
    log = folder / "serve.log"
    command = [sys.executable, "-m", "infra.command_line", "serve"]
    environment = {**os.environ, "DATA_DIR": str(folder), "PORT": str(port)}
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own command.
            command, cwd=PROJECT, env=environment, stdout=output, stderr=output
        ) as served,
    ):
        try:
            wait_until(_ready(served, log), _PATIENCE, lambda: log.read_text(encoding="utf-8"))
            data = DataFolder(folder)
            yield Office(f"http://127.0.0.1:{port}", data, attach(data))
        finally:
            served.terminate()


def _ready(served: "subprocess.Popen[bytes]", log: Path) -> Callable[[], bool]:
    def is_ready() -> bool:
        said = log.read_text(encoding="utf-8")
        assert served.poll() is None, f"binome serve stopped: {said}"
        return "is ready" in said

    return is_ready


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
