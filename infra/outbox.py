"""What was sent from the local stack: the mails and texts that the emulator kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.mail import read_mark
from infra.local_stack import LocalStack


@dataclass(frozen=True)
class Message:
    """A message as it left. `at` is the moment of the tick that caused it, in ISO 8601."""

    at: str
    tenant: str | None
    channel: str
    to: str
    subject: str
    text: str


def messages(stack: LocalStack, since: datetime | None = None) -> list[Message]:
    """Give what was sent, oldest first, from a moment on."""
    found = [*_mails(stack), *_texts(stack)]
    if since is not None:
        found = [message for message in found if moment(message.at) >= since]
    return sorted(found, key=lambda message: moment(message.at))


def _mails(stack: LocalStack) -> list[Message]:
    kept = stack.read("/_ministack/ses/messages")["messages"]
    return [
        Message(
            at=at or _stamp(mail["Timestamp"]),
            tenant=tenant,
            channel="mail",
            to=recipient,
            subject=mail["Subject"],
            text=mail["BodyText"],
        )
        for mails in kept.values()
        for mail in mails
        for tenant, at in [_origin(mail["BCC"])]
        for recipient in [*mail["To"], *mail["CC"]]
    ]


def _origin(blind_copies: list[str]) -> tuple[str | None, str | None]:
    """Read tenant and moment from the blind copy that carries them on the local stage.

    The emulator keeps neither the headers nor the tags that carry them everywhere.
    """
    for address in blind_copies:
        found = read_mark(address)
        if found:
            tenant, at = found
            return tenant or None, stamp(at)
    return None, None


def _texts(stack: LocalStack) -> list[Message]:
    kept: dict[str, list[dict[str, Any]]] = stack.read("/_ministack/sns/sms-messages")["sms_messages"]
    return [
        Message(
            # A text has no date of its own in the emulator: its attributes are all there is.
            at=_attribute(text, "at") or _stamp(0),
            tenant=_attribute(text, "tenant"),
            channel="sms",
            to=number,
            subject="",
            text=text["Message"],
        )
        for number, texts in kept.items()
        for text in texts
    ]


def _attribute(text: dict[str, Any], name: str) -> str | None:
    attribute = (text.get("MessageAttributes") or {}).get(name) or {}
    value = attribute.get("StringValue") or attribute.get("Value")
    return str(value) if value else None


def _stamp(seconds: float) -> str:
    return stamp(datetime.fromtimestamp(seconds, UTC))
