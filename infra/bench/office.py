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
_A_YEAR = timedelta(days=366)
SURNAME = "Martinet"
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

    @property
    def agreement(self) -> str:
        """Give the id of the agreement that holds today."""
        return (self.today - _A_YEAR).isoformat()

    def older(self, days: int) -> str:
        """Give an ISO day of the past."""
        return (self.today - timedelta(days=days)).isoformat()


def founded(tenant: TenantId, now: datetime) -> Office:
    """Load a tenant with its programmes, its agreement, structures and members. In its scope."""
    office = Office(tenant, now, _programme())
    bulk.load(_ground(office))
    return office


def opened(tenant: TenantId, now: datetime) -> Office:
    """Load a tenant with people and pairs too, the first of them with a long history. In its scope."""
    office = founded(tenant, now)
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
        around = {"starts_on": office.today - _A_YEAR, "ends_on": office.today + _A_YEAR}
        yield programmes.built_agreement(office.tenant, agreement.model_copy(update=around))
    for number in range(40):
        each = Structure(
            StructureId(new_ulid(office.now)),
            f"Antenne {number:02}",
            "antenna",
            PLACES[number % 2],
            independent=False,
        )
        office.structure = office.structure or each.id
        yield network.built_structure(office.tenant, each)
    for number in range(40):
        member = _member(office, number)
        office.colleague, office.coordinator = office.coordinator or member.id, member.id
        yield tenants.built_member(office.tenant, member, f"equipe{number}@banc.example", None)


def _member(office: Office, number: int) -> Member:
    return Member(
        id=MemberId(new_ulid(office.now)),
        name=f"Camille {number:02}",
        roles=(Role.COORDINATOR,),
        territories=(),
        structures=(),
        capacity=None,
        version=1,
        email_sealed=None,
        phone_sealed=None,
    )


def _everybody(office: Office) -> Iterator[Item]:
    """Give as many mentors and mentees at each stage, with the entries they are searched by."""
    invent = Faker("fr_FR")
    invent.seed_instance(0)
    kinds: tuple[Kind, ...] = ("mentor", "mentee")
    for kind in kinds:
        for number in range(_AT_EACH_STAGE * len(Stage)):
            person = _person(office, kind, number, invent.first_name(), invent.last_name())
            contact = Contact(
                email=f"{kind}{number}@courriel.example",
                phone=f"+336{number:08}",
                birth_date=date(1990 if kind == "mentor" else 2010, 1, 1) + timedelta(days=number),
            )
            person = replace(person, sealed=sealing.sealed(office.tenant, person, contact))
            office.people[kind].append(person)
            yield people.built_person(office.tenant, person)
            yield from search.built_entries(office.tenant, person)


def _person(office: Office, kind: Kind, number: int, first: str, last: str) -> Person:
    stage = list(Stage)[number // _AT_EACH_STAGE]
    reached = list(Stage)[: list(Stage).index(stage) + 1]
    return Person(
        id=PersonId(new_ulid(office.now)),
        kind=kind,
        first_name=first,
        # One in eight bears the same name, so that a search fills a page too.
        last_name=SURNAME if number % 8 == 0 else last,
        territory=PLACES[number % 2],
        programme=office.programme.id,
        stage=stage,
        stage_dates={each.value: office.older(90 - 7 * order) for order, each in enumerate(reached)},
        created_at=stamp(office.now),
        structure=office.structure if number % 2 else None,
        capacity=5 if kind == "mentor" else 0,
        version=1,
    )


def _every_pair(office: Office) -> Iterator[Item]:
    """Give as many pairs at each stage, and as many active ones of each colour."""
    states: list[tuple[str, str | None]] = [
        (stage.value, None) for stage in PairStage if stage is not PairStage.ACTIVE
    ]
    states += [(PairStage.ACTIVE.value, colour) for colour in _COLOURS]
    for number in range(_AT_EACH_STAGE * len(states)):
        stage, colour = states[-1 - number // _AT_EACH_STAGE]
        item = pair(office, stage, colour, number)
        office.pairs.append(item)
        yield item


def pair(office: Office, stage: str, colour: str | None, number: int) -> PairItem:
    """Build a pair of two people of the tenant, not yet loaded; every other one is in each place."""
    launched = stage not in {"proposed", "accepted"}
    mentors, mentees = office.people["mentor"], office.people["mentee"]
    item = PairItem(
        pairs.pair_key(office.tenant, new_ulid(office.now)),
        keys.SELF,
        mentor=mentors[-1 - number % _AT_EACH_STAGE].id,
        mentee=mentees[number].id,
        programme=office.programme.id,
        coordinator=office.coordinator if number % 2 else office.colleague,
        territory=PLACES[number % 2],
        structure=office.structure if number % 2 else None,
        stage=stage,
        stage_dates={"proposed": office.older(80), stage: office.older(70)},
        colour=colour,
        since=office.older(number % 60),
        launched_on=office.older(70) if launched else None,
        session_days=",".join(str(day) for day in range(0, 70, 7)) if launched else None,
        age_accepted=True,
        counting=launched,
    )
    return pairs.filed(item, office.tenant)


def _sessions(office: Office, pair: PairItem) -> Iterator[Item]:
    """Give the sessions of a year of one pair."""
    for number in range(_SESSIONS):
        on = office.today - timedelta(days=7 * number)
        moment = office.now - timedelta(days=7 * number)
        session = SessionItem(
            pair.pk,
            f"SESSION#{on.isoformat()}#{new_ulid(moment)}",
            on=on.isoformat(),
            minutes=60,
            format="in_person",
            rating=4,
            reported_at=stamp(moment),
            reported_by=f"mentor:{pair.mentor}",
        )
        yield pairs.new_session(office.tenant, session, None, "Préparation d'un exposé, bon contact.").item
