"""The platform's register of tenants, under its own keys: the one place that knows them all."""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.spine import isolation
from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Replace, Technical, technical_write

_REGISTER = "G#TENANTS"


class RegisteredItem(Item, discriminator="registered_tenant"):
    """That a tenant exists, since when, and whether all it starts with has been written."""

    name = UnicodeAttribute()
    opened_at = UnicodeAttribute()
    complete = BooleanAttribute()


@dataclass(frozen=True)
class Registered:
    """A tenant of the platform; `complete` is False while it is being filled."""

    id: TenantId
    name: str
    opened_at: datetime
    complete: bool


def keep(tenant: Registered) -> None:
    """Enter a tenant, in place of its earlier entry if any."""
    item = RegisteredItem(
        _REGISTER,
        tenant.id,
        name=tenant.name,
        opened_at=stamp(tenant.opened_at),
        complete=tenant.complete,
    )
    with isolation.acting_as_system():
        technical_write(Technical.TENANT, [Replace(item)])


def tenants() -> dict[TenantId, Registered]:
    """Read every tenant, by id."""
    with isolation.acting_as_system():
        found = list(RegisteredItem.query(_REGISTER, page_size=500, consistent_read=True))
    return {
        TenantId(item.sk): Registered(
            TenantId(item.sk), item.name, moment(item.opened_at), bool(item.complete)
        )
        for item in found
    }
