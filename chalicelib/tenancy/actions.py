"""What can be done with members: add one, change one, give a key."""

from dataclasses import replace
from secrets import token_urlsafe

from chalicelib.spine.context import Context
from chalicelib.spine.errors import FieldProblem, Invalid, StaleVersion
from chalicelib.spine.events import Dimensions, Event, EventType
from chalicelib.spine.ids import MemberId, new_ulid
from chalicelib.spine.territories import TerritoryCode, region_of, territory
from chalicelib.spine.transaction import Create, transact
from chalicelib.tenancy import store
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.identity.store import ApiKey, Membership
from chalicelib.tenancy.rights import Right, Role, Viewer
from chalicelib.tenancy.schema import MemberIn, MemberOut, MemberPatch
from chalicelib.tenancy.store import Member

#: Roles that follow pairs, and so have places in the figures.
_FOLLOWING = frozenset({Role.COORDINATOR, Role.VOLUNTEER})


def add_member(context: Context, given: MemberIn) -> MemberId:
    """Add a member; their mail address opens the tenant to them. Raises Invalid."""
    Invalid.when(territory_problems(given.territories))
    identity = MemberId(new_ulid(context.now))
    member = Member(
        id=identity,
        name=given.name,
        roles=tuple(given.roles),
        territories=tuple(TerritoryCode(code) for code in given.territories),
        structures=tuple(given.structures),
        capacity=given.capacity,
        version=1,
        email_sealed=None,
        phone_sealed=None,
    )
    item = store.built_member(context.tenant, member, given.email, given.phone)
    ratio = store.tenant(context.tenant).caseload_ratio
    event = Event(EventType.MEMBER_CHANGED, identity, after=weight(member, ratio), data={"change": "added"})
    transact(context, event, [Create(item)])
    if given.email:
        identities.keep_membership(given.email, Membership(context.tenant, identity))
    return identity


def change_member(context: Context, member_id: str, given: MemberPatch) -> None:
    """Change a member from the version that was read. Raises StaleVersion, NotFound or Invalid."""
    item = store.member_item(context.tenant, member_id)
    before = store.member(context.tenant, member_id)
    if given.version != before.version:
        raise StaleVersion.of_subject()
    Invalid.when(territory_problems(given.territories or []))
    after = replace(
        before,
        name=given.name or before.name,
        roles=before.roles if given.roles is None else tuple(given.roles),
        territories=before.territories
        if given.territories is None
        else tuple(TerritoryCode(code) for code in given.territories),
        structures=before.structures if given.structures is None else tuple(given.structures),
        capacity=before.capacity if given.capacity is None else given.capacity,
    )
    ratio = store.tenant(context.tenant).caseload_ratio
    event = Event(
        EventType.MEMBER_CHANGED,
        before.id,
        weight(before, ratio),
        weight(after, ratio),
        {"change": "changed"},
    )
    former = store.email_of(context.tenant, before)
    transact(context, event, [store.changed_member(context.tenant, item, after, given.email)])
    if given.email and given.email != former:
        membership = Membership(context.tenant, before.id)
        identities.keep_membership(given.email, membership)
        if former:
            identities.forget_membership(former, membership)


def give_key(
    context: Context, key_of: str, roles: tuple[Role, ...], territories: tuple[str, ...], member: str | None
) -> str:
    """Make an API key and give its secret, which is shown this once and kept nowhere.

    The key acts with the rights of `roles` over `territories`; as `member` where one is named, and
    then over the member's own territories unless others are given. Raises Invalid for an unknown
    territory and NotFound for an unknown member.
    """
    Invalid.when(territory_problems(territories))
    name = key_of
    if member is not None:
        acting_as = store.member(context.tenant, member)
        name = acting_as.name
        territories = territories or acting_as.territories
    secret = f"bin_{token_urlsafe(32)}"
    key = ApiKey(
        tenant=context.tenant,
        key_id=new_ulid(context.now),
        name=name,
        roles=roles,
        territories=tuple(TerritoryCode(code) for code in territories),
        member=MemberId(member) if member else None,
    )
    identities.keep_key(secret, key)
    transact(context, Event(EventType.KEY_CHANGED, key.key_id, data={"change": "created"}), [])
    return secret


def shown(viewer: Viewer, member: Member) -> MemberOut:
    """Show a member as far as the viewer may see them."""
    manages = viewer.may(Right.MEMBERS_WRITE)
    return MemberOut(
        id=member.id,
        name=member.name,
        roles=list(member.roles),
        territories=list(member.territories),
        structures=list(member.structures),
        capacity=member.capacity,
        email=store.email_of(viewer.tenant, member) if manages else None,
        version=member.version,
    )


def weight(member: Member, ratio: int) -> Dimensions:
    """Tell what a member weighs in the figures: their places, in the region they are based in.

    Their own capacity counts, or else the tenant's `ratio`. Somebody of several regions is counted
    once, in the region of the first territory they were given, so that regions add up to the nation.
    """
    home = region_of(member.territories[0]) if member.territories else None
    places = ratio if member.capacity is None else member.capacity
    follows = bool(_FOLLOWING & set(member.roles))
    return Dimensions(of="member", territory=home, places=places if follows else 0)


def territory_problems(codes: tuple[str, ...] | list[str]) -> list[FieldProblem]:
    """Name the codes that are no territory."""
    return [
        FieldProblem(
            "territories",
            f"{code!r} is no territory: give codes of /v1/territories such as R84 or D69",
            "Choisissez un territoire de la liste.",
        )
        for code in codes
        if territory(code) is None
    ]
