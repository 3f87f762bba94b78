"""How often a pair meets, and what its silence triggers when the programme says nothing else."""

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Every = Literal["week", "month", "on_request"]
Recipient = Literal["mentor", "mentee", "guardian", "coordinator", "regional_referent", "structure"]
Channel = Literal["mail", "sms", "task"]

# The upper bounds keep dates and sums inside what the calendar can hold; what makes sense for a
# programme is decided by `rules.problems`, which names every problem at once.
Days = Annotated[int, Field(strict=True, ge=0, le=3_650)]
Months = Annotated[int, Field(strict=True, ge=0, le=120)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Hours = Annotated[float, Field(strict=True, ge=0, le=1_000, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]


class Part(BaseModel):
    """What every piece of a programme shares: it cannot be changed, nor hold an unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


class Cadence(Part):
    """How often a pair meets: so many hours every week or month, or when the mentee asks.

    `hours` is the least and `hours_at_most` the most of a range ("2 à 3 h par semaine"). With
    `adjustable`, a coordinator may relax the cadence of one pair, with a reason.
    """

    every: Every
    hours: Hours | None = None
    hours_at_most: Hours | None = None
    adjustable: Flag = False


class ReminderStep(Part):
    """One step of the ladder: whom a silence of `after_days` days reaches, and how.

    Days are counted from the launch or the last session. A task is a line in somebody's list.
    """

    after_days: Days
    to: Annotated[tuple[Recipient, ...], Field(max_length=6)]
    channel: Channel


class Thresholds(NamedTuple):
    """Days without a session after which a pair turns orange, then red."""

    orange: int
    red: int


_DEFAULT_THRESHOLDS: dict[Every, Thresholds] = {
    "week": Thresholds(14, 28),
    # The plan wants a session at least every 42 days (call for projects, criterion 5): a monthly
    # pair turns orange a week before it stops counting, and red on the last day that counts.
    "month": Thresholds(35, 42),
    "on_request": Thresholds(42, 56),
}


def default_thresholds(cadence: Cadence) -> Thresholds:
    """Return the thresholds, in days, of a programme that sets none."""
    return _DEFAULT_THRESHOLDS[cadence.every]


def default_ladder(orange: int, red: int) -> tuple[ReminderStep, ...]:
    """Return the reminders of a programme that sets none, for its thresholds in days.

    The mentor is written to first, then the mentor and the coordinator, and at last the
    coordinator finds the pair in the list. The middle step falls where there is no room for it.
    """
    first = ReminderStep(after_days=orange, to=("mentor",), channel="mail")
    last = ReminderStep(after_days=red, to=("coordinator",), channel="task")
    midway = (orange + red) // 2
    if not orange < midway < red:
        return (first, last)
    return (
        first,
        ReminderStep(after_days=midway, to=("mentor", "coordinator"), channel="mail"),
        last,
    )
