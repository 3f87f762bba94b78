"""`Idempotency-Key`: the same request sent twice is done once, and answered alike."""

from hashlib import sha256

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.spine import keys
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Conflict, FieldProblem
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item

#: How long a key is remembered, in seconds. Checked in code too: expired items stay readable.
REMEMBERED = 24 * 3600


class AlreadyDone(Conflict):
    """The same request was committed by another attempt in the same instant: answer as it did."""


class RequestItem(Item, discriminator="request"):
    """What a request with a key has created."""

    fingerprint = UnicodeAttribute()
    created = UnicodeAttribute()
    expires_at = NumberAttribute()


def request_record(context: Context, created: str) -> RequestItem:
    """Make the record that goes into the request's own transaction."""
    if context.request_key is None:
        message = "this work has no request key"
        raise ValueError(message)
    return RequestItem(
        _partition(context.tenant, context.actor, context.request_key.key),
        keys.SELF,
        fingerprint=context.request_key.fingerprint,
        created=created,
        expires_at=int(context.now.timestamp()) + REMEMBERED,
    )


def already_created(context: Context) -> str | None:
    """Give the id that this very request has created before, if it has.

    Raises Conflict when the key was used with another request.
    """
    if context.request_key is None:
        return None
    try:
        record = RequestItem.get(
            _partition(context.tenant, context.actor, context.request_key.key),
            keys.SELF,
            consistent_read=True,
        )
    except RequestItem.DoesNotExist:
        return None
    if record.fingerprint != context.request_key.fingerprint:
        raise Conflict(
            FieldProblem(
                "Idempotency-Key",
                "this key was used with another request: draw a new key for each request",
            )
        )
    return record.created


def _partition(tenant: TenantId, actor: str, key: str) -> str:
    return keys.subject(tenant, "REQUEST", sha256(f"{actor}\n{key}".encode()).hexdigest())
