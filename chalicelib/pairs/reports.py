"""What is reported about a running pair: its sessions, and the team's contacts with its people."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from chalicelib.pairs import changes, rules, store
from chalicelib.pairs.rules import Stage
from chalicelib.pairs.schema import ContactIn, SessionIn
from chalicelib.pairs.store import ContactItem, PairItem, SessionItem
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine import encryption
from chalicelib.spine.clock import stamp
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Conflict, FieldProblem, Invalid, StaleVersion
from chalicelib.spine.events import EventType
from chalicelib.spine.ids import new_ulid
from chalicelib.spine.transaction import Create

#: As many as may report on one pair at the same moment: each time, one of them is heard.
_TRIES = 10
Result = TypeVar("Result")


def report_session(context: Context, pair_id: str, given: SessionIn) -> str:
    """Record a session: the silence starts again, and what was due for the old one is dropped.

    Two people who report at the same moment are both heard. Raises Invalid for a day outside the
    pair's life or a format that the programme does not have, Conflict when the pair is not running.
    Gives the session's id.
    """
    return _insisting(lambda: _report(context, pair_id, given))


def add_contact(context: Context, pair_id: str, given: ContactIn) -> str:
    """Note an exchange with somebody of the pair. Raises Invalid; gives the contact's id.

    Reaching somebody takes the pair off the coordinator's list; it does not end the silence, which
    only a session does.
    """
    return _insisting(lambda: _contact(context, pair_id, given))


def _report(context: Context, pair_id: str, given: SessionIn) -> str:
    before = store.pair(context.tenant, pair_id, consistent=True)
    programme = programmes.programme(context.tenant, before.programme)
    today = changes.today_of(context, before)
    Invalid.when(_session_problems(before, programme, given, today))
    if Stage(before.stage) not in rules.RUNNING | {Stage.CLOSED}:
        raise Conflict.of("stage", "the pair is not launched: launch it first", "Binôme pas encore lancé.")
    after = store.copied(before)
    _with_day(after, programme, given.on, today)
    if given.problem and after.colour:
        # Whoever reports a problem is called back, however lively their pair.
        after.on_list_since = today.isoformat()
    # Drawn for the day it was held, so that a session is found by its id in one call.
    identity = new_ulid(datetime.combine(given.on, context.now.time(), UTC))
    session = SessionItem(
        before.pk,
        f"SESSION#{given.on.isoformat()}#{identity}",
        on=given.on.isoformat(),
        minutes=given.minutes,
        format=given.format,
        rating=given.rating,
        reported_at=stamp(context.now),
        reported_by=context.actor,
    )
    changes.commit(
        context,
        before,
        after,
        programme,
        EventType.SESSION_REPORTED,
        writes=[store.new_session(context.tenant, session, given.problem, given.note)],
        data={
            "session": identity,
            "on": session.on,
            "minutes": given.minutes,
            "format": given.format,
            "rating": given.rating,
            "problem": bool(given.problem),
        },
        created=f"{pair_id}/{session.sk}",
    )
    return f"{pair_id}/{session.sk}"


def _with_day(after: PairItem, programme: Programme, on: date, today: date) -> None:
    """Add a day to the pair's sessions; the latest one starts a new silence, an older one does not."""
    facts = store.facts(after, declared=programme.declared)
    if facts.launched_on is None:
        return
    reference = facts.reference
    after.session_days = store.written_days(facts.launched_on, (*facts.session_days, on))
    heard = store.facts(after, declared=programme.declared)
    if heard.stage is Stage.ACTIVE:
        colour = rules.colour(heard, changes.thresholds(programme), today)
        after.colour = colour.value if colour else None
    if reference is None or on >= reference:
        after.silence = int(after.silence or 0) + 1
        after.ladder_done = changes.steps_behind(programme, heard, today)
        after.on_list_since = None


def _session_problems(
    pair: PairItem, programme: Programme, given: SessionIn, today: date
) -> list[FieldProblem]:
    facts = store.facts(pair, declared=programme.declared)
    problems = []
    wrong = rules.session_problem(facts, given.on, today)
    if wrong:
        problems.append(FieldProblem("on", *wrong))
    if given.format not in programme.formats:
        accepted = ", ".join(programme.formats)
        problems.append(
            FieldProblem(
                "format",
                f"sessions of this programme are: {accepted}",
                "Ce programme n'a pas de séances de cette forme.",
            )
        )
    return problems


def _contact(context: Context, pair_id: str, given: ContactIn) -> str:
    before = store.pair(context.tenant, pair_id, consistent=True)
    programme = programmes.programme(context.tenant, before.programme)
    today = changes.today_of(context, before)
    if given.on > today or given.on < today - timedelta(days=366):
        raise Invalid.of(
            "on",
            f"give a day of the last year, up to {today}",
            "L'échange a eu lieu dans l'année, au plus tard aujourd'hui.",
        )
    after = store.copied(before)
    if given.reached:
        after.last_contact_on = max(before.last_contact_on or "", given.on.isoformat())
        after.on_list_since = None
    identity = new_ulid(context.now)
    sort = f"CONTACT#{given.on.isoformat()}#{identity}"
    contact = ContactItem(
        before.pk,
        sort,
        on=given.on.isoformat(),
        whom=given.whom,
        channel=given.channel,
        reached=given.reached,
        note_sealed=encryption.sealed(context.tenant, f"{before.pk}|{sort}", "note", given.note),
        noted_by=context.actor,
    )
    changes.commit(
        context,
        before,
        after,
        programme,
        EventType.PAIR_CONTACTED,
        writes=[Create(contact)],
        data={"contact": identity, "whom": given.whom, "reached": given.reached},
        created=f"{pair_id}/{sort}",
    )
    return f"{pair_id}/{sort}"


def _insisting(attempt: Callable[[], Result]) -> Result:
    """Try again from a fresh reading when somebody else changed the pair meanwhile.

    A report carries no version: it adds to a pair, whatever its state has become.
    """
    for _ in range(_TRIES - 1):
        try:
            return attempt()
        except StaleVersion:
            continue
    return attempt()
