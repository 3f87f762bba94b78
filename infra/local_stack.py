"""The local stack as one thing: start it, find it, wait for it, move its time, stop it."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from infra import emulator, packaging
from infra.data_folder import DataFolder, Run
from infra.deployment import Deployment, local_parameters
from infra.emulator import Emulator
from infra.problems import Problem

#: How long to wait, in seconds, before what is waited for counts as failed.
PATIENCE = 60.0
_POLL_SECONDS = 0.05
#: Between taking a message and starting its function, it counts nowhere for a moment.
_QUIET_READINGS = 2
#: How often a tick is repeated while each finds something due. One round is enough unless there is
#: more due than one tick takes, or what was done made something else due at the same moment.
_TICK_ROUNDS = 50


@dataclass(frozen=True)
class LocalStack:
    """A stack that is running on this machine."""

    folder: DataFolder
    deployment: Deployment
    #: The run before this one could not save at its end: its last minute may be missing.
    after_a_kill: bool = False
    #: The emulator's process, where it is ours: a stack that was only found has none here.
    machine: Emulator | None = None

    @property
    def endpoint(self) -> str:
        """Give where the emulator answers."""
        return self.deployment.endpoint

    def environment(self) -> dict[str, str]:
        """Give the variables its functions see."""
        return self.deployment.environment()

    def pending(self) -> dict[str, int]:
        """Count what is under way: `stream`, `queued`, `running`, `retrying`, and all `changes`."""
        return {name: int(count) for name, count in self.read("/_binome/pending").items()}

    def read(self, path: str) -> dict[str, Any]:
        """Read one of the emulator's own JSON addresses.

        Raises Problem when it no longer answers.
        """
        try:
            with urllib.request.urlopen(f"{self.endpoint}{path}", timeout=60) as answer:  # noqa: S310 -- the emulator's own http address
                read: dict[str, Any] = json.load(answer)
                return read
        except OSError as error:
            message = f"the emulator does not answer on {self.endpoint}; see {self.folder.log}"
            raise Problem(message) from error

    def save(self) -> None:
        """Save the data now rather than when the stack stops."""
        self.read("/_binome/save")

    def settle(self, patience: float = PATIENCE) -> None:
        """Wait until every function has done what was asked of it so far, however long that takes.

        Messages that failed and wait for another try are not waited for.

        Raises Problem when nothing has been read, taken or written for `patience` seconds, with what
        is still under way: functions that fail again and again move nothing.
        """
        last: dict[str, int] = {}
        quiet = 0
        moved_at = time.monotonic()
        while quiet < _QUIET_READINGS:
            now = self.pending()
            if any(now[each] != last.get(each) for each in ("stream", "queued", "changes")):
                last, moved_at = now, time.monotonic()
            if time.monotonic() - moved_at > patience:
                message = f"nothing has moved for {patience:.0f} s; still under way: {now}"
                raise Problem(message)
            quiet = 0 if now["stream"] or now["queued"] or now["running"] else quiet + 1
            time.sleep(_POLL_SECONDS)

    def tick(self, at: str | None = None) -> int:
        """Run the deployed tick, at a given moment or now, until nothing more is due then.

        Gives how many agenda entries were found due. When it returns, what they caused is done.

        Raises Problem when the function fails.
        """
        found = 0
        for _ in range(_TICK_ROUNDS):
            due = self._tick_once(at)
            self.settle()
            found += due
            if not due:
                break
        return found

    def _tick_once(self, at: str | None) -> int:
        answer = self.deployment.client("lambda").invoke(
            FunctionName=self.deployment.physical_id("Tick"),
            Payload=json.dumps({"at": at} if at else {}).encode(),
        )
        result = json.load(answer["Payload"])
        if answer.get("FunctionError"):
            message = f"the tick failed: {result.get('errorMessage', result)}"
            raise Problem(message)
        return int(result["due"])


def wait_until(
    condition: Callable[[], bool],
    patience: float = PATIENCE,
    explain: Callable[[], str] = lambda: "what was waited for did not happen",
) -> None:
    """Wait until a condition holds, asking often: a test waits for what it needs, never for a time.

    Raises Problem with `explain()` after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            message = f"{explain()} (after {patience:.0f} s)"
            raise Problem(message)
        time.sleep(_POLL_SECONDS)


@contextmanager
def running(folder: DataFolder, public_url: str, *, ticks: bool = True) -> Iterator[LocalStack]:
    """Run the stack on a folder's data for as long as the block lasts, then save and stop it.

    Without `ticks` the schedule is off and time moves by `LocalStack.tick` alone.

    Raises Problem when the folder is in use or damaged, or the stack cannot be started.
    """
    with folder.held(), ThreadPoolExecutor(1) as beside:
        after_a_kill = folder.unsaved.exists()
        # While the emulator starts.
        building = beside.submit(packaging.build)
        machine = emulator.start(folder)
        try:
            stack = LocalStack(folder, Deployment(machine.endpoint), after_a_kill, machine)
            stack.deployment.deploy(building.result(), local_parameters(public_url, ticks=ticks))
            folder.announce(Run(machine.endpoint, machine.process.pid, public_url))
            yield stack
            # Changes that no function has read yet are lost with the emulator's memory. If they
            # cannot be waited for, `binome rebuild-counters` finds them in the journal.
            with suppress(Problem):
                stack.settle(patience=20)
        finally:
            machine.stop()
            folder.withdraw()
            folder.clear_scratch()


def attach(folder: DataFolder) -> LocalStack:
    """Find the stack that runs on a folder.

    Raises Problem when none does.
    """
    return LocalStack(folder, Deployment(folder.running().endpoint))
