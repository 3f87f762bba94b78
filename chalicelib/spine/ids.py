"""Identities: each kind is a type of its own, so that a mentor cannot be passed for a pair."""

import re
from datetime import date, datetime
from typing import NewType

from ulid import ULID

TenantId = NewType("TenantId", str)
MemberId = NewType("MemberId", str)
PersonId = NewType("PersonId", str)
PairId = NewType("PairId", str)
StructureId = NewType("StructureId", str)
SessionId = NewType("SessionId", str)
WebhookId = NewType("WebhookId", str)
EventId = NewType("EventId", str)
ActorId = NewType("ActorId", str)

_TENANT = re.compile(r"[a-z][a-z0-9-]{1,39}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def new_ulid(moment: datetime) -> str:
    """Draw a ULID whose order follows `moment`."""
    return str(ULID.from_datetime(moment))


def day_in(identity: str) -> date:
    """Read the day, in UTC, of the moment a ULID was drawn for. Raises ValueError for other text."""
    return ULID.from_str(identity).datetime.date()


def is_ulid(text: str) -> bool:
    """Tell whether the text could be one of our ids."""
    return _ULID.fullmatch(text) is not None


def is_tenant_id(text: str) -> bool:
    """Tell whether the text may name a tenant: 2 to 40 lower-case letters, digits and hyphens."""
    return _TENANT.fullmatch(text) is not None
