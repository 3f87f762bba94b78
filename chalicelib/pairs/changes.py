"""What every change of a pair does: derive its state, put its next moment on the agenda, commit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from chalicelib.pairs import rules, store
from chalicelib.pairs.rules import Colour, Facts, Thresholds
from chalicelib.pairs.store import PairItem
from chalicelib.programmes.schema import Programme
from chalicelib.spine import agenda
from chalicelib.spine.context import Context
from chalicelib.spine.events import Dimensions, Event, EventType
from chalicelib.spine.ids import TenantId
from chalicelib.spine.territories import TerritoryCode, time_zone
from chalicelib.spine.transaction import Write, transact

#: The agenda entry that follows a pair: one per pair, its earliest next moment.
JOB = "followup"

_TURNED = {
    Colour.GREEN: EventType.PAIR_TURNED_GREEN,
    Colour.ORANGE: EventType.PAIR_TURNED_ORANGE,
    Colour.RED: EventType.PAIR_TURNED_RED,
}


def today_of(context: Context, pair: PairItem) -> date:
    """Give the day it is where the pair lives."""
    code = TerritoryCode(pair.territory) if pair.territory else None
    return context.now.astimezone(time_zone(code)).date()


def thresholds(programme: Programme) -> Thresholds:
    """Give the programme's days of silence before orange and red."""
    return Thresholds(programme.orange_after_days, programme.red_after_days)


def ladder(programme: Programme) -> list[int]:
    """Give the days of silence at which the programme's reminders are due."""
    return [step.after_days for step in programme.reminders]


def steps_behind(programme: Programme, facts: Facts, today: date) -> int:
    """Count the reminders that a silence starting now leaves behind it."""
    return rules.steps_reached(ladder(programme), rules.silence(facts, today))


def next_follow_up(tenant: TenantId, pair: PairItem, programme: Programme) -> Write:
    """Give the write that puts a pair's next moment on the agenda, or takes it off."""
    code = TerritoryCode(pair.territory) if pair.territory else None
    moment = rules.next_moment(
        store.facts(pair, declared=programme.declared),
        thresholds(programme),
        ladder(programme),
        stored_colour=Colour(pair.colour) if pair.colour else None,
        stored_counts=pair.counting,
        done=int(pair.ladder_done),
        zone=time_zone(code),
    )
    return agenda.reschedule(store.pair_key(tenant, pair.id), pair.id, JOB, moment)


def event(
    kind: EventType,
    pair: PairItem,
    before: Dimensions | None,
    after: Dimensions | None,
    data: Mapping[str, str | int | bool | None] | None = None,
) -> Event:
    """Make an event about a pair; it names the people and the programme by id."""
    named: dict[str, str | int | bool | None] = {
        "mentor": pair.mentor,
        "mentee": pair.mentee,
        "programme": pair.programme,
        "coordinator": pair.coordinator,
    }
    return Event(kind, pair.id, before, after, {**named, **(data or {})})


def commit(  # noqa: PLR0913 - what a change of a pair is made of, each part by name.
    context: Context,
    before: PairItem,
    after: PairItem,
    programme: Programme,
    kind: EventType | None,
    *,
    writes: Sequence[Write] = (),
    consequences: Sequence[Event] = (),
    data: Mapping[str, str | int | bool | None] | None = None,
    created: str | None = None,
) -> None:
    """Commit a change: the pair, its agenda entry, its event, and those that follow from it.

    Whether it counts is derived here, so that no action can forget it. A change of colour or of
    counting within the same stage is an event of its own, after the one that caused it; when time
    alone caused it there is no other, and `kind` is None.
    """
    today = today_of(context, after)
    facts = store.facts(after, declared=programme.declared)
    after.counting = facts.stage in rules.RUNNING and rules.counts(facts, today).counts
    weighed, weighs = store.weight(before), store.weight(after)
    within_stage = before.stage == after.stage
    told = replace(weighs, colour=weighed.colour, counts=weighed.counts) if within_stage else weighs
    events = [replace(event(kind, after, weighed, told, data), created=created)] if kind else []
    if within_stage:
        events += _followed(after, told, weighs)
    saved = store.saved(after, before, context.tenant, context.now)
    transact(
        context,
        events[0],
        [saved, next_follow_up(context.tenant, after, programme), *writes],
        [*events[1:], *consequences],
    )


def _followed(pair: PairItem, told: Dimensions, weighs: Dimensions) -> list[Event]:
    """Tell the turns of colour and of counting between two weights of the same stage."""
    events: list[Event] = []
    if weighs.colour and weighs.colour != told.colour:
        turned = replace(told, colour=weighs.colour)
        events.append(event(_TURNED[Colour(weighs.colour)], pair, told, turned))
        told = turned
    if weighs.counts != told.counts:
        events.append(event(EventType.PAIR_COUNTS_CHANGED, pair, told, weighs))
    return events


def let_time_pass(context: Context, before: PairItem, programme: Programme) -> bool:
    """Bring a pair's stored colour and counting to what the day makes of them.

    Gives True when something changed. One event per turn; the agenda moves in the same transaction.
    """
    today = today_of(context, before)
    facts = store.facts(before, declared=programme.declared)
    after = store.copied(before)
    colour = rules.colour(facts, thresholds(programme), today)
    after.colour = colour.value if colour else None
    counting = facts.stage in rules.RUNNING and rules.counts(facts, today).counts
    if after.colour == before.colour and counting == before.counting:
        return False
    commit(context, before, after, programme, None)
    return True
