"""Deliveries, as they are stored: filed under their webhook, by the id of their event."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.integrations.schema import Status
from chalicelib.integrations.store import webhook_key
from chalicelib.spine import agenda, clock, keys, paging
from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.errors import Conflict, NotFound
from chalicelib.spine.ids import EventId, TenantId, WebhookId
from chalicelib.spine.journal import Recorded
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Change, Create, Remove, Replace, Technical, Write, technical_write

#: The job under which a later attempt stands on the agenda.
JOB = "webhook"
#: How long a delivery can be looked at.
KEPT = timedelta(days=30)
#: A worker that died in the middle of an attempt leaves it to another one after this long: more
#: than a function lives, less than the queue waits before it hands a message out again.
LEASE = timedelta(seconds=60)
_PREFIX = "DELIVERY#"
#: As many attempts are shown; only retries by hand can make more of them.
_MOST_SHOWN = 20


class DeliveryItem(Item, discriminator="delivery"):
    """A message to a receiver: the event in ids and codes, and what became of each attempt."""

    type = UnicodeAttribute()
    subject = UnicodeAttribute()
    at = UnicodeAttribute()
    data = UnicodeAttribute()
    status = UnicodeAttribute()
    made = NumberAttribute(default=0)
    made_before = NumberAttribute(default=0)
    attempts = JSONAttribute()
    next_at = UnicodeAttribute(null=True)
    claimed_until = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


@dataclass(frozen=True)
class Attempt:
    """What became of one attempt. Status 0 means that no answer came."""

    at: datetime
    status: int
    reason: str | None
    excerpt: str


@dataclass(frozen=True)
class Delivery:
    """A delivery. `made` counts its attempts, `made_before` those before its present schedule."""

    webhook: WebhookId
    id: EventId
    type: str
    subject: str
    at: datetime
    data: Mapping[str, str | int | bool | None]
    status: Status
    made: int = 0
    made_before: int = 0
    attempts: tuple[Attempt, ...] = ()
    next_at: datetime | None = None


@dataclass(frozen=True)
class Result:
    """What an attempt makes of its delivery; `next_at` is the moment of the next one, if any."""

    attempt: Attempt
    status: Status
    next_at: datetime | None = None


class AlreadyRecorded(Conflict):
    """The event is on its way to the webhook already."""


class AttemptUnderWay(Conflict):
    """Another worker is making this attempt."""


def record(tenant: TenantId, webhook_id: WebhookId, each: Recorded) -> None:
    """Record a delivery to be made. Raises AlreadyRecorded for an event that was read before."""
    now = clock.now()
    item = DeliveryItem(
        *_key(tenant, webhook_id, each.id),
        type=each.event.type.value,
        subject=each.event.subject,
        at=stamp(each.at),
        data=json.dumps(dict(each.event.data), separators=(",", ":")),
        status="pending",
        attempts=[],
        next_at=stamp(now),
        expires_at=int((now + KEPT).timestamp()),
    )
    technical_write(Technical.DELIVERY, [Create(item, AlreadyRecorded())])


def delivery(tenant: TenantId, webhook_id: str, delivery_id: str) -> Delivery:
    """Read a delivery as it is now. Raises NotFound, also when it has expired."""
    try:
        item = DeliveryItem.get(*_key(tenant, webhook_id, delivery_id), consistent_read=True)
    except DeliveryItem.DoesNotExist:
        item = None
    if item is None or item.expires_at <= clock.now().timestamp():
        raise NotFound.of("delivery", "no such delivery: they are kept for 30 days")
    return _read(item)


def deliveries_page(
    tenant: TenantId, webhook_id: WebhookId, status: str | None, window: paging.Window
) -> paging.Page[Delivery]:
    """Read a page of a webhook's deliveries, newest first; of one status if one is given."""
    partition = webhook_key(tenant, webhook_id)
    result = DeliveryItem.query(
        partition,
        range_key_condition=Item.sk.startswith(_PREFIX),
        filter_condition=None if status is None else DeliveryItem.status == status,
        page_size=window.limit,
        last_evaluated_key=paging.range_position(tenant, partition, _PREFIX, window.cursor),
        scan_index_forward=False,
    )
    pages = result.page_iter
    found = [DeliveryItem.from_raw_data(raw) for raw in next(pages)["Items"]]
    now = clock.now().timestamp()
    token = paging.range_token(tenant, partition, _PREFIX, pages.last_evaluated_key)
    return paging.Page([_read(item) for item in found if item.expires_at > now], token)


