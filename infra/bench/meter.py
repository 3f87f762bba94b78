"""Counting what reaches DynamoDB: each call, the items it read, and what it wrote."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3

from chalicelib.spine import table, wrapped_keys
from infra.bench.units import WireItem, item_size, units_each, units_together

_PLACEHOLDER = re.compile(r"[#:]\w+")
_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})
#: Entries that lead to what is shown and are not shown themselves.
_LEADS = frozenset({"name"})


@dataclass(frozen=True)
class Call:
    """One call: the items it read, filtered ones included; for each it writes, its kind where it is put."""

    operation: str
    read: tuple[WireItem, ...] = ()
    missing: int = 0
    consistent: bool = False
    put: tuple[str, ...] = ()

    @property
    def is_write(self) -> bool:
        """Tell whether the call was to change something."""
        return self.operation in _WRITES

    @property
    def is_transaction(self) -> bool:
        """Tell whether all of it is written or nothing is."""
        return self.operation == "TransactWriteItems"

    @property
    def tells_an_event(self) -> bool:
        """Tell whether this is a change of domain facts: its transaction writes the journal."""
        return "event" in self.put

    def units(self, shown: Collection[str] | None = None) -> float:
        """Give the read units of the call, or those of reading only what is shown of it."""
        found = [item for item in self.read if shown is None or _is_among(item, shown)]
        if self.is_write or (shown is not None and not found):
            return 0.0
        sizes = [item_size(item) for item in found]
        if self.operation == "Query":
            return units_together(sizes, consistent=self.consistent)
        sizes += [0] * (self.missing if shown is None else 0)
        return units_each(sizes, consistent=self.consistent)


@dataclass
class Meter:
    """The calls made while it was on."""

    calls: list[Call] = field(default_factory=list)

    @property
    def units(self) -> float:
        """Give the read units of all calls."""
        return sum(call.units() for call in self.calls)

    def units_shown(self, ids: Collection[str]) -> float:
        """Give the read units of what bears one of these ids, had nothing else been read."""
        return sum(call.units(ids) for call in self.calls)

    @property
    def writes(self) -> list[Call]:
        """Give the calls that were to change something."""
        return [call for call in self.calls if call.is_write]


@contextmanager
def metered() -> Iterator[Meter]:
    """Count every call that this process makes to DynamoDB."""
    meter = Meter()

    def remember(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        context["binome_params"] = dict(params)

    def note(parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:  # noqa: ANN401 - botocore hands an untyped operation model.
        meter.calls.append(_call(model.name, context.pop("binome_params", {}), parsed))

    clients: tuple[Any, ...] = (table.shared_client(), wrapped_keys._client())  # noqa: SLF001 - no seam but this client.
    for client in clients:
        client.meta.events.register("provide-client-params.dynamodb.*", remember)
        client.meta.events.register("after-call.dynamodb.*", note)
    try:
        yield meter
    finally:
        for client in clients:
            client.meta.events.unregister("provide-client-params.dynamodb.*", remember)
            client.meta.events.unregister("after-call.dynamodb.*", note)


def _call(operation: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> Call:
    consistent = bool(params.get("ConsistentRead"))
    if operation == "Query":
        read = answer.get("Items", [])
        if "FilterExpression" in params:
            read = _unfiltered(params)
        return Call(operation, tuple(read), consistent=consistent)
    if operation == "GetItem":
        item = answer.get("Item")
        return Call(operation, (item,) if item else (), missing=0 if item else 1, consistent=consistent)
    if operation == "BatchGetItem":
        read = [item for items in answer.get("Responses", {}).values() for item in items]
        asked = sum(len(each["Keys"]) for each in params["RequestItems"].values())
        return Call(operation, tuple(read), missing=asked - len(read))
    return Call(operation, put=tuple(_kinds_put(operation, params)))


def _unfiltered(params: Mapping[str, Any]) -> list[WireItem]:
    """Ask again without the filter: what a filter leaves out is read, and paid for, all the same."""
    asked = {name: value for name, value in params.items() if name != "FilterExpression"}
    used = set(_PLACEHOLDER.findall(asked["KeyConditionExpression"]))
    for mapping in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        kept = {name: value for name, value in asked.pop(mapping, {}).items() if name in used}
        if kept:
            asked[mapping] = kept
    found: list[WireItem] = _unmetered().query(**asked)["Items"]
    return found


@cache
def _unmetered() -> Any:  # noqa: ANN401 - boto3 makes its clients at run time.
    return boto3.client("dynamodb")


def _kinds_put(operation: str, params: Mapping[str, Any]) -> Iterator[str]:
    if operation == "TransactWriteItems":
        for each in params["TransactItems"]:
            yield each.get("Put", {}).get("Item", {}).get("kind", {}).get("S", "")
    elif operation == "PutItem":
        yield params["Item"].get("kind", {}).get("S", "")


def _is_among(item: WireItem, ids: Collection[str]) -> bool:
    """Tell whether an item bears one of these ids: the end of its sort key, or of its partition."""
    if item.get("kind", {}).get("S") in _LEADS:
        return False
    own: str = item["sk"]["S"].rpartition("#")[2] or item["pk"]["S"].rpartition("#")[2]
    return own in ids
