"""What a tick costs: nothing where nothing is due, then in proportion to what is, never to what exists."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

from chalicelib.pairs import changes
from chalicelib.pairs.store import PairItem
from chalicelib.spine import agenda, agenda_run, bulk, isolation
from chalicelib.spine.gateways import queues
from chalicelib.spine.table import Item
from infra.bench.meter import Meter, metered
from infra.bench.office import Office, pair
from infra.bench.table import Line

_WARM = 5
_DUE = (10, 60, 180)
_NOT_DUE = 1000
_TOLERANCE = 0.10

Jobs = Mapping[str, Callable[[agenda.Entry], None]]


def lines(office: Office, jobs: Jobs) -> Iterator[Line]:
    """Measure ticks with nothing due, then with ever more; the jobs are the application's own.

    They run at noon of a day, since nobody is written to before eight in the morning.
    """
    noon = datetime.combine(office.today, time(12), UTC)
    with isolation.acting_for(office.tenant):
        bulk.load(_waiting(office, noon))
    _, idle = _ticked(noon, jobs)
    measured = f"{len(idle.calls)} calls for {agenda.SHARDS} shards, {_NOT_DUE} entries waiting"
    yield Line("a tick with nothing due", "≤ 1 call per shard", measured, len(idle.calls) <= agenda.SHARDS)
    _with_due(office, _WARM, noon + timedelta(minutes=1), jobs)
    each: list[tuple[float, float]] = []
    for order, due in enumerate(_DUE, start=2):
        meter = _with_due(office, due, noon + timedelta(minutes=order), jobs)
        calls = len(meter.calls) - len(idle.calls)
        each.append(((meter.units - idle.units) / due, calls / due))
    units, calls_each = ([of_one[which] for of_one in each] for which in (0, 1))
    spread = max(max(units) / min(units), max(calls_each) / min(calls_each)) - 1
    yield Line(
        f"a tick with {', '.join(str(due) for due in _DUE)} due, for each entry",
        f"the same ± {_TOLERANCE:.0%}",
        f"{_listed(units)} units; {_listed(calls_each)} calls",
        spread <= _TOLERANCE,
    )


def _with_due(office: Office, due: int, at: datetime, jobs: Jobs) -> Meter:
    """Run a tick with so many pairs due; every call it made. Raises RuntimeError if it missed one."""
    with isolation.acting_for(office.tenant):
        bulk.load(_overdue(office, due, at - timedelta(hours=1)))
    found, meter = _ticked(at, jobs)
    if found != due:
        message = f"{due} entries were due and the tick found {found}"
        raise RuntimeError(message)
    return meter


def _ticked(at: datetime, jobs: Jobs) -> tuple[int, Meter]:
    """Run a tick and what it hands to the queue; give how many entries it found, and every call."""
    with metered() as meter, _taken_from_queue() as messages:
        found = agenda_run.tick(at, jobs)["due"]
        for body in messages:
            agenda_run.take_message(body, jobs)
    return found, meter


@contextmanager
def _taken_from_queue() -> Iterator[list[str]]:
    """Take down what is put on the queue, for which no function listens here."""
    bodies: list[str] = []

    def note(params: dict[str, Any], **_: object) -> None:
        bodies.append(params["MessageBody"])

    events = queues().meta.events
    events.register("provide-client-params.sqs.SendMessage", note)
    try:
        yield bodies
    finally:
        events.unregister("provide-client-params.sqs.SendMessage", note)


def _waiting(office: Office, noon: datetime) -> Iterator[Item]:
    """Give entries of other days, which a tick must not pay for."""
    for number in range(_NOT_DUE):
        partition = f"{office.pairs[0].pk}{number:04}"
        later = noon + timedelta(days=1 + number % 60)
        yield agenda.schedule(partition, f"{number:04}", changes.JOB, later).item


def _overdue(office: Office, count: int, at: datetime) -> Iterator[Item]:
    """Give green pairs silent for so long that they turn orange and their mentor is written to."""
    silent = office.programme.orange_after_days
    for number in range(count):
        item: PairItem = pair(office, "active", "green", number)
        item.launched_on, item.session_days = office.older(silent), None
        yield item
        yield agenda.schedule(item.pk, item.id, changes.JOB, at).item


def _listed(figures: list[float]) -> str:
    return ", ".join(f"{figure:.2f}" for figure in figures)
