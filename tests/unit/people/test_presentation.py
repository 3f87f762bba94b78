"""People as the console shows them."""

from dataclasses import replace
from datetime import date

from chalicelib.people.person import Checks, Contact, Guardian, Person
from chalicelib.people.presentation import (
    checks,
    kind_label,
    row,
    stage_choices,
    steps,
    territory_choices,
)
from chalicelib.people.rules import JudicialRecord, Stage
from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.schema import Programme, ProgrammeId
from chalicelib.spine.ids import PersonId
from chalicelib.spine.territories import TerritoryCode
from chalicelib.tenancy.rights import Reach

TODAY = date(2026, 11, 22)
MENTOR = Person(
    id=PersonId("p"),
    kind="mentor",
    first_name="Awa",
    last_name="Diallo",
    territory=TerritoryCode("D69"),
    programme="campus",
    stage=Stage.INTERVIEW,
    stage_dates={"lead": "2026-11-01", "interview": "2026-11-10"},
    created_at="2026-11-01T08:00:00.000Z",
    training_hours=0.5,
    version=1,
)
PROGRAMME = Programme(
    id=ProgrammeId("campus"),
    name="Campus",
    format="remote",
    formats=("remote",),
    cadence=Cadence(every="week", hours=1),
)


def test_a_line_of_the_list_says_since_when_somebody_waits() -> None:
    line = row(MENTOR, {"campus": PROGRAMME}, TODAY)

    assert (line["waiting_since"], line["waiting_days"]) == ("2026-11-01", 21)
    assert (line["programme_name"], line["territory_name"]) == ("Campus", "Rhône")
    assert line["href"] == "/mentors/p"


def test_who_is_in_a_pair_waits_no_longer() -> None:
    paired = replace(MENTOR, stage=Stage.PAIRED, stage_dates={"paired": "2026-11-10"})

    line = row(paired, {}, TODAY)

    assert (line["waiting_since"], line["waiting_days"]) == (None, None)
    assert line["programme_name"] == "campus"


def test_the_funnel_shows_what_is_done_and_what_is_to_come() -> None:
    assert [each["state"] for each in steps(MENTOR)] == ["done"] * 3 + ["current"] + ["todo"] * 3
    assert [each["on"] for each in steps(MENTOR)] == [
        "2026-11-01",
        None,
        None,
        "2026-11-10",
        None,
        None,
        None,
    ]


def test_who_left_shows_the_steps_they_took() -> None:
    left = replace(MENTOR, stage=Stage.LEFT, stage_dates={"lead": "2026-11-01", "left": "2026-11-10"})

    assert [(each["label"], each["state"]) for each in steps(left)] == [
        ("Coupon", "done"),
        ("Sorti du parcours", "current"),
    ]


def test_what_a_mentor_lacks_is_said() -> None:
    expired = Contact(checks=Checks(JudicialRecord(date(2025, 1, 5), date(2026, 1, 4)), charter=True))

    found = {
        str(each["label"]): (each["ok"], each["status_label"])
        for each in checks(MENTOR, expired, PROGRAMME, TODAY)
    }

    assert found == {
        "Casier judiciaire": (False, "Vérification à renouveler"),
        "Charte": (True, "Signée"),
        "Formation": (False, "Il manque 1,5 h"),
    }


def test_a_guardian_is_asked_for_from_minors_alone() -> None:
    mentee = replace(MENTOR, kind="mentee")
    minor = Contact(birth_date=date(2012, 5, 1))
    anne = Guardian(first_name="Anne", last_name="Petit")

    assert checks(mentee, Contact(birth_date=date(2000, 5, 1)), None, TODAY) == []
    assert checks(mentee, minor, None, TODAY)[0]["ok"] is False
    assert checks(mentee, replace(minor, guardian=anne), None, TODAY)[0]["ok"] is True


def test_nobody_is_put_in_a_pair_or_out_of_it_by_hand() -> None:
    assert "paired" not in dict(stage_choices(None, with_current=True))
    assert stage_choices(Stage.PAIRED, with_current=False) == []
    assert dict(stage_choices(Stage.PAIRED, with_current=True)).keys() == {"paired"}
    assert "lead" not in dict(stage_choices(Stage.LEAD, with_current=False))


def test_territories_are_offered_as_far_as_one_reaches() -> None:
    region = dict(territory_choices(Reach(territories=(TerritoryCode("R04"),))))

    assert region == {"R04": "La Réunion", "D974": "La Réunion (974)"}
    assert dict(territory_choices(Reach(territories=(TerritoryCode("D69"),)))) == {"D69": "Rhône (69)"}
    assert len(territory_choices(Reach(whole_tenant=True))) == 18 + 101


def test_the_words_are_those_of_the_tenant() -> None:
    words = {"mentee": "jeune accompagné·e", "mentees": "jeunes accompagné·es"}

    assert kind_label("mentee", words) == "Jeune accompagné·e"
    assert kind_label("mentee", words, plural=True) == "Jeunes accompagné·es"
