"""The form of a person, there and back."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.acceptance import Sheet, accepted
from chalicelib.people.forms import body_of, filter_messages, given_back, messages, stale_messages, values_of
from chalicelib.people.person import Checks, Contact, Guardian, Kind, Person
from chalicelib.people.rules import JudicialRecord, LeavingReason, Source, Stage
from chalicelib.people.schema import MenteePatch, MentorPatch
from chalicelib.spine.errors import FieldProblem
from chalicelib.spine.ids import PersonId
from chalicelib.spine.territories import TerritoryCode

TODAY = date(2026, 11, 22)
days = st.dates(date(1990, 1, 1), date(2026, 1, 1))
texts = st.none() | st.sampled_from(["une note", "deux\nlignes", "œuvre d'été"])
#: A territory that follows from the postal code, one chosen against it, and none.
places = st.sampled_from([("D69", "69001"), ("D75", "69001"), ("R11", None), ("D974", "97400")])


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Draw anybody at any step."""
    kind: Kind = draw(st.sampled_from(["mentor", "mentee"]))
    stage = draw(st.sampled_from(list(Stage)))
    territory, postal_code = draw(places)
    mentor = kind == "mentor"
    record = JudicialRecord(date(2026, 1, 5), draw(st.none() | st.just(date(2026, 7, 5))))
    guardian = Guardian(first_name="Anne", last_name="Petit", phone="+33142345678")
    person = Person(
        id=PersonId("p"),
        kind=kind,
        first_name="Léo",
        last_name="N'Guyen",
        territory=TerritoryCode(territory),
        postal_code=postal_code,
        programme="campus",
        structure=draw(st.none() | st.just("school")),
        source=draw(st.none() | st.sampled_from(list(Source))),
        stage=stage,
        stage_dates={stage.value: "2026-11-01"},
        leaving_reason=LeavingReason.MOVED if stage is Stage.LEFT else None,
        capacity=draw(st.integers(0, 50)) if mentor else 0,
        training_hours=draw(st.sampled_from([0, 2.5, 12])) if mentor else 0,
        created_at="2026-11-01T08:00:00.000Z",
        version=3,
    )
    contact = Contact(
        email=draw(st.none() | st.just("leo@example.org")),
        phone=draw(st.none() | st.just("+262262123456")),
        birth_date=draw(st.none() | days),
        guardian=draw(st.none() | st.just(guardian)) if not mentor else None,
        checks=Checks(draw(st.none() | st.just(record)), draw(st.booleans())) if mentor else Checks(),
        disability=draw(st.none() | st.just("malentendant")),
        in_care=draw(st.sampled_from([None, True, False])) if not mentor else None,
        note=draw(texts),
    )
    return Sheet(person, contact)


@given(sheets())
def test_saving_a_form_as_it_came_changes_nothing(sheet: Sheet) -> None:
    kind = sheet.person.kind
    shape = MentorPatch if kind == "mentor" else MenteePatch

    given = shape.model_validate(body_of(kind, {**values_of(sheet), "version": "3"}))

    assert accepted(sheet, given.changes(), None, TODAY) == (sheet, [])


def test_days_and_decimals_may_be_typed_the_french_way() -> None:
    typed = {
        "birth_date": "3/4/1990",
        "training_hours": "2,5",
        "checks_judicial_record_done_on": "05.01.2026",
    }

    body = body_of("mentor", typed)

    assert body["birth_date"] == "1990-04-03"
    assert body["training_hours"] == "2.5"
    assert body["checks"] == {
        "judicial_record": {"done_on": "2026-01-05", "expires_on": ""},
        "charter": False,
    }


def test_a_calendar_control_gets_a_day_it_can_show_and_the_rest_as_typed() -> None:
    assert given_back({"birth_date": "3/4/1990", "phone": "12"}) == {
        "birth_date": "1990-04-03",
        "phone": "12",
    }
    assert given_back({"birth_date": "hier"}) == {"birth_date": "hier"}


def test_what_is_no_day_is_left_as_typed_for_the_schema_to_refuse() -> None:
    assert body_of("mentor", {"birth_date": "hier"})["birth_date"] == "hier"


def test_a_blank_territory_is_that_of_the_postal_code() -> None:
    assert body_of("mentee", {"postal_code": "1000"})["territory"] == "D01"
    assert body_of("mentee", {"postal_code": "abc"})["territory"] is None
    assert body_of("mentee", {"postal_code": "69001", "territory": "D75"})["territory"] == "D75"


def test_messages_stand_beside_the_fields_of_the_form() -> None:
    problems = [
        FieldProblem("guardian.phone", "wrong", "Faux."),
        FieldProblem("checks.judicial_record.done_on", "wrong", "Faux aussi."),
        FieldProblem("version", "old", "Ancien."),
        FieldProblem("email", "wrong"),
    ]

    assert messages(problems) == {
        "guardian_phone": "Faux.",
        "checks_judicial_record_done_on": "Faux aussi.",
        "form": "Ancien.",
        "email": "Cette réponse n'est pas acceptée.",
    }


def test_what_a_filter_bar_does_not_show_is_said_of_the_list() -> None:
    problems = [FieldProblem("cursor", "x", "Suite."), FieldProblem("q", "x", "Trois lettres.")]

    assert filter_messages(problems) == {"form": "Suite.", "q": "Trois lettres."}


def test_a_stale_form_says_what_stands_now_where_it_differs() -> None:
    typed = {"first_name": "Ada", "note": "x", "version": "1", "source": "event", "idempotency_key": "k"}
    current = {"first_name": "Awa", "note": "x", "birth_date": "1990-04-03", "stage": "available"}

    found = stale_messages(typed, current, {"stage": {"available": "Disponible"}})

    assert found.keys() == {"form", "first_name", "birth_date", "stage", "source"}
    assert found["first_name"] == "La fiche indique maintenant : Awa."
    assert found["birth_date"] == "La fiche indique maintenant : 03/04/1990."
    assert found["stage"] == "La fiche indique maintenant : Disponible."
    assert found["source"] == "La fiche indique maintenant : rien."


@given(sheets())
def test_no_field_of_the_form_is_lost_to_the_other_kind(sheet: Sheet) -> None:
    values = values_of(replace(sheet, contact=Contact()))

    assert ("capacity" in values) == (sheet.person.kind == "mentor")
