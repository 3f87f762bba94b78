"""`binome serve`: the whole back office on this machine, until it is told to stop."""

import importlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from infra import local_stack, web_server
from infra.data_folder import DataFolder
from infra.emulator import is_free
from infra.local_stack import LocalStack
from infra.problems import Problem

_USUAL_PORT = 8000
_LAST_PORT = 65535
#: How often what was entered is saved while the stack runs, in seconds.
_SAVE_SECONDS = 60.0
#: How often to look whether the emulator is still there.
_LOOK_SECONDS = 1.0


def serve(folder: DataFolder) -> None:
    """Serve on $PORT until Ctrl-C or SIGTERM; the data stay in the folder.

    Raises Problem when the port is taken or the stack cannot be started.
    """
    port = _port()
    address = f"http://{web_server.ADDRESS}:{port}"
    with _stop_signals() as stop, local_stack.running(folder, address) as stack:
        if stack.after_a_kill:
            _say("The last run was killed. What was entered in its last minute may be missing.")
        if not stop.is_set():
            _run(stack, port, stop)
        _say("Saving…")
    _say(f"Stopped. The data are in {folder.path}.")


def _run(stack: LocalStack, port: int, stop: threading.Event) -> None:
    # The application sees here what its functions see there.
    os.environ.update(stack.environment())
    _log_requests(stack.folder)
    sign_ins = _demonstration()
    stack.save()
    # Imported only now: the application reads its settings when it is.
    application = importlib.import_module("app").app
    not_found = importlib.import_module("chalicelib.tenancy.middleware").not_found_answer
    server = web_server.serve(application, port, not_found)
    thread = web_server.serve_in_background(server)
    _say(f"\nBinôme is ready on http://{web_server.ADDRESS}:{port} (Ctrl-C stops it).\n")
    for line in sign_ins:
        _say(line)
    try:
        _save_now_and_then(stack, stop)
    finally:
        server.shutdown()
        thread.join()
        server.server.server_close()


def _demonstration() -> list[str]:
    """Load the demonstration tenants into an empty table; give the sign-ins to print."""
    with suppress(ModuleNotFoundError, AttributeError):
        demonstration = importlib.import_module("infra.demonstration")
        lines: list[str] = demonstration.load()
        return lines
    return []


def _save_now_and_then(stack: LocalStack, stop: threading.Event) -> None:
    """Save what changed every minute, so that a kill or a power cut loses no more than that.

    Raises Problem when the emulator has ended by itself.
    """
    saved = stack.pending()["changes"]
    looked_at = time.monotonic()
    while not stop.wait(_LOOK_SECONDS):
        if stack.machine:
            stack.machine.check_alive()
        if time.monotonic() - looked_at < _SAVE_SECONDS:
            continue
        looked_at = time.monotonic()
        changes = stack.pending()["changes"]
        if changes != saved:
            stack.save()
            saved = changes


def _port() -> int:
    given = os.environ.get("PORT") or str(_USUAL_PORT)
    if not given.isascii() or not given.isdigit() or not 0 < int(given) <= _LAST_PORT:
        message = f"PORT is {given!r}: give a number from 1 to {_LAST_PORT}, for example PORT=8000."
        raise Problem(message)
    port = int(given)
    if not is_free(port):
        message = f"port {port} is taken. Stop what uses it, or choose another: make run PORT={port + 1}"
        raise Problem(message)
    return port


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Turn Ctrl-C and SIGTERM into an event, so that stopping is never cut off half-way."""
    stop = threading.Event()

    def ask_to_stop(*_: object) -> None:
        stop.set()

    before = {each: signal.signal(each, ask_to_stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _log_requests(folder: DataFolder) -> None:
    """Keep one line per request, and the application's own log, beside the data."""
    handler = logging.FileHandler(folder.path / "http.log", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger("web").setLevel(logging.INFO)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
