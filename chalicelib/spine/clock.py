"""The one clock. Rules never read it: they are given the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_pinned: ContextVar[datetime | None] = ContextVar("pinned_clock", default=None)

#: Where a tenant has no territory of its own, its days are those of Paris.
PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """Give the present moment in UTC, or the moment this run was told to live in."""
    return _pinned.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live at another moment: the tick of the local stage and tests, never a request."""
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)


def today(zone: ZoneInfo = PARIS) -> date:
    """Give the calendar day people live in, in their own zone."""
    return now().astimezone(zone).date()


def stamp(moment: datetime) -> str:
    """Write a moment so that text order is time order: `2026-11-22T08:00:00.000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def moment(text: str) -> datetime:
    """Read a stamp or any ISO 8601 moment; one without an offset is taken as UTC.

    Raises ValueError when the text is no moment.
    """
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
