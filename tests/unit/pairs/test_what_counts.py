"""Which pairs count for the plan "1 jeune, 1 mentor", and until when (criterion 5 of the calls)."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.pairs import rules
from chalicelib.pairs.rules import Facts, Reason, Stage

LAUNCH = date(2026, 1, 12)


def day(number: int) -> date:
    return LAUNCH + timedelta(days=number)


def facts(*numbers: int, closed: int | None = None) -> Facts:
    return Facts(
        Stage.CLOSED if closed is not None else Stage.ACTIVE,
        declared=True,
        age_accepted=True,
        launched_on=LAUNCH,
        session_days=tuple(day(number) for number in sorted(set(numbers))),
        closed_on=None if closed is None else day(closed),
    )


def test_a_new_pair_counts_until_42_days_after_its_launch() -> None:
    counted = rules.counts(facts(), day(10))
    assert counted.counts
    assert counted.until == day(42)


def test_a_pair_counts_on_the_42nd_silent_day_and_not_on_the_43rd() -> None:
    assert rules.counts(facts(), day(42)).counts
    assert rules.counts(facts(), day(43)).reasons == (Reason.GAP,)


def test_a_session_starts_another_42_days() -> None:
    assert rules.counts(facts(30), day(60)).until == day(72)


def test_a_gap_in_the_past_stays_broken_until_the_missing_session_is_reported() -> None:
    assert rules.counts(facts(10, 60), day(61)).reasons == (Reason.GAP,)
    assert rules.counts(facts(10, 35, 60), day(61)).counts


def test_closing_before_six_months_breaks_it_for_good() -> None:
    assert rules.counts(facts(30, 60, closed=90), day(400)).reasons == (Reason.TOO_SHORT,)


def test_closing_after_six_months_keeps_it_and_time_changes_nothing_more() -> None:
    months = facts(30, 60, 90, 120, 150, 181, closed=181)
    assert rules.counts(months, day(181)).counts
    assert rules.counts(months, day(2000)) == rules.counts(months, day(181))
    assert rules.counts(months, day(2000)).until is None


def test_a_pair_of_a_programme_that_is_not_declared_never_counts() -> None:
    assert rules.counts(replace(facts(), declared=False), day(1)).reasons == (Reason.NOT_DECLARED,)


def test_a_pair_that_is_not_launched_does_not_count_yet() -> None:
    proposed = Facts(Stage.PROPOSED, declared=True, age_accepted=True)
    assert rules.counts(proposed, day(0)).reasons == (Reason.NOT_LAUNCHED,)


@given(
    st.sets(st.integers(0, 300), max_size=30),
    st.integers(0, 300),
    st.integers(0, 300),
    st.none() | st.integers(0, 300),
)
def test_adding_a_session_never_makes_a_pair_count_less(
    sessions: set[int], added: int, today: int, closed: int | None
) -> None:
    end = today if closed is None else min(closed, today)
    closed_on = None if closed is None else end
    held = {each for each in sessions if each <= end}
    before = rules.counts(facts(*held, closed=closed_on), day(today))
    after = rules.counts(facts(*held, min(added, end), closed=closed_on), day(today))
    assert after.counts >= before.counts
    assert set(after.reasons) <= set(before.reasons)
    if before.until and after.until:
        assert after.until >= before.until


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 30))
def test_months_after_is_the_same_day_or_the_last_of_a_shorter_month(start: date, months: int) -> None:
    later = rules.months_after(start, months)
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == months
    assert later.day <= start.day
    assert later.day == start.day or (later + timedelta(days=1)).day == 1
