"""The people who work in a tenant of the demonstration: one of each role, and coordinators by region."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from chalicelib.network.store import Structure, built_caseload
from chalicelib.people.names import folded
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import MemberId
from chalicelib.spine.territories import TerritoryCode, covers, region_of
from chalicelib.tenancy import actions as tenancy
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.rights import Role
from chalicelib.tenancy.store import Member
from infra.demonstration.ledger import Ledger
from infra.demonstration.portraits import Portrait

#: A civic-service volunteer follows a few pairs beside a coordinator.
_VOLUNTEER_FOLLOWS = 6


@dataclass
class Colleague:
    """A member in the making; `pairs` are the open pairs they follow."""

    member: Member
    email: str
    phone: str
    pairs: list[str] = field(default_factory=list)


@dataclass
class Team:
    """The members of a tenant, and who follows the pairs of each département."""

    colleagues: list[Colleague]
    followers: dict[TerritoryCode, Colleague]
    volunteer: Colleague
    ratio: int

    def follower(self, department: TerritoryCode) -> Colleague:
        """Give who takes a new pair of a département.

        The volunteer comes first until their hands are full; a coordinator takes one pair more than
        the ratio, and the next ones go to whoever is least busy.
        """
        volunteer = self.volunteer
        has_room = len(volunteer.pairs) < _VOLUNTEER_FOLLOWS
        if has_room and covers(volunteer.member.territories, department):
            return volunteer
        own = self.followers[department]
        if len(own.pairs) <= self.ratio:
            return own
        return min(self.followers.values(), key=lambda each: len(each.pairs))


def assembled(ledger: Ledger, portrait: Portrait, structures: list[Structure]) -> Team:
    """Invent the members of a tenant; who they are does not depend on the day."""
    regions = list(dict.fromkeys(_region(code) for code in portrait.departments))
    names = _names(ledger)
    # The territories of a tenant of one region are its départements.
    places: list[TerritoryCode] = regions if len(regions) > 1 else list(portrait.departments)

    def colleague(role: Role, territories: list[TerritoryCode], structure: str | None = None) -> Colleague:
        first, last = next(names)
        address = f"{folded(first)}.{folded(last)}".replace(" ", "-")
        member = Member(
            id=MemberId(ledger.id(ledger.at(ledger.opened_on))),
            name=f"{first} {last}",
            roles=(role,),
            territories=tuple(territories),
            structures=(structure,) if structure else (),
            capacity=None,
            version=1,
            email_sealed=None,
            phone_sealed=None,
        )
        return Colleague(member, f"{address}@{ledger.tenant}.example", invented_phone(ledger))

    colleagues = [
        colleague(Role.ADMINISTRATOR, []),
        colleague(Role.HEAD_OFFICE, []),
        colleague(Role.AUDITOR, []),
        # A référent of two regions, who must see both.
        colleague(Role.REGIONAL_REFERENT, places[:2]),
        colleague(Role.REGIONAL_REFERENT, places[-1:]),
    ]
    coordinators = [
        colleague(Role.COORDINATOR, held)
        for held in _shared(places, 2 if portrait.preset.key == "coaching" else 4)
    ]
    volunteer = colleague(Role.VOLUNTEER, places[:1])
    managers = [colleague(Role.STRUCTURE_MANAGER, [], structures[0].id)] if structures else []
    followers = {
        code: next(each for each in coordinators if covers(each.member.territories, code))
        for code in portrait.departments
    }
    ratio = portrait.preset.programmes[0].caseload_ratio
    return Team([*colleagues, *coordinators, volunteer, *managers], followers, volunteer, ratio)


def file_team(ledger: Ledger, team: Team) -> None:
    """Write the members, with capacities that put caseloads near, at and over what they may follow."""
    coordinators = [each for each in team.colleagues if Role.COORDINATOR in each.member.roles]
    busiest = sorted(coordinators, key=lambda each: -len(each.pairs))
    # The busiest is one pair over (accepted with a reason), the next at the limit, then one below;
    # anybody else has the whole ratio.
    for colleague, room in zip(busiest, (-1, 0, 1), strict=False):
        capacity = min(team.ratio, max(1, len(colleague.pairs) + room))
        colleague.member = replace(colleague.member, capacity=capacity)
    team.volunteer.member = replace(team.volunteer.member, capacity=_VOLUNTEER_FOLLOWS + 2)
    for order, colleague in enumerate(team.colleagues):
        member = colleague.member
        ledger.file(tenants.built_member(ledger.tenant, member, colleague.email, colleague.phone))
        if colleague.pairs:
            ledger.file(built_caseload(ledger.tenant, member.id, len(colleague.pairs)))
        weight = tenancy.weight(member, team.ratio)
        added = Event(EventType.MEMBER_CHANGED, member.id, after=weight, data={"change": "added"})
        ledger.tell(ledger.at(ledger.opened_on + timedelta(days=1 + order // 3)), added)


def invented_phone(ledger: Ledger) -> str:
    """Draw a mobile number among those that ring nowhere (06 39 98 …, kept for fiction by ARCEP)."""
    return f"+336399{80000 + ledger.draw.randrange(10000)}"


def _region(code: TerritoryCode) -> TerritoryCode:
    found = region_of(code)
    if found is None:
        raise KeyError(code)
    return found


def _names(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Draw names, no last name twice: mail addresses are made of them."""
    taken: set[str] = set()
    while True:
        first, last = ledger.invent.first_name(), ledger.invent.last_name()
        if last not in taken:
            taken.add(last)
            yield first, last


def _shared(places: list[TerritoryCode], most: int) -> list[list[TerritoryCode]]:
    """Share territories out among at most so many coordinators, each of them somewhere."""
    count = min(most, len(places))
    return [places[start::count] for start in range(count)]
