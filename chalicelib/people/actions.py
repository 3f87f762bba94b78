"""What can be done with people: add one, change one, move one along the funnel."""

from collections.abc import Mapping
from dataclasses import fields, replace

from chalicelib.people import sealing, store
from chalicelib.people.acceptance import Sheet, accepted, territory_after
from chalicelib.people.filters import LONGEST_ID, structure_problem, unknown_programme
from chalicelib.people.person import Contact, Kind, Person, dimensions, local_day, visible
from chalicelib.people.rules import Stage
from chalicelib.people.schema import MenteeIn, MenteePatch, MentorIn, MentorPatch
from chalicelib.people.search import store as names
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine.clock import stamp
from chalicelib.spine.context import Context
from chalicelib.spine.errors import FieldProblem, Invalid, NotFound, StaleVersion
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import MemberId, PersonId, TenantId, new_ulid
from chalicelib.spine.territories import TerritoryCode, territory
from chalicelib.spine.transaction import transact
from chalicelib.tenancy.rights import Reach

#: What a change of a person never touches.
_IDENTITY = frozenset({"id", "kind", "version", "created_at", "stage_dates", "sealed", "followed_by"})


def create_mentor(context: Context, reach: Reach, given: MentorIn) -> PersonId:
    """Add a mentor. Raises Invalid with every problem: unknown programme or place, age, phone, stage."""
    return _create(context, reach, "mentor", {name: getattr(given, name) for name in MentorIn.model_fields})


def create_mentee(context: Context, reach: Reach, given: MenteeIn) -> PersonId:
    """Add a mentee. Raises Invalid with every problem: unknown programme or place, age, phone, stage."""
    return _create(context, reach, "mentee", {name: getattr(given, name) for name in MenteeIn.model_fields})


def change(
    context: Context, reach: Reach, kind: Kind, person_id: str, given: MentorPatch | MenteePatch
) -> Person:
    """Change the fields given of a person from the version that was read; give the person as changed.

    Somebody may be moved out of one's own reach: who moves house is handed over that way. Nothing is
    written when nothing changes. Raises NotFound, StaleVersion or Invalid.
    """
    tenant = context.tenant
    person = seen(tenant, reach, kind, person_id, consistent=True)
    if given.version != person.version:
        raise StaleVersion.of_subject()
    before = Sheet(person, store.contact(tenant, person))
    after = _checked(context, before, given.changes())
    changed = _changed(before, after)
    if not changed:
        return person
    sealed = sealing.sealed(tenant, person, after.contact, before.contact)
    final = replace(after.person, sealed=sealed)
    writes = [
        store.changed_person(tenant, person, final),
        *names.changed_entries(tenant, person, final),
    ]
    transact(context, _change_event(person, final, changed), writes)
    return replace(final, version=person.version + 1)


def seen(tenant: TenantId, reach: Reach, kind: Kind, person_id: str, *, consistent: bool = False) -> Person:
    """Read a person within a reach. Raises NotFound, the same for nobody and for somebody out of reach."""
    person = store.person(tenant, person_id, kind, consistent=consistent)
    if not visible(reach, person):
        raise NotFound.of(kind, f"no such {kind}")
    return person


def _create(context: Context, reach: Reach, kind: Kind, fields_given: Mapping[str, object]) -> PersonId:
    tenant = context.tenant
    blank = Person(
        id=PersonId(new_ulid(context.now)),
        kind=kind,
        first_name="",
        last_name="",
        territory=None,
        programme="",
        stage=Stage.LEAD,
        stage_dates={},
        created_at=stamp(context.now),
    )
    sheet = _checked(context, Sheet(blank, Contact()), fields_given, reach)
    person = replace(
        sheet.person,
        sealed=sealing.sealed(tenant, blank, sheet.contact),
        followed_by=_follower(reach),
    )
    event = Event(EventType.PERSON_CREATED, person.id, after=dimensions(person), data={"kind": kind})
    transact(context, event, [store.new_person(tenant, person), *names.new_entries(tenant, person)])
    return person.id


def _checked(
    context: Context, before: Sheet, given: Mapping[str, object], reach: Reach | None = None
) -> Sheet:
    """Give the sheet once what was given holds. Raises Invalid with every problem at once."""
    wanted = str(given.get("programme", before.person.programme))
    birth_date = given.get("birth_date", before.contact.birth_date)
    needs_programme = wanted != before.person.programme or birth_date != before.contact.birth_date
    programme = _programme(context.tenant, wanted) if needs_programme else None
    today = local_day(_known(territory_after(before.person, given)), context.now)
    after, problems = accepted(before, given, programme, today)
    if needs_programme and programme is None:
        problems.append(unknown_programme())
    structure = after.person.structure
    if structure is not None and structure != before.person.structure:
        problem = structure_problem(context.tenant, structure)
        problems += [problem] if problem else []
    if reach is not None and not problems:
        problems += _reach_problems(reach, after.person)
    Invalid.when(problems)
    return after


def _programme(tenant: TenantId, programme_id: str) -> Programme | None:
    try:
        return programmes.programme(tenant, programme_id) if len(programme_id) <= LONGEST_ID else None
    except NotFound:
        return None


def _known(code: TerritoryCode | None) -> TerritoryCode | None:
    return code if code is not None and territory(code) is not None else None


def _follower(reach: Reach) -> MemberId | None:
    """Give who follows a new person: whoever adds them, when a portfolio is all they reach."""
    return None if reach.whole_tenant or reach.territories or reach.structures else reach.portfolio


def _reach_problems(reach: Reach, person: Person) -> list[FieldProblem]:
    """Refuse somebody whom the very person adding them could not see afterwards."""
    if _follower(reach) is not None or visible(reach, person):
        return []
    held = ", ".join((*reach.territories, *reach.structures)) or "none"
    return [
        FieldProblem(
            "territory",
            f"outside what you are in charge of: give a territory or a structure within {held}",
            "Choisissez un territoire ou une structure dont vous avez la charge.",
        )
    ]


def _changed(before: Sheet, after: Sheet) -> list[str]:
    """Name the fields that differ, in order."""
    plain = [
        each.name
        for each in fields(Person)
        if each.name not in _IDENTITY
        and getattr(before.person, each.name) != getattr(after.person, each.name)
    ]
    sensitive = [
        each.name
        for each in fields(Contact)
        if getattr(before.contact, each.name) != getattr(after.contact, each.name)
    ]
    return sorted({*plain, *sensitive})


def _change_event(before: Person, after: Person, changed: list[str]) -> Event:
    """Give the one event of a change: that of the stage when it moved, whatever else changed with it."""
    data: dict[str, str | int | bool | None] = {"kind": before.kind, "fields": ",".join(changed)}
    kind = EventType.PERSON_CHANGED
    if after.stage is not before.stage:
        kind = EventType.PERSON_STAGE_CHANGED
        data |= {"from": before.stage.value, "to": after.stage.value}
        if after.leaving_reason is not None:
            data["reason"] = after.leaving_reason.value
    return Event(kind, before.id, dimensions(before), dimensions(after), data)
