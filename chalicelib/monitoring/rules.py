"""Adding figures up: a level's figures are the sum of its children's, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.spine.figures import FUNNEL, NOWHERE, PERSON_STAGES
from chalicelib.spine.territories import FRANCE, TerritoryCode, region_of

Figures = Mapping[str, int]
_ADDED = ("green", "orange", "red", "paused", "counting", "waiting", "pairs", "places", *FUNNEL)


@dataclass(frozen=True)
class Row:
    """The figures of a region, or of what has no region (`territory` None)."""

    territory: TerritoryCode | None
    target: int | None
    launched: int
    figures: Figures

    @property
    def active(self) -> int:
        """Give the active pairs: green, orange and red, neither paused nor closed."""
        return self.figures["green"] + self.figures["orange"] + self.figures["red"]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing at all to show."""
        return not (self.launched or self.target or any(self.figures.values()))


def by_region(
    stock: Mapping[str, Figures],
    launched: Mapping[str, Figures],
    regions: Iterable[TerritoryCode],
    target: int | None,
) -> list[Row]:
    """Add the counters of territories up by region; what has no region comes last.

    No region has a target of its own yet: the agreement's whole target stands beside "no region",
    as not yet shared out, so that targets add up to the nation like every other figure.
    """
    wanted: list[TerritoryCode | None] = [*regions, None]
    sums: dict[TerritoryCode | None, dict[str, int]] = {
        code: dict.fromkeys((*_ADDED, "launched"), 0) for code in wanted
    }
    for place, figures in stock.items():
        held = sums.get(_region(place))
        if held is not None:
            for name in _ADDED:
                held[name] += figures[name]
    for place, figures in launched.items():
        held = sums.get(_region(place))
        if held is not None:
            held["launched"] += figures["launched"]
    return [
        Row(code, target if code is None else None, held["launched"], held) for code, held in sums.items()
    ]


def total(rows: Iterable[Row]) -> Row:
    """Add rows up: the nation is the sum of its regions and of what has none."""
    found = list(rows)
    targets = [row.target for row in found if row.target is not None]
    figures = {name: sum(row.figures[name] for row in found) for name in _ADDED}
    return Row(FRANCE, sum(targets) if targets else None, sum(row.launched for row in found), figures)


def funnel(row: Row, kind: str) -> dict[str, int]:
    """Give how many people of a kind stand at each stage."""
    return {stage: row.figures[f"{kind}_{stage}"] for stage in PERSON_STAGES}


def _region(place: str) -> TerritoryCode | None:
    return None if place == NOWHERE else region_of(TerritoryCode(place))