def claim(tenant: TenantId, each: Delivery, now: datetime) -> None:
    """Take the next attempt at a delivery for the length of a lease. Raises AttemptUnderWay."""
    free = DeliveryItem.claimed_until.does_not_exist() | (DeliveryItem.claimed_until < stamp(now))
    write = Change(
        _item(tenant, each),
        [DeliveryItem.claimed_until.set(stamp(now + LEASE))],
        condition=(DeliveryItem.status == "pending") & (DeliveryItem.made == each.made) & free,
        refusal=AttemptUnderWay(),
    )
    technical_write(Technical.DELIVERY, [write])


def concluded(tenant: TenantId, before: Delivery, result: Result, claimed_at: datetime) -> Change:
    """Give the write that ends the attempt that was claimed at that moment.

    Its refusal, AttemptUnderWay, means that the lease had run out and another worker took over.
    """
    attempts = [_plain(each) for each in (*before.attempts, result.attempt)]
    next_at = result.next_at
    return Change(
        _item(tenant, before),
        [
            DeliveryItem.status.set(result.status),
            DeliveryItem.made.set(before.made + 1),
            DeliveryItem.attempts.set(attempts[-_MOST_SHOWN:]),
            DeliveryItem.next_at.set(stamp(next_at)) if next_at else DeliveryItem.next_at.remove(),
            DeliveryItem.claimed_until.remove(),
        ],
        condition=DeliveryItem.claimed_until == stamp(claimed_at + LEASE),
        refusal=AttemptUnderWay(),
    )


def restart(tenant: TenantId, before: Delivery, now: datetime) -> None:
    """Make a delivery pending again, from the beginning of the schedule. Raises Conflict when it moved."""
    moved = Conflict.of("delivery", "an attempt was made meanwhile: read the delivery again")
    write = Change(
        _item(tenant, before),
        [
            DeliveryItem.status.set("pending"),
            DeliveryItem.made_before.set(before.made),
            DeliveryItem.next_at.set(stamp(now)),
        ],
        condition=DeliveryItem.made == before.made,
        refusal=moved,
    )
    technical_write(Technical.DELIVERY, [write])


def later(tenant: TenantId, each: Delivery, next_at: datetime | None) -> Replace | Remove:
    """Give the write that puts the next attempt on the agenda, or takes it off."""
    return agenda.reschedule(_agenda_key(tenant, each), f"{each.webhook}/{each.id}", JOB, next_at)


def commit(writes: list[Write]) -> None:
    """Commit what an attempt came to. Raises AttemptUnderWay."""
    technical_write(Technical.DELIVERY, writes)


def _key(tenant: TenantId, webhook_id: str, delivery_id: str) -> tuple[str, str]:
    return webhook_key(tenant, webhook_id), f"{_PREFIX}{delivery_id}"


def _agenda_key(tenant: TenantId, each: Delivery) -> str:
    """Give a partition of its own: the agenda holds one entry per partition and job."""
    return keys.subject(tenant, "DELIVERY", f"{each.webhook}/{each.id}")


def _item(tenant: TenantId, each: Delivery) -> DeliveryItem:
    return DeliveryItem(*_key(tenant, each.webhook, each.id))


def _plain(attempt: Attempt) -> dict[str, str | int | None]:
    return {
        "at": stamp(attempt.at),
        "status": attempt.status,
        "reason": attempt.reason,
        "excerpt": attempt.excerpt,
    }


def _read(item: DeliveryItem) -> Delivery:
    return Delivery(
        webhook=WebhookId(item.pk.rpartition("#")[2]),
        id=EventId(item.sk.rpartition("#")[2]),
        type=item.type,
        subject=item.subject,
        at=moment(item.at),
        data=json.loads(item.data),
        # Only what this room writes was ever stored.
        status=cast("Status", item.status),
        made=int(item.made or 0),
        made_before=int(item.made_before or 0),
        attempts=tuple(
            Attempt(moment(one["at"]), one["status"], one["reason"], one["excerpt"]) for one in item.attempts
        ),
        next_at=moment(item.next_at) if item.next_at else None,
    )
