"""An event's effect on the figures is told by the event alone, whatever the order they come in."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.spine.events import Dimensions, Event, EventType
from chalicelib.spine.figures import deltas, figures, folded

PAIR = Dimensions(
    of="pair",
    stage="active",
    colour="green",
    counts=True,
    territory="D69",
    coordinator="m1",
    programme="mentorat",
    launched_under="2026-01-01",
)

dimensions = st.builds(
    Dimensions,
    of=st.just("pair"),
    stage=st.sampled_from(["proposed", "active", "paused", "closed"]),
    colour=st.sampled_from([None, "green", "orange", "red"]),
    counts=st.booleans(),
    territory=st.sampled_from([None, "D69", "D01", "D971", "R84"]),
    coordinator=st.sampled_from([None, "m1", "m2"]),
    programme=st.just("mentorat"),
    launched_under=st.sampled_from([None, "2026-01-01"]),
)


def changed(before: Dimensions | None, after: Dimensions | None) -> Event:
    return Event(EventType.PAIR_REASSIGNED, "p1", before, after)


def test_an_active_pair_weighs_once_in_its_colour_and_in_what_counts() -> None:
    assert figures(PAIR) == {"pairs": 1, "green": 1, "counting": 1}


def test_a_paused_pair_has_no_colour_and_does_not_count_among_the_active() -> None:
    assert figures(replace(PAIR, stage="paused")) == {"pairs": 1, "paused": 1}


def test_a_closed_pair_weighs_nothing_but_stays_launched() -> None:
    moved = deltas(changed(PAIR, replace(PAIR, stage="closed", colour=None, counts=False)))
    assert moved["TERRITORY", "D69"] == {"pairs": -1, "green": -1, "counting": -1}
    assert not any(level.startswith("LAUNCHED") for level, _ in moved)


def test_a_handover_moves_the_pair_between_coordinators_and_nothing_else() -> None:
    moved = deltas(changed(PAIR, replace(PAIR, coordinator="m2")))
    assert moved["COORDINATOR", "m1"]["pairs"] == -1
    assert moved["COORDINATOR", "m2"]["pairs"] == 1
    assert ("TERRITORY", "D69") not in moved


def test_a_waiting_mentee_is_counted_until_paired() -> None:
    lead = Dimensions(of="mentee", stage="lead", territory="D69")
    moved = deltas(Event(EventType.PERSON_STAGE_CHANGED, "x", lead, replace(lead, stage="paired")))
    assert moved["TERRITORY", "D69"] == {"mentee_lead": -1, "mentee_paired": 1, "waiting": -1}


@given(st.lists(dimensions, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_events_of_a_life_add_up_to_its_last_state_in_any_order(
    states: list[Dimensions], random: Random
) -> None:
    events = [changed(None, states[0])]
    events += [changed(before, after) for before, after in pairwise(states)]
    random.shuffle(events)
    total = folded(events)
    expected = folded([changed(None, states[-1])])
    assert {
        place: {k: v for k, v in moved.items() if v} for place, moved in total.items() if any(moved.values())
    } == {
        place: {k: v for k, v in moved.items() if v}
        for place, moved in expected.items()
        if any(moved.values())
    }
