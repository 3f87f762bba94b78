"""What is true of a pair on a given day: its colour, whether it counts, what may happen next.

Everything here is pure. Days are calendar days in the pair's own territory.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

#: AAP criterion 5: sessions at least once every 6 weeks.
LONGEST_GAP = timedelta(days=42)
#: AAP criterion 5: during at least 6 months.
LEAST_MONTHS = 6
#: Ages the plan is for, both included (third call: 6 to 30).
PLAN_AGES = (6, 30)
#: Somebody whom the team has just reached is left in peace so long.
LEFT_IN_PEACE = timedelta(days=7)
#: Nobody is written to before this hour of their own day.
MORNING = time(8)


class Stage(StrEnum):
    """Where a pair stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"


#: Stages a launched pair can be in while somebody follows it.
RUNNING = frozenset({Stage.ACTIVE, Stage.PAUSED, Stage.CLOSING})

#: From each stage, the stages a coordinator may bring a pair to. Closing has a form of its own.
NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.PROPOSED: frozenset({Stage.ACCEPTED, Stage.ACTIVE}),
    Stage.ACCEPTED: frozenset({Stage.ACTIVE}),
    Stage.ACTIVE: frozenset({Stage.PAUSED, Stage.CLOSING}),
    Stage.PAUSED: frozenset({Stage.ACTIVE, Stage.CLOSING}),
    Stage.CLOSING: frozenset({Stage.ACTIVE}),
    Stage.CLOSED: frozenset(),
}


class Colour(StrEnum):
    """How long a running pair has been silent, as everybody reads it."""

    GREEN = "green"
    ORANGE = "orange"
    RED = "red"


class Outcome(StrEnum):
    """How a pair ended."""

    COMPLETED = "completed"
    GOALS_REACHED = "goals_reached"
    BROKEN_OFF = "broken_off"


class BreakOffReason(StrEnum):
    """Why a pair was broken off."""

    MOVED = "moved"
    NO_NEWS = "no_news"
    MISMATCH = "mismatch"
    UNSAFE = "unsafe"
    OTHER = "other"


class Reason(StrEnum):
    """Why a pair does not count for the plan."""

    NOT_LAUNCHED = "not_launched"
    NOT_DECLARED = "not_declared"
    AGE = "age"
    GAP = "gap"
    TOO_SHORT = "too_short"


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of a pair. `session_days` are in order, without repetition."""

    stage: Stage
    declared: bool
    age_accepted: bool
    launched_on: date | None = None
    session_days: tuple[date, ...] = ()
    closed_on: date | None = None

    @property
    def reference(self) -> date | None:
        """Give the day silence is counted from: the last session, or the launch."""
        return self.session_days[-1] if self.session_days else self.launched_on


@dataclass(frozen=True)
class Thresholds:
    """Days of silence after which a pair turns orange, then red."""

    orange: int
    red: int


@dataclass(frozen=True)
class Counts:
    """Whether a pair counts for the plan, why not, and until when if nothing happens."""

    counts: bool
    reasons: tuple[Reason, ...] = ()
    until: date | None = None


def silence(facts: Facts, today: date) -> int:
    """Give the days since the last session, or since the launch; 0 before it."""
    return max(0, (today - facts.reference).days) if facts.reference else 0


def colour(facts: Facts, thresholds: Thresholds, today: date) -> Colour | None:
    """Tell a pair's colour; only an active pair has one."""
    if facts.stage is not Stage.ACTIVE or facts.reference is None:
        return None
    days = silence(facts, today)
    if days >= thresholds.red:
        return Colour.RED
    return Colour.ORANGE if days >= thresholds.orange else Colour.GREEN


def is_to_call(colour: Colour | None, reached_on: date | None, today: date) -> bool:
    """Tell whether a pair is in its coordinator's list: silent, and nobody of it reached this week.

    A message left is not somebody reached; a week on, a pair that is still silent comes back.
    """
    if colour not in {Colour.ORANGE, Colour.RED}:
        return False
    return reached_on is None or today - reached_on >= LEFT_IN_PEACE


