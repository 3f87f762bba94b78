"""The page of one pair: what the detail template is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.pairs import changes, choices, queries, rules, store, wording
from chalicelib.pairs.rules import BreakOffReason, Outcome, Stage
from chalicelib.pairs.store import History, PairItem
from chalicelib.people import store as people
from chalicelib.people.person import Person, name_of
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine.clock import moment
from chalicelib.spine.errors import Unfinished
from chalicelib.spine.table import Item
from chalicelib.spine.territories import territory
from chalicelib.tenancy.rights import Right, in_reach
from chalicelib.tenancy.screens import Visit

CHANNELS = [
    ("phone", "téléphone"),
    ("mail", "mail"),
    ("sms", "SMS"),
    ("meeting", "rendez-vous"),
    ("other", "autre"),
]
ANSWERS = [("true", "a répondu"), ("false", "message laissé")]
CADENCES = {"week": "chaque semaine", "month": "chaque mois", "on_request": "à la demande"}


@dataclass(frozen=True)
class Forms:
    """The page's forms as they were left: what was typed, and what was refused.

    `opened` is the form a link led to: `contact`, from the day's list.
    """

    opened: str = ""
    move: Unfinished = field(default_factory=Unfinished)
    launch: Unfinished = field(default_factory=Unfinished)
    session: Unfinished = field(default_factory=Unfinished)
    contact: Unfinished = field(default_factory=Unfinished)
    reassign: Unfinished = field(default_factory=Unfinished)


def context(visit: Visit, history: History, forms: Forms) -> dict[str, object]:
    """Build what the page of a pair shows to this viewer."""
    pair = history.pair
    found = queries.people_of(visit.viewer.tenant, [pair])
    programme = programmes.programme(visit.viewer.tenant, pair.programme)
    counted = queries.shown(visit.viewer.tenant, pair, visit.context.now).counts
    facts = store.facts(pair, declared=programme.declared)
    today = changes.today_of(visit.context, pair)
    return {
        "pair": summary(visit, pair, found, programme),
        "mentor": _person(visit, found.get(pair.mentor), "mentors"),
        "mentee": _person(visit, found.get(pair.mentee), "mentees"),
        "programme": {
            "name": programme.name,
            "format_label": wording.FORMATS[programme.format],
            "cadence_label": CADENCES[programme.cadence.every],
            "declared": programme.declared,
        },
        "sessions": [_session(visit, item) for item in history.sessions],
        "contacts": [_contact(visit, item) for item in history.contacts],
        "reminders": [_reminder(item, visit.tenant.words) for item in history.others if _is_reminder(item)],
        "counts": {
            "counts": counted.counts,
            "reasons": wording.french_reasons(rules.counts(facts, today)),
            "until": counted.until,
        },
        "closure": _closure(visit, history),
        "allowed": _allowed(visit, pair),
        "forms": _forms(visit, pair, programme, forms),
    }


def summary(
    visit: Visit, pair: PairItem, found: Mapping[str, Person], programme: Programme
) -> dict[str, object]:
    """Tell what the head of a pair's page and its row in a list show."""
    facts = store.facts(pair, declared=programme.declared)
    named = territory(pair.territory) if pair.territory else None
    members = choices.coordinators(visit.viewer.tenant)
    reached = pair.stage_dates.get(pair.stage)
    return {
        "id": pair.id,
        "version": int(pair.version or 1),
        "href": f"/pairs/{pair.id}",
        "list_href": "/pairs",
        "mentor_name": name_of(found[pair.mentor]) if pair.mentor in found else "—",
        "mentee_name": name_of(found[pair.mentee]) if pair.mentee in found else "—",
        "programme_name": programme.name,
        "stage": pair.stage,
        "stage_label": wording.STAGES[Stage(pair.stage)],
        "stage_on": pair.launched_on if pair.stage == Stage.ACTIVE else reached,
        "colour": pair.colour,
        "why": queries.why(pair, programme, visit.context.now),
        "launched_on": facts.launched_on,
        "last_session_on": facts.session_days[-1] if facts.session_days else None,
        "coordinator_name": members.get(pair.coordinator or "", "Personne pour l'instant"),
        "territory_name": named.name if named else "",
        "structure_name": "",
    }


def cards_of(visit: Visit, person: Person) -> list[dict[str, object]]:
    """Give the pairs of a person that the viewer may see, for the person's own page."""
    tenant = visit.viewer.tenant
    pairs = store.pairs_by_id(tenant, store.pairs_of_person(tenant, person.id))
    seen = [pair for pair in pairs if queries.is_seen(visit.viewer, pair)]
    found = queries.people_of(tenant, seen)
    known = programmes.known_programmes(tenant, *(pair.programme for pair in seen))
    newest_first = sorted(seen, key=lambda pair: pair.id, reverse=True)
    return [summary(visit, pair, found, known[pair.programme]) for pair in newest_first]


