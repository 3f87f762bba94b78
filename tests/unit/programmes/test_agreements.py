"""The contract with the state: its period, its years and what it promises."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programmes.agreements import (
    agreement_problems,
    agreement_year,
    agreement_years,
    in_agreement,
    moved_to,
    whole_target,
)
from chalicelib.programmes.schema import Agreement, AgreementStep

THREE_YEARS = Agreement(
    kind="CPO",
    starts_on=date(2022, 1, 1),
    ends_on=date(2024, 12, 31),
    target_pairs=22_000,
    per_year=True,
)
THIRTEEN_MONTHS = Agreement(
    kind="avenant",
    starts_on=date(2022, 12, 1),
    ends_on=date(2023, 12, 31),
    target_pairs=420,
)
STEPS = Agreement(
    kind="CPO",
    starts_on=date(2022, 9, 1),
    ends_on=date(2024, 8, 31),
    target_pairs=250,
    steps=(
        AgreementStep(starts_on=date(2022, 9, 1), ends_on=date(2023, 8, 31), target_pairs=100),
        AgreementStep(starts_on=date(2023, 9, 1), ends_on=date(2024, 8, 31), target_pairs=150),
    ),
)
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2040, 12, 31))


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    starts_on = draw(DAYS)
    return Agreement(
        kind="CPO",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=draw(st.integers(0, 2_000))),
        target_pairs=draw(st.integers(1, 30_000)),
        per_year=draw(st.booleans()),
    )


def changed(agreement: Agreement, **changes: object) -> Agreement:
    return Agreement.model_validate(agreement.model_dump() | changes)


def test_the_first_and_the_last_day_belong_to_the_agreement() -> None:
    assert in_agreement(THREE_YEARS, date(2022, 1, 1))
    assert in_agreement(THREE_YEARS, date(2024, 12, 31))
    assert not in_agreement(THREE_YEARS, date(2021, 12, 31))
    assert not in_agreement(THREE_YEARS, date(2025, 1, 1))


def test_a_yearly_target_is_that_of_each_year() -> None:
    assert agreement_year(THREE_YEARS, date(2023, 6, 1)) == (
        date(2023, 1, 1),
        date(2023, 12, 31),
        22_000,
    )
    assert whole_target(THREE_YEARS) == 66_000


def test_a_target_for_the_whole_period_gives_none_to_a_year() -> None:
    assert agreement_year(THIRTEEN_MONTHS, date(2023, 12, 15)) == (
        date(2023, 12, 1),
        date(2023, 12, 31),
        None,
    )
    assert whole_target(THIRTEEN_MONTHS) == 420


def test_steps_are_the_years_of_their_agreement() -> None:
    assert agreement_year(STEPS, date(2023, 9, 1)) == (date(2023, 9, 1), date(2024, 8, 31), 150)
    assert whole_target(STEPS) == 250


@given(agreements(), DAYS)
def test_a_day_has_a_year_exactly_when_it_is_in_the_agreement(agreement: Agreement, on: date) -> None:
    assert (agreement_year(agreement, on) is not None) == in_agreement(agreement, on)


@given(agreements())
def test_the_years_follow_each_other_from_the_first_day_to_the_last(agreement: Agreement) -> None:
    years = agreement_years(agreement)

    assert years[0].starts_on == agreement.starts_on
    assert years[-1].ends_on == agreement.ends_on
    for year, following in pairwise(years):
        assert following.starts_on == year.ends_on + timedelta(days=1)


@given(agreements(), DAYS)
def test_an_agreement_moved_to_a_day_is_not_over_and_is_moved_no_further(
    agreement: Agreement, on: date
) -> None:
    moved = moved_to(agreement, on)

    assert moved.ends_on >= on
    if agreement.ends_on >= on:
        assert moved == agreement
    else:
        assert moved.ends_on < on + timedelta(days=366)
    assert agreement_problems(moved) == []


def test_steps_move_with_their_agreement() -> None:
    moved = moved_to(STEPS, date(2026, 2, 1))

    assert (moved.starts_on, moved.ends_on) == (date(2024, 9, 1), date(2026, 8, 31))
    assert [step.target_pairs for step in moved.steps] == [100, 150]
    assert agreement_problems(moved) == []


@pytest.mark.parametrize(
    ("agreement", "field"),
    [
        (changed(THREE_YEARS, ends_on=date(2021, 1, 1)), "ends_on"),
        (changed(THREE_YEARS, target_pairs=0), "target_pairs"),
        (changed(STEPS, target_pairs=260), "target_pairs"),
        (changed(STEPS, per_year=True), "target_pairs"),
        (changed(STEPS, ends_on=date(2025, 8, 31)), "steps.1.ends_on"),
        (changed(STEPS, starts_on=date(2022, 8, 1)), "steps.0.starts_on"),
    ],
)
def test_an_impossible_agreement_is_refused_by_the_name_of_its_field(
    agreement: Agreement, field: str
) -> None:
    assert [problem.field for problem in agreement_problems(agreement)] == [field]


def test_the_agreements_above_are_possible() -> None:
    for agreement in (THREE_YEARS, THIRTEEN_MONTHS, STEPS):
        assert agreement_problems(agreement) == []
