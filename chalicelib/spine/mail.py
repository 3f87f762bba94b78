"""Mail through SES: the one place that sends any, and that lets nobody write a header of their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formataddr
from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.spine import gateways
from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.ids import TenantId
from chalicelib.spine.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import BodyTypeDef, DestinationTypeDef, MessageHeaderTypeDef

_ADDRESS = re.compile(r"[^@\s<>()\[\]\",;:\\\x00-\x1f\x7f]{1,64}@[^@\s<>()\[\]\",;:\\\x00-\x1f\x7f]{1,255}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
#: The domain of the marks that only the emulator's mailbox ever sees; `.invalid` can never exist.
_MARKS = "outbox.invalid"
#: Answers of SES that no repetition changes: this message, or this address, is not accepted.
_FINAL = frozenset({"MessageRejected", "BadRequestException", "ValidationException"})


class NotSent(RuntimeError):
    """SES did not take a message, or did not say so in time.

    `final` is true when sending the same again would be refused again. Otherwise it is worth another
    try; one that was only slow to be acknowledged may then arrive twice, since SES knows no request
    token.
    """

    def __init__(self, reason: str, *, final: bool) -> None:
        """Say why, without an address: this goes to the logs."""
        super().__init__(reason)
        self.final = final


@dataclass(frozen=True)
class Mail:
    """One message. `sender` is the name people see beside our address: the tenant's own.

    `tenant` is empty for the platform's own messages (a code for somebody of two tenants). `copies`
    are the addresses in copy. `tags` are codes for the mail service's figures: letters, digits, - _.
    """

    tenant: TenantId
    sender: str
    to: str
    subject: str
    text: str
    html: str | None = None
    reply_to: str | None = None
    copies: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


def send(mail: Mail, at: datetime) -> str:
    """Send a message as of `at`, the moment of the run that sends it; give the service's id for it.

    Raises ValueError, before anything leaves, when a line or an address could write a header, and
    NotSent when the service did not take the message.
    """
    when = stamp(at)
    headers: list[MessageHeaderTypeDef] = [
        {"Name": "Auto-Submitted", "Value": "auto-generated"},
        {"Name": "X-Binome-At", "Value": when},
        {"Name": "X-Binome-Tenant", "Value": mail.tenant or "platform"},
    ]
    tags = {"tenant": mail.tenant or "platform", **mail.tags}
    body: BodyTypeDef = {"Text": {"Data": mail.text, "Charset": "UTF-8"}}
    if mail.html is not None:
        body["Html"] = {"Data": mail.html, "Charset": "UTF-8"}
    try:
        answer = _client().send_email(
            FromEmailAddress=formataddr((_line(mail.sender), _address(settings().mail_from))),
            Destination=_destination(mail, at),
            ReplyToAddresses=[_address(mail.reply_to)] if mail.reply_to else [],
            Content={
                "Simple": {
                    "Subject": {"Data": _line(mail.subject), "Charset": "UTF-8"},
                    "Body": body,
                    "Headers": headers,
                }
            },
            EmailTags=[{"Name": _tag(name), "Value": _tag(value)} for name, value in tags.items()],
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise NotSent(code, final=code in _FINAL) from None
    except BotoCoreError as error:
        raise NotSent(type(error).__name__, final=False) from None
    return answer["MessageId"]


def mark(tenant: TenantId, at: datetime) -> str:
    """Write tenant and moment as the address of a blind copy: `univ.20261122T080000.000Z@outbox.invalid`.

    The emulator's mailbox shows neither headers nor tags, so on the local stage, and only there, a
    message carries this beside them for `binome outbox`.
    """
    return f"{tenant or 'platform'}.{stamp(at).replace('-', '').replace(':', '')}@{_MARKS}"


def read_mark(address: str) -> tuple[TenantId, datetime] | None:
    """Read tenant (empty for the platform) and moment back from a mark; None for any other address."""
    found = re.fullmatch(rf"([a-z0-9-]+)\.([0-9T]+\.[0-9]{{3}}Z)@{re.escape(_MARKS)}", address)
    if found is None:
        return None
    tenant = "" if found[1] == "platform" else found[1]
    return TenantId(tenant), moment(found[2])


@cache
def _client() -> "SESV2Client":
    # One attempt: a repetition inside the client could send a message twice without anybody knowing.
    once = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 1})
    opened: SESV2Client = gateways.client("sesv2", once)
    return opened


def _destination(mail: Mail, at: datetime) -> "DestinationTypeDef":
    destination: DestinationTypeDef = {"ToAddresses": [_address(mail.to)]}
    if mail.copies:
        destination["CcAddresses"] = [_address(each) for each in mail.copies]
    if settings().is_local:
        destination["BccAddresses"] = [mark(mail.tenant, at)]
    return destination


def _line(text: str) -> str:
    """Let one line through; a line break in a header would start another header."""
    if _CONTROL.search(text):
        message = "a subject and a name are one line each"
        raise ValueError(message)
    return text


def _address(text: str) -> str:
    """Let one bare address through, its domain written as mail servers do."""
    if not _ADDRESS.fullmatch(text):
        message = "this is not one bare mail address"
        raise ValueError(message)
    name, _, domain = text.rpartition("@")
    if not name.isascii():
        message = "the mail service takes only unaccented names before the @"
        raise ValueError(message)
    return f"{name}@{domain.encode('idna').decode()}"


def _tag(text: str) -> str:
    if not _TAG.fullmatch(text):
        message = "a tag is letters, digits, - and _"
        raise ValueError(message)
    return text