def _person(visit: Visit, person: Person | None, folder: str) -> dict[str, object] | None:
    """Show somebody of the pair with their number, to a viewer who may see the person."""
    if person is None:
        return None
    seen = in_reach(visit.viewer.reach, person.territory, person.structure, person.followed_by)
    if not seen:
        return {"name": name_of(person), "href": None, "phone": None, "email": None, "guardian": None}
    contact = people.contact(visit.viewer.tenant, person)
    guardian = contact.guardian
    return {
        "name": name_of(person),
        "href": f"/{folder}/{person.id}",
        "phone": contact.phone,
        "email": contact.email,
        "guardian": {"name": guardian.name, "phone": guardian.phone} if guardian else None,
    }


def whom(visit: Visit) -> list[tuple[str, str]]:
    """Give whom the team may have spoken with, in the tenant's own words."""
    words = visit.tenant.words
    return [("mentor", words["mentor"]), ("mentee", words["mentee"]), ("guardian", "famille")]


def _session(visit: Visit, item: store.SessionItem) -> dict[str, object]:
    shown = queries.shown_session(visit.viewer.tenant, item)
    return {
        "on": shown.on,
        "minutes": shown.minutes,
        "format_label": wording.FORMATS[shown.format],
        "rating": shown.rating,
        "problem": shown.problem,
        "note": shown.note,
    }


def _contact(visit: Visit, item: store.ContactItem) -> dict[str, object]:
    shown = queries.shown_contact(visit.viewer.tenant, item)
    return {
        "on": shown.on,
        "whom_label": dict(whom(visit))[shown.whom],
        "channel_label": dict(CHANNELS)[shown.channel] + ("" if shown.reached else " (message laissé)"),
        "note": shown.note,
    }


def _closure(visit: Visit, history: History) -> dict[str, object] | None:
    """Show how a pair ended, with what its closing review says; None while it is open."""
    pair = history.pair
    if pair.outcome is None:
        return None
    reviews = [item for item in history.others if isinstance(item, store.ClosureItem)]
    why = wording.BREAK_OFF_REASONS[BreakOffReason(pair.reason)].lower() if pair.reason else ""
    reason = f"\u00a0: {why}" if why else ""
    return {
        "on": pair.closed_on,
        "outcome_label": wording.OUTCOMES[Outcome(pair.outcome)] + reason,
        "note": store.opened_text(visit.viewer.tenant, reviews[0], "note") if reviews else None,
    }


def _is_reminder(item: Item) -> bool:
    return item.sk.startswith("REMINDER#")


def _reminder(item: Item, words: Mapping[str, str]) -> dict[str, object]:
    """Show a reminder from the attributes every room can read: the follow-up room is above this one."""
    read = item.attribute_values
    return {
        "at": moment(str(read["at"])),
        "step_label": wording.reminder_step(int(read["step"])),
        "to": wording.recipient(str(read["to"]), words),
        "status_label": wording.REMINDERS[str(read["status"])],
    }


def _allowed(visit: Visit, pair: PairItem) -> dict[str, bool]:
    writes = visit.viewer.may(Right.PAIRS_WRITE)
    following = rules.NEXT[Stage(pair.stage)]
    running = Stage(pair.stage) in rules.RUNNING
    return {
        "accept": writes and Stage.ACCEPTED in following,
        "launch": writes and not running and Stage.ACTIVE in following,
        "report_session": writes and running,
        "add_contact": writes and pair.stage != Stage.CLOSED,
        "pause": writes and Stage.PAUSED in following,
        "resume": writes and running and Stage.ACTIVE in following,
        "close": writes and pair.stage != Stage.CLOSED,
        "reassign": writes and pair.stage != Stage.CLOSED,
    }


def _forms(visit: Visit, pair: PairItem, programme: Programme, forms: Forms) -> dict[str, object]:
    today = changes.today_of(visit.context, pair).isoformat()
    session = {"on": today, "format": programme.format, **forms.session.values}
    contact = {"on": today, "whom": "mentor", "channel": "phone", "reached": "true", **forms.contact.values}
    reassign = {"coordinator": pair.coordinator or "", **forms.reassign.values}
    return {
        "opened": forms.opened,
        "refusals": list(forms.move.messages().values()),
        "launch": {
            "values": {"launched_on": today, **forms.launch.values},
            "errors": forms.launch.messages(),
        },
        "session": {
            "values": session,
            "errors": forms.session.messages(),
            "formats": [(value, wording.FORMATS[value]) for value in programme.formats],
        },
        "contact": {
            "values": contact,
            "errors": forms.contact.messages(),
            "whom": whom(visit),
            "channels": CHANNELS,
            "answers": ANSWERS,
        },
        "reassign": {
            "values": reassign,
            "errors": forms.reassign.messages(),
            "coordinators": choices.caseloads(visit, programme),
        },
    }
