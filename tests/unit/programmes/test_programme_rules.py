"""Which programmes are possible, and whom they may take."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.rules import (
    age_gap_problem,
    age_on,
    age_problem,
    default_ladder,
    default_thresholds,
    problems,
    with_de,
)
from chalicelib.programmes.schema import Programme

BIRTHS = st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 12, 31))
TODAY = date(2026, 3, 2)


def a_programme(**changes: object) -> Programme:
    """Return a weekly programme in person, with some of its fields changed."""
    fields: dict[str, Any] = {
        "id": "mentorat",
        "name": "Mentorat",
        "format": "in_person",
        "formats": ["in_person"],
        "cadence": {"every": "week", "hours": 2},
    }
    return Programme.model_validate(fields | changes)


def fields_at_fault(**changes: object) -> list[str]:
    return [problem.field for problem in problems(a_programme(**changes))]


def test_an_ordinary_programme_is_possible() -> None:
    assert problems(a_programme()) == []


@pytest.mark.parametrize(
    ("every", "orange", "red"), [("week", 14, 28), ("month", 35, 42), ("on_request", 42, 56)]
)
def test_thresholds_follow_the_cadence_when_none_is_given(every: str, orange: int, red: int) -> None:
    hours = None if every == "on_request" else 2
    programme = a_programme(cadence={"every": every, "hours": hours})

    assert (programme.orange_after_days, programme.red_after_days) == (orange, red)
    assert default_thresholds(programme.cadence) == (orange, red)
    assert problems(programme) == []


def test_the_ladder_goes_to_the_mentor_then_both_then_the_coordinators_list() -> None:
    steps = [(step.after_days, step.to, step.channel) for step in a_programme().reminders]

    assert steps == [
        (14, ("mentor",), "mail"),
        (21, ("mentor", "coordinator"), "mail"),
        (28, ("coordinator",), "task"),
    ]


def test_the_ladder_follows_the_thresholds_that_are_given() -> None:
    programme = a_programme(orange_after_days=20, red_after_days=40)

    assert [step.after_days for step in programme.reminders] == [20, 30, 40]


@given(st.integers(1, 3_000), st.integers(1, 600))
def test_the_default_ladder_always_climbs_from_orange_to_red(orange: int, room: int) -> None:
    days = [step.after_days for step in default_ladder(orange, orange + room)]

    assert days == sorted(set(days))
    assert (days[0], days[-1]) == (orange, orange + room)
    assert len(days) == (2 if room == 1 else 3)


@given(st.integers(1, 3_000), st.integers(1, 3_000))
def test_thresholds_are_accepted_exactly_when_orange_comes_first(orange: int, red: int) -> None:
    refused = "red_after_days" in fields_at_fault(orange_after_days=orange, red_after_days=red)

    assert refused == (red <= orange)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"wording": {"mentor": ""}}, "wording.mentor"),
        ({"formats": []}, "formats"),
        ({"formats": ["in_person", "in_person"]}, "formats"),
        ({"format": "remote"}, "format"),
        ({"cadence": {"every": "week"}}, "cadence.hours"),
        ({"cadence": {"every": "week", "hours": 0}}, "cadence.hours"),
        ({"cadence": {"every": "on_request", "hours": 2}}, "cadence.hours"),
        ({"cadence": {"every": "week", "hours": 3, "hours_at_most": 2}}, "cadence.hours_at_most"),
        ({"duration_months": None}, "duration_months"),
        ({"duration_months": 0, "declared": False}, "duration_months"),
        ({"duration_months": 5}, "duration_months"),
        ({"renewal": {"up_to_months": 5}}, "renewal.up_to_months"),
        ({"phases": [{"name": "défis", "months": 0}]}, "phases.0.months"),
        ({"phases": [{"name": "", "months": 2}]}, "phases.0.name"),
        ({"phases": [{"name": "défis", "months": 7}]}, "phases"),
        ({"phases": [{"name": "Défis", "months": 1}, {"name": "défis", "months": 1}]}, "phases"),
        ({"orange_after_days": 0}, "orange_after_days"),
        ({"orange_after_days": 28}, "red_after_days"),
        ({"caseload_ratio": 0}, "caseload_ratio"),
        ({"mentees_per_mentor": 0}, "mentees_per_mentor"),
        ({"max_waiting_days": 0}, "max_waiting_days"),
        ({"mentee_ages": {"min": 25, "max": 18}}, "mentee_ages.max"),
        ({"mentor_ages": {"min": 25, "max": 18}}, "mentor_ages.max"),
        ({"training": {"modules": 0}}, "training.modules"),
        ({"alert_rating_below": 1}, "alert_rating_below"),
        ({"alert_rating_below": 6}, "alert_rating_below"),
        ({"contact_plan": {"people": []}}, "contact_plan"),
        ({"contact_plan": {"people": ["mentor"]}}, "contact_plan"),
        ({"contact_plan": {"people": ["mentor"], "every_days": 0}}, "contact_plan.every_days"),
        ({"closure": {"criteria": [""]}}, "closure.criteria.0"),
    ],
)
def test_an_impossible_programme_is_refused_by_the_name_of_its_field(
    changes: dict[str, object], field: str
) -> None:
    found = [problem for problem in problems(a_programme(**changes)) if problem.field == field]

    assert found
    assert all(problem.message and problem.french for problem in found)


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([{"after_days": 0, "to": ["mentor"], "channel": "mail"}], "reminders.0.after_days"),
        ([{"after_days": 9, "to": [], "channel": "mail"}], "reminders.0.to"),
        ([{"after_days": 9, "to": ["mentor", "mentor"], "channel": "sms"}], "reminders.0.to"),
        ([{"after_days": 9, "to": ["mentor"], "channel": "task"}], "reminders.0.to"),
        (
            [
                {"after_days": 9, "to": ["mentor"], "channel": "mail"},
                {"after_days": 9, "to": ["coordinator"], "channel": "mail"},
            ],
            "reminders.1.after_days",
        ),
    ],
)
def test_an_impossible_ladder_is_refused_at_the_step_at_fault(
    steps: list[dict[str, object]], field: str
) -> None:
    assert fields_at_fault(reminders=steps) == [field]


def test_a_programme_may_remind_nobody() -> None:
    assert fields_at_fault(reminders=[]) == []


def test_every_problem_is_named_at_once() -> None:
    found = fields_at_fault(formats=[], caseload_ratio=0, cadence={"every": "week", "hours": 0})

    assert set(found) == {"formats", "caseload_ratio", "cadence.hours"}


def test_a_short_programme_is_possible_when_it_is_not_declared() -> None:
    assert fields_at_fault(duration_months=3, declared=False) == []


def test_phases_fill_the_duration_and_no_more() -> None:
    phases = [{"name": f"phase {i}", "months": 2} for i in range(3)]

    assert fields_at_fault(phases=phases, duration_months=6) == []
    assert fields_at_fault(phases=[*phases, {"name": "de trop", "months": 1}]) == ["phases"]


def test_phases_may_fill_a_school_year() -> None:
    year = {"duration_months": None, "school_year": True}

    assert fields_at_fault(phases=[{"name": "année", "months": 10}], **year) == []
    assert fields_at_fault(phases=[{"name": "année", "months": 11}], **year) == ["phases"]


@given(st.lists(st.integers(1, 12), max_size=6), st.integers(6, 24))
def test_phases_are_accepted_exactly_when_they_fit(months: list[int], duration: int) -> None:
    phases = [{"name": f"phase {i}", "months": length} for i, length in enumerate(months)]

    refused = "phases" in fields_at_fault(phases=phases, duration_months=duration)

    assert refused == (sum(months) > duration)


@pytest.mark.parametrize(
    "changes",
    [
        {"unknown": 1},
        {"declared": 1},
        {"orange_after_days": "14"},
        {"orange_after_days": True},
        {"orange_after_days": 10**9},
        {"cadence": {"every": "day", "hours": 1}},
        {"cadence": {"every": "week", "hours": "2"}},
        {"cadence": {"every": "week", "hours": float("nan")}},
        {"id": "Two words"},
        {"id": ""},
        {"name": "x" * 81},
        {"wording": {"dispositif": "dispositif"}},
        {"mentee_ages": {"min": -1}},
    ],
)
def test_a_programme_of_the_wrong_shape_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        a_programme(**changes)


def test_a_programme_survives_being_written_and_read_again() -> None:
    programme = a_programme(phases=[{"name": "défis", "months": 2, "requires": {"challenges": 4}}])

    assert Programme.model_validate_json(programme.model_dump_json()) == programme
    assert Programme.model_validate(programme.model_dump(mode="json")) == programme


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (date(2008, 3, 2), date(2026, 3, 1), 17),
        (date(2008, 3, 2), date(2026, 3, 2), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_age_is_counted_in_completed_years(birth: date, on: date, age: int) -> None:
    assert age_on(birth, on) == age


@given(BIRTHS, st.integers(0, 30_000))
def test_nobody_grows_younger(birth: date, days: int) -> None:
    day = birth + timedelta(days=days)

    assert 0 <= age_on(birth, day) <= age_on(birth, day + timedelta(days=1))


@pytest.mark.parametrize(
    ("birth", "accepted"),
    [
        (date(2012, 3, 3), False),  # 13 until tomorrow
        (date(2012, 3, 2), True),  # 14 today
        (date(1990, 3, 3), True),  # 35 until tomorrow
        (date(1990, 3, 2), False),  # 36 today
    ],
)
def test_both_ends_of_an_age_range_are_accepted(birth: date, accepted: bool) -> None:
    programme = a_programme(mentee_ages={"min": 14, "max": 35})

    assert (age_problem(programme, "mentee", birth, TODAY) is None) == accepted


def test_mentor_and_mentee_have_each_their_own_ages() -> None:
    programme = a_programme(mentee_ages={"max": 18}, mentor_ages={"min": 18})
    adult = date(1980, 1, 1)

    assert age_problem(programme, "mentor", adult, TODAY) is None
    assert age_problem(programme, "mentee", adult, TODAY) is not None


def test_a_refused_age_says_which_ages_are_accepted_in_the_tenants_words() -> None:
    programme = a_programme(mentee_ages={"min": 18, "max": 25}, wording={"mentee": "jeune accompagné·e"})

    problem = age_problem(programme, "mentee", date(2015, 1, 1), TODAY)

    assert problem is not None
    assert problem.field == "birth_date"
    assert problem.message == "the age of a mentee in this programme must be 18 to 25 on 2026-03-02"
    assert problem.french == "Âge attendu (jeune accompagné·e) : de 18 à 25 ans au 02/03/2026."


def test_a_range_open_at_one_end_says_so() -> None:
    programme = a_programme(mentee_ages={"max": 30}, mentor_ages={"min": 18})

    too_old = age_problem(programme, "mentee", date(1950, 1, 1), TODAY)
    too_young = age_problem(programme, "mentor", date(2015, 1, 1), TODAY)

    assert too_old is not None
    assert too_young is not None
    assert "must be 30 or less" in too_old.message
    assert "must be 18 or more" in too_young.message


def test_nobody_is_born_tomorrow() -> None:
    problem = age_problem(a_programme(), "mentee", TODAY + timedelta(days=1), TODAY)

    assert problem is not None
    assert problem.message == "must be in the past"


def test_without_a_limit_any_gap_is_accepted() -> None:
    assert age_gap_problem(a_programme(), date(1940, 1, 1), date(2015, 1, 1)) is None


def test_ten_years_are_accepted_and_a_day_more_is_not() -> None:
    programme = a_programme(max_age_gap_years=10)
    mentor = date(1996, 5, 4)

    assert age_gap_problem(programme, mentor, date(2006, 5, 4)) is None
    assert age_gap_problem(programme, mentor, date(2006, 5, 5)) is not None


def test_a_refused_gap_reveals_no_age() -> None:
    problem = age_gap_problem(a_programme(max_age_gap_years=10), date(1971, 1, 1), date(2009, 1, 1))

    assert problem is not None
    assert problem.message == ("mentor and mentee must be at most 10 years apart in this programme")
    assert not {"1971", "2009", "38"} & set(f"{problem.message} {problem.french}".split())


@given(BIRTHS, BIRTHS, st.integers(0, 40))
def test_the_gap_is_the_same_from_both_sides(one: date, other: date, limit: int) -> None:
    programme = a_programme(max_age_gap_years=limit)

    assert age_gap_problem(programme, one, other) == age_gap_problem(programme, other, one)


@given(BIRTHS, BIRTHS, st.integers(0, 40))
def test_a_wider_limit_never_refuses_more(one: date, other: date, limit: int) -> None:
    wider = age_gap_problem(a_programme(max_age_gap_years=limit + 1), one, other)

    if age_gap_problem(a_programme(max_age_gap_years=limit), one, other) is None:
        assert wider is None


def test_de_is_elided_before_a_vowel() -> None:
    assert with_de("accompagnement") == "d'accompagnement"
    assert with_de("Élèves") == "d'Élèves"
    assert with_de("mentorat") == "de mentorat"


def test_a_cadence_cannot_be_changed_in_place() -> None:
    cadence = Cadence(every="week", hours=2)

    with pytest.raises(ValidationError, match="frozen"):
        cadence.hours = 3  # type: ignore[misc]
