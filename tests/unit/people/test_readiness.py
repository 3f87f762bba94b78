"""What must stand before a pair: training, the judicial record for minors, a guardian."""

from datetime import date

import pytest

from chalicelib.people.rules import (
    JudicialRecord,
    check_problem,
    guardian_problem,
    training_missing_hours,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("done", "required", "missing"), [(0, 2, 2), (1.5, 2, 0.5), (2, 2, 0), (6, 2, 0), (0, 0, 0)]
)
def test_training_lacks_what_is_required_and_not_done(done: float, required: float, missing: float) -> None:
    assert training_missing_hours(done, required) == missing


@pytest.mark.parametrize(
    "record",
    [
        JudicialRecord(date(2026, 9, 1)),
        JudicialRecord(TODAY),
        JudicialRecord(date(2026, 1, 1), expires_on=date(2027, 1, 1)),
        JudicialRecord(date(2026, 5, 22), expires_on=TODAY),
    ],
)
def test_a_valid_check_opens_pairs_with_minors(record: JudicialRecord) -> None:
    assert check_problem(record, minor_mentee=True, on=TODAY) is None


@pytest.mark.parametrize("record", [None, JudicialRecord(date(2026, 11, 23))])
def test_a_mentor_not_yet_checked_is_refused_to_a_minor(record: JudicialRecord | None) -> None:
    problem = check_problem(record, minor_mentee=True, on=TODAY)

    assert problem is not None
    assert problem.field == "checks.judicial_record"
    assert "checked by 2026-11-22" in problem.message
    assert "22/11/2026" in (problem.french or "")


def test_an_expired_check_is_refused_to_a_minor() -> None:
    record = JudicialRecord(date(2026, 5, 21), expires_on=date(2026, 11, 21))

    problem = check_problem(record, minor_mentee=True, on=TODAY, field="mentor")

    assert problem is not None
    assert problem.field == "mentor"
    assert "expired on 2026-11-21" in problem.message
    assert "21/11/2026" in (problem.french or "")


@pytest.mark.parametrize("record", [None, JudicialRecord(date(2020, 1, 1), expires_on=date(2021, 1, 1))])
def test_no_check_is_asked_for_with_an_adult(record: JudicialRecord | None) -> None:
    assert check_problem(record, minor_mentee=False, on=TODAY) is None


def test_a_minor_without_a_guardian_is_refused() -> None:
    problem = guardian_problem(date(2010, 4, 23), has_guardian=False, on=TODAY)

    assert problem is not None
    assert problem.field == "guardian"
    assert "first_name" in problem.message
    assert "représentant légal" in (problem.french or "")


@pytest.mark.parametrize(
    ("born", "has_guardian"),
    [(date(2010, 4, 23), True), (date(2008, 11, 22), False), (date(1999, 1, 1), False), (None, False)],
)
def test_a_guardian_is_asked_for_from_known_minors_alone(born: date | None, has_guardian: bool) -> None:
    assert guardian_problem(born, has_guardian=has_guardian, on=TODAY) is None
