"""What can be done with a pair that stands: accept, launch, pause, resume, hand over, close."""

from collections.abc import Sequence
from datetime import date

from chalicelib.network import store as network
from chalicelib.pairs import changes, rules, store
from chalicelib.pairs.handover import handed_over, overriding
from chalicelib.pairs.launch import at_stage, launched, programme_of
from chalicelib.pairs.rules import Outcome, Stage
from chalicelib.pairs.schema import ClosureIn, PairPatch
from chalicelib.pairs.store import ClosureItem, PairItem
from chalicelib.people import store as people
from chalicelib.people.engagements import store as engagements
from chalicelib.programmes.schema import Programme
from chalicelib.spine import encryption
from chalicelib.spine.context import Context
from chalicelib.spine.errors import (
    Conflict,
    FieldProblem,
    Invalid,
    StaleVersion,
)
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.transaction import Create, Write
from chalicelib.tenancy.rights import Viewer

_PATCHED = {
    Stage.ACCEPTED: EventType.PAIR_ACCEPTED,
    Stage.PAUSED: EventType.PAIR_PAUSED,
    Stage.CLOSING: EventType.PAIR_CLOSING,
}


def change(context: Context, viewer: Viewer, pair_id: str, given: PairPatch) -> None:
    """Accept, launch, pause, resume or hand over a pair, from the version that was read.

    Raises StaleVersion, Conflict for a stage that cannot follow, Overridable for a full caseload.
    """
    before = store.pair(context.tenant, pair_id, consistent=True)
    if before.version != given.version:
        raise StaleVersion.of_subject()
    programme = programme_of(context, before.programme)
    after = store.copied(before)
    writes: list[Write] = []
    kind: EventType | None = None
    if given.stage is not None:
        kind = _moved(context, after, programme, Stage(given.stage), given.launched_on)
    elif given.launched_on is not None:
        raise Invalid.of("launched_on", "send `stage: active` with it to launch the pair")
    if given.coordinator is not None and given.coordinator != before.coordinator:
        lifted = overriding(viewer, given.override_reason)
        writes += handed_over(context, before, after, given.coordinator, programme, lifted=lifted)
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
    programme = programme_of(context, before.programme)
    after = store.copied(before)
    at_stage(after, Stage.CLOSED, on)
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
        launched(context, after, programme, launched_on or today)
        return EventType.PAIR_LAUNCHED
    if launched_on is not None:
        raise Invalid.of("launched_on", "a pair is launched once, from proposed or accepted")
    at_stage(after, wanted, today)
    if wanted is Stage.ACTIVE:
        facts = store.facts(after, declared=programme.declared)
        after.colour = rules.colour(facts, changes.thresholds(programme), today)
        after.ladder_done = changes.steps_behind(programme, facts, today)
        return EventType.PAIR_RESUMED
    after.colour = None
    return _PATCHED[wanted]


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
