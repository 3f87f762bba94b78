"""Lists of people: what a viewer reaches, in which order, and at which price."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from chalicelib.people import store
from chalicelib.spine import clock
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.ids import MemberId, TenantId
from chalicelib.spine.transaction import transact
from chalicelib.tenancy.rights import Role
from tests.integration.people.cast import Api, Calls, GiveApi

Add = Callable[..., str]


@pytest.fixture
def add(head_office: Api) -> Add:
    """Add a mentee of the adults' programme, of Paris unless told otherwise."""

    def create(name: str, kind: str = "mentee", **changed: object) -> str:
        first, _, last = name.partition(" ")
        sent = {"first_name": first, "last_name": last, "programme": "campus", "territory": "D75", **changed}
        return str(head_office.post(f"/v1/{kind}s", sent).json["id"])

    return create


def names(api: Api, path: str = "/v1/mentees", **query: str) -> list[str]:
    """Read a whole list, page after page, and give its names."""
    return [f"{each['first_name']} {each['last_name']}" for each in _items(api, path, query)]


def _items(api: Api, path: str, query: dict[str, str]) -> Iterator[dict[str, str]]:
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(path, **query, **({"cursor": cursor} if cursor else {})).json
        yield from page["items"]
        cursor = page["next"]


def test_people_come_by_stage_and_the_longest_there_come_first(head_office: Api, add: Add) -> None:
    days = (datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 10, 9, tzinfo=UTC))
    for day, who in zip(days, ("Anna Tard", "Boris Tôt"), strict=True):
        with clock.at(day):
            add(who, stage="contacted")
    add("Cléo Disponible", stage="available")
    add("Dina Coupon")

    assert names(head_office) == ["Dina Coupon", "Boris Tôt", "Anna Tard", "Cléo Disponible"]
    assert names(head_office, stage="contacted") == ["Boris Tôt", "Anna Tard"]


def test_filters_combine(head_office: Api, add: Add) -> None:
    add("Anna Un", stage="available", territory="D69", structure="lycee-jean-moulin")
    add("Boris Deux", territory="D69", programme="ecole", structure="lycee-jean-moulin")
    add("Cléo Trois", stage="available", territory="D01")

    assert names(head_office, territory="R84") == ["Boris Deux", "Anna Un", "Cléo Trois"]
    assert names(head_office, territory="FR", stage="lead") == ["Boris Deux"]
    assert names(head_office, territory="D69") == ["Boris Deux", "Anna Un"]
    assert names(head_office, territory="R84", stage="available") == ["Anna Un", "Cléo Trois"]
    assert names(head_office, programme="ecole") == ["Boris Deux"]
    assert names(head_office, programme="ecole", stage="available") == []
    assert names(head_office, structure="lycee-jean-moulin", programme="campus") == ["Anna Un"]
    assert names(head_office, structure="lycee-jean-moulin", territory="R11") == []
    assert names(head_office, structure="lycee-jean-moulin", territory="D69", stage="lead") == ["Boris Deux"]


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"stage": "sleeping"}, "stage"),
        ({"territory": "R00"}, "territory"),
        ({"programme": "unknown"}, "programme"),
        ({"programme": "x" * 5000}, "programme"),
        ({"structure": "unknown"}, "structure"),
        ({"q": "an"}, "q"),
        ({"q": "!!!"}, "q"),
        ({"q": "x" * 500}, "q"),
        ({"limit": "0"}, "limit"),
        ({"cursor": "forged"}, "cursor"),
        ({"cursor": "forged", "q": "anna"}, "cursor"),
        ({"cursor": "MTIuYWFh", "q": "anna"}, "cursor"),
        ({"cursor": "é", "q": "anna"}, "cursor"),
    ],
)
def test_an_unknown_value_is_refused_by_name(head_office: Api, filters: dict[str, str], field: str) -> None:
    answer = head_office.get("/v1/mentees", **filters)

    assert answer.status == 422
    assert answer.fields == {field}


def test_a_referent_of_two_regions_sees_both_and_nothing_else(add: Add, api_as: GiveApi) -> None:
    for number in range(3):
        add(f"Anna Lyon{number}", territory="D69")
        add(f"Boris Saint-Denis{number}", territory="D974")
        add(f"Cléo Paris{number}")
    referent = api_as(Role.REGIONAL_REFERENT, "R84", "R04")

    seen = names(referent, limit="2")

    assert len(seen) == 6
    assert not any("Paris" in name for name in seen)
    assert names(referent, territory="R11") == []
    assert len(names(referent, territory="D974")) == 3
    assert names(api_as(Role.REGIONAL_REFERENT, "D69"), territory="R84") == [
        f"Anna Lyon{n}" for n in range(3)
    ]


