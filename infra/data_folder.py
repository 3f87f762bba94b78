"""The folder that keeps a local stack's data between runs: `DATA_DIR`, `.local` by default."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.problems import Problem

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """A stack that is running: what the other commands need to find it."""

    endpoint: str
    emulator_pid: int
    public_url: str


@dataclass(frozen=True)
class DataFolder:
    """Where everything about one local stack is kept. Two runs never share a folder."""

    path: Path

    @classmethod
    def from_environment(cls) -> "DataFolder":
        """Take `DATA_DIR`, relative to the project like the default, which is `.local`."""
        return cls((PROJECT / os.environ.get("DATA_DIR", ".local")).resolve())

    @property
    def state(self) -> Path:
        """Where the emulator saves its tables, queues and functions when it stops."""
        return self.path / "state"

    @property
    def scratch(self) -> Path:
        """Where the functions' workers unpack their code; worth nothing after a run."""
        return self.path / "scratch"

    @property
    def log(self) -> Path:
        """What the emulator and the functions print."""
        return self.path / "emulator.log"

    @property
    def _run_file(self) -> Path:
        return self.path / "run.json"

    @property
    def _port_file(self) -> Path:
        return self.path / "port"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for one run.

        The system frees such a lock when its process dies, however it dies: no stale lock file.

        Raises Problem when another run holds it or it cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            message = f"cannot write in {self.path}: {error.strerror}. Set DATA_DIR to a folder of your own."
            raise Problem(message) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                message = (
                    f"{self.path} is in use by process {lock.read().strip() or 'unknown'}. "
                    "Stop that run first, or set DATA_DIR to another folder."
                )
                raise Problem(message) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    @property
    def unsaved(self) -> Path:
        """A file the emulator makes when it starts and deletes once it has saved everything."""
        return self.path / "unsaved"

    def clear_scratch(self) -> None:
        """Delete what the workers of an earlier run left."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)

    def remember_port(self, port: int) -> None:
        """Keep the emulator's port: saved queue addresses hold it."""
        self._port_file.write_text(str(port), encoding="utf-8")

    def remembered_port(self) -> int | None:
        """Give the port of the last run, if there was one."""
        try:
            return int(self._port_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def announce(self, run: Run) -> None:
        """Let the other commands find this run."""
        self._run_file.write_text(json.dumps(asdict(run)), encoding="utf-8")

    def abandoned(self) -> int | None:
        """Give the process of an emulator that outlived its run, for example one killed with -9."""
        try:
            run = Run(**json.loads(self._run_file.read_text(encoding="utf-8")))
            os.kill(run.emulator_pid, 0)
            started = Path(f"/proc/{run.emulator_pid}/cmdline").read_bytes()
        except (OSError, ValueError, TypeError):
            return None
        # The number may have been given to another process since.
        return run.emulator_pid if b"emulator_process.py" in started else None

    def withdraw(self) -> None:
        """Say that nothing runs here any more."""
        self._run_file.unlink(missing_ok=True)

    def running(self) -> Run:
        """Find the run of this folder.

        Raises Problem when nothing runs here.
        """
        try:
            run = Run(**json.loads(self._run_file.read_text(encoding="utf-8")))
            os.kill(run.emulator_pid, 0)
        except (OSError, ValueError, TypeError) as error:
            message = f"nothing is running on {self.path}. Start it with `make run`, or set DATA_DIR."
            raise Problem(message) from error
        return run
