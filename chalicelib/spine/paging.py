"""Pages of lists: one Query per place, merged in rank order, with a signed cursor.

The cursor holds a position per place (a référent of two regions reads two), is bound to the tenant
and to the very list it came from, and says nothing of our keys that can be forged.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex

from chalicelib.spine.encryption import is_signed, signature
from chalicelib.spine.errors import Invalid
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item

USUAL = 25
MOST = 100
ItemKind = TypeVar("ItemKind")
Shown = TypeVar("Shown")
Position = dict[str, dict[str, str]]
#: What the cursor says of a place that has been read to its end.
_ENDED: Position = {"ended": {}}


@dataclass(frozen=True)
class Source:
    """One Query: an index, its key, the beginning of the ranks wanted, and what to leave out."""

    index: GlobalSecondaryIndex[Item]
    key: str
    prefix: str = ""
    condition: Condition | None = None

    @property
    def hash_name(self) -> str:
        """Give the name of the index's hash key: `by_region` is keyed by `region_key`."""
        return str(self.index.Meta.index_name).removeprefix("by_") + "_key"


@dataclass(frozen=True)
class Window:
    """Which page is wanted: at most `limit` items, after the signed `cursor` if one is given."""

    limit: int = USUAL
    cursor: str | None = None


@dataclass(frozen=True)
class Page(Generic[ItemKind]):
    """Items in rank order, and the token of the next page where there may be one."""

    items: list[ItemKind]
    next: str | None

    def map(self, show: Callable[[ItemKind], Shown]) -> "Page[Shown]":
        """Give the same page of shown items."""
        return Page([show(item) for item in self.items], self.next)


@dataclass
class _Reading:
    """One place being read: what came, how far it was taken, and whether there is more."""

    hash_name: str
    items: list[Item]
    reached: Position | None
    taken: int = 0
    position: Position | None = None

    @property
    def head(self) -> Item | None:
        return self.items[self.taken] if self.taken < len(self.items) else None


def page(
    tenant: TenantId,
    kind: type[ItemKind],
    sources: Sequence[Source],
    window: Window,
    *,
    newest_first: bool = False,
) -> Page[ItemKind]:
    """Read one page of a list, with one call per source, in rank order or against it.

    An item that several sources hold appears once: equal ranks are neighbours in the merge. A page
    may hold fewer items than the limit while `next` is set: what a filter leaves out is read and not
    shown. Raises Invalid when the cursor is not one of ours for this list.
    """
    listed = "|".join(f"{source.index.Meta.index_name}:{source.key}:{source.prefix}" for source in sources)
    positions = _positions(tenant, listed, window.cursor, len(sources))
    readings = [
        _read(source, window.limit, position, newest_first)
        for source, position in zip(sources, positions, strict=True)
    ]
    items = _merged(readings, window.limit, newest_first)
    if not sources:
        return Page([], None)
    after = [_position_after(reading) for reading in readings]
    ended = all(position == _ENDED for position in after)
    token = None if ended else _token(tenant, listed, after)
    return Page([item for item in items if isinstance(item, kind)], token)


def _read(source: Source, limit: int, position: Position | None, newest_first: bool) -> _Reading:  # noqa: FBT001 - one flag of one private function.
    if position == _ENDED:
        return _Reading(source.hash_name, [], None, position=_ENDED)
    result = source.index.query(
        source.key,
        range_key_condition=Item.rank.startswith(source.prefix) if source.prefix else None,
        filter_condition=source.condition,
        page_size=limit,
        scan_index_forward=not newest_first,
        last_evaluated_key=position,
    )
    pages = result.page_iter
    raw = next(pages)
    items = [Item.from_raw_data(each) for each in raw["Items"]]
    return _Reading(source.hash_name, items, pages.last_evaluated_key, position=position)


def _merged(readings: list[_Reading], limit: int, newest_first: bool) -> list[Item]:  # noqa: FBT001 - likewise.
    """Take items in rank order, and stop where the next item of some place is not read yet."""
    merged: list[Item] = []
    while len(merged) < limit:
        if any(reading.head is None and reading.reached for reading in readings):
            break
        waiting = [reading for reading in readings if reading.head is not None]
        if not waiting:
            break
        choose = max if newest_first else min
        first = choose(waiting, key=lambda reading: _order(reading.head))
        item = first.items[first.taken]
        first.taken += 1
        if not merged or merged[-1].pk != item.pk or merged[-1].sk != item.sk:
            merged.append(item)
    return merged


def _order(item: Item | None) -> tuple[str, str]:
    return ("", "") if item is None else (item.rank or "", item.pk)


def _position_after(reading: _Reading) -> Position | None:
    if reading.position == _ENDED:
        return _ENDED
    if reading.head is None:
        return reading.reached or _ENDED
    if reading.taken == 0:
        return reading.position
    return _key_of(reading.items[reading.taken - 1], reading)


def _key_of(item: Item, reading: _Reading) -> Position:
    """Give an item's place in its index: its own key and the index's."""
    return {name: {"S": str(getattr(item, name))} for name in ("pk", "sk", "rank", reading.hash_name)}


def range_token(tenant: TenantId, partition: str, prefix: str, reached: Position | None) -> str | None:
    """Give the token of the next page of what is filed under one subject, or None at its end."""
    return _token(tenant, f"{partition}:{prefix}", [reached]) if reached else None


def range_position(tenant: TenantId, partition: str, prefix: str, cursor: str | None) -> Position | None:
    """Read such a token back. Raises Invalid when it is not one of ours for this list."""
    return _positions(tenant, f"{partition}:{prefix}", cursor, 1)[0]


def _token(tenant: TenantId, listed: str, after: Sequence[Position | None]) -> str:
    body = urlsafe_b64encode(json.dumps(after, separators=(",", ":")).encode()).decode().rstrip("=")
    return ".".join((body, signature(tenant, "cursor", f"{listed}\n{body}")))


def _positions(tenant: TenantId, listed: str, cursor: str | None, count: int) -> Sequence[Position | None]:
    if not cursor:
        return [None] * count
    body, _, given = cursor.partition(".")
    if not is_signed(tenant, "cursor", f"{listed}\n{body}", given):
        raise Invalid.of("cursor", "the cursor is not one that this list gave: use the `next` of a page")
    read: Sequence[Position | None] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return read
