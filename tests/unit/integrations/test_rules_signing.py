"""Receivers can trust a message: checked with the specification's library and by its formula."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from chalicelib.integrations.rules import new_secret, signed_headers

MESSAGE = "01JDB7Q4Z6Y0V3N8K5M2R9T1WX"
BODY = json.dumps({"type": "pair.launched", "data": {"place": "Besançon"}}).encode()
SECRET = new_secret(bytes(range(32)))
OLDER_SECRET = new_secret(bytes(range(32, 64)))


def test_the_library_of_the_specification_accepts_a_message() -> None:
    headers = signed_headers(MESSAGE, datetime.now(UTC), BODY, [SECRET])

    assert Webhook(SECRET).verify(BODY, headers) == json.loads(BODY)


def test_during_a_rotation_both_secrets_accept_a_message() -> None:
    headers = signed_headers(MESSAGE, datetime.now(UTC), BODY, [SECRET, OLDER_SECRET])

    assert Webhook(SECRET).verify(BODY, headers)
    assert Webhook(OLDER_SECRET).verify(BODY, headers)
    assert len(headers["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp"])
def test_a_message_whose_headers_were_changed_is_refused(changed: str) -> None:
    headers = signed_headers(MESSAGE, datetime.now(UTC), BODY, [SECRET])
    headers[changed] = str(int(datetime.now(UTC).timestamp()) + 9)

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers)


def test_a_message_signed_with_another_secret_is_refused() -> None:
    headers = signed_headers(MESSAGE, datetime.now(UTC), BODY, [SECRET])

    with pytest.raises(WebhookVerificationError):
        Webhook(OLDER_SECRET).verify(BODY, headers)


@given(
    random=st.binary(min_size=24, max_size=64),
    sent_at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the time zone itself.
    text=st.text(),
)
def test_the_signature_is_the_formula_of_the_specification(
    random: bytes, sent_at: datetime, text: str
) -> None:
    body = text.encode()
    headers = signed_headers(MESSAGE, sent_at, body, [new_secret(random)])

    seconds = str((sent_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1))
    signed = f"{MESSAGE}.{seconds}.".encode() + body
    expected = base64.b64encode(hmac.digest(random, signed, hashlib.sha256)).decode()
    assert headers["webhook-id"] == MESSAGE
    assert headers["webhook-timestamp"] == seconds
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_same_moment_in_another_time_zone_is_signed_alike() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))

    in_paris = signed_headers(MESSAGE, noon, BODY, [SECRET])

    assert in_paris == signed_headers(MESSAGE, noon.astimezone(UTC), BODY, [SECRET])


def test_a_message_keeps_its_id_over_attempts_and_is_signed_anew() -> None:
    first_at = datetime(2026, 11, 2, 10, tzinfo=UTC)
    first = signed_headers(MESSAGE, first_at, BODY, [SECRET])
    second = signed_headers(MESSAGE, first_at + timedelta(seconds=5), BODY, [SECRET])

    assert second["webhook-id"] == first["webhook-id"]
    assert int(second["webhook-timestamp"]) == int(first["webhook-timestamp"]) + 5
    assert second["webhook-signature"] != first["webhook-signature"]


@pytest.mark.parametrize(
    ("message_id", "sent_at", "secrets"),
    [
        (MESSAGE, datetime(2026, 11, 2, tzinfo=UTC), []),
        (MESSAGE, datetime(2026, 11, 2), [SECRET]),  # noqa: DTZ001 - what is to be refused.
        ("01JD.1762077600", datetime(2026, 11, 2, tzinfo=UTC), [SECRET]),
    ],
    ids=["no secret", "no time zone", "full stop in the id"],
)
def test_what_cannot_be_signed_safely_is_an_error(
    message_id: str, sent_at: datetime, secrets: list[str]
) -> None:
    with pytest.raises(ValueError, match="signing takes"):
        signed_headers(message_id, sent_at, BODY, secrets)


@given(st.binary(min_size=24, max_size=64))
def test_a_secret_is_its_bytes_in_base64_after_a_prefix(random: bytes) -> None:
    prefix, _, encoded = new_secret(random).partition("_")

    assert prefix == "whsec"
    assert base64.b64decode(encoded, validate=True) == random


@pytest.mark.parametrize("length", [0, 23, 65])
def test_a_secret_of_another_length_is_an_error(length: int) -> None:
    with pytest.raises(ValueError, match="24 to 64 bytes"):
        new_secret(bytes(length))
