"""When a webhook is tried again, what an answer means, and who hears of what."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.integrations.rules import (
    ATTEMPT_DELAYS,
    LONGEST_JITTER,
    LONGEST_RETRY_AFTER,
    Outcome,
    judge,
    next_attempt_at,
    parse_retry_after,
    should_disable,
    wants,
)

FAILED_AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
LAST_ATTEMPT = len(ATTEMPT_DELAYS)

retried_attempts = st.integers(1, LAST_ATTEMPT - 1)
pauses = st.none() | st.integers(0, 10**9)
jitters = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0, Outcome.FAILED),
        (101, Outcome.FAILED),
        (199, Outcome.FAILED),
        (200, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (299, Outcome.DELIVERED),
        (300, Outcome.FAILED),
        (302, Outcome.FAILED),
        (304, Outcome.FAILED),
        (400, Outcome.FAILED),
        (404, Outcome.FAILED),
        (409, Outcome.FAILED),
        (410, Outcome.GONE),
        (429, Outcome.FAILED),
        (500, Outcome.FAILED),
        (503, Outcome.FAILED),
        (999, Outcome.FAILED),
    ],
)
def test_an_answer_is_judged_by_its_status(status: int, outcome: Outcome) -> None:
    assert judge(status) is outcome


@pytest.mark.parametrize(
    ("attempt", "wait"),
    [
        (1, timedelta(seconds=5)),
        (2, timedelta(minutes=5)),
        (3, timedelta(minutes=30)),
        (4, timedelta(hours=2)),
        (5, timedelta(hours=5)),
        (6, timedelta(hours=10)),
        (7, timedelta(hours=14)),
        (8, timedelta(hours=20)),
        (9, timedelta(hours=24)),
    ],
)
def test_waits_follow_the_schedule_of_the_specification(attempt: int, wait: timedelta) -> None:
    assert next_attempt_at(attempt, FAILED_AT, None, 0) == FAILED_AT + wait


def test_the_first_attempt_is_immediate_and_the_last_three_days_later() -> None:
    assert ATTEMPT_DELAYS[0] == timedelta(0)
    assert sum(ATTEMPT_DELAYS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@given(attempt=st.integers(LAST_ATTEMPT), retry_after=pauses, jitter=jitters)
def test_after_the_tenth_attempt_there_is_none(attempt: int, retry_after: int | None, jitter: float) -> None:
    assert next_attempt_at(attempt, FAILED_AT, retry_after, jitter) is None


@given(attempt=retried_attempts, retry_after=pauses, jitter=jitters)
def test_a_wait_is_at_least_what_is_planned_and_at_most_a_tenth_more_than_what_is_asked(
    attempt: int, retry_after: int | None, jitter: float
) -> None:
    following = next_attempt_at(attempt, FAILED_AT, retry_after, jitter)

    assert following is not None
    wait = following - FAILED_AT
    asked = min(timedelta(seconds=retry_after or 0), LONGEST_RETRY_AFTER)
    longest = max(ATTEMPT_DELAYS[attempt], asked) * (1 + LONGEST_JITTER)
    assert max(ATTEMPT_DELAYS[attempt], asked) <= wait <= longest


@given(attempt=st.integers(1, LAST_ATTEMPT - 2), early=jitters, late=jitters)
def test_each_wait_is_longer_than_the_one_before_whatever_the_jitter(
    attempt: int, early: float, late: float
) -> None:
    before = next_attempt_at(attempt, FAILED_AT, None, late)
    after = next_attempt_at(attempt + 1, FAILED_AT, None, early)

    assert before is not None
    assert after is not None
    assert before < after


@given(attempt=retried_attempts, retry_after=pauses, jitters=st.tuples(jitters, jitters))
def test_more_jitter_never_means_sooner(
    attempt: int, retry_after: int | None, jitters: tuple[float, float]
) -> None:
    sooner, later = (next_attempt_at(attempt, FAILED_AT, retry_after, jitter) for jitter in sorted(jitters))

    assert sooner is not None
    assert later is not None
    assert sooner <= later


def test_a_pause_shorter_than_planned_changes_nothing() -> None:
    assert next_attempt_at(3, FAILED_AT, 60, 0) == FAILED_AT + timedelta(minutes=30)


def test_a_pause_longer_than_planned_is_kept() -> None:
    assert next_attempt_at(3, FAILED_AT, 7200, 0) == FAILED_AT + timedelta(hours=2)


def test_a_pause_of_a_month_is_cut_to_a_day() -> None:
    assert next_attempt_at(3, FAILED_AT, 30 * 86400, 0) == FAILED_AT + timedelta(days=1)


@pytest.mark.parametrize(("attempt", "jitter"), [(0, 0.5), (-1, 0.5), (1, 1.0), (1, -0.1)])
def test_an_impossible_attempt_or_jitter_is_an_error(attempt: int, jitter: float) -> None:
    with pytest.raises(ValueError, match="attempt"):
        next_attempt_at(attempt, FAILED_AT, None, jitter)


@pytest.mark.parametrize(
    ("retry_after", "answered_on", "seconds"),
    [
        ("120", None, 120),
        (" 120 ", None, 120),
        ("0", None, 0),
        ("Mon, 02 Nov 2026 10:02:00 GMT", "Mon, 02 Nov 2026 10:00:00 GMT", 120),
        ("Mon, 02 Nov 2026 12:02:00 +0200", "Mon, 02 Nov 2026 10:00:00 -0000", 120),
        ("Mon, 02 Nov 2026 09:00:00 GMT", "Mon, 02 Nov 2026 10:00:00 GMT", 0),
        ("Mon, 02 Nov 2026 10:02:00 GMT", None, None),
        ("Mon, 02 Nov 2026 10:02:00 GMT", "yesterday", None),
        ("Mon, 02 Nov 99999 10:02:00 GMT", "Mon, 02 Nov 2026 10:00:00 GMT", None),
        (None, None, None),
        ("", "", None),
        ("-5", None, None),
        ("1.5", None, None),
        ("٣", None, None),
        ("9" * 5000, None, None),
        ("soon", None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    retry_after: str | None, answered_on: str | None, seconds: int | None
) -> None:
    assert parse_retry_after(retry_after, answered_on) == seconds


@given(st.text(), st.text())
def test_any_retry_after_is_read_or_ignored(retry_after: str, answered_on: str) -> None:
    seconds = parse_retry_after(retry_after, answered_on)

    assert seconds is None or seconds >= 0


def test_a_receiver_is_disabled_after_five_days_of_failure() -> None:
    almost = FAILED_AT + timedelta(days=5) - timedelta(microseconds=1)

    assert not should_disable(FAILED_AT, FAILED_AT)
    assert not should_disable(FAILED_AT, almost)
    assert should_disable(FAILED_AT, FAILED_AT + timedelta(days=5))


def test_a_receiver_that_never_failed_is_not_disabled() -> None:
    assert not should_disable(None, FAILED_AT)


@pytest.mark.parametrize(
    ("territories", "region", "department", "wanted"),
    [
        ((), "R53", "D35", True),
        ((), None, None, True),
        (("FR",), "R53", "D35", True),
        (("FR",), None, None, True),
        (("R53",), "R53", "D35", True),
        (("D35",), "R53", "D35", True),
        (("D35",), "R53", "D29", False),
        (("R11", "R53"), "R53", None, True),
        (("D35",), "R53", None, False),
        (("R11",), "R53", "D35", False),
        (("R53",), None, None, False),
        (("",), "", "", False),
    ],
)
def test_a_webhook_hears_of_its_territories_only(
    territories: tuple[str, ...], region: str | None, department: str | None, *, wanted: bool
) -> None:
    assert wants(("pair.launched",), territories, "pair.launched", region, department) is wanted


def test_a_webhook_hears_of_the_events_it_asked_for_only() -> None:
    asked = ("pair.launched", "pair.closed")

    assert wants(asked, (), "pair.closed", "R53", "D35")
    assert not wants(asked, (), "pair.paused", "R53", "D35")
    assert not wants((), (), "pair.closed", "R53", "D35")
