"""What a read costs, worked out from the sizes of items as DynamoDB documents it."""

from typing import Any

import pytest

from infra.bench import meter
from infra.bench.meter import Call, Meter
from infra.bench.units import item_size, units_each, units_together

PAIR = {"pk": {"S": "T#univ#PAIR#1"}, "sk": {"S": "#"}, "kind": {"S": "pair"}}


def filled(identity: str, size: int) -> dict[str, dict[str, str]]:
    item = {"pk": {"S": f"T#univ#PAIR#{identity}"}, "sk": {"S": "#"}, "x": {"S": ""}}
    return {**item, "x": {"S": "-" * (size - item_size(item))}}


def test_an_item_weighs_its_names_and_its_values() -> None:
    assert item_size(PAIR) == len("pk") + len("T#univ#PAIR#1") + len("sk") + len("#") + len("kind") + 4


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "1234"}, 3),
        ({"N": "-12.5"}, 4),
        ({"N": "12000"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"B": b"1234"}, 4),
        ({"SS": ["a", "bc"]}, 3),
        ({"L": [{"S": "a"}, {"S": "b"}]}, 3 + 2 * 2),
        ({"M": {"ab": {"S": "c"}}}, 3 + 3 + 1),
    ],
)
def test_each_kind_of_value_has_its_size(value: dict[str, Any], size: int) -> None:
    assert item_size({"name": value}) == len("name") + size


def test_a_query_rounds_the_sum_of_what_it_read() -> None:
    assert units_together([400] * 25) == 1.5
    assert units_together([4096]) == 0.5
    assert units_together([4097]) == 1.0


def test_reads_by_key_round_each_item() -> None:
    assert units_each([400] * 25) == 12.5


def test_a_consistent_read_costs_twice_as_much() -> None:
    assert units_together([400] * 25, consistent=True) == 3.0
    assert units_each([400], consistent=True) == 1.0


def test_a_read_that_finds_nothing_is_paid_for() -> None:
    assert units_together([]) == 0.5
    assert Call("GetItem", missing=1).units() == 0.5


def test_what_is_read_and_not_shown_counts_in_the_units_alone() -> None:
    read = Meter(
        [Call("Query", (filled("a", 3000), filled("b", 3000))), Call("GetItem", (filled("c", 900),))]
    )
    assert read.units == 1.5
    assert read.units_shown({"a"}) == 0.5
    assert read.units_shown({"a", "b", "c"}) == 1.5


def test_an_entry_that_leads_to_somebody_is_not_what_is_shown() -> None:
    entry = {"pk": {"S": "T#univ#NAME#mar"}, "sk": {"S": "mentor#martin#a"}, "kind": {"S": "name"}}
    assert Call("Query", (entry,)).units({"a"}) == 0.0


def test_a_session_is_told_from_its_pair_by_the_end_of_its_sort_key() -> None:
    session = {"pk": {"S": "T#univ#PAIR#1"}, "sk": {"S": "SESSION#2026-11-22#2"}}
    assert Call("GetItem", (session,)).units({"2"}) == 0.5
    assert Call("GetItem", (session,)).units({"1"}) == 0.0


def test_what_a_filter_left_out_is_read_again_to_be_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Engine:
        def query(self, **asked: object) -> dict[str, object]:
            assert asked == {
                "IndexName": "by_tenant",
                "KeyConditionExpression": "#0 = :0",
                "ExpressionAttributeNames": {"#0": "tenant_key"},
                "ExpressionAttributeValues": {":0": {"S": "T#univ#PAIR"}},
                "Limit": 2,
            }
            return {"Items": [filled("a", 3000), filled("b", 3000)]}

    monkeypatch.setattr(meter, "_unmetered", Engine)
    params = {
        "IndexName": "by_tenant",
        "KeyConditionExpression": "#0 = :0",
        "FilterExpression": "#1 = :1",
        "ExpressionAttributeNames": {"#0": "tenant_key", "#1": "colour"},
        "ExpressionAttributeValues": {":0": {"S": "T#univ#PAIR"}, ":1": {"S": "red"}},
        "Limit": 2,
    }
    call = meter._call("Query", params, {"Items": [filled("a", 3000)]})
    assert call.units() == 1.0
    assert call.units({"a"}) == 0.5
