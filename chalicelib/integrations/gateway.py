"""The way out: one HTTP attempt at an address that a tenant chose, and that may be hostile.

The host is resolved once and the connection made to the very addresses that were judged, so that a
name cannot change its mind in between. urllib3's connections are used without a pool, because they
alone follow no redirect, retry nothing and read no proxy from the environment.
"""

import io
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from http.client import HTTPException
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from chalicelib.integrations.rules import (
    HTTPS_PORT,
    LOOPBACK,
    parse_retry_after,
    public_address,
    url_problem,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: The specification gives a receiver at least 15 seconds to answer.
TIMEOUT_SECONDS = 15.0

#: As much of an answer as helps the receiver's owner to understand a failure. No more is read.
EXCERPT_BYTES = 1024

#: How many of a host's addresses are tried in turn; they share the time there is.
_MOST_ADDRESSES = 4


class Reason(StrEnum):
    """Why an attempt got no answer, for the receiver's owner; no address of ours is told."""

    URL = "the address is no longer acceptable: it must be public and start with https://"
    UNRESOLVED = "the host name does not resolve"
    NOT_PUBLIC = "the host resolves to an address that is not public"
    UNREACHABLE = "the connection could not be made"
    CERTIFICATE = "the certificate was refused: expired, for another host, or an incomplete chain"
    TLS = "the TLS handshake failed"
    TIMEOUT = "no answer came in time"
    BROKEN = "the connection ended without a readable answer"


@dataclass(frozen=True)
class Answer:
    """What came back. Status 0 means that nothing did, and `reason` then says why.

    A status stands from the moment its headers are whole. `body_excerpt` is the beginning of the
    body as text, as far as it came in time, undecodable bytes replaced.
    """

    status: int
    retry_after_seconds: int | None = None
    body_excerpt: str = ""
    reason: Reason | None = None


def send(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_loopback: bool,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Answer:
    """POST `body` to `url` once, in at most `timeout_seconds` for everything.

    Whatever the network and the receiver do, there is an answer and no exception. Only resolving
    the name may outlast the deadline, by the system's own limit; nothing is then sent.
    `allow_loopback` is true on the local stage alone: `http://127.0.0.1` may then be called.
    """
    if url_problem(url, allow_loopback=allow_loopback):
        return Answer(0, reason=Reason.URL)
    parts = urlsplit(url)
    deadline = monotonic() + timeout_seconds
    connection: HTTPConnection | None = None
    try:
        connection = _connect(parts, deadline)
        return _converse(connection, parts, body, headers)
    except (OSError, HTTPError, HTTPException, ValueError, _NotAttemptedError) as failure:
        return Answer(0, reason=_reason(failure))
    finally:
        if connection is not None:
            connection.close()


class _NotAttemptedError(Exception):
    """No connection is made, for a reason of ours or of the host's name."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class _TimedSocket:
    """A connected socket that answers to one deadline, in the few words urllib3 speaks to it.

    An ordinary timeout bounds each wait alone: a receiver sending a byte a second, or interim
    answers without an end, would hold us for hours.
    """

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._connected = connected
        self._deadline = deadline

    def settimeout(self, _: float | None) -> None:
        """Leave what urllib3 wants for each wait aside: the deadline is nearer."""

    def sendall(self, data: bytes) -> None:
        self._connected.settimeout(_left(self._deadline))
        self._connected.sendall(data)

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._connected, self._deadline))

    def close(self) -> None:
        self._connected.close()


class _TimedReader(io.RawIOBase):
    """The reading side of such a socket."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._connected = connected
        self._deadline = deadline
        # The socket stays open until this reader is closed too.
        self._reader = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        self._connected.settimeout(_left(self._deadline))
        return self._reader.readinto(buffer)

    def close(self) -> None:
        self._reader.close()
        super().close()


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _connect(url: SplitResult, deadline: float) -> HTTPConnection:
    """Connect to the first of the host's addresses that lets us."""
    addresses = _addresses(url)
    failure: Exception = _NotAttemptedError(Reason.UNRESOLVED)
    for tried, address in enumerate(addresses):
        # Connecting and the handshake are bounded one by one, hence the half.
        share = _left(deadline) / (len(addresses) - tried) / 2
        connection = _connection(url, address, share)
        try:
            connection.connect()
        except (OSError, HTTPError) as error:
            connection.close()
            failure = error
        else:
            connection.sock = _TimedSocket(connection.sock, deadline)
            return connection
    raise failure


def _converse(
    connection: HTTPConnection, url: SplitResult, body: bytes, headers: Mapping[str, str]
) -> Answer:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    # Nothing is decoded, so that a small compressed answer cannot unfold into a large one.
    connection.request(
        "POST",
        target,
        body,
        {**headers, "Host": _host_header(url)},
        preload_content=False,
        decode_content=False,
    )
    response = connection.getresponse()
    retry_after = parse_retry_after(response.headers.get("Retry-After"), response.headers.get("Date"))
    return Answer(response.status, retry_after, _excerpt(response))


def _excerpt(response: BaseHTTPResponse) -> str:
    read = b""
    # The status is the answer; the body is a courtesy, as far as it came.
    with suppress(OSError, HTTPError, HTTPException, ValueError):
        while len(read) < EXCERPT_BYTES and (chunk := response.read1(EXCERPT_BYTES - len(read))):
            read += chunk
    return read.decode(errors="replace")


def _addresses(url: SplitResult) -> list[str]:
    """Resolve the host, once. A single address that is not public condemns the host."""
    if url.scheme == "http":
        return [LOOPBACK]
    try:
        found = socket.getaddrinfo(url.hostname, _port(url), type=socket.SOCK_STREAM)
    except OSError as error:
        raise _NotAttemptedError(Reason.UNRESOLVED) from error
    judged = [public_address(str(place[0])) for *_, place in found]
    public = [address for address in judged if address is not None]
    if len(public) < len(judged):
        raise _NotAttemptedError(Reason.NOT_PUBLIC)
    return list(dict.fromkeys(public))[:_MOST_ADDRESSES]


def _connection(url: SplitResult, address: str, timeout_seconds: float) -> HTTPConnection:
    if url.scheme == "http":
        return HTTPConnection(address, _port(url), timeout=timeout_seconds)
    return HTTPSConnection(
        address,
        _port(url),
        timeout=timeout_seconds,
        ssl_context=_trust(),
        server_hostname=url.hostname,
    )


@cache
def _trust() -> ssl.SSLContext:
    """Load the public authorities once: it takes some 50 ms."""
    return ssl.create_default_context()


def _port(url: SplitResult) -> int:
    return url.port or (HTTPS_PORT if url.scheme == "https" else 80)


def _host_header(url: SplitResult) -> str:
    host = url.hostname or ""
    bracketed = f"[{host}]" if ":" in host else host
    return f"{bracketed}:{url.port}" if url.port else bracketed


def _reason(failure: Exception) -> Reason:
    match failure:
        case _NotAttemptedError():
            return failure.reason
        case ssl.SSLCertVerificationError():
            return Reason.CERTIFICATE
        case ssl.SSLError():
            return Reason.TLS
        # To urllib3 a connection that cannot be made is a kind of connection that took too long.
        case NewConnectionError():
            return Reason.UNREACHABLE
        case TimeoutError() | ConnectTimeoutError():
            return Reason.TIMEOUT
        case _:
            return Reason.BROKEN
