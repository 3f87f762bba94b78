"""How measures are held to their budgets."""

import os
from collections.abc import Iterator

import pytest

from chalicelib.spine.figures import folded
from chalicelib.spine.territories import territories
from infra.bench import changes, dashboard, stack
from infra.bench.meter import Call, Meter
from infra.bench.pairing import median_ratio
from infra.bench.table import Line, exceeded, printed

DEPARTMENTS = [each for each in territories() if each.level == "department"]
CHANGE = Call("TransactWriteItems", put=("pair", "", "event"))
TECHNICAL = Call("TransactWriteItems", put=("membership",))


def test_a_change_is_one_transaction_with_its_event_beside_reads_and_technical_writes() -> None:
    line = changes.judged("close a pair", Meter([Call("GetItem"), CHANGE, TECHNICAL]))
    assert line.within
    assert line.measured == "1 (3 writes, 1 read around it) + 1 technical (membership)"


@pytest.mark.parametrize(
    "calls", [[CHANGE, CHANGE], [TECHNICAL], [], [CHANGE, Call("UpdateItem")], [CHANGE, Call("PutItem")]]
)
def test_two_transactions_or_none_or_a_write_outside_is_over_budget(calls: list[Call]) -> None:
    assert changes.judged("close a pair", Meter(calls)).within is False


def test_costs_are_compared_in_turns_and_the_median_is_kept() -> None:
    asked: list[str] = []
    ours, theirs = iter([3.0, 30.0, 4.0]), iter([1.0, 1.0, 2.0])

    def next_of(name: str, costs: Iterator[float]) -> float:
        asked.append(name)
        return next(costs)

    assert median_ratio(lambda: next_of("A", ours), lambda: next_of("B", theirs), 3) == 3.0
    assert asked == ["A", "B"] * 3


def test_the_number_of_counters_does_not_depend_on_the_number_of_pairs() -> None:
    few = dashboard.counters_of(len(DEPARTMENTS), "2026-01-01")
    many = dashboard.counters_of(100_000, "2026-01-01")
    assert few.keys() == many.keys()
    assert {key: figures.keys() for key, figures in few.items()} == {
        key: figures.keys() for key, figures in many.items()
    }


def test_many_equal_lives_weigh_as_one_life_as_many_times() -> None:
    place, ended = DEPARTMENTS[0], dashboard.ENDS[0]
    one = folded(dashboard.life(place, "2026-01-01", ended))
    three = folded(event for _ in range(3) for event in dashboard.life(place, "2026-01-01", ended))
    assert three == {
        key: {name: 3 * value for name, value in figures.items()} for key, figures in one.items()
    }


def test_every_pair_is_counted_in_its_departement() -> None:
    sums = dashboard.counters_of(100_000, "2026-01-01")
    launched = [
        figures["launched"]
        for (level, _), figures in sums.items()
        if level == "LAUNCHED#2026-01-01#TERRITORY"
    ]
    assert len(launched) == len(DEPARTMENTS)
    assert sum(launched) == 100_000


def test_the_memory_of_a_process_is_read_from_the_system() -> None:
    assert max(stack.resident(os.getpid())) > 10_000_000


def test_the_table_marks_what_is_over_and_says_so_of_nothing_else() -> None:
    lines = [
        Line("a page", "≤ 2 calls", "1 call", within=True),
        Line("an import", "≤ 1.3", "× 1.9", within=False),
        Line("a search", "-", "3 calls", within=None),
    ]
    assert exceeded(lines) == [lines[1]]
    rows = printed(lines).splitlines()[2:]
    assert [row.rpartition("  ")[2] for row in rows] == ["ok", "OVER", "-"]
