"""A tenant to measure on: enough of everything that each filter fills a page, in items true to life."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from faker import Faker

from chalicelib.network import store as network
from chalicelib.network.store import Structure
from chalicelib.pairs import store as pairs
from chalicelib.pairs.rules import Stage as PairStage
from chalicelib.pairs.store import PairItem, SessionItem
from chalicelib.people import sealing
from chalicelib.people import store as people
from chalicelib.people.person import Contact, Kind, Person
from chalicelib.people.rules import Stage
from chalicelib.people.search import store as search
from chalicelib.programmes import store as programmes
from chalicelib.programmes.presets import all_presets
from chalicelib.programmes.schema import Programme, ProgrammeId
from chalicelib.spine import bulk, keys
from chalicelib.spine.clock import stamp
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.ids import MemberId, PersonId, StructureId, TenantId, new_ulid
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.rights import Role
from chalicelib.tenancy.store import Member

#: Two départements of two regions: each holds half of everything.
PLACES = (TerritoryCode("D69"), TerritoryCode("D93"))
_AT_EACH_STAGE = 60
_SESSIONS = 60
_SURNAME = "Martinet"
_COLOURS = ("red", "orange", "green")


@dataclass
class Office:
    """A tenant with its programme, its people and its pairs, whose ids the measures name."""

    tenant: TenantId
    now: datetime
    programme: Programme
    structure: str = ""
    coordinator: str = ""
    colleague: str = ""
    pairs: list[PairItem] = field(default_factory=list)
    people: dict[Kind, list[Person]] = field(default_factory=lambda: {"mentor": [], "mentee": []})

    @property
    def today(self) -> date:
        """Give the day it is."""
        return self.now.date()

    def older(self, days: int) -> str:
        """Give an ISO day of the past."""
        return (self.today - timedelta(days=days)).isoformat()


def opened(tenant: str, now: datetime) -> Office:
    """Load the tenant; to be called in its scope. Its first pair has a long history."""
    office = Office(TenantId(tenant), now, _programme())
    bulk.load(_ground(office))
    bulk.load(_everybody(office))
    bulk.load(_every_pair(office))
    bulk.load(_sessions(office, office.pairs[0]))
    return office


def _programme() -> Programme:
    return all_presets()[0].programmes[0].model_copy(update={"caseload_ratio": 1000})


def _ground(office: Office) -> Iterator[Item]:
    """Give the tenant itself, two programmes, structures and members."""
    context = Context(office.tenant, SYSTEM, office.now)
    yield tenants.new_tenant(context, "Banc d'essai", office.programme.wording.model_dump(), 32).item
    yield programmes.built_programme(office.tenant, office.programme)
    second = office.programme.model_copy(update={"id": ProgrammeId("second"), "name": "Second"})
    yield programmes.built_programme(office.tenant, second)
    agreement = all_presets()[0].agreement
    if agreement is not None:
        period = {"starts_on": office.today.replace(month=1, day=1) - timedelta(days=366)}
        lasting = {**period, "ends_on": office.today + timedelta(days=366)}
        yield programmes.built_agreement(office.tenant, agreement.model_copy(update=lasting))
    for number in range(40):
        each = Structure(
            StructureId(new_ulid(office.now)), f"Antenne {number:02}", "antenna", PLACES[number % 2], False
        )
        office.structure = office.structure or each.id
        yield network.built_structure(office.tenant, each)
    for number in range(40):
        member = _member(office, number)
        office.colleague = office.coordinator
        office.coordinator = office.coordinator or member.id
        yield tenants.built_member(office.tenant, member, f"equipe{number}@banc.example", None)
