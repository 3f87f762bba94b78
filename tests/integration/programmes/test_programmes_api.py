"""Programmes over HTTP: everything that configures one can be read and changed."""

from typing import Any

import pytest

from chalicelib.spine.ids import is_ulid
from chalicelib.tenancy.rights import Role
from tests.integration.api import Api
from tests.integration.programmes.conftest import GiveApi

ONLINE = {
    "name": "Éveil aux métiers",
    "format": "remote",
    "formats": ["remote"],
    "cadence": {"every": "month", "hours": 2},
}


def made(api: Api, **fields: object) -> dict[str, Any]:
    answer = api.post("/v1/programmes", {**ONLINE, **fields})
    assert answer.status == 201, answer.text
    programme: dict[str, Any] = answer.json
    return programme


def test_a_new_programme_takes_its_thresholds_from_its_cadence(head_office: Api) -> None:
    programme = made(head_office)

    assert is_ulid(programme["id"])
    assert (programme["orange_after_days"], programme["red_after_days"]) == (35, 42)
    assert programme["version"] == 1


def test_a_programme_that_says_only_its_name_and_format_meets_every_week(head_office: Api) -> None:
    answer = head_office.post("/v1/programmes", {"name": "Nouveau", "format": "hybrid"})

    assert answer.status == 201
    assert (answer.json["orange_after_days"], answer.json["red_after_days"]) == (14, 28)
    assert answer.json["formats"] == ["hybrid", "in_person", "remote"]


def test_a_programme_can_be_read_by_its_id_and_in_the_list(head_office: Api) -> None:
    programme = made(head_office)

    assert head_office.get(f"/v1/programmes/{programme['id']}").json == programme
    assert head_office.get("/v1/programmes").json == {"items": [programme], "next": None}


def test_an_id_that_is_given_is_kept(head_office: Api) -> None:
    assert made(head_office, id="metiers")["id"] == "metiers"


def test_an_id_that_is_taken_is_refused(head_office: Api) -> None:
    made(head_office, id="metiers")

    answer = head_office.post("/v1/programmes", {**ONLINE, "id": "metiers"})

    assert (answer.status, answer.fields) == (409, {"id"})


def test_a_change_touches_the_fields_given_and_no_other(head_office: Api) -> None:
    programme = made(head_office, id="eveil-aux-metiers", max_age_gap_years=10)

    change = {"version": 1, "caseload_ratio": 20, "max_age_gap_years": None}
    answer = head_office.patch("/v1/programmes/eveil-aux-metiers", change)

    assert answer.json == {**programme, "version": 2, "caseload_ratio": 20, "max_age_gap_years": None}


def test_everything_a_programme_shows_can_be_sent_back(head_office: Api) -> None:
    programme = made(head_office, id="eveil-aux-metiers")

    sent = {name: value for name, value in programme.items() if name != "id"}
    answer = head_office.patch("/v1/programmes/eveil-aux-metiers", sent)

    assert answer.json == {**programme, "version": 2}


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"red_after_days": 10}, "red_after_days"),
        ({"formats": []}, "formats"),
        ({"format": "by_post"}, "format"),
        ({"caseload_ratio": "many"}, "caseload_ratio"),
        ({"cadence": None}, "cadence"),
        ({"id": "other"}, "id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_change_that_cannot_be_is_refused_by_name(
    head_office: Api, fields: dict[str, Any], at_fault: str
) -> None:
    programme = made(head_office, id="eveil-aux-metiers")

    answer = head_office.patch("/v1/programmes/eveil-aux-metiers", {"version": 1, **fields})

    assert answer.status == 422
    assert at_fault in {field.partition(".")[0] for field in answer.fields}
    assert head_office.get("/v1/programmes/eveil-aux-metiers").json == programme


def test_every_problem_of_a_new_programme_is_named_at_once(head_office: Api) -> None:
    impossible = {**ONLINE, "orange_after_days": 30, "red_after_days": 20, "duration_months": 3}

    answer = head_office.post("/v1/programmes", impossible)

    assert answer.fields >= {"red_after_days", "duration_months"}


def test_a_change_from_an_old_version_is_refused(head_office: Api) -> None:
    made(head_office, id="eveil-aux-metiers")
    head_office.patch("/v1/programmes/eveil-aux-metiers", {"version": 1, "caseload_ratio": 20})

    answer = head_office.patch("/v1/programmes/eveil-aux-metiers", {"version": 1, "caseload_ratio": 10})

    assert answer.status == 409
    assert head_office.get("/v1/programmes/eveil-aux-metiers").json["caseload_ratio"] == 20


def test_a_coordinator_reads_programmes_and_may_not_change_them(api_as: GiveApi, head_office: Api) -> None:
    made(head_office, id="eveil-aux-metiers")
    coordinator = api_as(Role.COORDINATOR, "R84")

    assert coordinator.get("/v1/programmes/eveil-aux-metiers").status == 200
    assert coordinator.patch("/v1/programmes/eveil-aux-metiers", {"version": 1}).status == 403
    assert coordinator.post("/v1/programmes", ONLINE).status == 403


def test_an_unknown_programme_is_not_found(head_office: Api) -> None:
    assert head_office.get("/v1/programmes/nowhere").status == 404
    assert head_office.patch("/v1/programmes/nowhere", {"version": 1}).status == 404
