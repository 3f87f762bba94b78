"""What the whole local stack takes: the package it deploys, and the memory `make run` holds."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra import packaging
from infra.bench.table import Line

#: In bytes, workers included.
MOST_MEMORY = 1.2e9
_START_SECONDS = 120.0
_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.5
#: So far ahead of now is the tick that is run: enough comes due for every function to work.
_AHEAD = timedelta(days=3)
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_BINOME = Path(sys.executable).with_name("binome")
#: What this process was told of another emulator is none of the new one's business.
_OURS = ("AWS_", "BINOME_")


def package() -> Line:
    """Measure the deployment package, zipped."""
    size = packaging.build().size
    return Line(
        "deployment package, zipped",
        f"≤ {packaging.BUDGET / 1e6:.0f} MB",
        f"{size / 1e6:.1f} MB",
        size <= packaging.BUDGET,
    )


def memory() -> Line:
    """Measure the most resident memory of `make run`, workers included, while a tick has much to do."""
    what, budget = "memory of `make run`, all processes", f"≤ {MOST_MEMORY / 1e9:g} GB"
    with _served() as (process, environment):
        if process is None:
            return Line(what, budget, "not measured here: the stack did not start", None)
        held = _most_held(process.pid, environment)
    measured = f"{sum(held) / 1e9:.2f} GB in {len(held)} processes"
    return Line(what, budget, measured, sum(held) <= MOST_MEMORY)


def _most_held(pid: int, environment: dict[str, str]) -> list[int]:
    at = (datetime.now(UTC) + _AHEAD).isoformat()
    tick = subprocess.Popen([_BINOME, "tick", "--at", at], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command.
    most = resident(pid)
    while tick.poll() is None:
        time.sleep(_POLL_SECONDS)
        most = max(most, resident(pid), key=sum)
    if tick.returncode:
        message = "the tick failed, so that no worker was at work to be measured"
        raise RuntimeError(message)
    return most


def resident(pid: int) -> list[int]:
    """Give the resident bytes of a process and of each that it started, itself or through others."""
    started: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # After the name, which may hold anything, come the state and the parent.
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            started[int(entry.name)] = int(fields[1])
    family = {pid}
    while found := {each for each, parent in started.items() if parent in family} - family:
        family |= found
    held = []
    for each in family:
        with suppress(OSError):
            statm = Path(f"/proc/{each}/statm").read_text(encoding="utf-8")
            held.append(int(statm.split()[1]) * _PAGE_BYTES)
    return held


@contextmanager
def _served() -> Iterator[tuple[subprocess.Popen[bytes] | None, dict[str, str]]]:
    """Serve as `make run` does, on data of its own; None when it does not come up."""
    with tempfile.TemporaryDirectory(prefix="binome-bench-") as folder:
        port = _free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        environment |= {"DATA_DIR": folder, "PORT": str(port)}
        process = subprocess.Popen(  # noqa: S603 - our own command.
            [_BINOME, "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield (process if _answers(process, port) else None), environment
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(_STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5).close()
            return True
        time.sleep(_POLL_SECONDS)
    return False