def test_a_coordinator_sees_their_territory_and_their_portfolio(
    tenant: TenantId, add: Add, api_as: GiveApi, member: Callable[..., MemberId]
) -> None:
    own = member(Role.COORDINATOR, "D69")
    add("Anna Lyon", territory="D69")
    followed = add("Boris Paris", structure="lycee-jean-moulin", stage="available")
    add("Cléo Paris", structure="lycee-jean-moulin")
    context = Context(tenant, SYSTEM, clock.now())
    write, event = store.moved(context, store.person(tenant, followed), "paired", own)
    transact(context, event, [write])
    coordinator = api_as(Role.COORDINATOR, "D69", member=own)

    assert names(coordinator) == ["Anna Lyon", "Boris Paris"]
    assert names(coordinator, territory="R11") == ["Boris Paris"]
    assert names(coordinator, structure="lycee-jean-moulin") == ["Boris Paris"]
    assert names(coordinator, q="par") == ["Boris Paris"]
    assert names(coordinator, q="lyo") == ["Anna Lyon"]
    assert names(coordinator, q="paris", stage="lead") == []


def test_a_page_ends_where_the_next_begins(head_office: Api, add: Add) -> None:
    everybody = {f"Anna Nom{number}" for number in range(5)}
    for name in everybody:
        add(name)

    first = head_office.get("/v1/mentees", limit="2").json

    assert len(first["items"]) == 2
    assert set(names(head_office, limit="2")) == everybody
    assert set(names(head_office, limit="2", q="anna")) == everybody


def test_people_are_found_by_any_part_of_their_name(head_office: Api, add: Add) -> None:
    add("Jean-Baptiste Le Goff")
    add("Lœtitia N'Diaye")
    add("Jeanne Martin")
    add("Jean Mentor", kind="mentor")

    assert names(head_office, q="goff") == ["Jean-Baptiste Le Goff"]
    assert names(head_office, q="BAP") == ["Jean-Baptiste Le Goff"]
    assert names(head_office, q="loetitia ndi") == ["Lœtitia N'Diaye"]
    assert names(head_office, q="jea") == ["Jean-Baptiste Le Goff", "Jeanne Martin"]
    assert names(head_office, q="jean mar") == ["Jeanne Martin"]
    assert names(head_office, path="/v1/mentors", q="jea") == ["Jean Mentor"]


def test_a_new_name_replaces_the_old_one_in_the_search(head_office: Api, add: Add) -> None:
    mentee = add("Anna Martin", territory="D75")
    head_office.patch(f"/v1/mentees/{mentee}", {"version": 1, "last_name": "Durand", "territory": "D69"})

    assert names(head_office, q="martin") == []
    assert names(head_office, q="durand") == ["Anna Durand"]
    assert names(head_office, q="anna", territory="R84") == ["Anna Durand"]
    assert names(head_office, q="anna", territory="R11") == []


def test_a_search_stays_within_reach_and_filters(head_office: Api, add: Add, api_as: GiveApi) -> None:
    add("Anna Lyon", territory="D69", stage="available")
    add("Anna Paris")

    assert names(api_as(Role.REGIONAL_REFERENT, "R84"), q="anna") == ["Anna Lyon"]
    assert names(head_office, q="anna", stage="available") == ["Anna Lyon"]
    assert names(head_office, q="anna", programme="ecole") == []


def test_the_cursor_of_a_search_says_nothing_and_serves_that_search_alone(head_office: Api, add: Add) -> None:
    for number in range(3):
        add(f"Anna Secret{number}")

    cursor = head_office.get("/v1/mentees", q="anna", limit="1").json["next"]

    assert "secret" not in cursor.lower()
    assert head_office.get("/v1/mentees", q="secret", cursor=cursor).fields == {"cursor"}
    assert head_office.get("/v1/mentors", q="anna", cursor=cursor).fields == {"cursor"}


def test_a_page_is_one_call_and_a_page_by_programme_or_name_two(
    head_office: Api, add: Add, calls: Calls
) -> None:
    add("Anna Martin", territory="D69")
    prices = {}
    for query in ({}, {"stage": "lead"}, {"territory": "R84"}, {"programme": "campus"}, {"q": "martin"}):
        calls.reset()
        head_office.get("/v1/mentees", **query)
        prices["".join(query)] = list(calls.made)

    assert prices == {
        "": ["Query"],
        "stage": ["Query"],
        "territory": ["Query"],
        "programme": ["GetItem", "Query"],
        "q": ["Query", "BatchGetItem"],
    }


def test_a_referent_pays_one_call_per_region(add: Add, api_as: GiveApi, calls: Calls) -> None:
    add("Anna Lyon", territory="D69")
    referent = api_as(Role.REGIONAL_REFERENT, "R84", "R04")
    referent.get("/v1/mentees")
    calls.reset()

    referent.get("/v1/mentees")

    assert calls.made == ["Query", "Query"]


def test_the_wait_starts_on_the_day_people_live_in(head_office: Api, add: Add) -> None:
    with clock.at(datetime(2026, 11, 22, 22, 0, tzinfo=UTC)):
        add("Anna Réunion", territory="D974")
        add("Boris Paris")

    dates = {
        each["first_name"]: each["stage_dates"]["lead"]
        for each in head_office.get("/v1/mentees").json["items"]
    }

    assert dates == {"Anna": "2026-11-23", "Boris": "2026-11-22"}