def counts(facts: Facts, today: date) -> Counts:
    """Tell whether a pair counts for the plan.

    True while no criterion is broken, even before six months; false for good when it closes
    earlier. A session reported late repairs the gap it fills: adding one never makes a pair count
    less. Source: mandatory criteria of the calls for projects, 5 (42 days, 6 months).
    """
    reasons = tuple(_broken(facts, today))
    if reasons or facts.reference is None:
        return Counts(counts=False, reasons=reasons)
    until = None if facts.closed_on else facts.reference + LONGEST_GAP
    return Counts(counts=True, until=until)


def _broken(facts: Facts, today: date) -> Iterator[Reason]:
    if facts.launched_on is None:
        yield Reason.NOT_LAUNCHED
        return
    if not facts.declared:
        yield Reason.NOT_DECLARED
    if not facts.age_accepted:
        yield Reason.AGE
    end = today if facts.closed_on is None else min(facts.closed_on, today)
    last = facts.session_days[-1] if facts.session_days else facts.launched_on
    moments = (facts.launched_on, *facts.session_days, max(end, last))
    if any(after - before > LONGEST_GAP for before, after in pairwise(moments)):
        yield Reason.GAP
    if facts.closed_on and facts.closed_on < months_after(facts.launched_on, LEAST_MONTHS):
        yield Reason.TOO_SHORT


def months_after(day: date, months: int) -> date:
    """Give the same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class DueStep:
    """The step of the ladder to take now, and the earlier ones that are passed over."""

    step: int
    passed_over: tuple[int, ...]


def due_step(after_days: Sequence[int], done: int, days_silent: int) -> DueStep | None:
    """Tell which reminder is due: the latest whose day has come and that is not done.

    `after_days` are the ladder's days, climbing; `done` counts the steps taken or passed over in
    this silence. After an outage or a back-dated launch only the latest is sent.
    """
    reached = steps_reached(after_days, days_silent)
    if reached <= done:
        return None
    return DueStep(step=reached - 1, passed_over=tuple(range(done, reached - 1)))


def steps_reached(after_days: Sequence[int], days_silent: int) -> int:
    """Count the steps whose day has come.

    A session reported late starts a new silence with these already behind it: whoever has just
    answered is not reminded of the days before.
    """
    return sum(1 for days in after_days if days <= days_silent)


def next_moment(  # noqa: PLR0913 - the earliest of three kinds of moments, each from its own facts.
    facts: Facts,
    thresholds: Thresholds,
    after_days: Sequence[int],
    *,
    stored_colour: Colour | None,
    stored_counts: bool,
    done: int,
    zone: ZoneInfo,
) -> datetime | None:
    """Give the earliest moment at which something changes for a pair, or None.

    A colour changes and the plan's 42 days end when the day begins; a reminder goes out in the
    morning. What is stored may lag behind (a launch in the past): then the moment is in the past,
    and the next tick takes it.
    """
    if facts.reference is None or facts.stage not in RUNNING:
        return None
    moments: list[datetime] = []
    if stored_counts:
        moments.append(_local(facts.reference + LONGEST_GAP + timedelta(days=1), time(0), zone))
    if facts.stage is Stage.ACTIVE:
        if stored_colour is Colour.GREEN:
            moments.append(_local(facts.reference + timedelta(days=thresholds.orange), time(0), zone))
        elif stored_colour is Colour.ORANGE:
            moments.append(_local(facts.reference + timedelta(days=thresholds.red), time(0), zone))
        if done < len(after_days):
            moments.append(_local(facts.reference + timedelta(days=after_days[done]), MORNING, zone))
    return min(moments, default=None)


def _local(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone)


def session_problem(facts: Facts, on: date, today: date) -> tuple[str, str] | None:
    """Tell what is wrong with a session's day, in English and in French, or None."""
    if facts.launched_on is None:
        return ("the pair is not launched: launch it first", "Le binôme n'est pas encore lancé.")
    if on < facts.launched_on:
        return (
            f"the session is before the launch: give a day from {facts.launched_on} to {today}",
            f"La séance ne peut pas être avant le lancement ({facts.launched_on:%d/%m/%Y}).",
        )
    if on > today:
        return (
            f"the session is in the future: give a day from {facts.launched_on} to {today}",
            "La séance ne peut pas être dans le futur.",
        )
    if facts.closed_on and on > facts.closed_on:
        return (
            f"the pair closed on {facts.closed_on}: give a day up to then",
            f"Le binôme est clos depuis le {facts.closed_on:%d/%m/%Y}.",
        )
    return None
