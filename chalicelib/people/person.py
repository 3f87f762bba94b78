"""A mentor or a mentee as every room above knows them; contact details are opened apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.people.rules import JudicialRecord, LeavingReason, Source, Stage
from chalicelib.programmes.schema import PersonKind as Kind
from chalicelib.spine import keys
from chalicelib.spine.events import Dimensions
from chalicelib.spine.ids import MemberId, PersonId, TenantId
from chalicelib.spine.territories import TerritoryCode, time_zone
from chalicelib.tenancy.rights import Reach, in_reach

__all__ = [
    "Checks",
    "Contact",
    "Guardian",
    "Kind",
    "Person",
    "dimensions",
    "local_day",
    "name_of",
    "person_key",
    "visible",
]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person. `stage_dates` are ISO days by stage; `followed_by` is the coordinator of their pair.

    `sealed` holds the encrypted fields as they are stored, of no use to anybody but `sealing.py`.
    A person at `version` 0 is being created.
    """

    id: PersonId
    kind: Kind
    first_name: str
    last_name: str
    territory: TerritoryCode | None
    programme: str
    stage: Stage
    stage_dates: dict[str, str]
    created_at: str
    postal_code: str | None = None
    structure: str | None = None
    leaving_reason: LeavingReason | None = None
    source: Source | None = None
    capacity: int = 0
    training_hours: float = 0
    followed_by: MemberId | None = None
    version: int = 0
    sealed: Mapping[str, str] = field(default_factory=dict)

    @property
    def dates(self) -> dict[Stage, date]:
        """Give the day each step was reached, as the rules read it."""
        return {Stage(stage): date.fromisoformat(day) for stage, day in self.stage_dates.items()}

    @property
    def stage_since(self) -> str:
        """Give the ISO day since which the person is at their stage."""
        return self.stage_dates[self.stage]


@dataclass(frozen=True, kw_only=True)
class Guardian:
    """The legal guardian of a minor."""

    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None

    @property
    def name(self) -> str:
        """Give the guardian's full name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Checks:
    """What was checked of a mentor before a pair."""

    judicial_record: JudicialRecord | None = None
    charter: bool = False


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What is kept encrypted of a person: how they are reached, and what is nobody else's business."""

    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None
    guardian: Guardian | None = None
    checks: Checks = Checks()
    disability: str | None = None
    in_care: bool | None = None
    note: str | None = None


def person_key(tenant: TenantId, person_id: str) -> str:
    """Give the partition of a person and of their hot facts."""
    return keys.subject(tenant, "PERSON", person_id)


def name_of(person: Person) -> str:
    """Give a person's name as people say it: first name, last name."""
    return f"{person.first_name} {person.last_name}"


def visible(reach: Reach, person: Person) -> bool:
    """Tell whether a person is within a reach."""
    return in_reach(reach, person.territory, person.structure, person.followed_by)


def dimensions(person: Person) -> Dimensions:
    """Tell what a person weighs in the figures."""
    return Dimensions(
        of=person.kind,
        stage=person.stage.value,
        territory=person.territory,
        structure=person.structure,
        coordinator=person.followed_by,
        programme=person.programme,
    )


def local_day(territory: TerritoryCode | None, now: datetime) -> date:
    """Give the calendar day people of a territory live in: La Réunion is ahead of Paris."""
    return now.astimezone(time_zone(territory)).date()
