"""The journal: one append-only event per change, from which everything downstream derives."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.spine import keys
from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.context import Context
from chalicelib.spine.events import Dimensions, Event, EventType
from chalicelib.spine.ids import EventId, TenantId, new_ulid
from chalicelib.spine.table import Item


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
