"""What comes in and goes out about webhooks and about the journal."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from chalicelib.spine.events import PUBLIC
from chalicelib.tenancy.bodies import Given, Shown

PUBLIC_EVENTS = tuple(sorted(event.value for event in PUBLIC))

Status = Literal["pending", "delivered", "failed"]
STATUSES: tuple[Status, ...] = ("pending", "delivered", "failed")
DisabledReason = Literal["gone", "failing"]


def _public(name: str) -> str:
    if name in PUBLIC_EVENTS:
        return name
    code = "not_public"
    raise PydanticCustomError(
        code,
        "{given} is no event that a webhook can hear of: give some of {accepted}",
        {
            "given": repr(name[:60]),
            "accepted": ", ".join(PUBLIC_EVENTS),
            "french": "Choisissez des événements de la liste.",
        },
    )


EventName = Annotated[
    str, AfterValidator(_public), WithJsonSchema({"type": "string", "enum": list(PUBLIC_EVENTS)})
]
EventNames = Annotated[list[EventName], Field(min_length=1, max_length=100)]
Territories = Annotated[list[Annotated[str, StringConstraints(max_length=10)]], Field(max_length=130)]
Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2100),
    Field(description="An address of a public host that starts with https://."),
]


class WebhookIn(Given):
    """A webhook to add. Without territories it hears of all of them."""

    url: Url
    events: EventNames
    territories: Territories = Field(default_factory=list)


class WebhookPatch(Given):
    """A change to a webhook; what is left out stays as it is.

    `active: true` starts a webhook again that was stopped, or that failed for too long.
    """

    version: int
    url: Url | None = None
    events: EventNames | None = None
    territories: Territories | None = None
    active: bool | None = None


class WebhookOut(Shown):
    """A webhook.

    `disabled_reason` tells why it was stopped for its owner: `gone` when the receiver answered 410,
    `failing` after five days of failures. `failing_since` is the first failure since a delivery.
    """

    id: str
    url: str
    events: list[str]
    territories: list[str]
    active: bool
    disabled_reason: DisabledReason | None
    failing_since: datetime | None
    version: int


class WebhookCreated(WebhookOut):
    """A webhook that was just added, with the secret its messages are signed with: shown this once."""

    secret: str


class AttemptOut(Shown):
    """One attempt at a delivery. Status 0 means that no answer came, and `reason` says why.

    `excerpt` is the beginning of what the receiver answered.
    """

    at: datetime
    status: int
    reason: str | None
    excerpt: str


class DeliveryOut(Shown):
    """A message to a receiver; its id is that of the event, and the `webhook-id` of every attempt."""

    id: str
    type: str
    subject: str
    at: datetime
    status: Status
    attempts: list[AttemptOut]
    next_attempt_at: datetime | None


class JournalEntry(Shown):
    """An event of the journal: what changed, when, by whom. `data` holds ids and codes only."""

    id: str
    at: datetime
    type: str
    actor: str
    subject: str
    data: dict[str, str | int | bool | None]


class Message(Shown):
    """What a receiver is sent, signed as the Standard Webhooks specification says.

    `timestamp` is the moment of the event. `data` holds the subject's `id`, what the event says in
    ids and codes, and under `pair`, `person` or `member` the subject as it is when the message is
    sent; the subject is missing once it is erased, or where it has left the webhook's territories.
    """

    type: EventName
    timestamp: datetime
    data: dict[str, object]
