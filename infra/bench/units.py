"""What DynamoDB charges for reading, worked out from the sizes of the items that were read.

The emulators' own figures are wrong, so these follow the documented rules: an item weighs its names
and its values; a Query rounds the sum of what it read up to 4 kB, a read by key rounds each item; a
read costs one unit for 4 kB, or half of one where the answer may be a moment old. A read that finds
nothing costs as much as the smallest.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

#: An item as it crosses the wire: `{"name": {"S": "…"}}`.
WireItem = Mapping[str, Mapping[str, Any]]

_BLOCK = 4096
_CONTAINER = 3


def item_size(item: WireItem) -> int:
    """Give the size of an item in bytes: its attributes' names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def units_together(sizes: Iterable[int], *, consistent: bool = False) -> float:
    """Give the units of one Query that read items of these sizes, in bytes."""
    return _units(sum(sizes), consistent=consistent)


def units_each(sizes: Iterable[int], *, consistent: bool = False) -> float:
    """Give the units of reading items by their keys, alone or in a batch; a missing one has size 0."""
    return sum(_units(size, consistent=consistent) for size in sizes)


def _units(size: int, *, consistent: bool) -> float:
    return max(1, ceil(size / _BLOCK)) * (1.0 if consistent else 0.5)


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind == "N":
        return _number_size(held)
    if kind in {"BOOL", "NULL"}:
        return 1
    if kind == "B":
        return len(held)
    if kind == "M":
        return _CONTAINER + item_size(held) + len(held)
    if kind == "L":
        return _CONTAINER + sum(_value_size(each) + 1 for each in held)
    return sum(_value_size({kind[0]: each}) for each in held)


def _number_size(text: str) -> int:
    """Count a byte for two significant digits, one more, and one for a minus sign."""
    mantissa = text.lower().partition("e")[0]
    digits = mantissa.lstrip("+-").replace(".", "").strip("0")
    return ceil(len(digits) / 2) + 1 + int(text.startswith("-"))
