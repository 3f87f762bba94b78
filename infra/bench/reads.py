"""What reading costs: authentication, a read by id, a page of 25 with no filter and with each."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from chalicelib.pairs.rules import Stage as PairStage
from chalicelib.people.rules import Stage
from chalicelib.programmes import store as programmes
from chalicelib.spine import clock, encryption
from chalicelib.tenancy import authentication
from infra.bench.door import Door
from infra.bench.meter import Meter, metered
from infra.bench.office import SURNAME, Office
from infra.bench.table import Line, counted

MOST_CALLS = 2
MOST_UNITS = 1.2
#: A revoked key or session must stop working within so many seconds.
LONGEST_BELIEF = 60.0
_BUDGET = f"≤ {MOST_CALLS} calls, ≤ {MOST_UNITS} × units shown"


def authentications(key: str, session: str) -> Iterator[Line]:
    """Measure finding out who asks, by key and by session, first and once known."""
    authentication._keys.clear()  # noqa: SLF001 - what a process that just started has.
    asked: tuple[tuple[str, Callable[[], object]], ...] = (
        ("authentication by key, first", lambda: authentication.viewer_of_key(f"Bearer {key}")),
        ("authentication by key, known", lambda: authentication.viewer_of_key(f"Bearer {key}")),
        ("authentication by session", lambda: authentication.viewer_of_session(session, clock.now())),
    )
    for what, act in asked:
        with metered() as meter:
            act()
        yield Line(what, f"≤ {MOST_CALLS} calls", _cost(meter), len(meter.calls) <= MOST_CALLS)
    believed = authentication.BELIEVED
    yield Line(
        "a revoked key is believed for",
        f"≤ {LONGEST_BELIEF:g} s",
        f"{believed:g} s",
        believed <= LONGEST_BELIEF,
    )


def first_page(door: Door, office: Office) -> Line:
    """Measure the first list of a process: who asks, the tenant's keys and programmes are read too."""
    door.read("/v1/pairs")
    authentication._keys.clear()  # noqa: SLF001 - what a process that just started has.
    encryption._key.cache_clear()  # noqa: SLF001 - likewise.
    programmes.forget(office.tenant)
    with metered() as meter:
        door.read("/v1/pairs")
    return Line("25 pairs, first request of a process", "-", _cost(meter), None)


def by_id(door: Door, office: Office) -> Iterator[Line]:
    """Measure a read by id of each collection."""
    pair = office.pairs[0].id
    session = door.read(f"/v1/pairs/{pair}/sessions")["items"][-1]["id"]
    paths = {
        "a pair": f"/v1/pairs/{pair}",
        "a mentor": f"/v1/mentors/{office.people['mentor'][0].id}",
        "a mentee": f"/v1/mentees/{office.people['mentee'][0].id}",
        "a session": f"/v1/pairs/{pair}/sessions/{session}",
        "a programme": f"/v1/programmes/{office.programme.id}",
        "a structure": f"/v1/structures/{office.structure}",
        "a member": f"/v1/members/{office.coordinator}",
    }
    for what, path in paths.items():
        with metered() as meter:
            found = door.read(path)
        yield _judged(f"read by id: {what}", meter, {found["id"], *_parents(path)})


def pages(door: Door, office: Office) -> Iterator[Line]:
    """Measure a page of pairs and of people: unfiltered, then with each filter alone."""
    place = {"a region": "R84", "a département": "D69"}
    shared = {f"in {what}": {"territory": code} for what, code in place.items()}
    shared["of a structure"] = {"structure": office.structure}
    shared["of a programme"] = {"programme": office.programme.id}
    stages = {f"at a stage ({len(PairStage)})": [{"stage": stage.value} for stage in PairStage]}
    colours = {"of a colour (3)": [{"colour": colour} for colour in ("green", "orange", "red")]}
    coordinators = {"of a coordinator": [{"coordinator": office.coordinator}]}
    plain: dict[str, list[dict[str, str]]] = {"": [{}]}
    alike = {what: [query] for what, query in shared.items()}
    for what, queries in {**plain, **stages, **colours, **coordinators, **alike}.items():
        yield _worst(door, f"25 pairs {what}".strip(), "/v1/pairs", queries)
    steps = {f"at a stage ({len(Stage)})": [{"stage": stage.value} for stage in Stage]}
    named = {"by name (q)": [{"q": SURNAME}]}
    for kind in ("mentors", "mentees"):
        for what, queries in {**plain, **steps, **alike, **named}.items():
            yield _worst(door, f"25 {kind} {what}".strip(), f"/v1/{kind}", queries)


def own_pages(doors: Mapping[str, Door]) -> Iterator[Line]:
    """Measure an unfiltered page of pairs for viewers who do not reach the whole tenant.

    Whoever reaches several places reads one page of each and sees them merged: that has no budget.
    """
    for who, door in doors.items():
        door.read("/v1/programmes")
        line = _worst(door, f"25 pairs, seen by {who}", "/v1/pairs", [{}])
        merged = " and " in who
        yield replace(line, budget="- (merged)", within=None) if merged else line


def other_pages(door: Door, office: Office) -> Iterator[Line]:
    """Measure an unfiltered page of every other collection."""
    sessions = f"/v1/pairs/{office.pairs[0].id}/sessions"
    for what, path in {
        "sessions of a pair": sessions,
        "structures": "/v1/structures",
        "members": "/v1/members",
        "programmes": "/v1/programmes",
        "events of the journal": "/v1/journal",
    }.items():
        yield _worst(door, f"a page of {what}", path, [{}])


def _worst(door: Door, what: str, path: str, queries: list[dict[str, str]]) -> Line:
    """Measure a page for each of some queries, and give the dearest."""
    lines: list[tuple[float, Line]] = []
    for query in queries:
        with metered() as meter:
            items = door.read(path, **query)["items"]
        shown = {str(each["id"]) for each in items} | _parents(path)
        lines.append((meter.units / (meter.units_shown(shown) or 1), _judged(what, meter, shown)))
    return max(lines, key=lambda each: each[0])[1]


def _judged(what: str, meter: Meter, shown: Collection[str]) -> Line:
    floor = meter.units_shown(shown)
    ratio = meter.units / floor if floor else float("inf")
    within = len(meter.calls) <= MOST_CALLS and ratio <= MOST_UNITS
    return Line(what, _BUDGET, f"{_cost(meter)} = {ratio:.2f} × {floor:g} shown", within)


def _cost(meter: Meter) -> str:
    return f"{counted(len(meter.calls), 'call')}, {meter.units:g} units"


def _parents(path: str) -> set[str]:
    """Give the pair that a path goes through: it is read for the right to see what is under it."""
    parts = path.split("/")
    return {parts[3]} if len(parts) > len(("", "v1", "pairs", "id")) else set()
