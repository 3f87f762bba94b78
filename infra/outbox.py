"""What was sent from the local stack: the mails and texts that the emulator kept."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from infra.local_stack import LocalStack

#: How a mail says where it comes from. The emulator keeps neither headers nor tags of a mail, only
#: its addresses, subject and bodies; mail programs ignore a <meta> they do not know.
_META = re.compile(r'<meta name="binome-(at|tenant)" content="([^"]*)"')


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
        found = [message for message in found if _moment(message.at) >= since]
    return sorted(found, key=lambda message: _moment(message.at))


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment; without an offset it is UTC.

    Raises ValueError when it is none.
    """
    return _moment(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _mails(stack: LocalStack) -> list[Message]:
    kept = stack.read("/_ministack/ses/messages")["messages"]
    return [
        Message(
            at=origin.get("at") or _stamp(mail["Timestamp"]),
            tenant=origin.get("tenant"),
            channel="mail",
            to=recipient,
            subject=mail["Subject"],
            text=mail["BodyText"],
        )
        for mails in kept.values()
        for mail in mails
        for origin in [_origin(mail.get("BodyHtml") or "")]
        for recipient in [*mail["To"], *mail["CC"], *mail["BCC"]]
    ]


def _origin(html: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _META.findall(html)}


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
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
