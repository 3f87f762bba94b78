"""What can be done with a pair: propose, accept, launch, pause, hand over, close, let time pass."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chalicelib.network import store as network
from chalicelib.pairs import changes, rules, store
from chalicelib.pairs.rules import Colour, Outcome, Stage
from chalicelib.pairs.schema import ClosureIn, PairIn, PairPatch
from chalicelib.pairs.store import ClosureItem, PairItem
from chalicelib.people import store as people
from chalicelib.people.engagements import store as engagements
from chalicelib.people.person import Person
from chalicelib.programmes import rules as programme_rules
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine import encryption, keys
from chalicelib.spine.context import Context
from chalicelib.spine.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    Overridable,
    StaleVersion,
)
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import MemberId, PairId, new_ulid
from chalicelib.spine.territories import TerritoryCode, territory, time_zone
from chalicelib.spine.transaction import Create, Write, transact
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.rights import Right, Viewer, in_reach

_PATCHED = {
    Stage.ACCEPTED: EventType.PAIR_ACCEPTED,
    Stage.PAUSED: EventType.PAIR_PAUSED,
    Stage.CLOSING: EventType.PAIR_CLOSING,
}


def propose(context: Context, viewer: Viewer, given: PairIn) -> PairId:
    """Propose a pair; with `launched_on`, launch it at once.

    In one transaction: the pair, a place of the mentor, the mentee's one bond, a place in the
    coordinator's caseload, both people's stage, the agenda. Raises Invalid for what can never be,
    Overridable for what an `override_reason` may lift, Forbidden for a reason from somebody who may
    not lift it.
    """
    mentor = _person_in_reach(context, viewer, given.mentor, "mentor")
    mentee = _person_in_reach(context, viewer, given.mentee, "mentee")
    programme = _programme(context, given.programme)
    overriding = _overriding(viewer, given.override_reason)
    age_accepted = _check_ages(context, mentor, mentee, programme, overriding=overriding)
    item = _proposed(context, viewer, given, mentee, age_accepted=age_accepted)
    proposed = store.weight(item)
    events = [changes.event(EventType.PAIR_PROPOSED, item, None, proposed)]
    if given.launched_on is not None:
        _launch(context, item, programme, given.launched_on)
        events.append(changes.event(EventType.PAIR_LAUNCHED, item, proposed, store.weight(item)))
    writes: list[Write] = [Create(store.filed(item, context.tenant))]
    writes += _taken(context, item, mentor, programme, overriding=overriding)
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


def change(context: Context, viewer: Viewer, pair_id: str, given: PairPatch) -> None:
    """Accept, launch, pause, resume or hand over a pair, from the version that was read.

    Raises StaleVersion, Conflict for a stage that cannot follow, Overridable for a full caseload.
    """
    before = store.pair(context.tenant, pair_id, consistent=True)
    if before.version != given.version:
        raise StaleVersion.of_subject()
    programme = _programme(context, before.programme)
    after = store.copied(before)
    writes: list[Write] = []
    kind: EventType | None = None
    if given.stage is not None:
        kind = _moved(context, after, programme, Stage(given.stage), given.launched_on)
    elif given.launched_on is not None:
        raise Invalid.of("launched_on", "send `stage: active` with it to launch the pair")
    if given.coordinator is not None and given.coordinator != before.coordinator:
        overriding = _overriding(viewer, given.override_reason)
        writes += _handed_over(context, before, after, given.coordinator, programme, overriding=overriding)
        kind = kind or EventType.PAIR_REASSIGNED
    if kind is None:
        raise Invalid.of("stage", "send a stage, or another coordinator")
    changes.commit(context, before, after, programme, kind, writes=writes)


def close(context: Context, pair_id: str, given: ClosureIn) -> None:
    """Close a pair: its places are free again and its people available.

    Raises Conflict when it is closed already, Invalid for a day outside the pair's life or a
    break-off without a reason.
    """
    before = store.pair(context.tenant, pair_id, consistent=True)
    if given.version is not None and given.version != before.version:
        raise StaleVersion.of_subject()
    if before.stage == Stage.CLOSED:
        raise Conflict.of("stage", "the pair is closed already", "Ce binôme est déjà clos.")
    today = changes.today_of(context, before)
    on = given.on or today
    Invalid.when(_closure_problems(before, given, on, today))
    programme = _programme(context, before.programme)
    after = store.copied(before)
    _stage(after, Stage.CLOSED, on)
    after.closed_on = on.isoformat()
    after.outcome = given.outcome.value
    after.reason = given.reason.value if given.reason else None
    after.on_list_since = None
    writes: list[Write] = [Create(_review(context, before, given, on))]
    freed, events = _freed(context, before)
    changes.commit(
        context,
        before,
        after,
        programme,
        EventType.PAIR_CLOSED,
        writes=[*writes, *freed],
        consequences=events,
        data={"outcome": after.outcome, "reason": after.reason},
    )


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


def _programme(context: Context, programme_id: str) -> Programme:
    try:
        return programmes.programme(context.tenant, programme_id)
    except NotFound:
        raise Invalid.of(
            "programme",
            "no such programme: give an id of /v1/programmes",
            "Choisissez un programme de la liste.",
        ) from None


def _overriding(viewer: Viewer, reason: str | None) -> bool:
    if reason is None:
        return False
    if not viewer.may(Right.RULES_OVERRIDE):
        raise Forbidden.of(
            "override_reason",
            "your roles may not lift a rule of the programme: ask a référent or the head office",
            "Seule une référence régionale ou la tête de réseau peut lever cette règle.",
        )
    return True


def _check_ages(
    context: Context, mentor: Person, mentee: Person, programme: Programme, *, overriding: bool
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
    if not overriding:
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
    context: Context, item: PairItem, mentor: Person, programme: Programme, *, overriding: bool
) -> list[Write]:
    """Give the writes that take the mentor's place, the mentee's bond and the caseload's place."""
    limit = min(mentor.capacity, programme.mentees_per_mentor or mentor.capacity)
    writes: list[Write] = [
        engagements.place_taken(context.tenant, item.mentor, limit),
        engagements.bond_made(context.tenant, item.mentee, item.id),
    ]
    if item.coordinator:
        writes.append(_caseload_taken(context, item.coordinator, programme, overriding=overriding))
    return writes


