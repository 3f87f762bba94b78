"""Invented mentors and mentees, and their way from a coupon to a pair and out again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from chalicelib.network.store import Structure
from chalicelib.people import sealing
from chalicelib.people import store as people
from chalicelib.people.names import folded
from chalicelib.people.person import Checks, Contact, Guardian, Kind, Person, dimensions
from chalicelib.people.rules import (
    MAJORITY_AGE,
    JudicialRecord,
    LeavingReason,
    Source,
    Stage,
    age_on,
    dates_after_move,
)
from chalicelib.people.search import store as search
from chalicelib.programmes.schema import Programme
from chalicelib.spine.clock import stamp
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import MemberId, PersonId
from chalicelib.spine.territories import TerritoryCode, department_of_postal_code
from infra.demonstration.ledger import Ledger
from infra.demonstration.portraits import Portrait
from infra.demonstration.team import invented_phone

_FUNNEL = (
    Stage.LEAD,
    Stage.CONTACTED,
    Stage.INFORMATION_MEETING,
    Stage.INTERVIEW,
    Stage.CHECKS,
    Stage.AVAILABLE,
)
#: From this age on a mentee is written to; before it, the guardian is.
_OWN_ADDRESS_AGE = 15
_IN_A_STRUCTURE = 0.6
_DISABILITIES = ("Dyslexie", "Déficience visuelle", "Déficience auditive", "Autisme", "Mobilité réduite")


class Somebody:
    """A mentor or a mentee in the making: moved along day by day, filed when their story is told."""

    def __init__(self, ledger: Ledger, programme: Programme, person: Person, contact: Contact) -> None:
        """Begin with a person at their first step."""
        self.ledger = ledger
        self.programme = programme
        self.person = person
        self.contact = contact

    def move(self, to: Stage, day: date, follower: str | None = None) -> Event:
        """Bring them to another stage, as a pair or a coordinator would; give the event to tell."""
        before = self.person
        waits_anew = before.stage is Stage.PAIRED and to not in {Stage.PAIRED, Stage.LEFT}
        dates = dates_after_move({} if waits_anew else before.dates, to, day)
        self.person = replace(
            before,
            stage=to,
            stage_dates={step.value: on.isoformat() for step, on in dates.items()},
            followed_by=MemberId(follower) if follower else None,
        )
        data = {"kind": before.kind, "from": before.stage.value, "to": to.value}
        return Event(
            EventType.PERSON_STAGE_CHANGED, before.id, dimensions(before), dimensions(self.person), data
        )

    def walk(self, steps: Sequence[tuple[Stage, date]]) -> None:
        """Take them through the funnel, the coupon first; the journal keeps where they arrived.

        A mentor's record is checked at the step of checks, and the training done when available.
        """
        *passed, (arrived, arrived_on) = steps
        if not passed:
            return
        stood = self.person
        for stage, day in passed[1:]:
            self.move(stage, day)
        before = replace(self.person, stage=stood.stage)
        event = self.move(arrived, arrived_on)
        told = replace(event, before=dimensions(before), data={**event.data, "from": stood.stage.value})
        self.ledger.tell(self.ledger.at(arrived_on), told)
        checked_on = self.person.dates.get(Stage.CHECKS)
        if self.person.kind == "mentor" and checked_on is not None:
            self.contact = replace(self.contact, checks=Checks(JudicialRecord(checked_on), charter=True))
            if arrived is Stage.AVAILABLE:
                self.person = replace(self.person, training_hours=self.programme.training.hours)

    def leave(self, day: date, reason: LeavingReason) -> None:
        """Take them out of the funnel."""
        event = self.move(Stage.LEFT, day)
        self.person = replace(self.person, leaving_reason=reason)
        self.ledger.tell(self.ledger.at(day), event)

    def file(self) -> None:
        """Write them as they ended, with the entries they are searched by."""
        tenant = self.ledger.tenant
        person = replace(self.person, sealed=sealing.sealed(tenant, self.person, self.contact))
        self.ledger.file(people.built_person(tenant, person), *search.built_entries(tenant, person))


class Crowd:
    """Draws people for one tenant."""

    def __init__(self, ledger: Ledger, portrait: Portrait, structures: Sequence[Structure]) -> None:
        """Draw from a ledger's seed, after a portrait."""
        self.ledger = ledger
        self.portrait = portrait
        self.structures = structures

    def mentee(self, programme: Programme, department: TerritoryCode, lead_on: date) -> Somebody:
        """Invent a mentee who left a coupon on a day."""
        least, most = self.portrait.mentee_ages
        born = self._born(self.ledger.draw.randint(least, most), lead_on)
        return self._somebody("mentee", programme, department, lead_on, born)

    def mentor(
        self, programme: Programme, department: TerritoryCode, lead_on: date, mentee_born: date | None
    ) -> Somebody:
        """Invent a mentor, of an age that suits the mentee where the programme limits the gap."""
        least, most = self.portrait.mentor_ages
        gap = programme.max_age_gap_years
        if gap is not None and mentee_born is not None:
            age = age_on(mentee_born, lead_on)
            least, most = max(least, age - gap + 1), min(most, age + gap - 1)
            least = min(least, most)
        born = self._born(self.ledger.draw.randint(least, most), lead_on)
        return self._somebody("mentor", programme, department, lead_on, born)

    def _somebody(
        self, kind: Kind, programme: Programme, department: TerritoryCode, lead_on: date, born: date
    ) -> Somebody:
        draw, moment = self.ledger.draw, self.ledger.at(lead_on)
        first, last = self.ledger.invent.first_name(), self.ledger.invent.last_name()
        person = Person(
            id=PersonId(self.ledger.id(moment)),
            kind=kind,
            first_name=first,
            last_name=last,
            territory=department,
            postal_code=draw.choice(_postal_codes(department)),
            structure=self._structure(kind, department),
            programme=programme.id,
            stage=Stage.LEAD,
            stage_dates={Stage.LEAD.value: lead_on.isoformat()},
            created_at=stamp(moment),
            source=draw.choice(list(Source)),
            capacity=1 if kind == "mentor" else 0,
        )
        made = Event(EventType.PERSON_CREATED, person.id, after=dimensions(person), data={"kind": kind})
        self.ledger.tell(moment, made)
        contact = self._mentor_contact if kind == "mentor" else self._mentee_contact
        return Somebody(self.ledger, programme, person, contact(person, born, lead_on))

    def _structure(self, kind: Kind, department: TerritoryCode) -> str | None:
        """Draw a structure of the département: always one where structures are the whole network."""
        near = [each for each in self.structures if each.territory == department]
        if kind == "mentor":
            near = [each for each in near if each.kind not in {"school", "care"}]
        independent = [each for each in near if each.independent]
        if independent:
            return independent[0].id
        belongs = bool(near) and self.ledger.happens(_IN_A_STRUCTURE)
        return self.ledger.draw.choice(near).id if belongs else None

    def _mentor_contact(self, person: Person, born: date, _: date) -> Contact:
        return Contact(
            email=self._address(person.first_name, person.last_name),
            phone=invented_phone(self.ledger),
            birth_date=born,
        )

    def _mentee_contact(self, person: Person, born: date, lead_on: date) -> Contact:
        draw, age = self.ledger.draw, age_on(born, lead_on)
        guardian = None
        if age < MAJORITY_AGE:
            first = self.ledger.invent.first_name()
            guardian = Guardian(
                first_name=first,
                last_name=person.last_name,
                email=self._address(first, person.last_name),
                phone=invented_phone(self.ledger),
            )
        has_own = age >= _OWN_ADDRESS_AGE
        disability = draw.choice(_DISABILITIES) if self.portrait.preset.key == "inclusive" else None
        in_care = self.ledger.happens(0.3) if self.portrait.preset.key == "infancia" else None
        return Contact(
            email=self._address(person.first_name, person.last_name) if has_own else None,
            phone=invented_phone(self.ledger) if has_own else None,
            birth_date=born,
            guardian=guardian,
            disability=disability,
            in_care=in_care,
        )

    def _address(self, first: str, last: str) -> str:
        name = f"{folded(first)}.{folded(last)}".replace(" ", "-")
        return f"{name}{self.ledger.draw.randrange(10, 99)}@courriel.example"

    def _born(self, age: int, on: date) -> date:
        """Draw a birth date that makes somebody of an age on a day, far from a birthday."""
        return on - timedelta(days=age * 365 + age // 4 + self.ledger.draw.randint(30, 330))


def funnel_days(ledger: Ledger, available_on: date) -> list[tuple[Stage, date]]:
    """Draw the days of each step that ends with somebody available on a day, the coupon first."""
    days = [available_on]
    for _ in _FUNNEL[1:]:
        days.append(days[-1] - timedelta(days=ledger.draw.randint(1, 6)))
    return list(zip(_FUNNEL, reversed(days), strict=True))


@cache
def _postal_codes(department: TerritoryCode) -> tuple[str, ...]:
    """Find some postal codes of a département among the round ones."""
    digits = department.removeprefix("D").replace("A", "0").replace("B", "0")
    candidates = (f"{digits}{rest:0{5 - len(digits)}d}" for rest in range(0, 10 ** (5 - len(digits)), 10))
    return tuple(code for code in candidates if department_of_postal_code(code) == department)
