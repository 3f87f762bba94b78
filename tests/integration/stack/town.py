"""The deployed stack as these tests use it: its public address, its mailbox, its time, what it holds."""

import json
import re
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any
from unittest import mock
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import urllib3

from infra import command_line, outbox
from infra.local_stack import LocalStack, wait_until
from infra.outbox import Message

#: Where the people of these tests live, and the hour at which they are up.
ZONE = "Europe/Paris"
_BUSY = 429
#: Items as DynamoDB writes them, by partition and sort key.
Holdings = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON.
        """Read the body as JSON."""
        return json.loads(self.text)

    @property
    def fields(self) -> set[str]:
        """Give the fields that a problem names."""
        return {each["field"] for each in self.json["errors"]}

    def made(self) -> dict[str, Any]:
        """Give what was created or changed, which must have been."""
        assert self.status in {200, 201, 202}, self.text
        return dict(self.json)

    def refused(self, status: int, name: str) -> str:
        """Give what would be accepted, once sure that the refusal is one and names the field."""
        assert self.status == status, self.text
        assert self.headers["Content-Type"] == "application/problem+json"
        messages = {each["field"]: str(each["message"]) for each in self.json["errors"]}
        assert name in messages, self.text
        assert messages[name]
        return messages[name]


@dataclass(frozen=True)
class Gateway:
    """The deployed API Gateway, by the name that the application is served under."""

    url: str
    _pool: urllib3.HTTPConnectionPool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the pool: to this machine, whatever its resolver makes of `*.localhost`."""
        port = urlsplit(self.url).port
        object.__setattr__(self, "_pool", urllib3.HTTPConnectionPool("127.0.0.1", port, maxsize=10))

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask; again when the gateway was too busy, as its 429 says. No answer may be a fault of ours."""
        address = urlsplit(self.url)
        sent = {"Host": address.netloc, **(headers or {})}
        answers: list[Answer] = []

        def is_answered() -> bool:
            read = self._pool.request(method, path, body=body, headers=sent, retries=False, timeout=60)
            answers.append(Answer(read.status, read.headers, read.data.decode()))
            return read.status != _BUSY

        wait_until(is_answered, explain=lambda: "the gateway stays too busy")
        assert answers[-1].status < 500, answers[-1].text
        return answers[-1]


@dataclass(frozen=True)
class Api:
    """The JSON API, called with one key."""

    gateway: Gateway
    key: str

    def get(self, path: str, **query: str) -> Answer:
        """Read."""
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Read a whole list, page by page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, limit="100", **query, **cursor).made()
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """Create."""
        return self.send("POST", path, json.dumps(body).encode(), **headers)

    def patch(self, path: str, body: object) -> Answer:
        """Change."""
        return self.send("PATCH", path, json.dumps(body).encode())

    def send(self, method: str, path: str, raw: bytes = b"", **headers: str) -> Answer:
        """Send bytes as they are; `idempotency_key` is the header `idempotency-key`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.gateway.send(
            method,
            path,
            raw,
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **named},
        )


@dataclass(frozen=True)
class Town:
    """The running stack and its front door."""

    stack: LocalStack
    gateway: Gateway
    _clients: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def binome(self, *words: str) -> str:
        """Run a `binome` command as a shell would, in this process; give what it prints."""
        out, err = StringIO(), StringIO()
        with mock.patch.object(sys, "argv", ["binome", *words]), redirect_stdout(out), redirect_stderr(err):
            status = command_line.main()
        assert status == 0, err.getvalue()
        return out.getvalue().strip()

    def key(self, tenant: str, role: str, *territories: str, member: str | None = None) -> Api:
        """Give the API to a role, over territories, as a member where one is named."""
        where = ["--territory", *territories] if territories else []
        whom = ["--member", member] if member else []
        words = ("key", "create", "--tenant", tenant, "--role", role, *where, *whom)
        return Api(self.gateway, self.binome(*words))

    def tick(self, at: datetime | None = None) -> None:
        """Let the schedule run at a moment, or now, and wait until all that it caused is done."""
        self.stack.tick(at.isoformat() if at else None)

    def mails(self, to: str) -> list[Message]:
        """Give what somebody was sent, oldest first."""
        return [each for each in outbox.messages(self.stack) if each.to == to]

    def visit(self, url: str) -> Answer:
        """Open a link from a mail, as a browser does."""
        return self.gateway.send("GET", _path_of(url))

    def fill_in(self, url: str, **form: str) -> Answer:
        """Send the form that a link opens, as a browser does."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self.gateway.send("POST", _path_of(url), urlencode(form).encode(), headers)

    def holdings(self, tenant: str) -> Holdings:
        """Give everything the table holds of a tenant once all is quiet, by key."""
        self.stack.settle()
        pages = self.client("dynamodb").get_paginator("scan")
        found = pages.paginate(
            TableName="binome-domain",
            FilterExpression="begins_with(pk, :prefix)",
            ExpressionAttributeValues={":prefix": {"S": f"T#{tenant}#"}},
            ConsistentRead=True,
        )
        return {(each["pk"]["S"], each["sk"]["S"]): each for page in found for each in page["Items"]}

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time.
        """Give a client of one of the emulator's services; opening one takes longer than using it."""
        if service not in self._clients:
            self._clients[service] = self.stack.deployment.client(service)
        return self._clients[service]

    def invoke(self, resource: str, event: object) -> dict[str, Any]:
        """Run a function of the template; give its answer, or the failure it ended with."""
        name = self.function(resource)
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        return {**json.load(answer["Payload"]), "failed": "FunctionError" in answer}

    def function(self, resource: str) -> str:
        """Give the deployed name of a function of the template."""
        return self.stack.deployment.physical_id(resource)


def link_in(message: Message) -> str:
    """Find the personal link in a mail."""
    found = re.search(r"https?://\S+/report/\S+", message.text)
    assert found, message.text
    return found[0]


def morning(day: date) -> datetime:
    """Give nine o'clock of a day, after the hour from which people are written to."""
    return _at(day, time(9))


def night(day: date) -> datetime:
    """Give one o'clock of a day: a colour turns at midnight, and nobody is written to yet."""
    return _at(day, time(1))


def days_ago(days: int) -> date:
    """Give the day so many days before today, where the people of these tests live."""
    return datetime.now(UTC).astimezone(_zone()).date() - timedelta(days=days)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(ZONE)


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
