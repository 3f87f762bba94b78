"""Identities under the platform's own keys (`G#`), readable by the system role alone."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.spine import encryption, isolation, keys
from chalicelib.spine.errors import Conflict
from chalicelib.spine.ids import MemberId, TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode
from chalicelib.spine.transaction import (
    Accumulate,
    Create,
    Remove,
    Replace,
    Technical,
    technical_write,
)
from chalicelib.tenancy.rights import Role


class KeyItem(Item, discriminator="api_key"):
    """An API key, found by the hash of its secret; the secret itself is kept nowhere."""

    tenant = UnicodeAttribute()
    name = UnicodeAttribute()
    key_id = UnicodeAttribute()
    roles = JSONAttribute()
    territories = JSONAttribute()
    member = UnicodeAttribute(null=True)


class SessionItem(Item, discriminator="session"):
    """A signed-in browser."""

    tenant = UnicodeAttribute()
    member = UnicodeAttribute()
    expires_at = NumberAttribute()


class MembershipItem(Item, discriminator="membership"):
    """That a mail address belongs to a member of a tenant."""

    tenant = UnicodeAttribute()
    member = UnicodeAttribute()


class LimitItem(Item, discriminator="limit"):
    """How often something was attempted in one hour."""

    attempts = NumberAttribute(default=0)
    expires_at = NumberAttribute()


@dataclass(frozen=True)
class ApiKey:
    """What an API key acts as."""

    tenant: TenantId
    key_id: str
    name: str
    roles: tuple[Role, ...]
    territories: tuple[TerritoryCode, ...]
    member: MemberId | None


@dataclass(frozen=True)
class Membership:
    """A tenant that a mail address opens, and as whom."""

    tenant: TenantId
    member: MemberId


def hashed(secret: str) -> str:
    """Hash a random secret of ours; long enough that no salt is needed."""
    return sha256(secret.encode()).hexdigest()


def mail_hash(address: str) -> str:
    """Hash a mail address under the platform's key, so that the table cannot be tried for one."""
    return encryption.lookup(encryption.PLATFORM, "mail", _one_mailbox(address.strip()))


def _one_mailbox(address: str) -> str:
    """Write an address so that two spellings are equal when one mailbox receives both, and only then.

    Only ASCII letters are folded: the Kelvin sign folds to a k, and a code asked for in its name
    would go to somebody else.
    """
    name, at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return address
    return f"{name.lower() if name.isascii() else name}{at}{domain.lower()}"


def keep_key(secret: str, key: ApiKey) -> None:
    """Keep a new API key under the hash of its secret."""
    item = KeyItem(
        f"G#KEY#{hashed(secret)}",
        keys.SELF,
        tenant=key.tenant,
        key_id=key.key_id,
        name=key.name,
        roles=[role.value for role in key.roles],
        territories=list(key.territories),
        member=key.member,
    )
    with isolation.acting_as_system():
        technical_write(Technical.IDENTITY, [Create(item)])


def find_key(secret: str) -> ApiKey | None:
    """Find what a secret acts as, in one call."""
    with isolation.acting_as_system():
        try:
            item = KeyItem.get(f"G#KEY#{hashed(secret)}", keys.SELF)
        except KeyItem.DoesNotExist:
            return None
    return ApiKey(
        TenantId(item.tenant),
        item.key_id,
        item.name,
        tuple(Role(role) for role in item.roles),
        tuple(TerritoryCode(code) for code in item.territories),
        MemberId(item.member) if item.member else None,
    )


def keep_membership(address: str, membership: Membership) -> None:
    """Remember that a mail address opens a tenant as this member."""
    item = MembershipItem(
        f"G#MAIL#{mail_hash(address)}",
        f"{membership.tenant}#{membership.member}",
        tenant=membership.tenant,
        member=membership.member,
    )
    with isolation.acting_as_system():
        technical_write(Technical.IDENTITY, [Replace(item)])


def forget_membership(address: str, membership: Membership) -> None:
    """Forget that a mail address opens a tenant."""
    item = MembershipItem(f"G#MAIL#{mail_hash(address)}", f"{membership.tenant}#{membership.member}")
    with isolation.acting_as_system():
        technical_write(Technical.IDENTITY, [Remove(item)])


def memberships(address_hash: str) -> list[Membership]:
    """Find what a mail address opens, by its hash."""
    with isolation.acting_as_system():
        found = list(MembershipItem.query(f"G#MAIL#{address_hash}", page_size=50))
    return [Membership(TenantId(item.tenant), MemberId(item.member)) for item in found]


def open_session(secret: str, membership: Membership, expires: datetime) -> None:
    """Keep a session under the hash of its secret."""
    item = SessionItem(
        f"G#SESSION#{hashed(secret)}",
        keys.SELF,
        tenant=membership.tenant,
        member=membership.member,
        expires_at=int(expires.timestamp()),
    )
    with isolation.acting_as_system():
        technical_write(Technical.SIGN_IN, [Create(item)])


def find_session(secret: str, now: datetime) -> Membership | None:
    """Find who a session belongs to. An expired one is nobody's, even before it is removed."""
    with isolation.acting_as_system():
        try:
            item = SessionItem.get(f"G#SESSION#{hashed(secret)}", keys.SELF)
        except SessionItem.DoesNotExist:
            return None
    if item.expires_at <= now.timestamp():
        return None
    return Membership(TenantId(item.tenant), MemberId(item.member))


def close_session(secret: str) -> None:
    """End a session."""
    with isolation.acting_as_system():
        item = SessionItem(f"G#SESSION#{hashed(secret)}", keys.SELF)
        technical_write(Technical.SIGN_IN, [Remove(item)])


def attempt(what: str, most: int, now: datetime) -> bool:
    """Count an attempt in the current hour; False when there were `most` before it."""
    item = _limit(what, now)
    expires = int((now + timedelta(hours=2)).timestamp())
    counted = Accumulate(
        item,
        [LimitItem.attempts.add(1), LimitItem.expires_at.set(expires)],
        condition=LimitItem.attempts.does_not_exist() | (LimitItem.attempts < most),
        refusal=Conflict(),
    )
    try:
        with isolation.acting_as_system():
            technical_write(Technical.LIMIT, [counted])
    except Conflict:
        return False
    return True


def give_back(what: str, attempted: datetime) -> None:
    """Take back an attempt that turned out to be honest, from the hour in which it was counted."""
    taken = Accumulate(
        _limit(what, attempted),
        [LimitItem.attempts.add(-1)],
        condition=LimitItem.attempts > 0,
        refusal=Conflict(),
    )
    with suppress(Conflict), isolation.acting_as_system():
        technical_write(Technical.LIMIT, [taken])


def _limit(what: str, moment: datetime) -> LimitItem:
    return LimitItem(f"G#LIMIT#{what}", f"{moment:%Y-%m-%dT%H}")
