"""Ages are counted in completed years, on the day that matters."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.rules import age_on, birth_date_problem, is_minor

TODAY = date(2026, 11, 22)

birth_dates = st.dates(date(1900, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2010, 11, 22), date(2026, 11, 21), 15),
        (date(2010, 11, 22), date(2026, 11, 22), 16),
        (date(2010, 11, 22), date(2010, 11, 22), 0),
        (date(2010, 12, 31), date(2026, 1, 1), 15),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_an_age_changes_on_the_birthday(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(born=birth_dates, days=st.integers(0, 20_000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    assert age_on(born, born + timedelta(days=days)) <= age_on(born, born + timedelta(days=days + 1))


@pytest.mark.parametrize(
    ("born", "minor"),
    [(date(2008, 11, 23), True), (date(2008, 11, 22), False), (date(2008, 11, 21), False), (TODAY, True)],
)
def test_majority_comes_on_the_eighteenth_birthday(born: date, minor: bool) -> None:
    assert is_minor(born, TODAY) is minor


@pytest.mark.parametrize("born", [date(1900, 1, 1), date(2009, 4, 23), TODAY])
def test_a_birth_date_that_can_be_is_accepted(born: date) -> None:
    assert birth_date_problem(born, TODAY) is None


@pytest.mark.parametrize("born", [date(1899, 12, 31), date(206, 4, 23), date(2026, 11, 23), date(2090, 1, 1)])
def test_a_birth_date_before_1900_or_in_the_future_is_refused_with_what_is_accepted(born: date) -> None:
    problem = birth_date_problem(born, TODAY)

    assert problem is not None
    assert problem.field == "birth_date"
    assert "1900-01-01" in problem.message
    assert "22/11/2026" in (problem.french or "")
