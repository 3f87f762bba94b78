"""What importing the application costs a process that starts, beside the libraries it stands on."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable

from infra.bench.pairing import median_ratio
from infra.bench.table import Line
from infra.data_folder import PROJECT

MOST = 1.3
_ROUNDS = 10
_APPLICATION = "import app"
_LIBRARIES = "from chalice import Chalice; from pynamodb.models import Model; from pydantic import BaseModel"


def application() -> Line:
    """Measure the processor's time of fresh processes, everything compiled before, as in the package."""
    with tempfile.TemporaryDirectory(prefix="binome-bench-") as compiled:
        ours, theirs = (_cpu(code, compiled) for code in (_APPLICATION, _LIBRARIES))
        ours(), theirs()
        ratio = median_ratio(ours, theirs, _ROUNDS)
    return Line(
        "CPU of importing the application",
        f"≤ {MOST:g} × chalice + pynamodb + pydantic",
        f"× {ratio:.2f}",
        ratio <= MOST,
    )


def _cpu(code: str, compiled: str) -> Callable[[], float]:
    """Give a measure of the seconds, user and system, of a process that runs some code."""
    # Where Python is told not to keep what it compiles, each start would compile everything again.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONPYCACHEPREFIX"] = compiled

    def measure() -> float:
        process = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, env=environment)  # noqa: S603 - our own interpreter and code.
        _, status, usage = os.wait4(process.pid, 0)
        # It was waited for here, so that its own record of it does not wait for ever.
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            message = f"{code!r} failed"
            raise RuntimeError(message)
        return usage.ru_utime + usage.ru_stime

    return measure
