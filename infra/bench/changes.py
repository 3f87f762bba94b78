"""What changing something costs: one transaction with its event in the journal, whatever the change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from chalicelib.pairs.report_link import report_url
from chalicelib.spine import isolation
from infra.bench.door import Door
from infra.bench.meter import Call, Meter, metered
from infra.bench.office import PLACES, Office
from infra.bench.table import Line, counted

_BUDGET = "1 transaction"


class Journey:
    """Changes made one after the other, each of them measured."""

    def __init__(self, door: Door, office: Office) -> None:
        """Change through this door."""
        self.door = door
        self.office = office
        self.lines: list[Line] = []

    def post(self, what: str, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - the JSON that comes back.
        """Create something."""
        return self._measured(what, lambda: self.door.write("POST", path, body))

    def patch(self, what: str, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - likewise.
        """Change something, from the version that stands."""
        version = self.door.read(path)["version"]
        return self._measured(what, lambda: self.door.write("PATCH", path, {"version": version, **body}))

    def form(self, what: str, path: str, values: dict[str, str]) -> None:
        """Send a form that needs no session."""
        sender = Door(self.door.client, {"Content-Type": "application/x-www-form-urlencoded"})
        self._measured(what, lambda: sender.send("POST", path, urlencode(values).encode()))

    def _measured(self, what: str, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - likewise.
        with metered() as meter:
            answer = act()
        line = judged(what, meter)
        if line not in self.lines:
            self.lines.append(line)
        return answer


def changes(door: Door, office: Office) -> list[Line]:
    """Measure the changes of a pair's whole life, and those of what surrounds it."""
    journey = Journey(door, office)
    mentor, *mentees = (_person(journey, kind) for kind in ("mentor", "mentee", "mentee"))
    _life_of_a_pair(journey, mentor, mentees[0])
    _surroundings(journey)
    path = f"/v1/mentors/{mentor}"
    journey.patch("change a mentor", path, {"first_name": "Renée", "phone": "06 12 34 56 79"})
    given = {"mentor": mentor, "mentee": mentees[1], "programme": office.programme.id}
    pair = journey.post("propose and launch a pair", "/v1/pairs", {**given, **_launch(office)})
    with isolation.acting_for(office.tenant):
        link = report_url(office.tenant, pair["id"], mentor, office.now).partition("/report/")[2]
    report = {"on": office.older(1), "minutes": "60", "format": "in_person", "rating": "4"}
    journey.form("report a session by the mentor's link", f"/report/{link}", report)
    return journey.lines


def judged(what: str, meter: Meter) -> Line:
    """Hold what one change wrote to one transaction; technical writes are named, and allowed."""
    changing = [call for call in meter.writes if call.tells_an_event]
    technical = [call for call in meter.writes if call.is_transaction and not call.tells_an_event]
    loose = [call for call in meter.writes if not call.is_transaction]
    reads = len(meter.calls) - len(meter.writes)
    writes = sum(len(call.put) for call in changing)
    measured = f"{len(changing)} ({counted(writes, 'write')}, {counted(reads, 'read')} around it)"
    if technical:
        measured += f" + {len(technical)} technical ({', '.join(_kinds(technical))})"
    if loose:
        measured += f" + {len(loose)} outside any"
    return Line(what, _BUDGET, measured, len(changing) == 1 and not loose)


def _kinds(calls: Sequence[Call]) -> Iterator[str]:
    yield from sorted({kind or "update" for call in calls for kind in call.put})


def _person(journey: Journey, kind: str) -> str:
    office = journey.office
    given: dict[str, object] = {
        "first_name": "Renée",
        "last_name": "Lagarde",
        "email": "renee.lagarde@courriel.example",
        "birth_date": "1991-03-02" if kind == "mentor" else "2011-03-02",
        "territory": PLACES[0],
        "programme": office.programme.id,
        "stage": "available",
    }
    if kind == "mentor":
        given["capacity"] = 3
    created: str = journey.post(f"create a {kind}", f"/v1/{kind}s", given)["id"]
    return created


def _launch(office: Office) -> dict[str, object]:
    return {"coordinator": office.coordinator, "launched_on": office.older(10)}


def _life_of_a_pair(journey: Journey, mentor: str, mentee: str) -> None:
    office = journey.office
    given: dict[str, object] = {"mentor": mentor, "mentee": mentee, "programme": office.programme.id}
    pair = journey.post("propose a pair", "/v1/pairs", {**given, "coordinator": office.coordinator})
    path = f"/v1/pairs/{pair['id']}"
    journey.patch("accept a pair", path, {"stage": "accepted"})
    journey.patch("launch a pair", path, {"stage": "active", "launched_on": office.older(10)})
    session = {"on": office.older(1), "minutes": 60, "format": "in_person", "rating": 4, "note": "Bien."}
    journey.post("report a session", f"{path}/sessions", session)
    contact: dict[str, object] = {"on": office.older(0), "whom": "mentor", "channel": "phone"}
    journey.post("note an exchange", f"{path}/contacts", contact)
    journey.patch("pause a pair", path, {"stage": "paused"})
    journey.patch("resume a pair", path, {"stage": "active"})
    journey.patch("hand a pair over", path, {"coordinator": office.colleague})
    journey.post("close a pair", f"{path}/closure", {"outcome": "completed"})


def _surroundings(journey: Journey) -> None:
    structure = {"name": "Collège du Banc", "kind": "school", "territory": PLACES[0]}
    made = journey.post("add a structure", "/v1/structures", structure)
    journey.patch("change a structure", f"/v1/structures/{made['id']}", {"name": "Collège du Parc"})
    member = {"name": "Dominique Aubert", "email": "aubert@banc.example", "roles": ["coordinator"]}
    made = journey.post("add a member", "/v1/members", member)
    journey.patch("change a member", f"/v1/members/{made['id']}", {"capacity": 20})
    journey.patch(
        "change a programme", f"/v1/programmes/{journey.office.programme.id}", {"red_after_days": 30}
    )
    webhook = {"url": "http://127.0.0.1:9/", "events": ["pair.closed"]}
    journey.post("add a webhook", "/v1/webhooks", webhook)
