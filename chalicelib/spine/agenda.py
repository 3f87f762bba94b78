"""The agenda: everything that must happen later, found when it is due and never before.

One entry per (subject, job). An entry is only removed or moved by a transaction that did what it
was there for, so an outage loses nothing: what was due is still due.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute

from chalicelib.spine import isolation, keys
from chalicelib.spine.clock import stamp
from chalicelib.spine.errors import Conflict
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Change, Remove, Replace, Technical, technical_write

SHARDS = 8
#: How long a worker may take before another one may try the same entry.
LEASE = timedelta(minutes=5)


class AgendaItem(Item, discriminator="agenda"):
    """What must be done for a subject, and when. Filed under its subject."""

    subject = UnicodeAttribute()
    job = UnicodeAttribute()


@dataclass(frozen=True)
class Entry:
    """A due entry, as found in the index: it may have moved since."""

    tenant: TenantId
    partition: str
    subject: str
    job: str
    due_at: str


def schedule(partition: str, subject: str, job: str, due_at: datetime) -> Replace:
    """Give the write that makes `job` due for a subject, in place of its earlier moment if any."""
    return Replace(
        AgendaItem(
            partition,
            f"AGENDA#{job}",
            subject=subject,
            job=job,
            due_shard=f"DUE#{crc32(partition.encode()) % SHARDS}",
            due_at=stamp(due_at),
        )
    )


def cancel(partition: str, job: str) -> Remove:
    """Give the write that takes a job off the agenda."""
    return Remove(AgendaItem(partition, f"AGENDA#{job}"))


def reschedule(partition: str, subject: str, job: str, due_at: datetime | None) -> Replace | Remove:
    """Give the write that moves a job, or takes it off when it has no next moment."""
    if due_at is None:
        return cancel(partition, job)
    return schedule(partition, subject, job, due_at)


def due(moment: datetime, page_size: int = 100) -> Iterator[Entry]:
    """Find what is due at a moment, shard by shard; nothing due costs one call per shard."""
    for shard in range(SHARDS):
        with isolation.acting_as_system():
            found = list(
                Item.due.query(
                    f"DUE#{shard}",
                    range_key_condition=Item.due_at <= stamp(moment),
                    page_size=page_size,
                )
            )
        for item in found:
            if isinstance(item, AgendaItem) and item.due_at:
                yield Entry(TenantId(item.pk.split("#")[1]), item.pk, item.subject, item.job, item.due_at)


def claim(entry: Entry, now: datetime) -> bool:
    """Take an entry for the length of a lease; False when it moved or another worker has it.

    A worker that dies leaves the entry due again at the end of its lease.
    """
    item = AgendaItem(entry.partition, f"AGENDA#{entry.job}")
    moved = Conflict()
    try:
        technical_write(
            Technical.AGENDA_CLAIM,
            [
                Change(
                    item,
                    [Item.due_at.set(stamp(now + LEASE))],
                    condition=Item.due_at == entry.due_at,
                    refusal=moved,
                )
            ],
        )
    except Conflict:
        return False
    return True


def next_moment(tenant: TenantId, kind: str, identity: str, job: str) -> str | None:
    """Give when a job is due for a subject, as a stamp; None when it is not on the agenda."""
    try:
        return AgendaItem.get(keys.subject(tenant, kind, identity), f"AGENDA#{job}").due_at
    except AgendaItem.DoesNotExist:
        return None
