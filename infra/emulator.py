"""The embedded AWS: one process of MiniStack, in its own environment and bound to this machine."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from infra import saved_state
from infra.data_folder import PROJECT, DataFolder
from infra.problems import Problem

REGION = "eu-west-3"
ADDRESS = "127.0.0.1"
_ENVIRONMENT = Path(os.environ.get("BINOME_EMULATOR_VENV", PROJECT / ".venv-emulator"))
_START_SECONDS = 60
_STOP_SECONDS = 60

#: How long a worker beyond a function's first may stand idle before it is ended. Each is a process
#: of about 80 MB; emulator_process.py limits how many work at once.
_IDLE_WORKER_SECONDS = 30


@dataclass(frozen=True)
class Emulator:
    """The running process and where it answers."""

    endpoint: str
    process: subprocess.Popen[bytes]
    folder: DataFolder

    def check_alive(self) -> None:
        """Raise Problem when the process has ended by itself."""
        if self.process.poll() is not None:
            message = f"the emulator ended by itself; the end of {self.folder.log} may say why"
            raise Problem(message)

    def stop(self) -> None:
        """End it so that it saves its data; it does so when it is asked to stop (SIGTERM).

        Raises Problem when it does not in a minute.
        """
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            self.process.kill()
            message = f"the emulator did not save its data in {_STOP_SECONDS} s; see {self.folder.log}"
            raise Problem(message) from error


def start(folder: DataFolder) -> Emulator:
    """Start the emulator on this folder's data and wait until it answers.

    Raises Problem when it is not installed, its data are damaged or it does not start.
    """
    python = _ENVIRONMENT / "bin" / "python"
    if not python.exists():
        message = f"the emulator is not installed in {_ENVIRONMENT}. Run `make run`, which installs it."
        raise Problem(message)
    _end_abandoned(folder)
    saved_state.make_ready(folder.state)
    folder.clear_scratch()
    port = _port(folder.remembered_port())
    folder.remember_port(port)
    with folder.log.open("ab") as log:
        # A session of its own: Ctrl-C in the terminal must reach us first, so that the HTTP server
        # stops before the emulator does.
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter, fixed arguments
            # Without this flag the folder of the script would come first on its path, and our
            # packaging.py would hide the library of that name.
            [python, "-P", Path(__file__).with_name("emulator_process.py")],
            env=_variables(folder, port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    emulator = Emulator(f"http://{ADDRESS}:{port}", process, folder)
    _wait_until_ready(emulator)
    return emulator


def _variables(folder: DataFolder, port: int) -> dict[str, str]:
    """Give what the emulator and, through it, every function sees of the environment.

    Nothing of ours is passed on: a proxy, a profile or a PYTHONPATH of the person at the keyboard
    would otherwise reach the functions.
    """
    return {
        "HOME": str(folder.path),
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        # It listens on every interface unless told otherwise.
        "BIND_HOST": ADDRESS,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "BINOME_UNSAVED": str(folder.unsaved),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder.state),
        "S3_DATA_DIR": str(folder.path / "s3"),
        "TMPDIR": str(folder.scratch),
        # The C library would keep an arena of memory for each of the emulator's 64 threads.
        "MALLOC_ARENA_MAX": "2",
        # No limit here: above it MiniStack refuses, and a message of a queue that is refused waits
        # minutes to be handed out again. emulator_process.py has calls wait for their turn instead.
        "LAMBDA_ACCOUNT_CONCURRENCY": "0",
        "LAMBDA_WARM_TTL_SECONDS": str(_IDLE_WORKER_SECONDS),
        # Two listeners of services we do not use; their ports are fixed, so a second stack on the
        # same machine would fail to open them.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "INFO",
    }


def _end_abandoned(folder: DataFolder) -> None:
    """Let an emulator that outlived its run save and end, before another reads the same data."""
    pid = folder.abandoned()
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while folder.abandoned():
        if time.monotonic() > deadline:
            message = f"process {pid} of an earlier run still uses {folder.path}; end it (kill {pid})"
            raise Problem(message)
        time.sleep(0.1)


def _port(remembered: int | None) -> int:
    """Take the port of the last run if it is free, otherwise any free one."""
    if remembered is not None and is_free(remembered):
        return remembered
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Tell whether nothing listens on this port of the machine."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def _wait_until_ready(emulator: Emulator) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if emulator.process.poll() is not None:
            break
        if _answers(emulator.endpoint):
            return
        time.sleep(0.05)
    emulator.process.kill()
    message = f"the emulator did not start; the end of {emulator.folder.log} says why"
    raise Problem(message)


def _answers(endpoint: str) -> bool:
    # An answer that is not "ready" is raised by urlopen as an HTTPError, which is an OSError.
    with contextlib.suppress(OSError):
        urllib.request.urlopen(f"{endpoint}/_ministack/ready", timeout=2).close()  # noqa: S310 -- this machine
        return True
    return False
