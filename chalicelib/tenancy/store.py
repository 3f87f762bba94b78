"""Tenants and their members, as they are stored."""

import time
from dataclasses import dataclass

from pynamodb.attributes import (
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)

from chalicelib.spine import encryption, keys, paging
from chalicelib.spine.clock import stamp
from chalicelib.spine.context import Context
from chalicelib.spine.errors import NotFound
from chalicelib.spine.ids import MemberId, TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode
from chalicelib.spine.transaction import Change, Create
from chalicelib.tenancy.rights import ROLE_WORDS, Role

#: How long a process may believe what it read about a tenant, in seconds.
BELIEVED = 60.0


class TenantItem(Item, discriminator="tenant"):
    """A lauréat: its name, its own words, and the ratio its members follow unless told otherwise."""

    name = UnicodeAttribute()
    reply_to = UnicodeAttribute(null=True)
    wording = JSONAttribute()
    caseload_ratio = NumberAttribute()
    created_at = UnicodeAttribute()
    version = VersionAttribute()


class MemberItem(Item, discriminator="member"):
    """Somebody who works in a tenant. The mail address is sealed; who signs in is found by hash."""

    name = UnicodeAttribute()
    roles = JSONAttribute()
    territories = JSONAttribute()
    structures = JSONAttribute()
    capacity = NumberAttribute(null=True)
    email_sealed = UnicodeAttribute(null=True)
    phone_sealed = UnicodeAttribute(null=True)
    version = VersionAttribute()


@dataclass(frozen=True)
class Tenant:
    """What every page and mail needs to know of its tenant."""

    id: TenantId
    name: str
    reply_to: str | None
    words: dict[str, str]
    caseload_ratio: int

    def role_word(self, role: Role) -> str:
        """Give the tenant's own word for a role."""
        return self.words.get(role.value, ROLE_WORDS[role])


@dataclass(frozen=True)
class Member:
    """A member, contact details not yet opened.

    `capacity` is the number of pairs they may follow; None leaves it to the programme's ratio.
    """

    id: MemberId
    name: str
    roles: tuple[Role, ...]
    territories: tuple[TerritoryCode, ...]
    structures: tuple[str, ...]
    capacity: int | None
    version: int
    email_sealed: str | None
    phone_sealed: str | None


_believed: dict[TenantId, tuple[Tenant, float]] = {}
_known_members: dict[TenantId, tuple[list[Member], float]] = {}


def tenant(tenant_id: TenantId) -> Tenant:
    """Read a tenant, at most once a minute per process. Raises NotFound."""
    held = _believed.get(tenant_id)
    if held is not None and held[1] > time.monotonic():
        return held[0]
    try:
        item = TenantItem.get(_tenant_key(tenant_id), keys.SELF)
    except TenantItem.DoesNotExist:
        raise NotFound.of("tenant", "no such tenant") from None
    read = Tenant(tenant_id, item.name, item.reply_to, item.wording, int(item.caseload_ratio))
    _believed[tenant_id] = (read, time.monotonic() + BELIEVED)
    return read


def new_tenant(
    context: Context, name: str, words: dict[str, str], caseload_ratio: int, reply_to: str | None = None
) -> Create:
    """Give the write of a new tenant."""
    return Create(
        TenantItem(
            _tenant_key(context.tenant),
            keys.SELF,
            name=name,
            reply_to=reply_to,
            wording=words,
            caseload_ratio=caseload_ratio,
            created_at=stamp(context.now),
        )
    )


def member_key(tenant_id: TenantId, member: str) -> str:
    """Give the partition of a member and of their caseload."""
    return keys.subject(tenant_id, "MEMBER", member)


def member(tenant_id: TenantId, member_id: str) -> Member:
    """Read a member. Raises NotFound."""
    return _shown(member_item(tenant_id, member_id))


