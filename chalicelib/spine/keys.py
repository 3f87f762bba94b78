"""The keys of the table. The README of this room lists the access patterns they serve."""

from datetime import datetime

from chalicelib.spine.ids import TenantId

#: The sort key of the item that *is* its subject (a pair, a person, a programme…).
SELF = "#"


def tenant_prefix(tenant: TenantId) -> str:
    """Give what every key of a tenant's data begins with."""
    return f"T#{tenant}#"


def subject(tenant: TenantId, kind: str, identity: str) -> str:
    """Give the partition of a subject and of all that belongs to it."""
    return f"{tenant_prefix(tenant)}{kind}#{identity}"


def collection(tenant: TenantId, kind: str, *place: str) -> str:
    """Give an index key: every item of a kind, or those of a place (region, coordinator…)."""
    return "#".join((f"{tenant_prefix(tenant)}{kind}", *place))


def journal_month(tenant: TenantId, at: datetime) -> str:
    """Give the partition of a month of the journal."""
    return f"{tenant_prefix(tenant)}JOURNAL#{at:%Y-%m}"


def journal_subject(tenant: TenantId, identity: str) -> str:
    """Give the index key of one subject's journal."""
    return f"{tenant_prefix(tenant)}SUBJECT#{identity}"
