"""Who a step of the ladder reaches, and at which address."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.pairs.store import PairItem
from chalicelib.people import store as people
from chalicelib.people.person import Person
from chalicelib.spine.errors import NotFound
from chalicelib.spine.ids import TenantId
from chalicelib.spine.territories import TerritoryCode, covers
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.rights import Role


@dataclass(frozen=True)
class Recipient:
    """Somebody a step is for. `key` tells them apart in the register; no address is None."""

    key: str
    kind: str
    first_name: str
    address: str | None


@dataclass(frozen=True)
class Circle:
    """Everybody around a pair, read once for a step."""

    mentor: Person
    mentee: Person
    coordinator: tenancy.Member | None


def circle(tenant: TenantId, pair: PairItem) -> Circle:
    """Read everybody around a pair. Raises NotFound when the mentor or mentee is gone."""
    found = people.people(tenant, [pair.mentor, pair.mentee])
    if pair.mentor not in found or pair.mentee not in found:
        raise NotFound.of("pair", "its people are gone")
    coordinator = None
    if pair.coordinator:
        coordinator = tenancy.members_by_id(tenant, {pair.coordinator}).get(pair.coordinator)
    return Circle(found[pair.mentor], found[pair.mentee], coordinator)


def recipients(
    tenant: TenantId, pair: PairItem, around: Circle, kinds: tuple[str, ...]
) -> Iterator[Recipient]:
    """Give each person that the kinds of a step name; a kind nobody fills reaches nobody."""
    for kind in kinds:
        if kind in {"mentor", "mentee"}:
            person = around.mentor if kind == "mentor" else around.mentee
            yield Recipient(kind, kind, person.first_name, people.contact(tenant, person).email)
        elif kind == "guardian":
            guardian = people.contact(tenant, around.mentee).guardian
            if guardian:
                yield Recipient(kind, kind, guardian.first_name, guardian.email)
        elif kind == "coordinator" and around.coordinator:
            yield _member(tenant, kind, around.coordinator)
        elif kind == "regional_referent":
            yield from _referents(tenant, pair)


def _referents(tenant: TenantId, pair: PairItem) -> Iterator[Recipient]:
    if pair.territory is None:
        return
    for member in tenancy.all_members(tenant):
        holds = Role.REGIONAL_REFERENT in member.roles
        if holds and covers(member.territories, TerritoryCode(pair.territory)):
            yield _member(tenant, "regional_referent", member)


def _member(tenant: TenantId, kind: str, member: tenancy.Member) -> Recipient:
    address = tenancy.email_of(tenant, member)
    return Recipient(f"{kind}:{member.id}", kind, member.name.partition(" ")[0], address)
