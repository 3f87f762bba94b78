"""The territories of France and the département of each postal code.

Everything is read from the CSV files of `data/` on first use and kept for the life of the process,
so that importing this module costs nothing to a function that never asks for a territory.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NewType
from zoneinfo import ZoneInfo

TerritoryCode = NewType("TerritoryCode", str)
Level = Literal["country", "region", "department"]

FRANCE = TerritoryCode("FR")

_DATA = Path(__file__).with_name("data")
_LEVELS: dict[str, Level] = {"country": "country", "region": "region", "department": "department"}


@dataclass(frozen=True, slots=True)
class Territory:
    """A level of the map: the country (`FR`), a region (`R84`) or a département (`D69`, `D2A`).

    `time_zone` is an IANA name; `school_zone` is the holiday zone, given to départements only.
    """

    code: TerritoryCode
    name: str
    level: Level
    parent: TerritoryCode | None
    time_zone: str
    school_zone: str | None


def territory(code: str) -> Territory | None:
    """Return the territory of that code, or None when there is none."""
    return _territories().get(TerritoryCode(code))


@cache
def territories() -> tuple[Territory, ...]:
    """Return every territory: the country, then the regions, then the départements."""
    return tuple(_territories().values())


@cache
def regions() -> tuple[Territory, ...]:
    """Return the eighteen regions, overseas included."""
    return tuple(each for each in _territories().values() if each.level == "region")


@cache
def departments_of(region: TerritoryCode) -> tuple[Territory, ...]:
    """Return the départements of a region, or none for any other code."""
    return tuple(
        each for each in _territories().values() if each.level == "department" and each.parent == region
    )


def region_of(code: TerritoryCode) -> TerritoryCode | None:
    """Return the region of a département, a region itself, and None for the country."""
    found = territory(code)
    if found is None or found.level == "country":
        return None
    return found.code if found.level == "region" else found.parent


def covers(held: Iterable[TerritoryCode], code: TerritoryCode) -> bool:
    """Say whether `code` is one of the territories held, or lies inside one of them.

    An unknown code is covered by nothing, so that a mistyped territory never opens a right.
    """
    lineage = frozenset(_lineage(code))
    return any(each in lineage for each in held)


def department_of_postal_code(code: str) -> TerritoryCode | None:
    """Return the département of a five-digit postal code, or None when the code is unknown.

    The first two digits would not do: Corsica and overseas codes, and the towns served by the
    post office of another département, are exceptions that only a table knows.
    """
    return _departments_by_postal_code().get(code)


def time_zone(code: TerritoryCode | None) -> ZoneInfo:
    """Return the time zone of a territory, and that of mainland France where none is known."""
    found = None if code is None else territory(code)
    return ZoneInfo((found or _territories()[FRANCE]).time_zone)


def _lineage(code: TerritoryCode) -> Iterator[TerritoryCode]:
    """Yield the code and those of the territories around it, from the smallest to the country."""
    found = territory(code)
    while found is not None:
        yield found.code
        found = None if found.parent is None else territory(found.parent)


@cache
def _territories() -> dict[TerritoryCode, Territory]:
    with (_DATA / "territories.csv").open(encoding="utf-8", newline="") as lines:
        read = (
            Territory(
                code=TerritoryCode(row["code"]),
                name=row["name"],
                level=_LEVELS[row["level"]],
                parent=TerritoryCode(row["parent"]) if row["parent"] else None,
                time_zone=row["time_zone"],
                school_zone=row["school_zone"] or None,
            )
            for row in csv.DictReader(lines)
        )
        return {each.code: each for each in read}


@cache
def _departments_by_postal_code() -> dict[str, TerritoryCode]:
    with (_DATA / "postal_codes.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        return {postal_code: TerritoryCode(department) for postal_code, department in rows}