def _caseload_taken(context: Context, coordinator: str, programme: Programme, *, overriding: bool) -> Write:
    try:
        member = tenancy.member(context.tenant, coordinator)
    except NotFound:
        raise Invalid.of(
            "coordinator", "no such member: give an id of /v1/members", "Choisissez dans la liste."
        ) from None
    most = programme.caseload_ratio
    if member.capacity is not None:
        most = min(most, member.capacity)
    full = Overridable.of(
        "coordinator",
        f"{member.name} already follows {most} pairs, which is the ratio: choose another coordinator, "
        "or give an override_reason if you may",
        f"{member.name} suit déjà {most} binômes, la limite : choisissez quelqu'un d'autre.",
    )
    return network.caseload_taken(context.tenant, coordinator, None if overriding else most, full)


def _handed_over(  # noqa: PLR0913 - a handover has two coordinators, a programme and a permission.
    context: Context,
    before: PairItem,
    after: PairItem,
    coordinator: str,
    programme: Programme,
    *,
    overriding: bool,
) -> list[Write]:
    if before.stage == Stage.CLOSED:
        raise Conflict.of("coordinator", "the pair is closed", "Ce binôme est clos.")
    after.coordinator = coordinator
    writes = [_caseload_taken(context, coordinator, programme, overriding=overriding)]
    if before.coordinator:
        writes.append(network.caseload_freed(context.tenant, before.coordinator))
    return writes


