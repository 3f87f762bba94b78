"""From a bearer key or a session cookie to a viewer, in at most two calls."""

import time
from datetime import datetime

from chalicelib.spine import isolation
from chalicelib.spine.errors import FieldProblem, NotFound, Unauthenticated
from chalicelib.spine.ids import ActorId
from chalicelib.tenancy import store
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.identity.store import ApiKey
from chalicelib.tenancy.rights import Viewer

#: A revoked key stops working within this many seconds.
BELIEVED = 60.0
_LONGEST = 200
_keys: dict[str, tuple[ApiKey, float]] = {}


def viewer_of_key(authorization: str) -> Viewer:
    """Find who a bearer key acts as. Raises Unauthenticated, the same for every wrong key."""
    scheme, _, secret = authorization.partition(" ")
    wrong = Unauthenticated(
        FieldProblem("Authorization", "send `Authorization: Bearer <key>` with a key that is valid")
    )
    if scheme.lower() != "bearer" or not secret or len(secret) > _LONGEST or not secret.isascii():
        raise wrong
    key = _believed_key(secret)
    if key is None:
        raise wrong
    return Viewer(
        tenant=key.tenant,
        actor=ActorId(key.member or f"key:{key.key_id}"),
        roles=key.roles,
        name=key.name,
        member=key.member,
        territories=key.territories,
    )


def viewer_of_session(secret: str, now: datetime) -> Viewer:
    """Find who is signed in. Raises Unauthenticated when the session ended or the member left."""
    membership = identities.find_session(secret, now) if secret else None
    if membership is None:
        raise Unauthenticated
    with isolation.acting_for(membership.tenant):
        try:
            member = store.member(membership.tenant, membership.member)
        except NotFound:
            raise Unauthenticated from None
    return Viewer(
        tenant=membership.tenant,
        actor=ActorId(member.id),
        roles=member.roles,
        name=member.name,
        member=member.id,
        territories=member.territories,
        structures=member.structures,
    )


def _believed_key(secret: str) -> ApiKey | None:
    digest = identities.hashed(secret)
    held = _keys.get(digest)
    if held is not None and held[1] > time.monotonic():
        return held[0]
    key = identities.find_key(secret)
    if key is not None:
        _keys[digest] = (key, time.monotonic() + BELIEVED)
    return key
