"""What is to become of each invented pair: the days of its life, drawn so that it ends as wanted."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.pairs.rules import BreakOffReason, Outcome, months_after
from chalicelib.programmes.schema import Programme

#: How the pairs of a tenant are spread, in hundredths: every state a screen must show.
_SHARES = {
    "proposed": 6,
    "accepted": 5,
    "green": 36,
    "orange": 11,
    "red": 9,
    "lost": 4,
    "paused": 4,
    "closing": 4,
    "completed": 14,
    "broken_off": 7,
}
_MOST_SESSIONS = 8
_STEADY = 0.75
#: Days between two sessions of a pair that keeps the rhythm.
_RHYTHM = {"week": (7, 13), "month": (18, 34), "on_request": (20, 40)}
#: The slowest rhythm at which a pair still counts (AAP criterion 5: 42 days).
_SLOW = (24, 40)


@dataclass(frozen=True)
class Plan:
    """The days of a pair's life, in order; None for what never comes."""

    state: str
    proposed_on: date
    accepted_on: date | None = None
    launched_on: date | None = None
    sessions: tuple[date, ...] = ()
    paused_on: date | None = None
    review_on: date | None = None
    closed_on: date | None = None
    outcome: Outcome | None = None
    reason: BreakOffReason | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still follows the pair."""
        return self.closed_on is None


def states(draw: random.Random, count: int) -> list[str]:
    """Share out states over so many pairs, in drawn order."""
    total = sum(_SHARES.values())
    shared: list[str] = []
    for state, share in _SHARES.items():
        shared += [state] * max(1, round(count * share / total))
    shared = (shared + ["green"] * count)[:count]
    draw.shuffle(shared)
    return shared


def drawn(draw: random.Random, state: str, programme: Programme, today: date) -> Plan:
    """Draw the life of a pair that is in a state today. The last thing of it happened yesterday."""
    if state == "proposed":
        return Plan(state, today - timedelta(days=draw.randint(1, 9)))
    if state == "accepted":
        proposed_on = today - timedelta(days=draw.randint(8, 20))
        return Plan(state, proposed_on, proposed_on + timedelta(days=draw.randint(2, 6)))
    if state in {"completed", "broken_off"}:
        return _ended(draw, state, today)
    silence = _silence(draw, state, programme)
    launched_on, sessions = _met(draw, programme, today - timedelta(days=silence), _MOST_SESSIONS)
    last = sessions[-1] if sessions else launched_on
    between = (today - last).days - 1
    halt = last + timedelta(days=draw.randint(1, max(1, min(between, 10))))
    proposed_on, accepted_on = _before(draw, launched_on)
    return Plan(
        state,
        proposed_on,
        accepted_on,
        launched_on,
        sessions,
        paused_on=halt if state == "paused" else None,
        review_on=halt if state == "closing" else None,
    )


def _silence(draw: random.Random, state: str, programme: Programme) -> int:
    """Draw the days since the last session that put a pair in a state."""
    orange, red = programme.orange_after_days, programme.red_after_days
    if state == "orange":
        return draw.randint(orange, red - 1)
    if state == "red":
        return draw.randint(red, red + 12)
    if state == "lost":
        # Silent for so long that it no longer counts for the plan.
        return draw.randint(max(red, 43) + 3, max(red, 43) + 40)
    return draw.randint(2, orange - 1)


def _met(draw: random.Random, programme: Programme, last: date, most: int) -> tuple[date, tuple[date, ...]]:
    """Draw a launch and the sessions that follow it, up to a last one; or a launch alone."""
    count = draw.choice((0, 1, 2, 3, 3, 4, 5, 6, most))
    steady = draw.random() < _STEADY
    least, longest = _RHYTHM[programme.cadence.every] if steady else _SLOW
    days = [last]
    for _ in range(count):
        days.append(days[-1] - timedelta(days=draw.randint(least, longest)))
    launched_on, *sessions = reversed(days)
    return launched_on, tuple(sessions)


def _ended(draw: random.Random, state: str, today: date) -> Plan:
    """Draw a pair that is over: after its six months, or broken off before."""
    completed = state == "completed"
    count = draw.randint(6, _MOST_SESSIONS) if completed else draw.randint(1, 4)
    days = [today - timedelta(days=draw.randint(4, 110))]
    for _ in range(count):
        days.append(days[-1] - timedelta(days=draw.randint(*(27, 36) if completed else (10, 30))))
    launched_on, *sessions = reversed(days)
    last = sessions[-1]
    closed_on = max(last + timedelta(days=1), months_after(launched_on, 6)) if completed else None
    if closed_on is None or closed_on >= today:
        closed_on = min(last + timedelta(days=draw.randint(3, 25)), today - timedelta(days=1))
    outcome = draw.choice((Outcome.COMPLETED, Outcome.GOALS_REACHED)) if completed else Outcome.BROKEN_OFF
    proposed_on, accepted_on = _before(draw, launched_on)
    return Plan(
        state,
        proposed_on,
        accepted_on,
        launched_on,
        tuple(sessions),
        closed_on=closed_on,
        outcome=outcome,
        reason=None if completed else draw.choice(list(BreakOffReason)),
    )


def _before(draw: random.Random, launched_on: date) -> tuple[date, date]:
    """Draw the days of the proposal and of the agreement that lead to a launch."""
    accepted_on = launched_on - timedelta(days=draw.randint(1, 9))
    return accepted_on - timedelta(days=draw.randint(1, 6)), accepted_on