def _moved(
    context: Context, after: PairItem, programme: Programme, wanted: Stage, launched_on: date | None
) -> EventType:
    """Bring a pair to another stage and tell which event that is."""
    was = Stage(after.stage)
    if wanted not in rules.NEXT[was]:
        accepted = ", ".join(sorted(rules.NEXT[was])) or "nothing: it is closed"
        raise Conflict.of(
            "stage",
            f"a pair that is {was} may become: {accepted}",
            "Ce binôme n'est plus à l'étape où cela se fait : relisez sa fiche.",
        )
    today = changes.today_of(context, after)
    if wanted is Stage.ACTIVE and was in {Stage.PROPOSED, Stage.ACCEPTED}:
        _launch(context, after, programme, launched_on or today)
        return EventType.PAIR_LAUNCHED
    if launched_on is not None:
        raise Invalid.of("launched_on", "a pair is launched once, from proposed or accepted")
    _stage(after, wanted, today)
    if wanted is Stage.ACTIVE:
        facts = store.facts(after, declared=programme.declared)
        after.colour = rules.colour(facts, changes.thresholds(programme), today)
        after.ladder_done = changes.steps_behind(programme, facts, today)
        return EventType.PAIR_RESUMED
    after.colour = None
    return _PATCHED[wanted]


def _launch(context: Context, item: PairItem, programme: Programme, on: date) -> None:
    """Make a pair active from a day on. A launch in the past is green until the next tick looks."""
    today = changes.today_of(context, item)
    if on > today:
        raise Invalid.of(
            "launched_on",
            f"the launch is in the future: give a day up to {today}",
            "Le lancement ne peut pas être dans le futur.",
        )
    _stage(item, Stage.ACTIVE, on)
    item.launched_on = on.isoformat()
    item.colour = Colour.GREEN.value
    item.counting = programme.declared and item.age_accepted
    agreement = programmes.current_agreement(context.tenant, on) if programme.declared else None
    item.launched_under = agreement[0] if agreement else None


def _stage(item: PairItem, stage: Stage, on: date) -> None:
    item.stage = stage.value
    item.stage_dates = {**item.stage_dates, stage.value: on.isoformat()}
    item.since = on.isoformat()
    if stage is not Stage.ACTIVE:
        item.colour = None


def _freed(context: Context, pair: PairItem) -> tuple[list[Write], list[Event]]:
    """Give the writes and events that free everybody a pair held."""
    writes: list[Write] = [
        engagements.place_freed(context.tenant, pair.mentor),
        engagements.bond_ended(context.tenant, pair.mentee),
    ]
    events: list[Event] = []
    if pair.coordinator:
        writes.append(network.caseload_freed(context.tenant, pair.coordinator))
    others = engagements.open_places(context.tenant, pair.mentor) - 1
    found = people.people(context.tenant, [pair.mentor, pair.mentee])
    freed = [pair.mentee] if others > 0 else [pair.mentor, pair.mentee]
    for person in (found[each] for each in freed if each in found):
        if person.stage == "paired":
            write, event = people.moved(context, person, "available", None)
            writes.append(write)
            events.append(event)
    return writes, events


def _closure_problems(pair: PairItem, given: ClosureIn, on: date, today: date) -> Sequence[FieldProblem]:
    problems = []
    first = date.fromisoformat(pair.launched_on) if pair.launched_on else None
    if on > today or (first and on < first):
        problems.append(
            FieldProblem(
                "on",
                f"give a day from {first or 'the proposal'} to {today}",
                "La date de clôture est entre le lancement et aujourd'hui.",
            )
        )
    if given.outcome is Outcome.BROKEN_OFF and given.reason is None:
        accepted = ", ".join(rules.BreakOffReason)
        problems.append(
            FieldProblem(
                "reason", f"a break-off has a reason: one of {accepted}", "Indiquez la raison de l'arrêt."
            )
        )
    return problems


def _review(context: Context, pair: PairItem, given: ClosureIn, on: date) -> ClosureItem:
    sort = f"CLOSURE#{on.isoformat()}"
    note = encryption.sealed(context.tenant, f"{pair.pk}|{sort}", "note", given.note)
    return ClosureItem(
        pair.pk,
        sort,
        on=on.isoformat(),
        mentor_rating=given.mentor_rating,
        mentee_rating=given.mentee_rating,
        note_sealed=note,
    )
