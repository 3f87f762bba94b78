"""The journal: one append-only event per change, from which everything downstream derives."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.spine import keys
from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.context import Context
from chalicelib.spine.ids import EventId, TenantId, new_ulid
from chalicelib.spine.table import Item


class EventType(StrEnum):
    """Every event. Those in PUBLIC are offered to webhooks; the others feed counters and audit."""

    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_STAGE_CHANGED = "person.stage_changed"
    PERSON_ERASED = "person.erased"
    PAIR_PROPOSED = "pair.proposed"
    PAIR_ACCEPTED = "pair.accepted"
    PAIR_LAUNCHED = "pair.launched"
    PAIR_TURNED_GREEN = "pair.turned_green"
    PAIR_TURNED_ORANGE = "pair.turned_orange"
    PAIR_TURNED_RED = "pair.turned_red"
    PAIR_COUNTS_CHANGED = "pair.counts_changed"
    PAIR_PAUSED = "pair.paused"
    PAIR_RESUMED = "pair.resumed"
    PAIR_REASSIGNED = "pair.reassigned"
    PAIR_CLOSING = "pair.closing"
    PAIR_CLOSED = "pair.closed"
    PAIR_CONTACTED = "pair.contacted"
    SESSION_REPORTED = "session.reported"
    REMINDER_SENT = "reminder.sent"
    MEMBER_CHANGED = "member.changed"
    IMPORT_FINISHED = "import.finished"
    PROGRAMME_CHANGED = "programme.changed"
    STRUCTURE_CHANGED = "structure.changed"
    WEBHOOK_CHANGED = "webhook.changed"
    TENANT_CREATED = "tenant.created"
    KEY_CHANGED = "key.changed"


PUBLIC = frozenset(
    {
        EventType.PERSON_CREATED,
        EventType.PERSON_STAGE_CHANGED,
        EventType.PERSON_ERASED,
        EventType.PAIR_PROPOSED,
        EventType.PAIR_LAUNCHED,
        EventType.PAIR_TURNED_GREEN,
        EventType.PAIR_TURNED_ORANGE,
        EventType.PAIR_TURNED_RED,
        EventType.PAIR_PAUSED,
        EventType.PAIR_RESUMED,
        EventType.PAIR_REASSIGNED,
        EventType.PAIR_CLOSED,
        EventType.SESSION_REPORTED,
        EventType.REMINDER_SENT,
        EventType.MEMBER_CHANGED,
        EventType.IMPORT_FINISHED,
    }
)


@dataclass(frozen=True)
class Dimensions:
    """What a subject weighs in the figures, at one moment.

    An event carries them *before and after*, so that its effect on every counter can be told from
    the event alone and no order between events is assumed. `places` are a member's places.
    `launched_under` is the agreement under which a pair was launched, where it counts as launched.
    """

    of: str
    stage: str | None = None
    colour: str | None = None
    counts: bool = False
    territory: str | None = None
    structure: str | None = None
    coordinator: str | None = None
    programme: str | None = None
    launched_under: str | None = None
    places: int = 0


@dataclass(frozen=True)
class Event:
    """One change. `data` holds ids and codes, never a name or an address.

    `created` is the id of what the change made when it is not the subject itself (a session).
    """

    type: EventType
    subject: str
    before: Dimensions | None = None
    after: Dimensions | None = None
    data: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    created: str | None = None


class EventItem(Item, discriminator="event"):
    """An event as it is stored. The code offers no way to change or delete one."""

    type = UnicodeAttribute()
    subject = UnicodeAttribute()
    actor = UnicodeAttribute()
    at = UnicodeAttribute()
    address = UnicodeAttribute(null=True)
    before = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)
    data = UnicodeAttribute(null=True)
    seeded = BooleanAttribute(null=True)


@dataclass(frozen=True)
class Recorded:
    """An event read back from the journal or the stream."""

    id: EventId
    tenant: TenantId
    actor: str
    at: datetime
    address: str
    event: Event


def entry(context: Context, event: Event, order: int = 0, *, seeded: bool = False) -> EventItem:
    """Make the item of an event; `seeded` ones are counted by a rebuild, not from the stream.

    `order` keeps the events of one transaction in the order they are told: one millisecond apart.
    """
    identity = new_ulid(context.now + timedelta(milliseconds=order))
    return EventItem(
        keys.journal_month(context.tenant, context.now),
        identity,
        subject_key=keys.journal_subject(context.tenant, event.subject),
        rank=identity,
        type=event.type.value,
        subject=event.subject,
        actor=context.actor,
        at=stamp(context.now),
        address=context.address or None,
        before=_written(event.before),
        after=_written(event.after),
        data=json.dumps(event.data, separators=(",", ":")) if event.data else None,
        seeded=True if seeded else None,
    )


def recorded(item: EventItem) -> Recorded:
    """Read an event back from its item."""
    return Recorded(
        id=EventId(item.sk),
        tenant=TenantId(item.pk.split("#")[1]),
        actor=item.actor,
        at=moment(item.at),
        address=item.address or "",
        event=Event(
            type=EventType(item.type),
            subject=item.subject,
            before=_read(item.before),
            after=_read(item.after),
            data=json.loads(item.data) if item.data else {},
        ),
    )


def _written(dimensions: Dimensions | None) -> str | None:
    """Write only what is set: an event is stored for years."""
    if dimensions is None:
        return None
    filled = {name: value for name, value in asdict(dimensions).items() if value not in (None, False, 0)}
    return json.dumps(filled, separators=(",", ":"))


def _read(text: str | None) -> Dimensions | None:
    return Dimensions(**json.loads(text)) if text else None
