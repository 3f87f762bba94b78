"""Receivers of webhooks: real ones, on loopback, that behave as badly as a test asks."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event, Thread
from typing import Self

import pytest


class Receiver:
    """Listens on a free port of 127.0.0.1 and keeps every request it was sent."""

    def __init__(self, behave: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.was_hung_up_on = Event()
        self._behave = behave
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._thread = Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave the thread waiting for a caller.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            with caller:
                try:
                    self._converse(caller)
                except OSError:
                    self.was_hung_up_on.set()

    def _converse(self, plain: socket.socket) -> None:
        caller = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
        with caller:
            if request := _read_request(caller):
                self.requests.append(request)
                self._behave(caller)


def _read_request(caller: socket.socket) -> bytes:
    with caller.makefile("rb") as stream:
        head = b""
        length = 0
        for line in stream:
            head += line
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            if line == b"\r\n":
                return head + stream.read(length)
    return b""


class Receivers:
    """Starts receivers, and stops them all when the test is over."""

    def __init__(self, started: ExitStack) -> None:
        self._started = started

    def answering(self, answer: bytes, tls: ssl.SSLContext | None = None) -> Receiver:
        """Write these bytes and hang up."""
        return self._started.enter_context(Receiver(lambda caller: caller.sendall(answer), tls))

    def stalling(self, beginning: bytes, tls: ssl.SSLContext | None = None) -> Receiver:
        """Write these bytes, then nothing more until the caller hangs up."""

        def behave(caller: socket.socket) -> None:
            caller.sendall(beginning)
            while caller.recv(1024):
                pass
            raise ConnectionAbortedError

        return self._started.enter_context(Receiver(behave, tls))

    def dripping(self, answer: bytes) -> Receiver:
        """Write a byte every fiftieth of a second, until the caller hangs up."""
        pause = Event()

        def behave(caller: socket.socket) -> None:
            for byte in answer:
                caller.sendall(bytes([byte]))
                pause.wait(0.02)

        return self._started.enter_context(Receiver(behave))

    def flooding(self, beginning: bytes, again: bytes) -> Receiver:
        """Write without an end, until the caller hangs up."""

        def behave(caller: socket.socket) -> None:
            caller.sendall(beginning)
            while True:
                caller.sendall(again)

        return self._started.enter_context(Receiver(behave))


class Names:
    """The domain name system of a test: host names, their addresses, and what was asked for."""

    def __init__(self) -> None:
        self.known: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self._real = socket.getaddrinfo

    def look_up(self, host: str, *where: int, **kind: int) -> list[tuple[object, ...]]:
        """Stand in for `socket.getaddrinfo`, which is only asked about addresses."""
        addresses = [host]
        if not host[-1].isdigit():
            self.asked.append(host)
            if host not in self.known:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            addresses = self.known[host]
        return [found for place in addresses for found in self._real(place, *where, **kind)]


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    """Offer receivers that end with the test."""
    with ExitStack() as started:
        yield Receivers(started)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Answer for every host name, so that nothing is asked outside this machine."""
    system = Names()
    monkeypatch.setattr("socket.getaddrinfo", system.look_up)
    return system
