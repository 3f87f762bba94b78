"""What comes in and goes out about pairs."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.pairs.rules import BreakOffReason, Colour, Outcome, Stage
from chalicelib.tenancy.bodies import Given, Shown

Reasoning = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Identity = Annotated[str, StringConstraints(min_length=1, max_length=40)]
SessionFormat = Literal["in_person", "remote", "hybrid"]
Rating = Annotated[int, Field(ge=1, le=5)]


class PairIn(Given):
    """A pair to propose; with `launched_on` it is launched at once."""

    mentor: Identity
    mentee: Identity
    programme: Identity
    coordinator: Identity | None = None
    territory: Identity | None = None
    structure: Identity | None = None
    launched_on: date | None = None
    override_reason: Reasoning | None = None


class PairPatch(Given):
    """A change to a pair: accept, launch, pause, resume, or hand to another coordinator."""

    version: int
    stage: Literal["accepted", "active", "paused", "closing"] | None = None
    launched_on: date | None = None
    coordinator: Identity | None = None
    override_reason: Reasoning | None = None


class SessionIn(Given):
    """A session that took place."""

    on: date
    minutes: Annotated[int, Field(ge=1, le=1440)]
    format: SessionFormat
    rating: Rating | None = None
    problem: Note | None = None
    note: Note | None = None


class ContactIn(Given):
    """An exchange between a coordinator and somebody of the pair."""

    on: date
    whom: Literal["mentor", "mentee", "guardian"]
    channel: Literal["phone", "mail", "sms", "meeting", "other"]
    reached: bool = True
    note: Note | None = None


class ClosureIn(Given):
    """The end of a pair. A pair that was broken off has a reason."""

    outcome: Outcome
    on: date | None = None
    reason: BreakOffReason | None = None
    mentor_rating: Rating | None = None
    mentee_rating: Rating | None = None
    note: Note | None = None
    version: int | None = None


class CountsOut(Shown):
    """Whether the pair counts for the plan, why not, and the date it would stop counting."""

    counts: bool
    reasons: list[str]
    until: date | None


class PairOut(Shown):
    """A pair."""

    id: str
    mentor: str
    mentee: str
    programme: str
    coordinator: str | None
    territory: str | None
    structure: str | None
    stage: Stage
    colour: Colour | None
    launched_on: date | None
    last_session_on: date | None
    closed_on: date | None
    outcome: Outcome | None
    reason: BreakOffReason | None
    counts: CountsOut
    version: int


class SessionOut(Shown):
    """A session, as it was reported."""

    id: str
    on: date
    minutes: int
    format: SessionFormat
    rating: int | None
    problem: str | None
    note: str | None
    reported_at: str


class ContactOut(Shown):
    """An exchange with somebody of the pair."""

    id: str
    on: date
    whom: str
    channel: str
    reached: bool
    note: str | None
