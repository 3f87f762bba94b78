"""What can be asked about pairs: one, a list, a caseload. As far as the viewer may see."""

from collections.abc import Iterable
from datetime import date, datetime

from chalicelib.network import store as network
from chalicelib.pairs import changes, rules, store, wording
from chalicelib.pairs.lists import store as lists
from chalicelib.pairs.lists.store import Filters
from chalicelib.pairs.rules import Colour, Facts
from chalicelib.pairs.schema import ContactOut, CountsOut, PairOut, SessionFormat, SessionOut
from chalicelib.pairs.store import ContactItem, History, PairItem, SessionItem
from chalicelib.people import store as people
from chalicelib.people.person import Person
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine import paging
from chalicelib.spine.errors import NotFound
from chalicelib.spine.ids import MemberId, TenantId
from chalicelib.spine.territories import TerritoryCode, time_zone
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.rights import Role, Viewer, in_reach


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
    """Read a page of the pairs a viewer may see, red first."""
    return lists.pairs_page(viewer.tenant, viewer.reach, filters, window)


def shown(tenant: TenantId, item: PairItem, now: datetime) -> PairOut:
    """Show a pair as the API does, with what counts worked out for today."""
    programme = programmes.known_programmes(tenant, item.programme).get(item.programme)
    facts = store.facts(item, declared=programme.declared if programme else False)
    counted = rules.counts(facts, today_of(item, now))
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
    colour = Colour(item.colour) if item.colour else None
    return wording.why(facts, colour, changes.thresholds(programme), today_of(item, now))


def facts_of(item: PairItem, programme: Programme) -> Facts:
    """Tell what the rules need to know of a pair."""
    return store.facts(item, declared=programme.declared)


def people_of(tenant: TenantId, pairs: Iterable[PairItem]) -> dict[str, Person]:
    """Read the mentors and mentees of some pairs, in one call per hundred people."""
    return people.people(tenant, {each for pair in pairs for each in (pair.mentor, pair.mentee)})


def portfolio(viewer: Viewer) -> MemberId | None:
    """Give whose portfolio a viewer works on: their own, or None for those who see to all they reach."""
    return viewer.member if {Role.COORDINATOR, Role.VOLUNTEER} & set(viewer.roles) else None


def caseload(viewer: Viewer) -> dict[str, int] | None:
    """Give how many pairs a member follows and may follow; None for somebody who follows none."""
    if viewer.member is None or viewer.reach.portfolio is None:
        return None
    member = tenancy.member(viewer.tenant, viewer.member)
    places = tenancy.tenant(viewer.tenant).caseload_ratio if member.capacity is None else member.capacity
    return {"pairs": network.caseloads(viewer.tenant, [viewer.member])[viewer.member], "places": places}


def today_of(item: PairItem, now: datetime) -> date:
    """Give the day it is where a pair lives."""
    code = TerritoryCode(item.territory) if item.territory else None
    return now.astimezone(time_zone(code)).date()
