"""What becomes of what is typed about a person: where they belong, their stage, their age, their phone."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.people.acceptance import Sheet, accepted, territory_after
from chalicelib.people.person import Checks, Contact, Guardian, Kind, Person
from chalicelib.people.rules import JudicialRecord, LeavingReason, Stage
from chalicelib.people.schema import ChecksBody, GuardianBody, JudicialRecordBody
from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.schema import AgeRange, Programme, ProgrammeId
from chalicelib.spine.ids import PersonId
from chalicelib.spine.territories import TerritoryCode

TODAY = date(2026, 11, 22)
PROGRAMME = Programme(
    id=ProgrammeId("campus"),
    name="Campus",
    format="remote",
    formats=("remote",),
    cadence=Cadence(every="week", hours=1),
    mentee_ages=AgeRange(min=18, max=30),
)


def person(
    kind: Kind = "mentee", *, territory: str | None = None, postal_code: str | None = None, version: int = 1
) -> Person:
    """Make a lead of the first of November 2024."""
    return Person(
        id=PersonId("p"),
        kind=kind,
        first_name="Léo",
        last_name="Petit",
        territory=TerritoryCode(territory) if territory else None,
        postal_code=postal_code,
        programme="campus",
        stage=Stage.LEAD,
        stage_dates={"lead": "2024-11-01"} if version else {},
        created_at="2024-11-01T08:00:00.000Z",
        version=version,
    )


def refused(before: Person, contact: Contact | None = None, /, **typed: object) -> set[str]:
    """Give the fields that are refused."""
    _, problems = accepted(Sheet(before, contact or Contact()), typed, PROGRAMME, TODAY)
    return {problem.field for problem in problems}


@pytest.mark.parametrize(
    ("territory", "postal_code", "typed", "expected"),
    [
        (None, None, {"postal_code": "69001"}, "D69"),
        (None, None, {"postal_code": "20000"}, "D2A"),
        (None, None, {"territory": "R11", "postal_code": "69001"}, "R11"),
        ("D69", "69001", {"postal_code": "97400"}, "D974"),
        ("D75", "69001", {"postal_code": "97400"}, "D75"),
        ("D75", "69001", {"territory": None}, "D69"),
        ("D75", "69001", {"territory": None, "postal_code": None}, None),
        ("D69", "69001", {"postal_code": None}, "D69"),
        ("D69", "69001", {"postal_code": "00000"}, "D69"),
        ("D69", None, {}, "D69"),
    ],
)
def test_a_postal_code_gives_the_territory_that_nobody_chose(
    territory: str | None, postal_code: str | None, typed: dict[str, object], expected: str | None
) -> None:
    assert territory_after(person(territory=territory, postal_code=postal_code), typed) == expected


def test_a_phone_is_read_as_one_of_the_territory() -> None:
    before = Sheet(person(territory="D974", version=0), Contact())

    after, problems = accepted(before, {"territory": "D974", "phone": "0262 12 34 56"}, PROGRAMME, TODAY)

    assert problems == []
    assert after.contact.phone == "+262262123456"


def test_what_is_left_out_stays() -> None:
    contact = Contact(email="a@example.org", phone="+33612345678", note="x", in_care=True)
    before = Sheet(person(territory="D69"), contact)

    after, problems = accepted(before, {"note": "y"}, PROGRAMME, TODAY)

    assert problems == []
    assert after == Sheet(before.person, replace(contact, note="y"))


def test_a_guardian_and_checks_are_replaced_whole() -> None:
    record = JudicialRecordBody(done_on=date(2026, 1, 5))
    typed = {
        "guardian": GuardianBody(first_name="Anne", last_name="Petit", phone="01 42 34 56 78"),
        "checks": ChecksBody(judicial_record=record, charter=True),
    }

    after, _ = accepted(Sheet(person(territory="D69"), Contact()), typed, PROGRAMME, TODAY)

    assert after.contact.guardian == Guardian(first_name="Anne", last_name="Petit", phone="+33142345678")
    assert after.contact.checks == Checks(JudicialRecord(date(2026, 1, 5)), charter=True)
    none, _ = accepted(after, {"guardian": None, "checks": ChecksBody()}, PROGRAMME, TODAY)
    assert none.contact == Contact()


@pytest.mark.parametrize(("kind", "fields"), [("mentee", {"territory"}), ("mentor", set())])
def test_a_mentee_is_somewhere_and_a_mentor_may_be_anywhere(kind: Kind, fields: set[str]) -> None:
    assert refused(person(kind, version=0)) == fields


def test_an_unknown_territory_and_an_unknown_postal_code_are_refused() -> None:
    assert refused(person("mentor"), territory="D99", postal_code="00000") == {"territory", "postal_code"}


def test_an_age_is_held_against_the_day_one_joins() -> None:
    sheet = person(territory="D69")
    turned_31_since = date(1994, 6, 1)

    assert refused(sheet, birth_date=turned_31_since) == set()
    assert refused(replace(sheet, version=0, stage_dates={}), birth_date=turned_31_since) == {"birth_date"}
    assert refused(sheet, Contact(birth_date=turned_31_since), programme="other") == {"birth_date"}
    assert refused(sheet, birth_date=date(2010, 1, 1)) == {"birth_date"}
    assert refused(sheet, birth_date=date(2027, 1, 1)) == {"birth_date"}


def test_an_age_that_nobody_touches_is_left_alone() -> None:
    too_old = Contact(birth_date=date(1950, 1, 1))

    assert refused(person(territory="D69"), too_old, programme="campus", birth_date=date(1950, 1, 1)) == set()


def test_moving_along_dates_the_step_and_leaving_keeps_its_reason() -> None:
    before = Sheet(person(territory="D69"), Contact())
    typed: dict[str, object] = {"stage": Stage.LEFT, "leaving_reason": LeavingReason.MOVED}

    left, _ = accepted(before, typed, PROGRAMME, TODAY)
    noted, problems = accepted(left, {"note": "x"}, PROGRAMME, TODAY)
    back, _ = accepted(left, {"stage": Stage.CONTACTED}, PROGRAMME, TODAY)

    assert left.person.stage_dates == {"lead": "2024-11-01", "left": "2026-11-22"}
    assert noted.person == left.person
    assert problems == []
    assert back.person.leaving_reason is None
    assert back.person.stage_dates == {"lead": "2024-11-01", "contacted": "2026-11-22"}


def test_a_refused_move_names_its_field() -> None:
    assert refused(person(territory="D69"), stage=Stage.PAIRED) == {"stage"}
    assert refused(person(territory="D69"), stage=Stage.LEFT) == {"leaving_reason"}
    assert refused(person(territory="D69"), leaving_reason=LeavingReason.MOVED) == {"leaving_reason"}
