"""Proposing a pair, and launching it at once where it has met already."""

from dataclasses import replace

from chalicelib.network import store as network
from chalicelib.pairs import changes, rules, store
from chalicelib.pairs.handover import caseload_taken, overriding
from chalicelib.pairs.launch import launched, programme_of
from chalicelib.pairs.rules import Stage
from chalicelib.pairs.schema import PairIn
from chalicelib.pairs.store import PairItem
from chalicelib.people import store as people
from chalicelib.people.engagements import store as engagements
from chalicelib.people.person import Person
from chalicelib.programmes import rules as programme_rules
from chalicelib.programmes.schema import Programme
from chalicelib.spine import encryption, keys
from chalicelib.spine.context import Context
from chalicelib.spine.errors import (
    Invalid,
    NotFound,
    Overridable,
)
from chalicelib.spine.events import EventType
from chalicelib.spine.ids import MemberId, PairId, new_ulid
from chalicelib.spine.territories import TerritoryCode, territory, time_zone
from chalicelib.spine.transaction import Create, Write, transact
from chalicelib.tenancy.rights import Viewer, in_reach


def propose(context: Context, viewer: Viewer, given: PairIn) -> PairId:
    """Propose a pair; with `launched_on`, launch it at once.

    In one transaction: the pair, a place of the mentor, the mentee's one bond, a place in the
    coordinator's caseload, both people's stage, the agenda. Raises Invalid for what can never be,
    Overridable for what an `override_reason` may lift, Forbidden for a reason from somebody who may
    not lift it.
    """
    mentor = _person_in_reach(context, viewer, given.mentor, "mentor")
    mentee = _person_in_reach(context, viewer, given.mentee, "mentee")
    programme = programme_of(context, given.programme)
    lifted = overriding(viewer, given.override_reason)
    age_accepted = _check_ages(context, mentor, mentee, programme, lifted=lifted)
    item = _proposed(context, viewer, given, mentee, age_accepted=age_accepted)
    proposed = store.weight(item)
    events = [changes.event(EventType.PAIR_PROPOSED, item, None, proposed)]
    if given.launched_on is not None:
        launched(context, item, programme, given.launched_on)
        events.append(changes.event(EventType.PAIR_LAUNCHED, item, proposed, store.weight(item)))
    writes: list[Write] = [Create(store.filed(item, context.tenant))]
    writes += _taken(context, item, mentor, programme, lifted=lifted)
    for person in (mentor, mentee):
        writes.append(Create(store.filed_under(context.tenant, person.id, item.id)))
        if person.stage != "paired":
            follower = MemberId(item.coordinator) if item.coordinator else None
            write, event = people.moved(context, person, "paired", follower)
            writes.append(write)
            events.append(event)
    writes.append(changes.next_follow_up(context.tenant, item, programme))
    transact(context, events[0], writes, events[1:])
    return item.id


def _person_in_reach(context: Context, viewer: Viewer, person_id: str, kind: str) -> Person:
    """Read a person the viewer may see; any other is refused by name, as if it did not exist."""
    unknown = Invalid.of(kind, f"no such {kind}: give the id of one you can see", "Personne introuvable.")
    try:
        person = people.person(context.tenant, person_id, kind)
    except NotFound:
        raise unknown from None
    if not in_reach(viewer.reach, person.territory, person.structure, person.followed_by):
        raise unknown
    if person.stage == "left":
        raise Invalid.of(kind, f"this {kind} has left: bring them back first", "Cette personne est partie.")
    return person


def _check_ages(
    context: Context, mentor: Person, mentee: Person, programme: Programme, *, lifted: bool
) -> bool:
    """Hold both ages to the programme; tell whether the mentee's is one the plan accepts."""
    today = context.now.astimezone(time_zone(mentee.territory)).date()
    older = people.contact(context.tenant, mentor).birth_date
    birth = people.contact(context.tenant, mentee).birth_date
    outside = (
        ("mentor", older and programme_rules.age_problem(programme, "mentor", older, today)),
        ("mentee", birth and programme_rules.age_problem(programme, "mentee", birth, today)),
    )
    problems = [replace(found, field=kind) for kind, found in outside if found]
    if older and birth:
        gap = programme_rules.age_gap_problem(programme, older, birth)
        if gap and programme.age_gap_strict:
            raise Invalid(gap)
        if gap:
            problems.append(gap)
    if not lifted:
        Overridable.when(problems)
    if birth is None:
        return True
    least, most = rules.PLAN_AGES
    return least <= programme_rules.age_on(birth, today) <= most


def _proposed(
    context: Context, viewer: Viewer, given: PairIn, mentee: Person, *, age_accepted: bool
) -> PairItem:
    """Build a proposed pair. It belongs to its mentee's territory and structure unless given."""
    code = given.territory or mentee.territory
    if code is not None and territory(code) is None:
        raise Invalid.of("territory", f"{code!r} is no territory: give a code of /v1/territories")
    if given.structure is not None:
        _known_structure(context, given.structure)
    # A pair proposed without a coordinator is followed by whoever proposes it, if they follow pairs.
    coordinator = given.coordinator or viewer.reach.portfolio
    structure = given.structure or mentee.structure
    if not in_reach(viewer.reach, TerritoryCode(code) if code else None, structure, coordinator):
        raise Invalid.of("territory", "this territory is outside your own")
    identity = new_ulid(context.now)
    key = store.pair_key(context.tenant, identity)
    today = context.now.astimezone(time_zone(mentee.territory)).date().isoformat()
    return PairItem(
        key,
        keys.SELF,
        mentor=given.mentor,
        mentee=given.mentee,
        programme=given.programme,
        coordinator=coordinator,
        territory=code,
        structure=structure,
        stage=Stage.PROPOSED.value,
        stage_dates={Stage.PROPOSED.value: today},
        since=today,
        age_accepted=age_accepted,
        counting=False,
        override_sealed=encryption.sealed(context.tenant, key, "override", given.override_reason),
    )


def _known_structure(context: Context, structure: str) -> None:
    try:
        network.structure(context.tenant, structure)
    except NotFound:
        raise Invalid.of("structure", "no such structure: give an id of /v1/structures") from None


def _taken(
    context: Context, item: PairItem, mentor: Person, programme: Programme, *, lifted: bool
) -> list[Write]:
    """Give the writes that take the mentor's place, the mentee's bond and the caseload's place."""
    limit = min(mentor.capacity, programme.mentees_per_mentor or mentor.capacity)
    writes: list[Write] = [
        engagements.place_taken(context.tenant, item.mentor, limit),
        engagements.bond_made(context.tenant, item.mentee, item.id),
    ]
    if item.coordinator:
        writes.append(caseload_taken(context, item.coordinator, programme, lifted=lifted))
    return writes
