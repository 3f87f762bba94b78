"""The one write path: a change is one transaction, with its one event in the journal."""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from pynamodb.exceptions import CancellationReason, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.spine import isolation, journal
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Conflict, IsolationBreach, Refusal, StaleVersion
from chalicelib.spine.events import Event
from chalicelib.spine.idempotency import AlreadyDone, request_record
from chalicelib.spine.ids import EventId
from chalicelib.spine.settings import settings
from chalicelib.spine.table import Item, SharedConnection

#: A change touches at most this many items; bulk work is many transactions in a job.
MOST_WRITES = 25
_TRIES = 4


class Technical(Enum):
    """Writes that are no domain facts: never journaled, and all of them are named here."""

    COUNTERS = "counters and their marks"
    AGENDA_CLAIM = "a lease on an agenda entry"
    MESSAGE_CLAIM = "the claim of a message before it is sent"
    DELIVERY = "webhook deliveries and their attempts"
    SIGN_IN = "sign-in codes and sessions"
    IDENTITY = "who an API key or a mail address belongs to"
    LIMIT = "attempts counted for a limit"
    TENANT = "a tenant's entry in the platform's register"


@dataclass(frozen=True)
class Create:
    """Write an item that must not exist yet; `refusal` is what its existence means."""

    item: Item
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Replace:
    """Write an item whatever stands there: only for items without history (agenda entries)."""

    item: Item


@dataclass(frozen=True)
class Change:
    """Change an item that exists, and whose version is still the one that was read.

    `condition` is a domain condition; when it fails `refusal` is raised, or a stale version.
    """

    item: Item
    actions: Sequence[Action]
    condition: Condition | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Accumulate:
    """Add to an item, which appears at its first addition: counters, marks, hot facts."""

    item: Item
    actions: Sequence[Action]
    condition: Condition | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Remove:
    """Remove an item if it stands."""

    item: Item


@dataclass(frozen=True)
class Require:
    """Demand that an item this change does not touch is in some state."""

    item: Item
    condition: Condition
    refusal: Refusal


Write = Create | Replace | Change | Accumulate | Remove | Require


def transact(
    context: Context, event: Event, writes: Iterable[Write], consequences: Sequence[Event] = ()
) -> EventId:
    """Commit a change of domain facts: its items, its agenda entries and its journal event.

    All or nothing. `consequences` are the events of *other* facts that this change moves in the
    same instant (a pair is proposed: its mentee is no longer waiting), so that neither a figure nor
    a webhook can see one without the other. Raises the refusal of the first write whose condition
    fails. The request's idempotency record, when there is one, is part of the same transaction.
    """
    events = (event, *consequences)
    entries = [journal.entry(context, each, order) for order, each in enumerate(events)]
    all_writes: list[Write] = [*writes, *(Create(entry) for entry in entries)]
    if context.request_key is not None:
        record = request_record(context, created=event.created or event.subject)
        all_writes.append(Create(record, AlreadyDone()))
    if len(all_writes) > MOST_WRITES:
        message = f"{len(all_writes)} writes in one change; split it in a job"
        raise ValueError(message)
    if isolation.current().tenant != context.tenant:
        message = "the context is of another tenant than the scope"
        raise IsolationBreach(message)
    _commit(all_writes)
    return EventId(entries[0].sk)


def technical_write(kind: Technical, writes: Iterable[Write]) -> None:
    """Commit writes that are no domain facts. `kind` must be one of the listed reasons."""
    if not isinstance(kind, Technical):
        raise TypeError(kind)
    _commit(list(writes))


def _commit(writes: list[Write]) -> None:
    """Send the transaction; retry on a conflict with another transaction, and on nothing else."""
    for attempt in range(1, _TRIES + 1):
        try:
            _send(writes)
        except TransactWriteError as error:
            reasons = error.cancellation_reasons
            if not reasons:
                raise
            codes = {reason.code for reason in reasons if reason}
            if codes == {"TransactionConflict"} and attempt < _TRIES:
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter, not a secret.
                continue
            raise _refusal(writes, reasons) from error
        else:
            return


def _send(writes: list[Write]) -> None:
    with TransactWrite(connection=_connection()) as transaction:
        for write in _ordered(writes):
            match write:
                case Create(item):
                    transaction.save(item, condition=Item.pk.does_not_exist())
                case Replace(item):
                    transaction.save(item)
                case Change(item, actions, condition):
                    exists = Item.pk.exists()
                    transaction.update(
                        item,
                        actions=list(actions),
                        condition=exists if condition is None else exists & condition,
                    )
                case Accumulate(item, actions, condition):
                    # An update that makes its item would leave it without a kind.
                    named = [*actions, Item.kind.set(type(item))]
                    transaction.update(item, actions=named, condition=condition, add_version_condition=False)
                case Remove(item):
                    transaction.delete(item)
                case Require(item, condition):
                    transaction.condition_check(type(item), item.pk, item.sk, condition=condition)


def _ordered(writes: list[Write]) -> list[Write]:
    """Put writes in the order PynamoDB sends them, so that reasons can be matched to writes."""
    order = (Require, Remove, (Create, Replace), (Change, Accumulate))
    return [write for kinds in order for write in writes if isinstance(write, kinds)]


def _refusal(writes: list[Write], reasons: Sequence[CancellationReason | None]) -> Exception:
    """Give what the first failed condition means; that the request was done before says more than any."""
    refusals: list[Refusal] = []
    for write, reason in zip(_ordered(writes), reasons, strict=True):
        if reason is None or reason.code == "TransactionConflict":
            continue
        if reason.code != "ConditionalCheckFailed":
            return RuntimeError(f"the transaction was refused: {reason.code} {reason.message}")
        given = None if isinstance(write, Replace | Remove) else write.refusal
        refusals.append(given or StaleVersion.of_subject())
    if not refusals:
        return Conflict(detail="Others were changing the same things at the same moment; try again")
    # What refuses a repetition is the very work of the first attempt: the place it took, for one.
    return next((each for each in refusals if isinstance(each, AlreadyDone)), refusals[0])


@cache
def _connection() -> SharedConnection:
    connection = SharedConnection(region=settings().region)
    connection.add_meta_table(Item._get_connection().get_meta_table())  # noqa: SLF001 - the one table's description.
    return connection
