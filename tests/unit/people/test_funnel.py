"""From lead to available: who may move where, and how long people wait."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.rules import (
    LEAVING_REASON_LABELS,
    SOURCE_LABELS,
    STAGE_LABELS,
    LeavingReason,
    Source,
    Stage,
    dates_after_move,
    stage_problem,
    waiting_days,
)

FIRST_DAY = date(2026, 9, 1)
TODAY = date(2026, 11, 22)
FUNNEL = [stage for stage in Stage if stage not in {Stage.PAIRED, Stage.LEFT}]

stages = st.sampled_from(list(Stage))
reasons = st.none() | st.sampled_from(list(LeavingReason))


@pytest.mark.parametrize("current", FUNNEL)
@pytest.mark.parametrize("wanted", FUNNEL)
def test_steps_may_be_skipped_and_taken_back(current: Stage, wanted: Stage) -> None:
    assert stage_problem(current, wanted, None) is None


@pytest.mark.parametrize("stage", FUNNEL)
def test_a_person_may_be_created_at_any_step(stage: Stage) -> None:
    assert stage_problem(None, stage, None) is None


@pytest.mark.parametrize("current", [None, *FUNNEL, Stage.LEFT])
def test_leaving_needs_a_reason(current: Stage | None) -> None:
    problem = stage_problem(current, Stage.LEFT, None)

    assert problem is not None
    assert problem.field == "leaving_reason"
    assert "moved" in problem.message
    assert "déménagement" in (problem.french or "")


@pytest.mark.parametrize("current", [None, *FUNNEL, Stage.LEFT])
@pytest.mark.parametrize("reason", list(LeavingReason))
def test_anybody_who_is_in_no_pair_may_leave_with_a_reason(
    current: Stage | None, reason: LeavingReason
) -> None:
    assert stage_problem(current, Stage.LEFT, reason) is None


@pytest.mark.parametrize("wanted", FUNNEL)
def test_whoever_left_may_come_back(wanted: Stage) -> None:
    assert stage_problem(Stage.LEFT, wanted, None) is None


@pytest.mark.parametrize("wanted", FUNNEL)
def test_a_reason_to_leave_is_refused_to_those_who_stay(wanted: Stage) -> None:
    problem = stage_problem(Stage.CONTACTED, wanted, LeavingReason.MOVED)

    assert problem is not None
    assert problem.field == "leaving_reason"


@given(current=st.none() | stages, wanted=stages, reason=reasons)
def test_no_move_by_hand_reaches_or_leaves_a_pair(
    current: Stage | None, wanted: Stage, reason: LeavingReason | None
) -> None:
    problem = stage_problem(current, wanted, reason)

    if (current is Stage.PAIRED) != (wanted is Stage.PAIRED):
        assert problem is not None
        assert problem.field == "stage"
        assert "pair" in problem.message
        assert "binôme" in (problem.french or "")


@given(st.lists(st.tuples(stages, reasons)))
def test_no_series_of_moves_by_hand_ever_reaches_paired(
    moves: list[tuple[Stage, LeavingReason | None]],
) -> None:
    current: Stage | None = None
    for wanted, reason in moves:
        if stage_problem(current, wanted, reason) is None:
            current = wanted

    assert current is not Stage.PAIRED


def test_the_stage_of_somebody_in_a_pair_may_be_sent_again_unchanged() -> None:
    assert stage_problem(Stage.PAIRED, Stage.PAIRED, None) is None


def test_a_step_forward_adds_its_date_and_leaves_skipped_steps_without_one() -> None:
    dates = dates_after_move({Stage.LEAD: FIRST_DAY}, Stage.INTERVIEW, TODAY)

    assert dates == {Stage.LEAD: FIRST_DAY, Stage.INTERVIEW: TODAY}


def test_a_step_back_keeps_its_own_date_and_drops_the_later_ones() -> None:
    dates = {
        Stage.LEAD: FIRST_DAY,
        Stage.CONTACTED: date(2026, 9, 3),
        Stage.INTERVIEW: date(2026, 9, 10),
        Stage.AVAILABLE: date(2026, 9, 20),
    }

    assert dates_after_move(dates, Stage.CONTACTED, TODAY) == {
        Stage.LEAD: FIRST_DAY,
        Stage.CONTACTED: date(2026, 9, 3),
    }


def test_a_step_back_to_a_skipped_step_takes_the_day_of_the_move() -> None:
    dates = {Stage.LEAD: FIRST_DAY, Stage.AVAILABLE: date(2026, 9, 20)}

    assert dates_after_move(dates, Stage.INTERVIEW, TODAY) == {Stage.LEAD: FIRST_DAY, Stage.INTERVIEW: TODAY}


def test_leaving_and_coming_back_at_once_changes_nothing() -> None:
    dates = {Stage.LEAD: FIRST_DAY, Stage.INTERVIEW: date(2026, 9, 10)}

    assert dates_after_move(dates_after_move(dates, Stage.LEFT, TODAY), Stage.INTERVIEW, TODAY) == dates


@given(st.lists(stages, min_size=1))
def test_whatever_the_moves_the_dates_follow_the_order_of_the_funnel(moves: list[Stage]) -> None:
    dates: dict[Stage, date] = {}
    for days, stage in enumerate(moves):
        dates = dates_after_move(dates, stage, FIRST_DAY + timedelta(days=days))
        in_order = [dates[each] for each in Stage if each in dates]

        assert max(dates, key=list(Stage).index) is stage
        assert all(earlier <= later for earlier, later in pairwise(in_order))


@pytest.mark.parametrize(
    ("stage_dates", "days"),
    [
        ({Stage.LEAD: TODAY}, 0),
        ({Stage.LEAD: TODAY - timedelta(days=15)}, 15),
        ({Stage.LEAD: FIRST_DAY, Stage.AVAILABLE: FIRST_DAY + timedelta(days=9)}, 82),
        ({Stage.LEAD: FIRST_DAY, Stage.PAIRED: FIRST_DAY + timedelta(days=12)}, 12),
        ({Stage.LEAD: FIRST_DAY, Stage.LEFT: FIRST_DAY + timedelta(days=30)}, 30),
        ({Stage.INTERVIEW: TODAY - timedelta(days=4)}, 4),
        ({Stage.LEAD: TODAY + timedelta(days=1)}, 0),
        ({}, 0),
    ],
)
def test_people_wait_from_their_first_step_to_their_pair(stage_dates: dict[Stage, date], days: int) -> None:
    assert waiting_days(stage_dates, TODAY) == days


@pytest.mark.parametrize(
    ("stage_dates", "days"),
    [
        ({Stage.LEAD: FIRST_DAY}, 82),
        ({Stage.LEAD: FIRST_DAY, Stage.AVAILABLE: FIRST_DAY + timedelta(days=9)}, 9),
        ({Stage.LEAD: FIRST_DAY, Stage.PAIRED: FIRST_DAY + timedelta(days=12)}, 12),
        (
            {
                Stage.LEAD: FIRST_DAY,
                Stage.AVAILABLE: FIRST_DAY + timedelta(days=9),
                Stage.LEFT: FIRST_DAY + timedelta(days=40),
            },
            9,
        ),
    ],
)
def test_the_intake_s_part_of_the_wait_ends_when_people_are_available(
    stage_dates: dict[Stage, date], days: int
) -> None:
    assert waiting_days(stage_dates, TODAY, until=Stage.AVAILABLE) == days


def test_after_a_closure_a_new_wait_starts() -> None:
    again = {Stage.AVAILABLE: TODAY - timedelta(days=3)}

    assert waiting_days(again, TODAY) == 3


def test_every_stage_reason_and_source_has_its_french_label() -> None:
    assert set(STAGE_LABELS) == set(Stage)
    assert set(LEAVING_REASON_LABELS) == set(LeavingReason)
    assert set(SOURCE_LABELS) == set(Source)


def test_the_stages_are_those_of_the_contract_in_their_order() -> None:
    assert " ".join(Stage) == "lead contacted information_meeting interview checks available paired left"
