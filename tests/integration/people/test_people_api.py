"""Mentors and mentees through the JSON API."""

from collections.abc import Callable

import pytest

from chalicelib.people.person import person_key
from chalicelib.people.store import PersonItem
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import TenantId
from chalicelib.spine.keys import SELF
from chalicelib.tenancy.rights import Role
from tests.integration.people.cast import Api, Calls, GiveApi

Sent = dict[str, object]

MENTOR: Sent = {
    "first_name": "Awa",
    "last_name": "Diallo",
    "email": "Awa.Diallo@example.org",
    "phone": "06 12 34 56 78",
    "birth_date": "1990-04-23",
    "postal_code": "69001",
    "programme": "campus",
    "source": "partner",
    "note": "préfère le soir",
    "capacity": 2,
    "training_hours": 2.5,
    "checks": {"judicial_record": {"done_on": "2026-01-05", "expires_on": None}, "charter": True},
}
MENTEE: Sent = {
    "first_name": "Léo",
    "last_name": "N'Guyen-Martin",
    "birth_date": "2012-05-01",
    "territory": "D93",
    "programme": "ecole",
    "in_care": False,
    "guardian": {
        "first_name": "Anne",
        "last_name": "Martin",
        "email": None,
        "phone": "01 42 34 56 78",
    },
}


def test_a_mentor_is_read_back_as_they_were_created(head_office: Api) -> None:
    created = head_office.post("/v1/mentors", MENTOR)

    assert created.status == 201
    mentor = created.json
    assert head_office.get(f"/v1/mentors/{mentor['id']}").json == mentor
    assert mentor["email"] == "Awa.Diallo@example.org"
    assert mentor["phone"] == "+33612345678"
    assert mentor["territory"] == "D69"
    assert mentor["stage"] == "lead"
    assert list(mentor["stage_dates"]) == ["lead"]
    assert (mentor["capacity"], mentor["training_hours"], mentor["version"]) == (2, 2.5, 1)
    assert mentor["checks"] == MENTOR["checks"]


def test_a_mentee_keeps_their_guardian(head_office: Api) -> None:
    mentee = head_office.post("/v1/mentees", MENTEE).json

    assert mentee["guardian"]["phone"] == "+33142345678"
    assert mentee["in_care"] is False
    assert mentee["territory"] == "D93"


def test_nothing_sensitive_is_stored_readable(head_office: Api, tenant: TenantId) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json

    stored = str(PersonItem.get(person_key(tenant, mentor["id"]), SELF).attribute_values)
    assert "Diallo" in stored
    for secret in ("example.org", "612345678", "1990-04-23", "le soir", "2026-01-05"):
        assert secret not in stored


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"programme": "nothing-like-it"}, "programme"),
        ({"programme": "x" * 60}, "programme"),
        ({"territory": "D99"}, "territory"),
        ({"postal_code": "00000", "territory": None}, "postal_code"),
        ({"structure": "unknown"}, "structure"),
        ({"birth_date": "1990-01-01"}, "birth_date"),
        ({"birth_date": "2040-01-01"}, "birth_date"),
        ({"phone": "12"}, "phone"),
        ({"guardian": {"first_name": "A", "last_name": "B", "phone": "12"}}, "guardian.phone"),
        ({"stage": "paired"}, "stage"),
        ({"stage": "left"}, "leaving_reason"),
        ({"shoe_size": 42}, "shoe_size"),
        ({"territory": None}, "territory"),
    ],
)
def test_a_refusal_names_the_field(head_office: Api, changed: Sent, field: str) -> None:
    answer = head_office.post("/v1/mentees", {**MENTEE, **changed})

    assert answer.status == 422
    assert field in answer.fields
    assert head_office.get("/v1/mentees").json["items"] == []


def test_every_problem_is_named_at_once(head_office: Api) -> None:
    wrong: Sent = {**MENTEE, "programme": "x", "structure": "y", "phone": "12", "stage": "paired"}

    assert head_office.post("/v1/mentees", wrong).fields == {"programme", "structure", "phone", "stage"}


def test_the_same_request_sent_twice_creates_one_person(head_office: Api) -> None:
    first = head_office.post("/v1/mentors", MENTOR, **{"Idempotency-Key": "k1"})
    second = head_office.post("/v1/mentors", MENTOR, **{"Idempotency-Key": "k1"})
    other = head_office.post("/v1/mentors", {**MENTOR, "first_name": "Ada"}, **{"Idempotency-Key": "k1"})

    assert first.json == second.json
    assert other.status == 409
    assert len(head_office.get("/v1/mentors").json["items"]) == 1


def test_a_change_touches_what_is_sent_alone(head_office: Api) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json

    changed = head_office.patch(f"/v1/mentors/{mentor['id']}", {"version": 1, "capacity": 3, "note": None})

    assert changed.status == 200
    assert changed.json == {**mentor, "capacity": 3, "note": None, "version": 2}
    assert head_office.get(f"/v1/mentors/{mentor['id']}").json == changed.json


def test_an_old_version_is_refused_and_nothing_changes(head_office: Api) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json
    path = f"/v1/mentors/{mentor['id']}"
    head_office.patch(path, {"version": 1, "capacity": 3})

    stale = head_office.patch(path, {"version": 1, "capacity": 4})

    assert stale.status == 409
    assert stale.fields == {"version"}
    assert head_office.get(path).json["capacity"] == 3


def test_a_change_that_changes_nothing_writes_nothing(head_office: Api, calls: Calls) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json
    calls.reset()

    answer = head_office.patch(f"/v1/mentors/{mentor['id']}", {"version": 1, "phone": "0612345678"})

    assert answer.json == mentor
    assert "TransactWriteItems" not in calls.made


