"""What can be asked about pairs: one, a list, a coordinator's day. As far as the viewer may see."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from chalicelib.network import store as network
from chalicelib.pairs import changes, rules, store, wording
from chalicelib.pairs.rules import Colour, Facts
from chalicelib.pairs.schema import ContactOut, CountsOut, PairOut, SessionFormat, SessionOut
from chalicelib.pairs.store import ContactItem, Filters, History, PairItem, SessionItem
from chalicelib.people import store as people
from chalicelib.people.filters import Wanted
from chalicelib.people.lists import store as lists
from chalicelib.people.person import Kind, Person, name_of
from chalicelib.people.rules import Stage
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine import paging
from chalicelib.spine.errors import NotFound
from chalicelib.spine.ids import TenantId
from chalicelib.spine.territories import TerritoryCode, time_zone
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.listing import Listed, Narrowing, sources
from chalicelib.tenancy.rights import Viewer, in_reach


def is_seen(viewer: Viewer, item: PairItem) -> bool:
    """Tell whether a viewer may see a pair."""
    place = store.place(item)
    return in_reach(viewer.reach, place.territory, place.structure, place.coordinator)


def visible(viewer: Viewer, pair_id: str) -> PairItem:
    """Read a pair the viewer may see. Raises NotFound for any other."""
    item = store.pair(viewer.tenant, pair_id)
    if not is_seen(viewer, item):
        raise NotFound.of("pair", "no such pair")
    return item


def visible_history(viewer: Viewer, pair_id: str) -> History:
    """Read a pair the viewer may see, with all that is filed under it. Raises NotFound."""
    found = store.history(viewer.tenant, pair_id)
    if not is_seen(viewer, found.pair):
        raise NotFound.of("pair", "no such pair")
    return found


def listed(viewer: Viewer, filters: Filters, window: paging.Window) -> paging.Page[PairItem]:
    """Read a page of the pairs a viewer may see, red first: one call per place within reach."""
    prefix = store.rank_prefix(filters.stage, filters.colour)
    wanted = Listed(viewer.tenant, "PAIR", prefix, store.conditions(filters))
    narrowing = Narrowing(filters.territory, filters.structure, filters.coordinator, filters.programme)
    found = sources(wanted, viewer.reach, narrowing)
    return paging.page(viewer.tenant, PairItem, found, window)


def shown(tenant: TenantId, item: PairItem, now: datetime) -> PairOut:
    """Show a pair as the API does, with what counts worked out for today."""
    programme = programmes.known_programmes(tenant).get(item.programme)
    facts = store.facts(item, declared=programme.declared if programme else False)
    counted = rules.counts(facts, _today(item, now))
    return PairOut.model_validate(
        {
            "id": item.id,
            "mentor": item.mentor,
            "mentee": item.mentee,
            "programme": item.programme,
            "coordinator": item.coordinator,
            "territory": item.territory,
            "structure": item.structure,
            "stage": item.stage,
            "colour": item.colour,
            "launched_on": item.launched_on,
            "last_session_on": facts.session_days[-1] if facts.session_days else None,
            "closed_on": item.closed_on,
            "outcome": item.outcome,
            "reason": item.reason,
            "counts": CountsOut(
                counts=counted.counts, reasons=wording.english_reasons(counted), until=counted.until
            ),
            "version": int(item.version or 1),
        }
    )


def shown_session(tenant: TenantId, item: SessionItem) -> SessionOut:
    """Show a session, its free text opened."""
    form: SessionFormat = "hybrid"
    if item.format in {"in_person", "remote"}:
        form = "in_person" if item.format == "in_person" else "remote"
    return SessionOut(
        id=item.sk.rpartition("#")[2],
        on=date.fromisoformat(item.on),
        minutes=int(item.minutes),
        format=form,
        rating=int(item.rating) if item.rating is not None else None,
        problem=store.opened_text(tenant, item, "problem"),
        note=store.opened_text(tenant, item, "note"),
        reported_at=item.reported_at,
    )


def shown_contact(tenant: TenantId, item: ContactItem) -> ContactOut:
    """Show an exchange, its note opened."""
    return ContactOut(
        id=item.sk.rpartition("#")[2],
        on=date.fromisoformat(item.on),
        whom=item.whom,
        channel=item.channel,
        reached=item.reached,
        note=store.opened_text(tenant, item, "note"),
    )


def why(item: PairItem, programme: Programme, now: datetime) -> str:
    """Say in French why a pair has its colour."""
    facts = store.facts(item, declared=programme.declared)
    return wording.why(facts, _colour(item), changes.thresholds(programme), _today(item, now))


def facts_of(item: PairItem, programme: Programme) -> Facts:
    """Tell what the rules need to know of a pair."""
    return store.facts(item, declared=programme.declared)


def people_of(tenant: TenantId, pairs: Iterable[PairItem]) -> dict[str, Person]:
    """Read the mentors and mentees of some pairs, in one call per hundred people."""
    return people.people(tenant, {each for pair in pairs for each in (pair.mentor, pair.mentee)})


def proposable(viewer: Viewer, kind: Kind) -> list[Person]:
    """Give the people within reach who may be proposed, those waiting longest first.

    The first hundred of each stage: a mentor who is paired may have places left.
    """
    found: list[Person] = []
    for stage in (Stage.AVAILABLE, Stage.PAIRED) if kind == "mentor" else (Stage.AVAILABLE,):
        window = paging.Window(limit=paging.MOST)
        page = lists.people_page(viewer.tenant, kind, viewer.reach, Wanted(stage=stage), window)
        found += page.items
    return found


def coordinator_day(viewer: Viewer, now: datetime) -> dict[str, object]:
    """Give a coordinator's day: whom to call, red first, and how full their portfolio is.

    Contact details are opened here: it is one's own list of people to call.
    """
    filters = Filters(coordinator=viewer.member)
    page = listed(viewer, filters, paging.Window(limit=paging.MOST))
    urgent = [
        pair for pair in page.items if rules.is_to_call(_colour(pair), _reached_on(pair), _today(pair, now))
    ]
    # What the reminders handed over comes first; within a colour, what has been so for longest.
    urgent.sort(key=lambda pair: (pair.colour != Colour.RED, pair.on_list_since is None, pair.since))
    found = people_of(viewer.tenant, urgent)
    known = programmes.known_programmes(viewer.tenant)
    return {
        "to_do": [_card(viewer.tenant, pair, found, known[pair.programme], now) for pair in urgent],
        "caseload": caseload(viewer),
        "figures": _figures(page.items),
        "shortcuts": [("Tous mes binômes", f"/pairs?coordinator={viewer.member}")],
        "more_href": f"/pairs?coordinator={viewer.member}&colour=red" if page.next else "",
    }


def caseload(viewer: Viewer) -> dict[str, int] | None:
    """Give how many pairs a member follows and may follow; None for somebody who follows none."""
    if viewer.member is None or viewer.reach.portfolio is None:
        return None
    member = tenancy.member(viewer.tenant, viewer.member)
    places = tenancy.tenant(viewer.tenant).caseload_ratio if member.capacity is None else member.capacity
    return {"pairs": network.caseloads(viewer.tenant, [viewer.member])[viewer.member], "places": places}


def _card(
    tenant: TenantId, pair: PairItem, found: dict[str, Person], programme: Programme, now: datetime
) -> dict[str, object]:
    mentor, mentee = found.get(pair.mentor), found.get(pair.mentee)
    contact = people.contact(tenant, mentor) if mentor else None
    facts = store.facts(pair, declared=programme.declared)
    met = facts.session_days[-1] if facts.session_days else None
    heard = _reached_on(pair)
    last = max((day for day in (heard, met) if day), default=None)
    return {
        "href": f"/pairs/{pair.id}",
        "mentor_name": name_of(mentor) if mentor else "",
        "mentee_name": name_of(mentee) if mentee else "",
        "programme_name": programme.name,
        "colour": pair.colour,
        "why": why(pair, programme, now),
        "contact_name": name_of(mentor) if mentor else "",
        "phone": contact.phone if contact else None,
        "last_exchange_on": last,
        "last_exchange_label": "dernier échange" if last == heard else "dernière séance",
        "contact_href": f"/pairs/{pair.id}#noter-echange",
    }


def _figures(pairs: Sequence[PairItem]) -> list[dict[str, object]]:
    labels = ((Colour.RED, "à appeler"), (Colour.ORANGE, "à surveiller"), (Colour.GREEN, "vont bien"))
    return [
        {
            "label": label,
            "value": sum(1 for pair in pairs if pair.colour == colour),
            "note": "",
            "href": f"/pairs?colour={colour}",
            "colour": colour.value,
        }
        for colour, label in labels
    ]


def _colour(item: PairItem) -> Colour | None:
    return Colour(item.colour) if item.colour else None


def _reached_on(item: PairItem) -> date | None:
    return date.fromisoformat(item.last_contact_on) if item.last_contact_on else None


def _today(item: PairItem, now: datetime) -> date:
    code = TerritoryCode(item.territory) if item.territory else None
    return now.astimezone(time_zone(code)).date()
