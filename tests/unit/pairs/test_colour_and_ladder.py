"""A pair's colour and its ladder of reminders, on the days that matter."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.pairs import rules
from chalicelib.pairs.rules import Colour, Facts, Stage, Thresholds

LAUNCH = date(2026, 9, 7)
WEEKLY = Thresholds(orange=14, red=28)
LADDER = (14, 21, 28)
PARIS = ZoneInfo("Europe/Paris")


def active(*session_days: date) -> Facts:
    return Facts(
        Stage.ACTIVE, declared=True, age_accepted=True, launched_on=LAUNCH, session_days=session_days
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, Colour.GREEN),
        (13, Colour.GREEN),
        (14, Colour.ORANGE),
        (27, Colour.ORANGE),
        (28, Colour.RED),
        (400, Colour.RED),
    ],
)
def test_a_weekly_pair_turns_orange_after_14_silent_days_and_red_after_28(
    days: int, expected: Colour
) -> None:
    assert rules.colour(active(), WEEKLY, LAUNCH + timedelta(days=days)) is expected


def test_silence_is_counted_from_the_last_session() -> None:
    met = LAUNCH + timedelta(days=20)
    assert rules.colour(active(met), WEEKLY, met + timedelta(days=13)) is Colour.GREEN


@pytest.mark.parametrize("stage", [Stage.PROPOSED, Stage.ACCEPTED, Stage.PAUSED, Stage.CLOSING, Stage.CLOSED])
def test_only_an_active_pair_has_a_colour(stage: Stage) -> None:
    facts = Facts(stage, declared=True, age_accepted=True, launched_on=LAUNCH)
    assert rules.colour(facts, WEEKLY, LAUNCH + timedelta(days=90)) is None


def test_only_the_latest_overdue_step_is_taken_and_the_others_are_passed_over() -> None:
    due = rules.due_step(LADDER, done=0, days_silent=40)
    assert due is not None
    assert (due.step, due.passed_over) == (2, (0, 1))


def test_a_step_taken_is_not_due_again() -> None:
    assert rules.due_step(LADDER, done=1, days_silent=20) is None


def test_a_session_reported_late_does_not_bring_back_the_reminders_of_its_own_days() -> None:
    behind = rules.steps_reached(LADDER, days_silent=18)
    assert rules.due_step(LADDER, behind, days_silent=18) is None
    assert rules.due_step(LADDER, behind, days_silent=21) is not None


@given(st.lists(st.integers(1, 400), unique=True, max_size=8), st.integers(0, 8), st.integers(0, 500))
def test_every_step_of_a_ladder_is_taken_or_passed_over_exactly_once(
    steps: list[int], done: int, days_silent: int
) -> None:
    ladder = sorted(steps)
    done = min(done, len(ladder))
    due = rules.due_step(ladder, done, days_silent)
    reached = sum(1 for each in ladder if each <= days_silent)
    if reached <= done:
        assert due is None
    else:
        assert due is not None
        assert [*due.passed_over, due.step] == list(range(done, reached))


def test_the_next_moment_of_a_green_pair_is_the_midnight_it_turns_orange() -> None:
    moment = rules.next_moment(
        active(), WEEKLY, LADDER, stored_colour=Colour.GREEN, stored_counts=True, done=0, zone=PARIS
    )
    assert moment == datetime(2026, 9, 21, tzinfo=PARIS)


def test_the_next_moment_of_an_orange_pair_is_the_morning_of_its_reminder() -> None:
    moment = rules.next_moment(
        active(), WEEKLY, LADDER, stored_colour=Colour.ORANGE, stored_counts=True, done=0, zone=PARIS
    )
    assert moment == datetime(2026, 9, 21, 8, tzinfo=PARIS)


def test_a_red_pair_whose_ladder_is_done_waits_for_nothing_but_the_plan() -> None:
    moment = rules.next_moment(
        active(), WEEKLY, LADDER, stored_colour=Colour.RED, stored_counts=True, done=3, zone=PARIS
    )
    assert moment == datetime(2026, 10, 20, tzinfo=PARIS)


def test_a_closed_pair_has_no_next_moment() -> None:
    closed = Facts(Stage.CLOSED, declared=True, age_accepted=True, launched_on=LAUNCH, closed_on=LAUNCH)
    assert (
        rules.next_moment(closed, WEEKLY, LADDER, stored_colour=None, stored_counts=True, done=0, zone=PARIS)
        is None
    )


def test_an_overseas_pair_lives_by_its_own_clock() -> None:
    zone = ZoneInfo("Indian/Reunion")
    moment = rules.next_moment(
        active(), WEEKLY, LADDER, stored_colour=Colour.ORANGE, stored_counts=False, done=0, zone=zone
    )
    assert moment == datetime(2026, 9, 21, 8, tzinfo=zone)


@pytest.mark.parametrize(
    ("on", "accepted"),
    [
        (LAUNCH - timedelta(days=1), False),
        (LAUNCH, True),
        (LAUNCH + timedelta(days=10), True),
        (LAUNCH + timedelta(days=11), False),
    ],
)
def test_a_session_is_between_the_launch_and_today(on: date, accepted: bool) -> None:
    today = LAUNCH + timedelta(days=10)
    assert (rules.session_problem(active(), on, today) is None) is accepted


def test_a_pair_that_is_not_launched_has_no_session() -> None:
    proposed = Facts(Stage.PROPOSED, declared=True, age_accepted=True)
    problem = rules.session_problem(proposed, LAUNCH, LAUNCH)
    assert problem is not None
    assert "launch" in problem[0]


@pytest.mark.parametrize(
    ("colour", "reached_days_ago", "listed"),
    [
        (Colour.RED, None, True),
        (Colour.ORANGE, None, True),
        (Colour.GREEN, None, False),
        (None, None, False),
        (Colour.RED, 6, False),
        (Colour.RED, 7, True),
    ],
)
def test_a_silent_pair_is_to_call_unless_somebody_was_reached_this_week(
    colour: Colour | None, reached_days_ago: int | None, listed: bool
) -> None:
    reached = None if reached_days_ago is None else LAUNCH - timedelta(days=reached_days_ago)
    assert rules.is_to_call(colour, reached, LAUNCH) is listed