def member_item(tenant_id: TenantId, member_id: str) -> MemberItem:
    """Read a member's item, to change it. Raises NotFound."""
    try:
        return MemberItem.get(member_key(tenant_id, member_id), keys.SELF)
    except MemberItem.DoesNotExist:
        raise NotFound.of("member", "no such member") from None


def members_page(tenant_id: TenantId, window: paging.Window) -> paging.Page[Member]:
    """Read a page of the members, by name."""
    source = paging.Source(Item.by_tenant, keys.collection(tenant_id, "MEMBER"))
    return paging.page(tenant_id, MemberItem, [source], window).map(_shown)


def all_members(tenant_id: TenantId) -> list[Member]:
    """Read every member, by name: for menus; a tenant has tens or hundreds."""
    found = Item.by_tenant.query(keys.collection(tenant_id, "MEMBER"), page_size=500)
    return [_shown(item) for item in found if isinstance(item, MemberItem)]


def known_members(tenant_id: TenantId) -> list[Member]:
    """Give every member as read within the last minute: names for lists and menus."""
    held = _known_members.get(tenant_id)
    if held is None or held[1] <= time.monotonic():
        held = (all_members(tenant_id), time.monotonic() + BELIEVED)
        _known_members[tenant_id] = held
    return held[0]


def members_by_id(tenant_id: TenantId, wanted: set[str]) -> dict[str, Member]:
    """Read several members at once, by id, in one call per hundred."""
    found = MemberItem.batch_get([(member_key(tenant_id, each), keys.SELF) for each in wanted])
    return {item.pk.rpartition("#")[2]: _shown(item) for item in found}


def built_member(tenant_id: TenantId, each: Member, email: str | None, phone: str | None) -> MemberItem:
    """Build the item of a member, contact details sealed."""
    partition = member_key(tenant_id, each.id)
    return MemberItem(
        partition,
        keys.SELF,
        tenant_key=keys.collection(tenant_id, "MEMBER"),
        rank=f"{each.name.casefold()}#{each.id}",
        name=each.name,
        roles=[role.value for role in each.roles],
        territories=list(each.territories),
        structures=list(each.structures),
        capacity=each.capacity,
        email_sealed=encryption.sealed(tenant_id, partition, "email", email),
        phone_sealed=encryption.sealed(tenant_id, partition, "phone", phone),
    )


def changed_member(tenant_id: TenantId, item: MemberItem, each: Member, email: str | None) -> Change:
    """Give the write that brings a member's item to a new state, from the version it was read at."""
    actions = [
        MemberItem.name.set(each.name),
        MemberItem.roles.set([role.value for role in each.roles]),
        MemberItem.territories.set(list(each.territories)),
        MemberItem.structures.set(list(each.structures)),
        Item.rank.set(f"{each.name.casefold()}#{each.id}"),
    ]
    if each.capacity is not None:
        actions.append(MemberItem.capacity.set(each.capacity))
    sealed = encryption.sealed(tenant_id, item.pk, "email", email)
    if sealed is not None:
        actions.append(MemberItem.email_sealed.set(sealed))
    return Change(item, actions)


def email_of(tenant_id: TenantId, each: Member) -> str | None:
    """Open a member's mail address."""
    return encryption.opened(tenant_id, member_key(tenant_id, each.id), "email", each.email_sealed)


def _tenant_key(tenant_id: TenantId) -> str:
    return keys.subject(tenant_id, "TENANT", "SELF")


def _shown(item: MemberItem) -> Member:
    return Member(
        id=MemberId(item.pk.rpartition("#")[2]),
        name=item.name,
        roles=tuple(Role(role) for role in item.roles),
        territories=tuple(TerritoryCode(code) for code in item.territories),
        structures=tuple(item.structures),
        capacity=None if item.capacity is None else int(item.capacity),
        version=int(item.version or 1),
        email_sealed=item.email_sealed,
        phone_sealed=item.phone_sealed,
    )
