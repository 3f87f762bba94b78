"""What the head office's dashboard costs at 100 pairs and at 100 000.

The counters of so many pairs are worked out with the product's own `deltas`: one life of a pair, with
every turn a life can take, then as many such lives as there are pairs, dealt over every département.
Effects add up, so that a thousand equal lives are one life a thousand times.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from chalice.test import Client

from chalicelib.spine import clock, counting, isolation
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.events import Dimensions, Event, EventType
from chalicelib.spine.figures import PERSON_STAGES, Deltas, folded
from chalicelib.spine.ids import TenantId
from chalicelib.spine.territories import Territory, territories
from chalicelib.tenancy import actions
from chalicelib.tenancy.rights import Role
from infra.bench import office
from infra.bench.door import Door
from infra.bench.meter import Meter, metered
from infra.bench.table import Line

FEW, MANY = 100, 100_000
_TOLERANCE = 0.10
_CASELOAD = 32


def lines(client: Client) -> Iterator[Line]:
    """Measure the dashboard of two tenants that differ by their number of pairs alone."""
    few, many = (_dashboard(client, pairs) for pairs in (FEW, MANY))
    ratio = many.units / few.units
    counters = [sum(len(call.read) for call in meter.calls) for meter in (few, many)]
    yield Line(
        f"head-office dashboard at {FEW} and at {MANY} pairs",
        f"the same units ± {_TOLERANCE:.0%}",
        f"{few.units:g} and {many.units:g} units = × {ratio:.2f}; "
        f"{len(few.calls)} and {len(many.calls)} calls, {counters[0]} and {counters[1]} items",
        abs(ratio - 1) <= _TOLERANCE,
    )


def counters_of(pairs: int, agreement: str) -> Deltas:
    """Give every counter of a tenant with so many pairs, dealt over all départements in turn."""
    places = [each for each in territories() if each.level == "department"]
    sums: Deltas = {}
    for order, place in enumerate(places):
        lives = len(range(order, pairs, len(places)))
        ended = ENDS[order % len(ENDS)]
        _add(sums, folded(life(place, agreement, ended)), lives)
    _add(sums, folded(_members(places)), max(1, pairs // _CASELOAD // len(places)))
    return sums


def life(place: Territory, agreement: str, ended: Dimensions) -> Iterator[Event]:
    """Tell the life of a pair and of its people, and of a mentee who still waits."""
    for kind, last in (("mentee", "paired"), ("mentor", "paired"), ("mentee", "available")):
        steps = PERSON_STAGES[: PERSON_STAGES.index(last) + 1]
        person = Dimensions(of=kind, territory=place.code, programme="mentorat")
        yield from _told([replace(person, stage=step) for step in steps])
    lived = [replace(each, territory=place.code, programme="mentorat") for each in (*_TURNS, ended)]
    yield from _told([lived[0], *(replace(each, launched_under=agreement) for each in lived[1:])])


_ACTIVE = Dimensions(of="pair", stage="active", colour="green", counts=True)
_TURNS = (
    Dimensions(of="pair", stage="proposed"),
    _ACTIVE,
    replace(_ACTIVE, colour="orange"),
    replace(_ACTIVE, colour="red"),
    Dimensions(of="pair", stage="paused", counts=True),
)
ENDS = (
    _ACTIVE,
    replace(_ACTIVE, colour="red", counts=False),
    Dimensions(of="pair", stage="closed"),
)


def _told(states: Sequence[Dimensions]) -> Iterator[Event]:
    """Tell how somebody came to be, and each turn from one state to the next."""
    yield Event(EventType.PERSON_CREATED, "", after=states[0])
    for before, after in pairwise(states):
        yield Event(EventType.PERSON_STAGE_CHANGED, "", before, after)


def _members(places: Sequence[Territory]) -> Iterator[Event]:
    """Tell of a coordinator for each département, based in its region."""
    for place in places:
        based = Dimensions(of="member", territory=place.parent, places=_CASELOAD)
        yield Event(EventType.MEMBER_CHANGED, "", after=based)


def _add(sums: Deltas, moved: Deltas, times: int) -> None:
    for counter, figures in moved.items() if times else ():
        held = sums.setdefault(counter, {})
        for name, value in figures.items():
            held[name] = held.get(name, 0) + value * times


def _dashboard(client: Client, pairs: int) -> Meter:
    """Give what the dashboard of a tenant with so many pairs reads, its settings known."""
    tenant = TenantId(f"figures-{pairs}")
    with isolation.acting_for(tenant):
        founded = office.founded(tenant, clock.now())
        # The stream and a rebuild write counters in this very way; it is nobody else's.
        counting._write_sums(tenant, 1, counters_of(pairs, founded.agreement))  # noqa: SLF001
        context = Context(tenant, SYSTEM, clock.now())
        key = actions.give_key(context, "banc", (Role.HEAD_OFFICE,), (), None)
    door = Door(client, {"Authorization": f"Bearer {key}"})
    door.read("/v1/monitoring/regions")
    with metered() as meter:
        door.read("/v1/monitoring/regions")
    return meter
