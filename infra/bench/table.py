"""The table that the benchmarks print: what was measured beside what is allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TITLES = ("what", "budget", "measured", "")
_WITHIN = {True: "ok", False: "OVER", None: "-"}


@dataclass(frozen=True)
class Line:
    """One thing measured. `within` is None where there is no budget, or nothing could be measured."""

    what: str
    budget: str
    measured: str
    within: bool | None


def printed(lines: Sequence[Line]) -> str:
    """Give the lines as a table, its columns as wide as what stands in them."""
    cells = [(each.what, each.budget, each.measured, _WITHIN[each.within]) for each in lines]
    widths = [max(len(row[column]) for row in (_TITLES, *cells)) for column in range(len(_TITLES))]
    rows: list[Sequence[str]] = [_TITLES, ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def counted(number: int, what: str) -> str:
    """Give a number with its noun: `1 call`, `2 calls`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def exceeded(lines: Iterable[Line]) -> list[Line]:
    """Give the lines that are over their budget."""
    return [each for each in lines if each.within is False]
