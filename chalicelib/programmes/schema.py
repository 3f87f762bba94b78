"""The shape of a programme and of the agreement that funds it.

The models refuse unknown fields, wrong types and figures no calendar can hold. Whether a programme
makes sense is asked of `rules.problems`, which names every problem at once, in both languages.
"""

from datetime import date
from typing import Annotated, Any, Literal, NewType

from pydantic import Field, StringConstraints

from chalicelib.programmes.cadence import (
    Cadence,
    Count,
    Days,
    Flag,
    Hours,
    Months,
    Part,
    ReminderStep,
    default_ladder,
    default_thresholds,
)

ProgrammeId = NewType("ProgrammeId", str)
Format = Literal["in_person", "remote", "hybrid"]
PersonKind = Literal["mentor", "mentee"]
TrainingForm = Literal["in_person", "remote", "self_paced"]
Contacted = Literal["mentor", "mentee", "guardian"]
AgreementKind = Literal["CPO", "avenant"]

Words = Annotated[str, StringConstraints(max_length=80)]
Age = Annotated[int, Field(strict=True, ge=0, le=120)]
AgreementDay = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]

# The only ratio of the report that is a recommendation for coordinators alone (COACHING, section
# 3.1). A programme whose ratio is unknown starts from it, and its tenant changes it on screen.
DEFAULT_CASELOAD_RATIO = 32

# Elements of Effective Practice for Mentoring (MENTOR): at least two hours before pairing.
DEFAULT_TRAINING_HOURS = 2.0


class Wording(Part):
    """A tenant's words, in French and in lower case, as screens and mails show them."""

    mentoring: Words = "mentorat"
    mentor: Words = "mentor"
    mentors: Words = "mentors"
    mentee: Words = "mentoré·e"
    mentees: Words = "mentoré·es"
    pair: Words = "binôme"
    pairs: Words = "binômes"
    coordinator: Words = "chargé·e de mentorat"
    coordinators: Words = "chargé·es de mentorat"
    programme: Words = "programme"


class Requirements(Part):
    """What a pair has done together before it leaves a phase, as numbers of each."""

    collective_sessions: Count = 0
    challenges: Count = 0
    projects: Count = 0


class Phase(Part):
    """A stretch of the programme, in months, with the conditions for leaving it."""

    name: Words
    months: Months
    requires: Requirements = Requirements()


class AgeRange(Part):
    """Ages accepted, in completed years, both ends included; None where there is no limit."""

    min: Age | None = None
    max: Age | None = None


class Training(Part):
    """A mentor's preparation: its length in hours, its forms (the usual one first), its modules."""

    hours: Hours = DEFAULT_TRAINING_HOURS
    half_days: Count | None = None
    modules: Count | None = None
    forms: Annotated[tuple[TrainingForm, ...], Field(max_length=3)] = ("remote",)
    cycles_per_year: Count | None = None
    smallest_group: Count | None = None
    # INCLUSIVE alone launches pairs before the training (report, section 6.2).
    before_first_session: Flag = True


class Renewal(Part):
    """Whether a mentor may take another mentee, and how long a pair may be prolonged in all."""

    allowed: Flag = True
    up_to_months: Months | None = None


class ContactPlan(Part):
    """When somebody of the team speaks with the people of a pair outside its sessions.

    `first_after_days` counts from the launch; `every_days` is the rhythm that follows.
    """

    people: Annotated[tuple[Contacted, ...], Field(max_length=3)]
    first_after_days: Days | None = None
    every_days: Days | None = None


class Closure(Part):
    """How a pair ends: whether all three meet, and what mentor and mentee each rate from 1 to 5."""

    three_way: Flag = True
    criteria: Annotated[tuple[Words, ...], Field(max_length=10)] = ()


def _default_orange(given: dict[str, Any]) -> int:
    return default_thresholds(given["cadence"]).orange


def _default_red(given: dict[str, Any]) -> int:
    return default_thresholds(given["cadence"]).red


def _default_reminders(given: dict[str, Any]) -> tuple[ReminderStep, ...]:
    return default_ladder(given["orange_after_days"], given["red_after_days"])


class Programme(Part):
    """One way of mentoring inside a tenant: everything that configures it.

    `format` is the usual one, `formats` those a session may have. A programme that is not
    `declared` is followed like any other, and never counts for the plan.
    """

    id: Annotated[ProgrammeId, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z-]{0,39}$")]
    name: Words
    declared: Flag = True
    format: Format
    formats: Annotated[tuple[Format, ...], Field(max_length=3)]
    cadence: Cadence
    # None with `school_year` means the whole school year; a figure with `school_year` means from
    # so many months to the end of the school year.
    duration_months: Months | None = 6
    school_year: Flag = False
    phases: Annotated[tuple[Phase, ...], Field(max_length=12)] = ()
    orange_after_days: Days = Field(default_factory=_default_orange)
    red_after_days: Days = Field(default_factory=_default_red)
    reminders: Annotated[tuple[ReminderStep, ...], Field(max_length=10)] = Field(
        default_factory=_default_reminders
    )
    caseload_ratio: Count = DEFAULT_CASELOAD_RATIO
    # None leaves the limit to each mentor's own capacity.
    mentees_per_mentor: Count | None = None
    # The plan is for the young from 6 to 30 (third call for projects).
    mentee_ages: AgeRange = AgeRange(min=6, max=30)
    # The plan sets no age for mentors: adults unless the programme says otherwise.
    mentor_ages: AgeRange = AgeRange(min=18)
    max_age_gap_years: Age | None = None
    # A strict gap cannot be overridden with a reason.
    age_gap_strict: Flag = False
    training: Training = Training()
    renewal: Renewal = Renewal()
    three_way_launch: Flag = False
    contact_plan: ContactPlan | None = None
    closure: Closure = Closure()
    # A session rated under this figure, from 1 to 5, alerts the coordinator; None never does.
    alert_rating_below: Count | None = None
    # Days from lead to pair after which a person is said to be lost; None where nobody counts them.
    max_waiting_days: Days | None = None
    wording: Wording = Wording()
    version: Annotated[int, Field(strict=True, ge=1)] = 1


class AgreementStep(Part):
    """A part of the agreement's period with a target of its own, both days included."""

    starts_on: AgreementDay
    ends_on: AgreementDay
    target_pairs: Count


class Agreement(Part):
    """The contract with the state: its period, both days included, and the pairs promised.

    `target_pairs` is for each year of the agreement with `per_year`, else for the whole period.
    A CPO is a multi-year agreement on objectives, an avenant an amendment to the first grant.
    """

    kind: AgreementKind
    starts_on: AgreementDay
    ends_on: AgreementDay
    target_pairs: Count
    per_year: Flag = False
    steps: Annotated[tuple[AgreementStep, ...], Field(max_length=10)] = ()
