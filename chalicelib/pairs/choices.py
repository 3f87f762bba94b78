"""Whom the form of a new pair offers: the nearest first, and nobody left out without a word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.network import store as network
from chalicelib.people import filters
from chalicelib.people import store as people
from chalicelib.people.engagements import store as engagements
from chalicelib.people.filters import Wanted
from chalicelib.people.lists.store import people_page
from chalicelib.people.person import Kind, Person, local_day, name_of, visible
from chalicelib.people.presentation import territory_choices, territory_name
from chalicelib.people.rules import Stage, waiting_days
from chalicelib.people.search.store import search
from chalicelib.programmes.schema import Programme
from chalicelib.spine import paging
from chalicelib.spine.errors import FieldProblem, Invalid, NotFound
from chalicelib.spine.ids import TenantId, is_ulid
from chalicelib.spine.territories import TerritoryCode, region_of
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.rights import Role, Viewer
from chalicelib.tenancy.screens import Visit

Choices = list[tuple[str, str]]
#: Choices under a heading each, in order.
Groups = list[tuple[str, Choices]]

_FOLLOWS = frozenset({Role.COORDINATOR, Role.VOLUNTEER, Role.REGIONAL_REFERENT})
#: The fields of the form that narrow its two lists; `near` is no field of a pair, unlike a territory.
_NARROWED_BY = {"q": "q", "territory": "near"}


@dataclass(frozen=True)
class _Found:
    """The people of a kind who may be proposed, those waiting longest first; `more` were not read."""

    people: list[Person]
    more: bool


@dataclass(frozen=True)
class Offer:
    """What the form offers, what it says about who is not offered, and what narrowing was refused."""

    mentees: Choices
    mentors: Groups
    territories: Choices
    remarks: list[str]
    problems: tuple[FieldProblem, ...]


def offered(visit: Visit, values: Mapping[str, str]) -> Offer:
    """Give who may be put in a pair; what was typed narrows both lists and who was chosen stays."""
    problems: tuple[FieldProblem, ...] = ()
    narrowed = Wanted()
    try:
        narrowed = filters.wanted(
            visit.viewer.tenant, lambda name: values.get(_NARROWED_BY.get(name, "")) or None
        )
    except Invalid as refusal:
        problems = tuple(
            FieldProblem(_NARROWED_BY.get(each.field, each.field), each.message, each.french)
            for each in refusal.problems
        )
    mentees = _proposable(visit.viewer, "mentee", narrowed)
    chosen = _chosen(visit.viewer, "mentee", values)
    mentors = _proposable(visit.viewer, "mentor", narrowed)
    kept = _chosen(visit.viewer, "mentor", values)
    taken = engagements.places_taken(visit.viewer.tenant, [each.id for each in [*mentors.people, *kept]])
    free = [each for each in mentors.people if taken[each.id] < each.capacity]
    return Offer(
        mentees=[(each.id, _waiting(visit, each)) for each in _with(chosen, mentees.people)],
        mentors=_by_distance(_with(kept, free), chosen, taken),
        territories=territory_choices(visit.viewer.reach),
        remarks=list(_remarks(visit, mentees, mentors, len(mentors.people) - len(free))),
        problems=problems,
    )


def coordinators(tenant: TenantId) -> dict[str, str]:
    """Give the names of those who follow pairs, by id, for lists and menus."""
    members = tenancy.known_members(tenant)
    return {member.id: member.name for member in members if _FOLLOWS & set(member.roles)}


def caseloads(visit: Visit, programme: Programme | None) -> Choices:
    """Give those who follow pairs with how many they follow and may follow: "28 / 32 binômes"."""
    tenant, words = visit.viewer.tenant, visit.tenant.words
    ratio = programme.caseload_ratio if programme else visit.tenant.caseload_ratio
    followers = [each for each in tenancy.known_members(tenant) if _FOLLOWS & set(each.roles)]
    held = network.caseloads(tenant, [each.id for each in followers])
    found: Choices = []
    for each in followers:
        most = ratio if each.capacity is None else min(ratio, each.capacity)
        full = ", complet" if held[each.id] >= most else ""
        found.append((each.id, f"{each.name} — {held[each.id]} / {most} {words['pairs']}{full}"))
    return found


def _proposable(viewer: Viewer, kind: Kind, narrowed: Wanted) -> _Found:
    """Read the first hundred of each stage: a mentor who is paired may have places left."""
    found: list[Person] = []
    more = False
    read = search if narrowed.name else people_page
    for stage in (Stage.AVAILABLE, Stage.PAIRED) if kind == "mentor" else (Stage.AVAILABLE,):
        wanted = Wanted(stage=stage, territory=narrowed.territory, name=narrowed.name)
        page = read(viewer.tenant, kind, viewer.reach, wanted, paging.Window(limit=paging.MOST))
        found += page.items
        more = more or page.next is not None
    return _Found(found, more)


def _chosen(viewer: Viewer, kind: Kind, values: Mapping[str, str]) -> list[Person]:
    """Read who was chosen already, to keep them in the list whatever it is narrowed to."""
    identity = values.get(kind, "")
    if not is_ulid(identity):
        return []
    try:
        person = people.person(viewer.tenant, identity, kind)
    except NotFound:
        return []
    return [person] if visible(viewer.reach, person) else []


def _with(chosen: Sequence[Person], found: Sequence[Person]) -> list[Person]:
    known = {each.id for each in found}
    return [*(each for each in chosen if each.id not in known), *found]


def _waiting(visit: Visit, person: Person) -> str:
    days = waiting_days(person.dates, local_day(person.territory, visit.context.now))
    since = f"attend depuis {days} jour{'s' if days > 1 else ''}" if days else "attend depuis aujourd'hui"
    return ", ".join(part for part in (name_of(person), territory_name(person.territory), since) if part)


def _by_distance(mentors: Sequence[Person], mentees: Sequence[Person], taken: Mapping[str, int]) -> Groups:
    """Group mentors by how near they live to the chosen mentee, or by region when none is chosen."""
    groups: dict[str, Choices] = {}
    if mentees:
        groups = {"Même département": [], "Même région": [], "Plus loin": []}
    for each in mentors:
        heading = _distance(each, mentees[0]) if mentees else _region_name(each)
        groups.setdefault(heading, []).append((each.id, _with_places(each, taken[each.id])))
    found = [(heading, choices) for heading, choices in groups.items() if choices]
    return found if mentees else sorted(found)


def _distance(mentor: Person, mentee: Person) -> str:
    if mentor.territory is not None and mentor.territory == mentee.territory:
        return "Même département"
    region = _region(mentor)
    return "Même région" if region is not None and region == _region(mentee) else "Plus loin"


def _region(person: Person) -> TerritoryCode | None:
    return region_of(person.territory) if person.territory else None


def _region_name(person: Person) -> str:
    return territory_name(_region(person)) or "Sans territoire"


def _with_places(mentor: Person, taken: int) -> str:
    free = mentor.capacity - taken
    places = "1 place libre" if free == 1 else f"{free} places libres" if free > 1 else "complet"
    return ", ".join(part for part in (name_of(mentor), territory_name(mentor.territory), places) if part)


def _remarks(visit: Visit, mentees: _Found, mentors: _Found, full: int) -> Iterable[str]:
    """Say who is not offered, and why."""
    words = visit.tenant.words
    if full:
        yield f"Sans place libre et donc absents de la liste ({words['mentors']}) : {full}."
    if mentees.more or mentors.more:
        yield (
            f"La liste s'arrête aux {paging.MOST} personnes qui attendent depuis le plus longtemps. "
            "Pour quelqu'un d'autre, cherchez un nom ou un territoire."
        )
