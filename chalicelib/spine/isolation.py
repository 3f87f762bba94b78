"""Whose data this piece of work may touch. Fail-closed: without a scope nothing is read or written.

Two defences stand here, both under every call of the shared DynamoDB client. The *credentials* are
those of the current tenant (on AWS, STS credentials whose session tag is the tenant, bound by a
`dynamodb:LeadingKeys` policy). The *guard* reads the parameters of each call and refuses a key
outside the scope, and Scan, before anything is signed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from chalicelib.spine.errors import IsolationBreach
from chalicelib.spine.ids import TenantId

#: Key attributes of the table and of its global indexes. A Query must pin one of them.
HASH_KEYS = frozenset(
    {
        "pk",
        "tenant_key",
        "region_key",
        "department_key",
        "member_key",
        "structure_key",
        "programme_key",
        "subject_key",
        "due_shard",
    }
)
_EQUALITY = re.compile(r"(#?\w+)\s*=\s*(:\w+)")


@dataclass(frozen=True)
class Scope:
    """What the current work may touch: one tenant's keys, or the platform's own."""

    tenant: TenantId | None

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Give the beginnings of the keys inside the scope."""
        return ("G#", "DUE#") if self.tenant is None else (f"T#{self.tenant}#",)


_current: ContextVar[Scope | None] = ContextVar("isolation_scope", default=None)


def current() -> Scope:
    """Give the scope of the current work; refuse to work without one."""
    scope = _current.get()
    if scope is None:
        message = "no tenant is in scope: enter acting_for(tenant) first"
        raise IsolationBreach(message)
    return scope


@contextmanager
def acting_for(tenant: TenantId) -> Iterator[None]:
    """Work on the data of one tenant."""
    token = _current.set(Scope(tenant))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def acting_as_system() -> Iterator[None]:
    """Work on identities and on the agenda's index: loud, and easy to search for."""
    token = _current.set(Scope(None))
    try:
        yield
    finally:
        _current.reset(token)


def guard(params: Mapping[str, Any], operation: str) -> None:
    """Refuse a DynamoDB call that names a key outside the scope, or none at all.

    `params` are the low-level parameters of the call. Raises IsolationBreach.
    """
    if operation in {"DescribeTable", "DescribeTimeToLive"}:
        return
    prefixes = current().prefixes
    keys = list(_keys(params, operation))
    if not keys:
        message = f"{operation} pins no key: refused"
        raise IsolationBreach(message)
    for key in keys:
        if not key.startswith(prefixes):
            message = f"{operation} reaches for a key outside its scope"
            raise IsolationBreach(message)


def _keys(params: Mapping[str, Any], operation: str) -> Iterator[str]:
    reader = _READERS.get(operation)
    if reader is not None:
        yield from reader(params)


def _batch_get_keys(params: Mapping[str, Any]) -> Iterator[str]:
    for request in params["RequestItems"].values():
        yield from (key["pk"]["S"] for key in request["Keys"])


def _batch_write_keys(params: Mapping[str, Any]) -> Iterator[str]:
    for requests in params["RequestItems"].values():
        for request in requests:
            yield from _write_keys(request)


def _transaction_keys(params: Mapping[str, Any]) -> Iterator[str]:
    for request in params["TransactItems"]:
        for part in request.values():
            yield from _part_keys(part)


def _write_keys(request: Mapping[str, Any]) -> Iterator[str]:
    if "PutRequest" in request:
        yield from _item_keys(request["PutRequest"]["Item"])
    else:
        yield request["DeleteRequest"]["Key"]["pk"]["S"]


def _part_keys(part: Mapping[str, Any]) -> Iterator[str]:
    """Give the keys of one operation: the item's, and those an update would file it under."""
    if "Item" in part:
        yield from _item_keys(part["Item"])
        return
    yield part["Key"]["pk"]["S"]
    names = part.get("ExpressionAttributeNames", {})
    values = part.get("ExpressionAttributeValues", {})
    for name, value in _EQUALITY.findall(part.get("UpdateExpression", "")):
        if names.get(name, name) in HASH_KEYS - {"due_shard"}:
            yield str(values[value]["S"])


def _item_keys(item: Mapping[str, Any]) -> Iterator[str]:
    """Give an item's own key and its index keys, so that nothing is filed under another tenant.

    The agenda's shard is the one global key: it names no tenant, and the entry is only reachable
    through the small system role.
    """
    for name in HASH_KEYS - {"due_shard"}:
        if name in item:
            yield item[name]["S"]


def _query_key(params: Mapping[str, Any]) -> Iterator[str]:
    names = params.get("ExpressionAttributeNames", {})
    values = params.get("ExpressionAttributeValues", {})
    for name, value in _EQUALITY.findall(params.get("KeyConditionExpression", "")):
        if names.get(name, name) in HASH_KEYS:
            yield str(values[value]["S"])
            return
    message = "Query without a hash key: refused"
    raise IsolationBreach(message)


#: How each operation names its keys. Any other operation pins none, and so is refused: Scan first.
_READERS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "Query": _query_key,
    "GetItem": _part_keys,
    "UpdateItem": _part_keys,
    "DeleteItem": _part_keys,
    "PutItem": _part_keys,
    "BatchGetItem": _batch_get_keys,
    "BatchWriteItem": _batch_write_keys,
    "TransactWriteItems": _transaction_keys,
    "TransactGetItems": _transaction_keys,
}
