"""One attempt at a receiver that a tenant chose: what is sent, and what it can do to us."""

import gzip
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.integrations.gateway import EXCERPT_BYTES, Answer, Reason, send

if TYPE_CHECKING:
    from tests.unit.integrations.conftest import Names, Receivers

EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"

#: Long enough for a receiver on this machine to have written all it means to write.
SOON = 1.0

#: For receivers that give no answer however long one waits.
AT_ONCE = 0.5


def post(url: str, *, allow_loopback: bool = True, timeout_seconds: float = 15) -> Answer:
    return send(
        url,
        b'{"type":"pair.launched"}',
        {"Content-Type": "application/json", "webhook-id": "01JD"},
        allow_loopback=allow_loopback,
        timeout_seconds=timeout_seconds,
    )


def test_it_posts_the_body_with_its_headers_to_the_whole_target(receivers: "Receivers") -> None:
    receiver = receivers.answering(b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nmerci")

    assert post(receiver.url + "?team=a") == Answer(202, None, "merci")

    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /hook?team=a HTTP/1.1"
    assert b"Host: 127.0.0.1:%d" % receiver.port in lines
    assert b"Content-Type: application/json" in lines
    assert b"webhook-id: 01JD" in lines
    assert b"Content-Length: 24" in lines
    assert body == b'{"type":"pair.launched"}'


def test_an_address_without_a_path_is_called_at_its_root(receivers: "Receivers") -> None:
    receiver = receivers.answering(EMPTY)

    assert post(f"http://127.0.0.1:{receiver.port}").status == 204
    assert receiver.requests[0].startswith(b"POST / HTTP/1.1\r\n")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_reported_and_not_followed(receivers: "Receivers", status: int) -> None:
    elsewhere = receivers.answering(EMPTY)
    moved = f"HTTP/1.1 {status} Moved\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n"
    receiver = receivers.answering(moved.encode())

    assert post(receiver.url).status == status
    assert elsewhere.requests == []


def test_a_pause_asked_for_is_reported_in_seconds(receivers: "Receivers") -> None:
    in_seconds = b"HTTP/1.1 429 Slow down\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n"
    as_a_date = (
        b"HTTP/1.1 503 Busy\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\n"
        b"Retry-After: Mon, 02 Nov 2026 10:02:00 GMT\r\nContent-Length: 0\r\n\r\n"
    )

    assert post(receivers.answering(in_seconds).url) == Answer(429, 90)
    assert post(receivers.answering(as_a_date).url) == Answer(503, 120)


def test_an_endless_body_is_cut_at_the_excerpt(receivers: "Receivers") -> None:
    receiver = receivers.flooding(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536)

    assert post(receiver.url) == Answer(200, None, "x" * EXCERPT_BYTES)
    assert receiver.was_hung_up_on.wait(30)


def test_a_compressed_body_is_not_unfolded(receivers: "Receivers") -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"

    answer = post(receivers.answering(head.encode() + bomb).url)

    assert answer.status == 200
    assert "000" not in answer.body_excerpt


def test_a_body_in_another_encoding_is_still_readable(receivers: "Receivers") -> None:
    receiver = receivers.answering(b"HTTP/1.1 400 Non\r\nContent-Length: 6\r\n\r\nrefus\xe9")

    assert post(receiver.url).body_excerpt == "refus\N{REPLACEMENT CHARACTER}"


def test_a_body_that_stalls_is_cut_off_and_the_status_stands(receivers: "Receivers") -> None:
    receiver = receivers.stalling(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbeginning")

    assert post(receiver.url, timeout_seconds=SOON) == Answer(200, None, "beginning")
    assert receiver.was_hung_up_on.wait(30)


def test_a_receiver_that_never_answers_is_given_up(receivers: "Receivers") -> None:
    receiver = receivers.stalling(b"")

    assert post(receiver.url, timeout_seconds=AT_ONCE) == Answer(0, reason=Reason.TIMEOUT)
    assert receiver.was_hung_up_on.wait(30)


def test_a_receiver_that_drips_its_answer_is_given_up(receivers: "Receivers") -> None:
    # Each byte arrives well within the timeout of a single read.
    receiver = receivers.dripping(b"HTTP/1.1 200 OK\r\nServer: " + b"x" * 10_000)

    assert post(receiver.url, timeout_seconds=AT_ONCE) == Answer(0, reason=Reason.TIMEOUT)
    assert receiver.was_hung_up_on.wait(30)


def test_a_receiver_that_keeps_us_waiting_with_interim_answers_is_given_up(
    receivers: "Receivers",
) -> None:
    receiver = receivers.flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n")

    assert post(receiver.url, timeout_seconds=AT_ONCE) == Answer(0, reason=Reason.TIMEOUT)
    assert receiver.was_hung_up_on.wait(30)


@pytest.mark.parametrize(
    "answer",
    [b"", b"\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 two hundred\r\n\r\n", b"\x16\x03\x01"],
)
def test_an_answer_that_is_not_http_is_a_broken_one(receivers: "Receivers", answer: bytes) -> None:
    assert post(receivers.answering(answer).url) == Answer(0, reason=Reason.BROKEN)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    start=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]),
    head=st.sampled_from([b"", b"Content-Length: ", b"Transfer-Encoding: chunked\r\n\r\n"]),
    rest=st.binary(max_size=200),
)
def test_whatever_bytes_come_back_there_is_an_answer(
    receivers: "Receivers", start: bytes, head: bytes, rest: bytes
) -> None:
    answer = post(receivers.answering(start + head + rest).url)

    assert (answer.status == 0) == (answer.reason is not None)
    assert len(answer.body_excerpt) <= EXCERPT_BYTES


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert post(f"http://127.0.0.1:{port}/") == Answer(0, reason=Reason.UNREACHABLE)


def test_proxies_of_the_environment_are_not_used(
    receivers: "Receivers", monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, receiver = receivers.answering(EMPTY), receivers.answering(EMPTY)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

    assert post(receiver.url).status == 204
    assert proxy.requests == []


def test_loopback_is_refused_outside_the_local_stage(receivers: "Receivers") -> None:
    receiver = receivers.answering(EMPTY)

    assert post(receiver.url, allow_loopback=False) == Answer(0, reason=Reason.URL)
    assert receiver.requests == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["10.1.2.3"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["93.184.215.14", "10.1.2.3"],
    ],
    ids=str,
)
@pytest.mark.parametrize("allow_loopback", [True, False])
def test_a_name_with_one_address_that_is_not_public_is_refused(
    names: "Names", addresses: list[str], *, allow_loopback: bool
) -> None:
    names.known["hooks.example.org"] = addresses

    answer = post("https://hooks.example.org/", allow_loopback=allow_loopback)

    assert answer == Answer(0, reason=Reason.NOT_PUBLIC)


def test_a_name_that_does_not_resolve_is_told(names: "Names") -> None:
    assert post("https://hooks.example.org/") == Answer(0, reason=Reason.UNRESOLVED)
    assert names.asked == ["hooks.example.org"]
