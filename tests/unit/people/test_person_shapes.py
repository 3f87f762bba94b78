"""What the API and the forms accept about people, and what they answer when they do not."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from chalicelib.people.rules import JudicialRecord, LeavingReason, Source, Stage
from chalicelib.people.schema import (
    ChecksBody,
    MenteeIn,
    MenteeOut,
    MenteePatch,
    MentorIn,
    MentorOut,
    MentorPatch,
)
from chalicelib.programmes.schema import ProgrammeId
from chalicelib.spine.ids import PersonId
from chalicelib.spine.territories import TerritoryCode

Sent = dict[str, object]

MENTOR: Sent = {"first_name": "Awa", "last_name": "Diallo", "programme": "mentorat"}
MENTEE: Sent = {**MENTOR, "territory": "D93"}


def problems(shape: type[BaseModel], sent: Sent) -> dict[str, str]:
    """Give the message of each field at fault."""
    with pytest.raises(ValidationError) as refusal:
        shape.model_validate(sent)
    return {".".join(str(part) for part in error["loc"]): error["msg"] for error in refusal.value.errors()}


def test_a_mentor_needs_a_name_and_a_programme_and_has_defaults_for_the_rest() -> None:
    mentor = MentorIn.model_validate(MENTOR)

    assert mentor.stage is Stage.LEAD
    assert mentor.capacity == 1
    assert mentor.training_hours == 0
    assert mentor.checks == ChecksBody(judicial_record=None, charter=False)
    assert mentor.territory is None


def test_everything_about_a_mentor_is_read() -> None:
    mentor = MentorIn.model_validate_json(
        json.dumps(
            {
                **MENTOR,
                "email": "Awa@Example.org",
                "phone": "06 12 34 56 78",
                "birth_date": "1999-04-23",
                "territory": "d2a",
                "postal_code": "20000",
                "stage": "left",
                "leaving_reason": "moved",
                "structure": "01J00000000000000000000000",
                "source": "word_of_mouth",
                "capacity": 2,
                "training_hours": 1.5,
                "checks": {"judicial_record": {"done_on": "2026-09-01", "expires_on": None}, "charter": True},
                "disability": "malentendante",
                "note": "Rappeler\nle soir.",
            }
        )
    )

    assert mentor.email == "Awa@Example.org"
    assert mentor.phone == "06 12 34 56 78"
    assert mentor.birth_date == date(1999, 4, 23)
    assert mentor.territory == "D2A"
    assert mentor.leaving_reason is LeavingReason.MOVED
    assert mentor.source is Source.WORD_OF_MOUTH
    assert mentor.checks.charter
    assert mentor.checks.judicial_record is not None
    assert mentor.checks.judicial_record.fact() == JudicialRecord(date(2026, 9, 1))
    assert mentor.note == "Rappeler\nle soir."


def test_everything_about_a_mentee_is_read() -> None:
    guardian = {"first_name": "Fatou", "last_name": "Diallo", "email": "famille@example.org", "phone": None}
    mentee = MenteeIn.model_validate({**MENTEE, "guardian": guardian, "in_care": True})

    assert mentee.guardian is not None
    assert mentee.guardian.model_dump() == guardian
    assert mentee.in_care is True


@pytest.mark.parametrize("place", [{"territory": "R11"}, {"postal_code": "93200"}, {"postal_code": "1000"}])
def test_a_mentee_is_placed_by_territory_or_by_postal_code(place: Sent) -> None:
    MenteeIn.model_validate({**MENTOR, **place})


@pytest.mark.parametrize("nowhere", [{}, {"territory": None}, {"territory": " ", "postal_code": ""}])
def test_a_mentee_without_a_place_is_refused_on_the_territory(nowhere: Sent) -> None:
    found = problems(MenteeIn, {**MENTOR, **nowhere})

    assert list(found) == ["territory"]
    assert "postal_code" in found["territory"]


def test_a_mistyped_postal_code_is_the_only_fault_of_a_mentee_placed_by_it() -> None:
    assert list(problems(MenteeIn, {**MENTOR, "postal_code": "932"})) == ["postal_code"]


@pytest.mark.parametrize(
    ("field", "value", "accepted"),
    [
        ("first_name", "", "at least one letter"),
        ("first_name", "\ud800", "valid string"),
        ("first_name", 12, "valid string"),
        ("last_name", "???", "at least one letter"),
        ("email", "awa@example", "camille.martin@example.org"),
        ("phone", "0" * 61, "at most 60"),
        ("phone", 612345678, "valid string"),
        ("birth_date", "23/04/2009", "YYYY-MM-DD"),
        ("birth_date", "2009-02-30", "day value is outside expected range"),
        ("birth_date", 39926, "YYYY-MM-DD"),
        ("birth_date", "1240444800", "YYYY-MM-DD"),
        ("birth_date", "2009-04-23T00:00:00Z", "YYYY-MM-DD"),
        ("birth_date", datetime(2009, 4, 23, tzinfo=UTC), "YYYY-MM-DD"),
        ("territory", "93", "D93"),
        ("territory", "FR", "D93"),
        ("territory", "Île-de-France", "R11"),
        ("postal_code", "932", "five digits"),
        ("programme", "", "at least 1"),
        ("stage", "prospect", "'lead', 'contacted'"),
        ("stage", None, "'lead', 'contacted'"),
        ("leaving_reason", "bored", "'moved'"),
        ("source", "radio", "'word_of_mouth'"),
        ("capacity", -1, "greater than or equal to 0"),
        ("capacity", 51, "less than or equal to 50"),
        ("capacity", 1.5, "integer"),
        ("training_hours", -1, "greater than or equal to 0"),
        ("training_hours", float("nan"), "finite"),
        ("training_hours", float("inf"), "finite"),
        ("disability", "x" * 501, "at most 500"),
        ("note", "x" * 5001, "at most 5000"),
        ("checks", None, "ChecksBody"),
        ("id", "01J00000000000000000000000", "not permitted"),
        ("version", 1, "not permitted"),
    ],
)
def test_a_refusal_names_the_field_and_what_would_be_accepted(
    field: str, value: object, accepted: str
) -> None:
    found = problems(MentorIn, {**MENTOR, field: value})

    assert list(found) == [field]
    assert accepted in found[field]


@pytest.mark.parametrize(
    ("shape", "sent", "field"),
    [
        (MentorIn, {"checks": {"judicial_record": {}}}, "checks.judicial_record.done_on"),
        (MentorIn, {"checks": {"judicial_record": {"done_on": 1}}}, "checks.judicial_record.done_on"),
        (MentorIn, {"checks": {"certificate": True}}, "checks.certificate"),
        (
            MentorIn,
            {"checks": {"judicial_record": {"done_on": "2026-09-01", "expires_on": "2026-08-31"}}},
            "checks.judicial_record.expires_on",
        ),
        (MenteeIn, {"guardian": {"first_name": "Fatou"}}, "guardian.last_name"),
        (MenteeIn, {"guardian": {"first_name": "F", "last_name": "D", "email": "x"}}, "guardian.email"),
        (MenteeIn, {"guardian": {"first_name": "F", "last_name": "D", "role": "mother"}}, "guardian.role"),
        (MenteeIn, {"capacity": 1}, "capacity"),
        (MentorIn, {"guardian": None}, "guardian"),
        (MentorIn, {"in_care": True}, "in_care"),
    ],
)
def test_a_refusal_deeper_down_or_of_the_other_kind_names_its_field(
    shape: type[BaseModel], sent: Sent, field: str
) -> None:
    assert list(problems(shape, {**MENTEE, **sent})) == [field]


def test_every_fault_is_said_at_once() -> None:
    found = problems(MentorIn, {"first_name": "", "email": "x", "stage": "x", "colour": "red"})

    assert set(found) == {"first_name", "last_name", "programme", "email", "stage", "colour"}


def test_a_refusal_of_ours_carries_its_french_sentence() -> None:
    with pytest.raises(ValidationError) as refusal:
        MentorIn.model_validate({**MENTOR, "email": "x"})

    assert refusal.value.errors()[0]["ctx"]["french"].startswith("Indiquez une seule adresse")


@pytest.mark.parametrize(
    "field",
    ["email", "phone", "birth_date", "territory", "postal_code", "structure", "source", "disability", "note"],
)
@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_an_empty_answer_of_a_form_is_no_answer(field: str, nothing: str | None) -> None:
    assert getattr(MentorIn.model_validate({**MENTOR, field: nothing}), field) is None


def test_brothers_and_sisters_may_be_reached_at_one_address() -> None:
    shared = {"email": "famille@example.org"}

    elder = MenteeIn.model_validate({**MENTEE, **shared})
    younger = MenteeIn.model_validate({**MENTEE, "first_name": "Moussa", **shared})

    assert elder.email == younger.email


def test_a_change_holds_only_what_was_sent() -> None:
    patch = MentorPatch.model_validate({"version": 3, "phone": None, "capacity": 2})

    assert patch.version == 3
    assert patch.changes() == {"phone": None, "capacity": 2}


def test_a_change_needs_the_version_it_was_made_from() -> None:
    assert list(problems(MentorPatch, {"capacity": 2})) == ["version"]
    assert list(problems(MenteePatch, {"version": 0})) == ["version"]


@pytest.mark.parametrize(
    "field", ["first_name", "last_name", "programme", "stage", "capacity", "training_hours", "checks"]
)
def test_what_a_mentor_always_has_may_not_be_emptied(field: str) -> None:
    found = problems(MentorPatch, {"version": 1, field: None})

    assert list(found) == [field]
    assert "leave it out" in found[field]


@pytest.mark.parametrize("nothing", ["", None])
def test_a_mentee_s_territory_may_not_be_emptied_and_a_mentor_s_may(nothing: str | None) -> None:
    sent: Sent = {"version": 1, "territory": nothing}

    assert "territory" in problems(MenteePatch, sent)
    assert MentorPatch.model_validate(sent).changes() == {"territory": None}


@given(
    st.sets(st.sampled_from(["email", "phone", "birth_date", "postal_code", "structure", "source", "note"]))
)
def test_whatever_is_emptied_nothing_else_changes(emptied: set[str]) -> None:
    patch = MenteePatch.model_validate({"version": 1, **dict.fromkeys(emptied)})

    assert patch.changes() == dict.fromkeys(emptied)


def test_a_mentor_goes_out_with_the_fields_of_the_contract() -> None:
    out = MentorOut(
        id=PersonId("01J00000000000000000000000"),
        first_name="Awa",
        last_name="Diallo",
        email="awa@example.org",
        phone="+33612345678",
        birth_date=date(1999, 4, 23),
        territory=TerritoryCode("D93"),
        postal_code="93200",
        programme=ProgrammeId("mentorat"),
        stage=Stage.AVAILABLE,
        leaving_reason=None,
        structure=None,
        source=Source.EVENT,
        disability=None,
        note=None,
        stage_dates={Stage.LEAD: date(2026, 9, 1), Stage.AVAILABLE: date(2026, 9, 10)},
        created_at=datetime(2026, 9, 1, 8, 30, tzinfo=UTC),
        version=2,
        capacity=1,
        training_hours=2,
        checks=ChecksBody(charter=True),
    )

    assert out.model_dump(mode="json") == {
        "id": "01J00000000000000000000000",
        "first_name": "Awa",
        "last_name": "Diallo",
        "email": "awa@example.org",
        "phone": "+33612345678",
        "birth_date": "1999-04-23",
        "territory": "D93",
        "postal_code": "93200",
        "programme": "mentorat",
        "stage": "available",
        "leaving_reason": None,
        "structure": None,
        "source": "event",
        "disability": None,
        "note": None,
        "stage_dates": {"lead": "2026-09-01", "available": "2026-09-10"},
        "created_at": "2026-09-01T08:30:00Z",
        "version": 2,
        "capacity": 1,
        "training_hours": 2.0,
        "checks": {"judicial_record": None, "charter": True},
    }


def test_a_mentee_goes_out_with_its_guardian_and_without_a_mentor_s_fields() -> None:
    assert set(MenteeOut.model_fields) ^ set(MentorOut.model_fields) == {
        "guardian",
        "in_care",
        "capacity",
        "training_hours",
        "checks",
    }


@pytest.mark.parametrize("shape", [MentorIn, MenteeIn, MentorPatch, MenteePatch, MentorOut, MenteeOut])
def test_every_shape_can_be_described_in_the_api_s_description(shape: type[BaseModel]) -> None:
    assert shape.model_json_schema()["additionalProperties"] is False
