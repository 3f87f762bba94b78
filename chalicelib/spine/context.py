"""Who acts, for which tenant, when and from where: what every action is given first."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.spine.ids import ActorId, TenantId

#: The product itself: scheduled work, the stream, the demonstration loader.
SYSTEM = ActorId("system")


@dataclass(frozen=True)
class RequestKey:
    """An `Idempotency-Key` and what it was sent with, claimed in the request's own transaction."""

    key: str
    fingerprint: str


@dataclass(frozen=True)
class Context:
    """One piece of work. `now` is read once, so that everything it writes bears one time."""

    tenant: TenantId
    actor: ActorId
    now: datetime
    address: str = ""
    request_key: RequestKey | None = None

    def keyed(self, request_key: RequestKey | None) -> "Context":
        """Give the same work, bound to an idempotency key."""
        return replace(self, request_key=request_key)
