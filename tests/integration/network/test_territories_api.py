"""The map over HTTP: a plain reference list."""

import pytest

from chalicelib.tenancy.rights import Role
from tests.integration.api import Api
from tests.integration.network.conftest import GiveApi


def test_the_country_comes_first_and_its_regions_follow(head_office: Api) -> None:
    answer = head_office.get("/v1/territories", limit="3")

    assert [each["code"] for each in answer.json["items"]] == ["FR", "R01", "R02"]


def test_every_territory_is_on_exactly_one_page(head_office: Api) -> None:
    codes: list[str] = []
    cursor = ""
    while cursor is not None:
        answer = head_office.get("/v1/territories", limit="50", **({"cursor": cursor} if cursor else {}))
        codes += [each["code"] for each in answer.json["items"]]
        cursor = answer.json["next"]

    assert len(codes) == len(set(codes)) == 1 + 18 + 101


def test_a_region_lists_its_departments(head_office: Api) -> None:
    answer = head_office.get("/v1/territories", parent="R94")

    assert [each["code"] for each in answer.json["items"]] == ["D2A", "D2B"]
    assert answer.json["next"] is None


def test_a_level_lists_its_own(head_office: Api) -> None:
    answer = head_office.get("/v1/territories", level="region", limit="100")

    assert len(answer.json["items"]) == 18


def test_a_territory_says_where_it_lies_and_when_its_day_begins(head_office: Api) -> None:
    answer = head_office.get("/v1/territories/D974")

    assert answer.json == {
        "code": "D974",
        "name": "La Réunion",
        "level": "department",
        "parent": "R04",
        "time_zone": "Indian/Reunion",
        "school_zone": answer.json["school_zone"],
    }


@pytest.mark.parametrize("query", [{"level": "town"}, {"parent": "R99"}, {"cursor": "R99"}, {"limit": "0"}])
def test_a_filter_that_cannot_be_is_refused_by_name(head_office: Api, query: dict[str, str]) -> None:
    answer = head_office.get("/v1/territories", **query)

    assert answer.status == 422
    assert answer.fields == set(query)


def test_an_unknown_territory_is_not_found(head_office: Api) -> None:
    assert head_office.get("/v1/territories/R99").status == 404


def test_whoever_sees_figures_alone_may_read_the_map(api_as: GiveApi) -> None:
    assert api_as(Role.AUDITOR).get("/v1/territories/FR").status == 200
