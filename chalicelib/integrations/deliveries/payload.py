"""What a message says, read at the moment it is sent.

It names people by id alone: a receiver that may know more asks for it with its own key, and what it
keeps of our messages holds nothing that an erasure would have to reach.
"""

import json
from datetime import datetime

from chalicelib.integrations.deliveries.store import Delivery
from chalicelib.integrations.store import Webhook, hears
from chalicelib.pairs import queries as pairs
from chalicelib.pairs import store as pair_store
from chalicelib.people import store as people
from chalicelib.spine.clock import stamp
from chalicelib.spine.errors import NotFound
from chalicelib.spine.ids import TenantId
from chalicelib.tenancy import store as members
from chalicelib.tenancy.actions import weight

#: A subject as it is now, and the territory it is in.
Subject = tuple[dict[str, object], str | None]


def written(tenant: TenantId, webhook: Webhook, delivery: Delivery, now: datetime) -> bytes:
    """Write the body of a message: `{type, timestamp, data}` as the specification has it.

    What is told of the subject is its present state. It is left out once the subject is gone, or has
    moved out of the territories that the webhook hears of.
    """
    data: dict[str, object] = {**delivery.data, "id": delivery.subject}
    label, _, _ = delivery.type.partition(".")
    kind = {"session": "pair", "reminder": "pair"}.get(label, label)
    found = _subject(tenant, kind, delivery.subject, now)
    if found is not None and hears(webhook, delivery.type, found[1]):
        data[kind] = found[0]
    message = {"type": delivery.type, "timestamp": stamp(delivery.at), "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _subject(tenant: TenantId, kind: str, identity: str, now: datetime) -> Subject | None:
    try:
        match kind:
            case "pair":
                return _pair(tenant, identity, now)
            case "person":
                return _person(tenant, identity)
            case "member":
                return _member(tenant, identity)
            case _:
                return None
    except NotFound:
        return None


def _pair(tenant: TenantId, identity: str, now: datetime) -> Subject:
    item = pair_store.pair(tenant, identity, consistent=True)
    return pairs.shown(tenant, item, now).model_dump(mode="json"), item.territory


def _person(tenant: TenantId, identity: str) -> Subject:
    person = people.person(tenant, identity, consistent=True)
    state: dict[str, object] = {
        "id": person.id,
        "kind": person.kind,
        "stage": person.stage,
        "stage_dates": person.stage_dates,
        "territory": person.territory,
        "structure": person.structure,
        "programme": person.programme,
        "coordinator": person.followed_by,
        "source": person.source,
        "created_at": person.created_at,
        "version": person.version,
    }
    return state, person.territory


def _member(tenant: TenantId, identity: str) -> Subject:
    member = members.member(tenant, identity)
    state: dict[str, object] = {
        "id": member.id,
        "roles": member.roles,
        "territories": member.territories,
        "structures": member.structures,
        "capacity": member.capacity,
        "version": member.version,
    }
    return state, weight(member, 0).territory
