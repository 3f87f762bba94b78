"""The figures: what each event adds to them. One definition of each, pure, and none elsewhere.

An event's effect on the figures is `figures(after) - figures(before)`, from the event alone.
`counting.py` applies these effects exactly once. The definitions:

- `pairs`: pairs neither proposed in vain nor closed, which somebody must follow (the caseload);
- `places`: pairs that the members based there may follow;
- `green orange red`: active pairs by colour; `paused`: paused pairs;
- `counting`: active pairs that count for the plan;
- `waiting`: mentees from lead to available; `mentee_lead`…, `mentor_left`: people by stage;
- `launched`: pairs launched within an agreement's period, kept per agreement.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from chalicelib.spine.events import Dimensions, Event

STOCK = ("pairs", "places", "green", "orange", "red", "paused", "counting", "waiting", "launched")
PERSON_STAGES = (
    "lead",
    "contacted",
    "information_meeting",
    "interview",
    "checks",
    "available",
    "paired",
    "left",
)
FUNNEL = tuple(f"{kind}_{stage}" for kind in ("mentee", "mentor") for stage in PERSON_STAGES)
FIGURES = (*STOCK, *FUNNEL)
#: Where a subject has no territory, structure, coordinator or programme.
NOWHERE = "-"
WAITING_STAGES = frozenset(PERSON_STAGES) - {"paired", "left"}

CounterKey = tuple[str, str]
Deltas = dict[CounterKey, dict[str, int]]


def figures(dimensions: Dimensions | None) -> dict[str, int]:
    """Tell what a subject weighs in the stock figures. The one definition of each figure."""
    if dimensions is None:
        return {}
    if dimensions.of == "member":
        return {"places": dimensions.places}
    if dimensions.of in {"mentee", "mentor"}:
        waits = dimensions.of == "mentee" and dimensions.stage in WAITING_STAGES
        return {f"{dimensions.of}_{dimensions.stage}": 1, "waiting": int(waits)}
    weight = {"pairs": int(dimensions.stage != "closed")}
    if dimensions.stage == "paused":
        weight["paused"] = 1
    if dimensions.stage == "active":
        if dimensions.colour:
            weight[dimensions.colour] = 1
        weight["counting"] = int(dimensions.counts)
    return weight


def deltas(event: Event) -> Deltas:
    """Tell what an event adds to each counter; events commute, in any order of arrival."""
    added: Deltas = defaultdict(lambda: defaultdict(int))
    for dimensions, sign in ((event.before, -1), (event.after, 1)):
        if dimensions is None:
            continue
        for place in _places(dimensions):
            for name, value in figures(dimensions).items():
                added[place][name] += sign * value
            if dimensions.launched_under:
                launched = (f"LAUNCHED#{dimensions.launched_under}#{place[0]}", place[1])
                added[launched]["launched"] += sign
    return {
        place: moved
        for place, by_name in added.items()
        if (moved := {name: value for name, value in by_name.items() if value})
    }


def _places(dimensions: Dimensions) -> Iterator[CounterKey]:
    yield "TERRITORY", dimensions.territory or NOWHERE
    if dimensions.of != "member":
        yield "STRUCTURE", dimensions.structure or NOWHERE
        yield "PROGRAMME", dimensions.programme or NOWHERE
    if dimensions.of == "pair":
        yield "COORDINATOR", dimensions.coordinator or NOWHERE


def folded(events: Iterable[Event]) -> Deltas:
    """Add up the effects of many events."""
    total: Deltas = defaultdict(lambda: defaultdict(int))
    for event in events:
        for place, moved in deltas(event).items():
            for name, value in moved.items():
                total[place][name] += value
    return {place: dict(moved) for place, moved in total.items()}
