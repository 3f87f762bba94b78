"""Applying the journal to the counters, exactly once, now or all over again.

Each event leaves one mark in the transaction that counts it, so that a redelivered event counts
once. A *generation* is one complete set of counters; `rebuild` fills the next one while the current
one goes on, then switches.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.spine import keys
from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.counters import CounterItem, counters_of, generation_of
from chalicelib.spine.errors import Conflict
from chalicelib.spine.events import Event
from chalicelib.spine.figures import CounterKey, Deltas, deltas, folded
from chalicelib.spine.ids import EventId, TenantId
from chalicelib.spine.journal import EventItem, Recorded, recorded
from chalicelib.spine.settings import settings
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Accumulate, Technical, technical_write

#: Marks outlive any redrive of the stream or of its failure queue.
MARKS_KEPT = timedelta(days=20)
#: Events older than this when a rebuild starts can no longer be on their way through the stream's
#: writers, so the rebuild adds them up without marks. (A Lambda lives 15 minutes at most.)
SETTLED = timedelta(hours=1)

#: How far ahead of the present a local stage's clock may have been moved.
AHEAD = timedelta(days=3 * 365)


class MarkItem(Item, discriminator="mark"):
    """That an event has been counted, in which generations."""

    generations = UnicodeSetAttribute(null=True)
    expires_at = NumberAttribute()


class JournalStartItem(Item, discriminator="journal_start"):
    """The month of a tenant's first event: where a replay begins."""

    at = UnicodeAttribute()


def journal_starts(tenant: TenantId, at: datetime) -> JournalStartItem:
    """Make the item that says where a tenant's journal begins; written with the tenant."""
    return JournalStartItem(keys.subject(tenant, "JOURNAL", "START"), keys.SELF, at=stamp(at))


def count(tenant: TenantId, events: Sequence[Recorded]) -> int:
    """Count events of one tenant into every generation alive; give how many were counted anew.

    Safe to call again with the same events: each leaves a mark in the transaction that counts it.
    """
    state = generation_of(tenant, consistent=True)
    counted = _count_into(tenant, int(state.current), events)
    if state.building is not None and state.marked_from:
        recent = [each for each in events if stamp(each.at) >= state.marked_from]
        _count_into(tenant, int(state.building), recent)
    return counted


def rebuild(tenant: TenantId, now: datetime) -> dict[str, int]:
    """Add every figure up anew from the whole journal, then switch to the result.

    Events of the last hour are counted with marks, by the stream or by this replay, whoever comes
    first; older ones are added up in memory. Gives `{"events": …, "generation": …}`.
    """
    state = generation_of(tenant, consistent=True)
    building = int(max(state.current, state.building or 0)) + 1
    marked_from = stamp(now - SETTLED)
    state.building, state.marked_from = building, marked_from
    state.save()
    settled: list[Event] = []
    recent: list[Recorded] = []
    total = 0
    for each in whole_journal(tenant, now):
        total += 1
        if stamp(each.at) < marked_from:
            settled.append(each.event)
        else:
            recent.append(each)
    _write_sums(tenant, building, folded(settled))
    for start in range(0, len(recent), 25):
        _count_into(tenant, building, recent[start : start + 25])
    state.current, state.building, state.marked_from = building, None, None
    state.save()
    return {"events": total, "generation": building}


def whole_journal(tenant: TenantId, now: datetime) -> Iterator[Recorded]:
    """Read every event of a tenant, oldest first, from the month of its first event on.

    On the local stage `binome tick --at` writes events ahead of time: the months to come are read too.
    """
    month = _first_month(tenant)
    last = now + (AHEAD if settings().is_local else timedelta(hours=1))
    while month is not None and month <= last:
        for item in EventItem.query(keys.journal_month(tenant, month), page_size=500):
            yield recorded(item)
        month = (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _first_month(tenant: TenantId) -> datetime | None:
    try:
        start = JournalStartItem.get(keys.subject(tenant, "JOURNAL", "START"), keys.SELF)
    except JournalStartItem.DoesNotExist:
        return None
    return moment(start.at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _count_into(tenant: TenantId, generation: int, events: Sequence[Recorded]) -> int:
    """Count a batch with its marks in one transaction, leaving out what was counted before."""
    pending = [each for each in events if deltas(each.event)]
    counted = 0
    while pending:
        batch, pending = _fitting(pending)
        counted += _commit_batch(tenant, generation, batch)
    return counted


def _fitting(events: Sequence[Recorded], most: int = 100) -> tuple[list[Recorded], list[Recorded]]:
    """Cut off as many events as one transaction of 100 writes can count with their marks."""
    batch: list[Recorded] = []
    places: set[CounterKey] = set()
    for position, each in enumerate(events):
        touched = places | set(deltas(each.event))
        if len(touched) + len(batch) + 1 > most:
            return batch, list(events[position:])
        places = touched
        batch.append(each)
    return batch, []


class _CountedBefore(Conflict):
    """This event's mark stands already."""

    def __init__(self, event: EventId) -> None:
        super().__init__()
        self.event = event


def _commit_batch(tenant: TenantId, generation: int, events: list[Recorded]) -> int:
    while events:
        sums = folded(each.event for each in events)
        writes = [_mark(tenant, generation, each) for each in events]
        writes += [_addition(tenant, generation, place, moved) for place, moved in sums.items() if moved]
        try:
            technical_write(Technical.COUNTERS, writes)
        except _CountedBefore as before:
            events = [each for each in events if each.id != before.event]
        else:
            return len(events)
    return 0


def _mark(tenant: TenantId, generation: int, each: Recorded) -> Accumulate:
    mark = MarkItem(keys.subject(tenant, "MARK", each.id), keys.SELF)
    name = str(generation)
    return Accumulate(
        mark,
        [
            MarkItem.generations.add({name}),
            MarkItem.expires_at.set(int((each.at + MARKS_KEPT).timestamp())),
        ],
        condition=MarkItem.generations.does_not_exist() | ~MarkItem.generations.contains(name),
        refusal=_CountedBefore(each.id),
    )


def _addition(tenant: TenantId, generation: int, place: CounterKey, moved: dict[str, int]) -> Accumulate:
    level, identity = place
    counter = CounterItem(counters_of(tenant, generation), f"{level}#{identity}")
    actions = [getattr(CounterItem, name).add(value) for name, value in sorted(moved.items())]
    actions += [CounterItem.level.set(level), CounterItem.place.set(identity)]
    return Accumulate(counter, actions)


def _write_sums(tenant: TenantId, generation: int, sums: Deltas) -> None:
    """Write the sums of settled events into a generation that nobody reads yet.

    One counter per transaction is not needed here: a rebuild that dies half-way leaves a generation
    that is never switched to, and the next rebuild starts another.
    """
    additions = [_addition(tenant, generation, place, moved) for place, moved in sums.items() if moved]
    for start in range(0, len(additions), 100):
        technical_write(Technical.COUNTERS, additions[start : start + 100])
