"""The days of invented pairs: each ends in the state it was drawn for."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

from chalicelib.pairs import changes, rules
from chalicelib.pairs.rules import Facts, Stage
from chalicelib.programmes import presets
from chalicelib.programmes.schema import Programme
from infra.demonstration import plans
from infra.demonstration.ledger import HISTORY
from infra.demonstration.plans import Plan

PROGRAMMES = [each for preset in presets.all_presets() for each in preset.programmes]
TODAYS = [date(2026, 11, 23), date(2027, 3, 1), date(2028, 2, 29)]
STAGES = {
    "proposed": Stage.PROPOSED,
    "accepted": Stage.ACCEPTED,
    "paused": Stage.PAUSED,
    "closing": Stage.CLOSING,
}


def drawn(state: str, programme: Programme) -> Iterator[tuple[Plan, date]]:
    for today in TODAYS:
        draw = random.Random(f"{state} {programme.id} {today}")
        for _ in range(40):
            yield plans.drawn(draw, state, programme, today), today


def colour(plan: Plan, programme: Programme, today: date) -> str | None:
    facts = Facts(
        Stage.ACTIVE,
        declared=True,
        age_accepted=True,
        launched_on=plan.launched_on,
        session_days=plan.sessions,
    )
    return rules.colour(facts, changes.thresholds(programme), today)


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda each: each.name)
@pytest.mark.parametrize("state", ["green", "orange", "red"])
def test_an_active_pair_has_the_colour_it_was_drawn_for(state: str, programme: Programme) -> None:
    for plan, today in drawn(state, programme):
        assert colour(plan, programme, today) == state


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda each: each.name)
def test_a_lost_pair_is_red_and_counts_no_more(programme: Programme) -> None:
    for plan, today in drawn("lost", programme):
        last = plan.sessions[-1] if plan.sessions else plan.launched_on
        assert last is not None
        assert colour(plan, programme, today) == "red"
        assert today - last > rules.LONGEST_GAP


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda each: each.name)
@pytest.mark.parametrize("state", list(plans._SHARES))
def test_the_days_of_a_pair_follow_each_other_and_end_yesterday(state: str, programme: Programme) -> None:
    for plan, today in drawn(state, programme):
        told = [plan.proposed_on, plan.accepted_on, plan.launched_on, *plan.sessions]
        told += [plan.paused_on, plan.review_on, plan.closed_on]
        days = [day for day in told if day is not None]
        assert all(before <= after for before, after in pairwise(days))
        assert days[-1] < today
        # Somebody must have left a coupon before, in a tenant that was open.
        assert today - days[0] < HISTORY - timedelta(days=80)
        assert len(plan.sessions) <= 8


def test_a_completed_pair_met_for_six_months_without_a_gap() -> None:
    for plan, _ in drawn("completed", PROGRAMMES[0]):
        assert plan.launched_on is not None
        assert plan.closed_on is not None
        facts = Facts(
            Stage.CLOSED,
            declared=True,
            age_accepted=True,
            launched_on=plan.launched_on,
            session_days=plan.sessions,
            closed_on=plan.closed_on,
        )
        assert rules.counts(facts, plan.closed_on).reasons == ()


@pytest.mark.parametrize("count", [60, 66, 72, 100])
def test_every_state_is_shown_in_every_tenant(count: int) -> None:
    shared = plans.states(random.Random(1), count)

    assert len(shared) == count
    assert set(shared) == set(plans._SHARES)
