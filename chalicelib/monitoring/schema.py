"""What goes out about figures."""

from datetime import date

from chalicelib.tenancy.bodies import Shown


class CaseloadFigures(Shown):
    """Pairs followed, and pairs that may be."""

    pairs: int
    places: int


class RegionOut(Shown):
    """The figures of a region; `territory` null where there is none, FR for the total."""

    territory: str | None
    target: int | None
    launched: int
    active: int
    green: int
    orange: int
    red: int
    counting: int
    waiting: int
    caseload: CaseloadFigures


class RegionsOut(Shown):
    """Every region within reach, and their sum."""

    items: list[RegionOut]
    total: RegionOut
    next: str | None = None


class MemberCaseloadOut(Shown):
    """The caseload of one member."""

    member: str
    name: str
    territories: list[str]
    pairs: int
    places: int


class CaseloadOut(Shown):
    """The caseloads within reach, the fullest first, and their sum."""

    items: list[MemberCaseloadOut]
    total: CaseloadFigures
    next: str | None = None


class FunnelRowOut(Shown):
    """How many people of a region stand at each stage."""

    territory: str | None
    mentees: dict[str, int]
    mentors: dict[str, int]


class FunnelOut(Shown):
    """The funnel of every region within reach, and their sum."""

    items: list[FunnelRowOut]
    total: FunnelRowOut
    next: str | None = None


class PlanReportOut(Shown):
    """What the state is told: the agreement's period and target, and the pairs that count."""

    starts_on: date | None
    ends_on: date | None
    target: int | None
    launched: int
    active: int
    counting: int
    regions: list[RegionOut]
