"""Figures and what each may see of them, from the counters that the deployed stream keeps."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.integration.stack.cast import RACHIDS_REGIONS, Cast, Followed
from tests.integration.stack.town import Api, Town, days_ago

_FIGURES = ("launched", "active", "green", "orange", "red", "counting", "waiting")
#: Where the pairs of this file are: two départements of Rachid's regions, and one that is not his.
_PLACES = ("D69", "D13", "D75")
_REGIONS = {"D69": "R84", "D13": "R93", "D75": "R11"}
Board = dict[str | None, dict[str, Any]]


@dataclass(frozen=True)
class Country:
    """The cast, with pairs of every colour in three regions."""

    cast: Cast
    pairs: dict[str, list[Followed]]


@pytest.fixture(scope="module")
def country(town: Town, cast: Cast) -> Country:
    """Launch a green, an orange and a red pair in each place; pause one, close one, and let some wait."""
    programme = cast.programme("mentorat-presentiel")
    pairs: dict[str, list[Followed]] = {}
    for place in _PLACES:
        local = cast.hire(f"Coordination {place}", "coordinator", place)
        pairs[place] = [
            local.launches(programme, days_ago(days), territory=place) for days in (0, 20, 30, 1, 2)
        ]
        pairs[place][3].changes(stage="paused").made()
        pairs[place][4].closes().made()
        local.meets("mentee", programme, territory=place, stage="lead")
    town.tick()
    return Country(cast, pairs)


def test_the_rows_of_the_regions_add_up_to_the_total(country: Country) -> None:
    answer = country.cast.helene.get("/v1/monitoring/regions").made()

    for name in _FIGURES:
        assert sum(row[name] for row in answer["items"]) == answer["total"][name], name
    for name in ("pairs", "places"):
        added = sum(row["caseload"][name] for row in answer["items"])
        assert added == answer["total"]["caseload"][name], name
    targets = [row["target"] for row in answer["items"] if row["target"] is not None]
    assert sum(targets) == answer["total"]["target"]


def test_the_figures_of_a_region_are_what_its_pairs_and_people_are(country: Country) -> None:
    board = _board(country.cast.helene)
    begins = date.fromisoformat(country.cast.helene.get("/v1/reports/plan").made()["starts_on"])

    for place in _PLACES:
        row = board[_REGIONS[place]]
        launched = sum(1 for days in (0, 20, 30, 1, 2) if days_ago(days) >= begins)
        expected = {
            "launched": launched,
            "active": 3,
            "green": 1,
            "orange": 1,
            "red": 1,
            "counting": 3,
            # The mentee of the closed pair is available again, beside the one who came.
            "waiting": 2,
        }
        assert {name: row[name] for name in _FIGURES} == expected
        assert row["caseload"]["pairs"] == 4
        listed = country.cast.helene.items("/v1/pairs", territory=_REGIONS[place], colour="red")
        assert [each["id"] for each in listed] == [country.pairs[place][2].id]


def test_a_referent_of_two_regions_sees_exactly_both(country: Country) -> None:
    cast = country.cast
    whole, own = _board(cast.helene), cast.rachid.api.get("/v1/monitoring/regions").made()

    assert {row["territory"]: row for row in own["items"]} == {
        region: {**whole[region], "target": None} for region in RACHIDS_REGIONS
    }
    for name in _FIGURES:
        assert own["total"][name] == sum(whole[region][name] for region in RACHIDS_REGIONS), name
    seen = {each["id"] for each in cast.rachid.api.items("/v1/pairs")}
    assert seen == {pair.id for place in ("D69", "D13") for pair in country.pairs[place]}
    for elsewhere in country.pairs["D75"]:
        cast.rachid.api.get(f"/v1/pairs/{elsewhere.id}").refused(404, "pair")
        cast.rachid.api.get(f"/v1/mentors/{elsewhere.mentor['id']}").refused(404, "mentor")
        cast.rachid.api.get(f"/v1/mentees/{elsewhere.mentee['id']}").refused(404, "mentee")


def test_a_coordinator_sees_her_own(country: Country) -> None:
    local = country.pairs["D69"][0].by
    own = {pair.id for pair in country.pairs["D69"]}

    assert {each["id"] for each in local.api.items("/v1/pairs")} == own
    [row] = local.api.get("/v1/monitoring/regions").made()["items"]
    assert (row["territory"], row["active"]) == ("R84", 3)
    rows = local.api.get("/v1/monitoring/caseload").made()["items"]
    assert {each["member"]: each["pairs"] for each in rows}[local.id] == 4
    assert all("D69" in each["territories"] for each in rows)
    local.api.get(f"/v1/pairs/{country.pairs['D13'][0].id}").refused(404, "pair")


def test_a_stranger_sees_nothing_of_any_id(country: Country, stranger: Api) -> None:
    pair = country.pairs["D69"][0]
    before = country.cast.town.holdings(country.cast.tenant)
    paths = (
        f"/v1/pairs/{pair.id}",
        f"/v1/pairs/{pair.id}/sessions",
        f"/v1/pairs/{pair.id}/contacts",
        f"/v1/mentors/{pair.mentor['id']}",
        f"/v1/mentees/{pair.mentee['id']}",
        f"/v1/members/{pair.by.id}",
        "/v1/programmes/mentorat-presentiel",
        f"/v1/structures/{country.cast.helene.items('/v1/structures')[0]['id']}",
    )
    for path in paths:
        assert country.cast.helene.get(path).status == 200, path
        assert stranger.get(path).status == 404, path
    session = {"on": str(days_ago(0)), "minutes": 60, "format": "in_person"}
    assert stranger.post(f"/v1/pairs/{pair.id}/sessions", session).status == 404
    assert stranger.post(f"/v1/pairs/{pair.id}/closure", {"outcome": "completed"}).status == 404
    assert stranger.patch(f"/v1/pairs/{pair.id}", {"version": 1, "stage": "paused"}).status == 404
    person = {"version": 1, "first_name": "Autre"}
    assert stranger.patch(f"/v1/mentors/{pair.mentor['id']}", person).status == 404
    stolen = {"mentor": pair.mentor["id"], "mentee": pair.mentee["id"], "programme": "accompagnement"}
    stranger.post("/v1/pairs", stolen).refused(422, "mentor")
    assert stranger.items("/v1/journal", subject=pair.id) == []
    assert stranger.items("/v1/pairs", coordinator=pair.by.id) == []
    cursor = country.cast.helene.get("/v1/pairs", limit="1").made()["next"]
    stranger.get("/v1/pairs", cursor=cursor).refused(422, "cursor")
    assert country.cast.town.holdings(country.cast.tenant) == before


def test_counters_that_are_rebuilt_give_the_same_figures(town: Town, country: Country) -> None:
    api = country.cast.helene
    pages = ("/v1/monitoring/regions", "/v1/monitoring/funnel", "/v1/reports/plan")
    before = [api.get(page).made() for page in pages]

    counted = town.binome("rebuild-counters", "--tenant", country.cast.tenant)

    assert counted.endswith("events counted")
    assert [api.get(page).made() for page in pages] == before
    # The new generation goes on counting.
    one = country.pairs["D69"][0]
    one.by.launches(one.programme, days_ago(0), territory="D69")
    town.stack.settle()
    rows = {row["territory"]: row for row in before[0]["items"]}
    assert _board(api)["R84"]["green"] == rows["R84"]["green"] + 1


def test_a_batch_of_the_journal_that_comes_again_counts_once(town: Town, country: Country) -> None:
    cast = country.cast
    before = [cast.helene.get(f"/v1/monitoring/{page}").made() for page in ("regions", "funnel")]
    events = [item for item in town.holdings(cast.tenant).values() if item["kind"]["S"] == "event"]
    assert len(events) > 100
    records = [
        {
            "eventName": "INSERT",
            "eventSource": "aws:dynamodb",
            "dynamodb": {"NewImage": event, "SequenceNumber": str(place)},
        }
        for place, event in enumerate(events)
    ]

    for start in range(0, len(records), 100):
        answer = town.invoke("ReadJournal", {"Records": records[start : start + 100]})
        assert answer == {"batchItemFailures": [], "failed": False}

    assert [cast.helene.get(f"/v1/monitoring/{page}").made() for page in ("regions", "funnel")] == before


def _board(api: Api) -> Board:
    return {row["territory"]: row for row in api.get("/v1/monitoring/regions").made()["items"]}