def test_moving_house_moves_the_person_to_the_new_departement(head_office: Api) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json

    moved = head_office.patch(f"/v1/mentors/{mentor['id']}", {"version": 1, "postal_code": "97400"})

    assert moved.json["territory"] == "D974"
    assert head_office.get("/v1/mentors", territory="R04").json["items"] == [moved.json]
    assert head_office.get("/v1/mentors", territory="R84").json["items"] == []


def test_the_journal_tells_the_life_of_a_person_without_a_name(
    head_office: Api, journal: Callable[[str], list[Event]]
) -> None:
    mentee = head_office.post("/v1/mentees", MENTEE).json
    path = f"/v1/mentees/{mentee['id']}"
    head_office.patch(path, {"version": 1, "stage": "available", "note": "x"})
    head_office.patch(path, {"version": 2, "note": "secret"})
    head_office.patch(path, {"version": 3, "stage": "left", "leaving_reason": "moved"})

    created, available, noted, left = journal(mentee["id"])

    assert created.type is EventType.PERSON_CREATED
    assert created.before is None
    assert created.after is not None
    assert (created.after.of, created.after.stage, created.after.territory) == ("mentee", "lead", "D93")
    assert available.type is EventType.PERSON_STAGE_CHANGED
    assert available.before == created.after
    assert available.after is not None
    assert available.after.stage == "available"
    assert dict(available.data) == {
        "kind": "mentee",
        "fields": "note,stage",
        "from": "lead",
        "to": "available",
    }
    assert noted.type is EventType.PERSON_CHANGED
    assert dict(noted.data) == {"kind": "mentee", "fields": "note"}
    assert noted.before == noted.after
    assert left.data["reason"] == "moved"


def test_going_back_to_the_funnel_forgets_why_one_left(head_office: Api) -> None:
    mentee = head_office.post("/v1/mentees", {**MENTEE, "stage": "left", "leaving_reason": "moved"}).json

    back = head_office.patch(f"/v1/mentees/{mentee['id']}", {"version": 1, "stage": "contacted"})

    assert back.json["leaving_reason"] is None
    assert list(back.json["stage_dates"]) == ["contacted"]


def test_a_birth_date_is_held_against_the_programme_when_it_is_filled_in(head_office: Api) -> None:
    mentee = head_office.post("/v1/mentees", {**MENTEE, "birth_date": None}).json

    refused = head_office.patch(f"/v1/mentees/{mentee['id']}", {"version": 1, "birth_date": "1990-01-01"})
    moved = head_office.patch(f"/v1/mentees/{mentee['id']}", {"version": 1, "birth_date": "2012-01-01"})
    other = head_office.patch(f"/v1/mentees/{mentee['id']}", {"version": 2, "programme": "campus"})

    assert refused.fields == {"birth_date"}
    assert moved.status == 200
    assert other.fields == {"birth_date"}


def test_a_mentor_is_not_found_among_mentees(head_office: Api) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json

    assert head_office.get(f"/v1/mentees/{mentor['id']}").status == 404
    assert head_office.get("/v1/mentors/01ARZ3NDEKTSV4RRFFQ69G5FAV").status == 404


def test_somebody_out_of_reach_is_not_found(head_office: Api, api_as: GiveApi) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json
    path = f"/v1/mentors/{mentor['id']}"
    neighbour = api_as(Role.REGIONAL_REFERENT, "R11")

    assert neighbour.get(path).status == 404
    assert neighbour.patch(path, {"version": 1, "capacity": 3}).status == 404
    assert api_as(Role.REGIONAL_REFERENT, "R84").get(path).status == 200


def test_nobody_is_added_where_one_has_no_charge(api_as: GiveApi) -> None:
    referent = api_as(Role.REGIONAL_REFERENT, "R84")

    assert referent.post("/v1/mentees", MENTEE).fields == {"territory"}
    assert referent.post("/v1/mentors", MENTOR).status == 201


def test_a_coordinator_without_territory_follows_whom_they_add(
    api_as: GiveApi, member: Callable[..., str]
) -> None:
    coordinator = api_as(Role.COORDINATOR, member=member(Role.COORDINATOR))

    mentee = coordinator.post("/v1/mentees", MENTEE).json

    assert coordinator.get(f"/v1/mentees/{mentee['id']}").status == 200
    assert coordinator.get("/v1/mentees").json["items"] == [mentee]
    assert api_as(Role.COORDINATOR, member=member(Role.COORDINATOR)).get("/v1/mentees").json["items"] == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.VOLUNTEER])
def test_who_may_not_write_people_is_refused(api_as: GiveApi, role: Role) -> None:
    assert api_as(role).post("/v1/mentees", MENTEE).status == 403


def test_figures_alone_do_not_open_people(api_as: GiveApi) -> None:
    assert api_as(Role.AUDITOR).get("/v1/mentees").status == 403


def test_a_read_by_id_is_one_call(head_office: Api, calls: Calls) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json
    calls.reset()

    head_office.get(f"/v1/mentors/{mentor['id']}")

    assert calls.made == ["GetItem"]


def test_a_creation_is_one_transaction(head_office: Api, calls: Calls) -> None:
    head_office.get("/v1/mentors")
    calls.reset()

    head_office.post("/v1/mentors", {**MENTOR, "structure": "lycee-jean-moulin"})

    assert calls.made == ["GetItem", "GetItem", "TransactWriteItems", "GetItem"]


def test_a_change_is_one_read_and_one_transaction(head_office: Api, calls: Calls) -> None:
    mentor = head_office.post("/v1/mentors", MENTOR).json
    calls.reset()

    head_office.patch(f"/v1/mentors/{mentor['id']}", {"version": 1, "last_name": "Diop"})

    assert calls.made == ["GetItem", "TransactWriteItems"]
