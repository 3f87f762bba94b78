"""A member's day: whom to call first, how many pairs stand where, and where to go from there."""

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from chalicelib.pairs import queries, rules, store
from chalicelib.pairs.lists.store import Filters
from chalicelib.pairs.rules import Colour, Stage
from chalicelib.pairs.store import PairItem
from chalicelib.people import store as people
from chalicelib.people.person import Person, name_of, visible
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine import paging
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.rights import Right, Viewer

_SILENT = frozenset({Colour.ORANGE, Colour.RED})
_COLOURS = ((Colour.RED, "rouge"), (Colour.ORANGE, "orange"), (Colour.GREEN, "vert"))
#: A green pair is in the list for a problem alone.
_ORDER = {Colour.GREEN: 0, Colour.RED: 1, Colour.ORANGE: 2}
_BEFORE_LAUNCH = ((Stage.PROPOSED, "à accepter"), (Stage.ACCEPTED, "à lancer"))


def day(viewer: Viewer, now: datetime) -> dict[str, object]:
    """Give a member's day: whom to call, red first, and how full their portfolio is.

    A coordinator's day is their own portfolio; a référent's or a structure's is all they reach, with
    who follows each pair. Contact details are opened here: it is the list of people to call.
    """
    own = queries.portfolio(viewer)
    page = queries.listed(viewer, Filters(coordinator=own), paging.Window(limit=paging.MOST))
    known = programmes.known_programmes(viewer.tenant, *(pair.programme for pair in page.items))
    silent = [pair for pair in page.items if pair.colour in _SILENT and pair.programme in known]
    called = [
        pair
        for pair in silent
        if rules.is_to_call(Colour(pair.colour), _reached_on(pair), queries.today_of(pair, now))
    ]
    worried = [pair for pair in page.items if _is_worried(pair) and pair.programme in known]
    urgent = [*worried, *called]
    # Problems come first, then what the reminders handed over; within a colour, what has been so for longest.
    urgent.sort(key=lambda pair: (_ORDER[Colour(pair.colour)], pair.on_list_since is None, pair.since))
    found = queries.people_of(viewer.tenant, urgent)
    kept: dict[str, str] = {"coordinator": own} if own else {}
    return {
        "to_do": [_card(viewer, pair, found, known[pair.programme], now) for pair in urgent],
        "reached": len(silent) - len(called),
        "caseload": queries.caseload(viewer) if own else None,
        # The first hundred pairs are not the whole: those who reach more read their figures by region.
        "figures": [] if page.next else _figures(page.items, kept),
        "shortcuts": _shortcuts(viewer, kept),
        "more_href": _list_href(kept, colour="red") if page.next else "",
    }


def _card(
    viewer: Viewer, pair: PairItem, found: dict[str, Person], programme: Programme, now: datetime
) -> dict[str, object]:
    mentor, mentee = found.get(pair.mentor), found.get(pair.mentee)
    contact = people.contact(viewer.tenant, mentor) if mentor and visible(viewer.reach, mentor) else None
    facts = store.facts(pair, declared=programme.declared)
    met = facts.session_days[-1] if facts.session_days else None
    heard = _reached_on(pair)
    last = max((day for day in (heard, met) if day), default=None)
    return {
        "href": f"/pairs/{pair.id}",
        "mentor_name": name_of(mentor) if mentor else "",
        "mentee_name": name_of(mentee) if mentee else "",
        "programme_name": programme.name,
        "followed_by": _follower(viewer, pair),
        "colour": pair.colour,
        "why": "souci signalé, à rappeler" if _is_worried(pair) else queries.why(pair, programme, now),
        "contact_name": name_of(mentor) if mentor else "",
        "phone": contact.phone if contact else None,
        "last_exchange_on": last,
        "last_exchange_label": "dernier échange" if last == heard else "dernière séance",
        "contact_href": f"/pairs/{pair.id}?form=contact#noter-echange",
    }


def _is_worried(pair: PairItem) -> bool:
    """Tell whether a problem was reported on a pair that is well otherwise, and nobody was reached since."""
    return pair.colour == Colour.GREEN and pair.on_list_since is not None


def _follower(viewer: Viewer, pair: PairItem) -> str:
    """Name who follows a pair, to somebody else."""
    if pair.coordinator == viewer.member:
        return ""
    names = {str(member.id): member.name for member in tenancy.known_members(viewer.tenant)}
    return f"suivi par {names.get(pair.coordinator or '', 'personne')}"


def _figures(pairs: Sequence[PairItem], kept: dict[str, str]) -> list[dict[str, object]]:
    """Count what the lists behind these figures show: the same pairs, however the list is reached."""
    colours = [
        _figure(label, [pair.colour == colour for pair in pairs], _list_href(kept, colour=colour), colour)
        for colour, label in _COLOURS
    ]
    stages = [
        _figure(label, [pair.stage == stage for pair in pairs], _list_href(kept, stage=stage))
        for stage, label in _BEFORE_LAUNCH
    ]
    return colours + stages


def _figure(label: str, held: Sequence[bool], href: str, colour: str = "") -> dict[str, object]:
    return {"label": label, "value": sum(held), "href": href, "colour": colour}


def _shortcuts(viewer: Viewer, kept: dict[str, str]) -> list[tuple[str, str]]:
    """Give where the day leads besides the calls."""
    plural = tenancy.tenant(viewer.tenant).words["pairs"]
    found = [(f"Tous mes {plural}" if kept else f"Tous les {plural} que je vois", _list_href(kept))]
    if viewer.may(Right.PEOPLE_READ):
        found.append(("Qui attend une mise en relation", "/mentees?stage=available"))
    if viewer.may(Right.PAIRS_WRITE):
        found.append(("Mettre en relation", "/pairs/new"))
    return found


def _list_href(kept: dict[str, str], **narrowed: str) -> str:
    query = urlencode({**kept, **narrowed})
    return f"/pairs?{query}" if query else "/pairs"


def _reached_on(item: PairItem) -> date | None:
    return date.fromisoformat(item.last_contact_on) if item.last_contact_on else None
