"""Structures over HTTP: seen by everybody of the tenant, changed by who holds their territory."""

from typing import Any

import pytest

from chalicelib.tenancy.rights import Role
from tests.integration.api import Api
from tests.integration.network.conftest import GiveApi

POLE = {"name": "Pôle de Lyon", "kind": "antenna", "territory": "D69"}


def made(api: Api, **fields: object) -> dict[str, Any]:
    answer = api.post("/v1/structures", {**POLE, **fields})
    assert answer.status == 201, answer.text
    structure: dict[str, Any] = answer.json
    return structure


def names(api: Api, **query: str) -> list[str]:
    return [each["name"] for each in api.get("/v1/structures", **query).json["items"]]


def test_a_new_structure_can_be_read_again(head_office: Api) -> None:
    structure = made(head_office)

    assert structure == {**POLE, "id": structure["id"], "independent": False, "version": 1}
    assert head_office.get(f"/v1/structures/{structure['id']}").json == structure


def test_structures_are_listed_by_name(head_office: Api) -> None:
    for name in ("Pôle de Lyon", "Antenne de Brest", "école du Moulin"):
        made(head_office, name=name)

    assert names(head_office) == ["Antenne de Brest", "Pôle de Lyon", "école du Moulin"]


def test_a_territory_narrows_the_list(head_office: Api) -> None:
    made(head_office, name="Pôle de Lyon", territory="D69")
    made(head_office, name="Pôle de Lille", territory="D59")
    made(head_office, name="Siège", territory="FR")

    assert names(head_office, territory="D69") == ["Pôle de Lyon"]
    assert names(head_office, territory="R84") == ["Pôle de Lyon"]
    assert names(head_office, territory="FR") == ["Pôle de Lille", "Pôle de Lyon", "Siège"]


def test_a_structure_that_moves_is_listed_where_it_went(head_office: Api) -> None:
    structure = made(head_office)

    change = {"version": 1, "territory": "D59"}
    answer = head_office.patch(f"/v1/structures/{structure['id']}", change)

    assert answer.json == {**structure, "territory": "D59", "version": 2}
    assert names(head_office, territory="R84") == []
    assert names(head_office, territory="R32") == ["Pôle de Lyon"]


def test_a_structure_that_covers_the_country_leaves_its_region_list(head_office: Api) -> None:
    structure = made(head_office)

    head_office.patch(f"/v1/structures/{structure['id']}", {"version": 1, "territory": "FR"})

    assert names(head_office, territory="D69") == []


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"territory": "R99"}, "territory"),
        ({"kind": "castle"}, "kind"),
        ({"name": "  "}, "name"),
        ({"independent": "yes"}, "independent"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_by_name(head_office: Api, fields: dict[str, Any], at_fault: str) -> None:
    answer = head_office.post("/v1/structures", {**POLE, **fields})

    assert (answer.status, answer.fields) == (422, {at_fault})


def test_a_change_from_an_old_version_is_refused(head_office: Api) -> None:
    structure = made(head_office)
    head_office.patch(f"/v1/structures/{structure['id']}", {"version": 1, "name": "Pôle du Rhône"})

    answer = head_office.patch(f"/v1/structures/{structure['id']}", {"version": 1, "name": "Autre"})

    assert answer.status == 409
    assert names(head_office) == ["Pôle du Rhône"]


def test_a_referent_adds_structures_at_home_and_nowhere_else(api_as: GiveApi) -> None:
    referent = api_as(Role.REGIONAL_REFERENT, "R84", "R32")

    assert made(referent, territory="D59")["territory"] == "D59"
    elsewhere = referent.post("/v1/structures", {**POLE, "territory": "D13"})

    assert (elsewhere.status, elsewhere.fields) == (403, {"territory"})


def test_a_referent_may_not_take_a_structure_out_of_another_region(api_as: GiveApi, head_office: Api) -> None:
    structure = made(head_office, territory="D13")

    change = {"version": 1, "territory": "D69"}
    answer = api_as(Role.REGIONAL_REFERENT, "R84").patch(f"/v1/structures/{structure['id']}", change)

    assert answer.status == 403


def test_a_coordinator_sees_structures_and_may_not_change_them(api_as: GiveApi, head_office: Api) -> None:
    structure = made(head_office)
    coordinator = api_as(Role.COORDINATOR, "R84")

    assert names(coordinator) == ["Pôle de Lyon"]
    assert coordinator.patch(f"/v1/structures/{structure['id']}", {"version": 1}).status == 403


def test_an_unknown_structure_is_not_found(head_office: Api) -> None:
    assert head_office.get("/v1/structures/01ARZ3NDEKTSV4RRFFQ69G5FAV").status == 404


def test_the_same_request_sent_twice_makes_one_structure(head_office: Api) -> None:
    first = head_office.post("/v1/structures", POLE, **{"Idempotency-Key": "lyon"})
    again = head_office.post("/v1/structures", POLE, **{"Idempotency-Key": "lyon"})

    assert first.json == again.json
    assert names(head_office) == ["Pôle de Lyon"]
