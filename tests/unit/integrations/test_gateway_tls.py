"""The certificate is checked against the host's name, on the address that was judged."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.integrations.gateway import Answer, Reason, send

if TYPE_CHECKING:
    from tests.unit.integrations.conftest import Names, Receivers

HOST = "hooks.example.org"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"


#: Long enough for a receiver on this machine to have written all it means to write.
SOON = 1.0


def post(port: int, timeout_seconds: float = 15) -> Answer:
    url = f"https://{HOST}:{port}/"
    return send(url, b"{}", {}, allow_loopback=False, timeout_seconds=timeout_seconds)


def certificate(folder: Path, host: str) -> Path:
    """Write a key with a certificate that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def serving(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture(autouse=True)
def _this_machine_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let names lead to receivers on loopback."""
    monkeypatch.setattr("chalicelib.integrations.gateway.public_address", str)


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Trust what a test adds to it instead of the public authorities."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr("chalicelib.integrations.gateway._trust", lambda: context)
    return context


def test_the_name_is_resolved_once_and_told_to_the_receiver(
    receivers: "Receivers", names: "Names", trust: ssl.SSLContext, tmp_path: Path
) -> None:
    path = certificate(tmp_path, HOST)
    trust.load_verify_locations(path)
    names.known[HOST] = ["127.0.0.1"]
    told: list[str | None] = []
    serving_it = serving(path)
    serving_it.sni_callback = lambda _, name, __: told.append(name)
    receiver = receivers.answering(EMPTY, serving_it)

    assert post(receiver.port) == Answer(204)
    assert names.asked == [HOST]
    assert told == [HOST]
    assert b"\r\nHost: %s:%d\r\n" % (HOST.encode(), receiver.port) in receiver.requests[0]


def test_the_next_address_is_called_when_the_first_is_down(
    receivers: "Receivers", names: "Names", trust: ssl.SSLContext, tmp_path: Path
) -> None:
    path = certificate(tmp_path, HOST)
    trust.load_verify_locations(path)
    names.known[HOST] = ["127.0.0.2", "127.0.0.1"]
    receiver = receivers.answering(EMPTY, serving(path))

    assert post(receiver.port) == Answer(204)


def test_a_certificate_for_another_host_is_refused(
    receivers: "Receivers", names: "Names", trust: ssl.SSLContext, tmp_path: Path
) -> None:
    path = certificate(tmp_path, "other.example.org")
    trust.load_verify_locations(path)
    names.known[HOST] = ["127.0.0.1"]
    receiver = receivers.answering(EMPTY, serving(path))

    assert post(receiver.port) == Answer(0, reason=Reason.CERTIFICATE)
    assert receiver.requests == []


def test_a_certificate_of_an_unknown_authority_is_refused(
    receivers: "Receivers", names: "Names", tmp_path: Path
) -> None:
    names.known[HOST] = ["127.0.0.1"]
    receiver = receivers.answering(EMPTY, serving(certificate(tmp_path, HOST)))

    assert post(receiver.port) == Answer(0, reason=Reason.CERTIFICATE)
    assert receiver.requests == []


def test_a_receiver_that_agrees_on_no_protocol_is_told_apart(
    receivers: "Receivers", names: "Names", trust: ssl.SSLContext, tmp_path: Path
) -> None:
    outdated = serving(certificate(tmp_path, HOST))
    outdated.maximum_version = ssl.TLSVersion.TLSv1_2
    trust.minimum_version = ssl.TLSVersion.TLSv1_3
    names.known[HOST] = ["127.0.0.1"]
    receiver = receivers.answering(EMPTY, outdated)

    assert post(receiver.port) == Answer(0, reason=Reason.TLS)


def test_a_receiver_that_does_not_shake_hands_is_given_up(receivers: "Receivers", names: "Names") -> None:
    names.known[HOST] = ["127.0.0.1"]
    receiver = receivers.stalling(b"")

    assert post(receiver.port, timeout_seconds=SOON) == Answer(0, reason=Reason.TIMEOUT)
    assert receiver.requests == []


def test_a_body_that_stalls_is_cut_off_behind_tls_too(
    receivers: "Receivers", names: "Names", trust: ssl.SSLContext, tmp_path: Path
) -> None:
    path = certificate(tmp_path, HOST)
    trust.load_verify_locations(path)
    names.known[HOST] = ["127.0.0.1"]
    receiver = receivers.stalling(b"HTTP/1.1 200 OK\r\n\r\nbeginning", serving(path))

    assert post(receiver.port, timeout_seconds=SOON) == Answer(200, None, "beginning")
    assert receiver.was_hung_up_on.wait(30)
