"""Workers that die and ticks that overlap: no reminder is lost, and one window alone repeats one."""

import os
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient

from infra import outbox
from infra.local_stack import wait_until
from tests.integration.stack.cast import Cast, Followed, Programme
from tests.integration.stack.town import Town, days_ago, morning

#: A little more than the lease of an agenda entry, after which another run may take it.
LEASE_OVER = timedelta(minutes=5, seconds=1)
#: As many due entries a tick works itself; more go through the queue.
AT_ONCE = 50
_NOW = morning(days_ago(0))
_SEND = "SendEmail"
Call = tuple[str, str]


class WorkerDied(BaseException):
    """What no handler catches, as none sees a SIGKILL."""


@dataclass(frozen=True)
class Death:
    """When a worker dies: before its call of that number leaves, or once it was answered."""

    call: int
    answered: bool


@dataclass(frozen=True)
class Outcome:
    """What became of a pair: mails to mentor and coordinator, its register, its journal, its next day."""

    mails: tuple[int, int]
    register: frozenset[tuple[int, str, str]]
    turns: int
    told: int
    colour: str
    next_on: date


@pytest.fixture(scope="module")
def programme(cast: Cast) -> Programme:
    """Give a weekly programme, whose second step writes to the mentor and to the coordinator."""
    return cast.new_programme("Mentorat de tous", caseload_ratio=200)


def late(cast: Cast, programme: Programme) -> Followed:
    """Launch a pair a day past its second step: that one is due, and the first is passed over."""
    return cast.camille.launches(programme, days_ago(programme.ladder[1] + 1))


def well(programme: Programme) -> Outcome:
    """Give what must become of such a pair, whatever happens to workers."""
    return Outcome(
        mails=(1, 1),
        register=frozenset({(1, "nobody", "skipped"), (2, "mentor", "sent"), (2, "coordinator", "sent")}),
        turns=1,
        told=2,
        colour="orange",
        next_on=days_ago(programme.ladder[1] + 1 - programme.red),
    )


def outcomes(town: Town, cast: Cast, pairs: Mapping[str, Followed]) -> dict[str, Outcome]:
    """Read what became of many pairs at once, by the names they are given here."""
    held = town.holdings(cast.tenant).values()
    next_on = {item["subject"]["S"]: item["due_at"]["S"] for item in held if item["kind"]["S"] == "agenda"}
    mails = outbox.messages(town.stack)
    register = cast.helene.items("/v1/reminders")
    events = Counter((each["subject"], each["type"]) for each in cast.helene.items("/v1/journal"))
    colours = {each["id"]: each["colour"] for each in cast.helene.items("/v1/pairs")}

    def of(pair: Followed) -> Outcome:
        name = f"{pair.mentor['first_name']} {pair.mentor['last_name']}"
        to_coordinator = [
            each for each in mails if each.to == pair.by.email and f"{name} et " in each.subject
        ]
        return Outcome(
            mails=(sum(each.to == pair.mentor["email"] for each in mails), len(to_coordinator)),
            register=frozenset(
                (each["step"], each["to"], each["status"]) for each in register if each["pair"] == pair.id
            ),
            turns=events[pair.id, "pair.turned_orange"],
            told=events[pair.id, "reminder.sent"],
            colour=colours[pair.id],
            next_on=datetime.fromisoformat(next_on[pair.id]).astimezone(_NOW.tzinfo).date(),
        )

    return {name: of(pair) for name, pair in pairs.items()}


@contextmanager
def calls_to_aws(death: Death | None = None) -> Iterator[list[Call]]:
    """Note each call that leaves this process, whichever client makes it, and die when told to."""
    made: list[Call] = []
    # Below every client, boto3's and PynamoDB's alike; botocore has no public seam there.
    send = BaseClient._make_api_call  # type: ignore[attr-defined]

    def noted(self: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        made.append((self.meta.service_model.service_name, operation))
        if death == Death(len(made) - 1, answered=False):
            raise WorkerDied
        answer: object = send(self, operation, parameters)
        if death == Death(len(made) - 1, answered=True):
            raise WorkerDied
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", noted)
        yield made


def follow(cast: Cast, at: datetime, death: Death | None = None) -> list[Call]:
    """Do in this process what is due for the cast's pairs; give the calls that it took."""
    from chalicelib.followup import jobs
    from chalicelib.pairs import changes
    from chalicelib.spine import agenda, agenda_run

    due = [entry for entry in agenda.due(at) if entry.tenant == cast.tenant]
    with calls_to_aws(death) as made:
        try:
            agenda_run.take(due, at, {changes.JOB: jobs.follow_pair})
        except WorkerDied:
            assert death is not None
    return made


def test_a_worker_that_dies_at_any_call_loses_no_reminder_and_repeats_one_in_one_window(
    town: Town, cast: Cast, programme: Programme
) -> None:
    first = late(cast, programme)
    follow(cast, _NOW)
    pairs = {"alone": first, "in peace": late(cast, programme)}
    calls = follow(cast, _NOW)
    sends = [place for place, (_, operation) in enumerate(calls) if operation == _SEND]
    assert len(sends) == 2
    expected = dict.fromkeys(pairs, well(programme))

    for death in (Death(call, answered) for call in range(len(calls)) for answered in (False, True)):
        name = f"{'after' if death.answered else 'before'} call {death.call}, {calls[death.call]}"
        pairs[name] = late(cast, programme)
        assert follow(cast, _NOW, death) == calls[: death.call + 1]
        # What it was doing is left alone for the length of its lease; what it had not begun is done.
        follow(cast, _NOW)
        # Accepted by the mail service and not marked yet: the one window.
        repeated = [death in {Death(send, answered=True), Death(send + 1, answered=False)} for send in sends]
        mails = (1 + int(repeated[0]), 1 + int(repeated[1]))
        expected[name] = replace(well(programme), mails=mails)
    follow(cast, _NOW + LEASE_OVER)

    assert outcomes(town, cast, pairs) == expected
    assert follow(cast, _NOW + LEASE_OVER) == []


def test_two_ticks_at_once_send_each_mail_once(town: Town, cast: Cast, programme: Programme) -> None:
    pairs = {str(number): late(cast, programme) for number in range(5)}

    with ThreadPoolExecutor(2) as clocks:
        list(clocks.map(lambda _: _tick(town), range(2)))
    town.tick(_NOW + LEASE_OVER)

    assert outcomes(town, cast, pairs) == dict.fromkeys(pairs, well(programme))


def test_a_tick_whose_process_is_killed_is_made_up_for_by_the_next(
    town: Town, cast: Cast, programme: Programme
) -> None:
    pairs = {str(number): late(cast, programme) for number in range(8)}

    with ThreadPoolExecutor(1) as clock:
        running = clock.submit(_tick, town)
        wait_until(lambda: sum(len(town.mails(each.mentor["email"])) for each in pairs.values()) >= 2)
        assert _kill_workers(town, "Tick") >= 1
        assert running.result()["failed"]
    unfinished = outcomes(town, cast, pairs)
    assert unfinished != dict.fromkeys(pairs, well(programme))
    town.tick(_NOW)
    town.tick(_NOW + LEASE_OVER)

    found = outcomes(town, cast, pairs)
    assert {name: replace(each, mails=(1, 1)) for name, each in found.items()} == dict.fromkeys(
        pairs, well(programme)
    )
    sent = [count for each in found.values() for count in each.mails]
    assert min(sent) == 1
    # The one message that was on its way when the process was killed.
    assert sum(sent) <= len(sent) + 1


def test_a_mail_service_that_is_away_is_asked_again_after_the_lease(
    town: Town, cast: Cast, programme: Programme
) -> None:
    from chalicelib.spine import mail

    pairs = {"waiting": late(cast, programme)}

    def away(*_: object) -> str:
        raise mail.NotSent("TooManyRequestsException", final=False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "send", away)
        follow(cast, _NOW)
    assert outcomes(town, cast, pairs)["waiting"].mails == (0, 0)

    follow(cast, _NOW + LEASE_OVER)

    assert outcomes(town, cast, pairs) == {"waiting": well(programme)}


def test_more_than_one_tick_can_take_goes_through_the_queue(
    town: Town, cast: Cast, programme: Programme
) -> None:
    active = len(cast.helene.items("/v1/pairs", stage="active", colour="orange"))
    for _ in range(active, AT_ONCE + 1):
        late(cast, programme)
    town.tick(_NOW)

    red = days_ago(programme.ladder[1] + 1 - programme.red)
    answer = _tick(town, morning(red))
    town.stack.settle()

    assert (answer["done"], answer["queued"]) == (0, answer["due"])
    assert answer["due"] > AT_ONCE
    pairs = {each["id"]: each["colour"] for each in cast.helene.items("/v1/pairs", stage="active")}
    assert set(pairs.values()) == {"red"}
    tasks = Counter(each["pair"] for each in cast.helene.items("/v1/reminders") if each["channel"] == "task")
    assert tasks == Counter(pairs.keys())


def _tick(town: Town, at: datetime = _NOW) -> dict[str, Any]:
    """Run the deployed tick once, and give what came of it."""
    return town.invoke("Tick", {"at": at.isoformat()})


def _kill_workers(town: Town, function: str) -> int:
    """Kill, so that nothing can refuse, the processes in which a function of this stack runs; count them."""
    name = town.function(function).encode()
    emulator = town.stack.folder.running().emulator_pid
    children = Path(f"/proc/{emulator}/task").glob("*/children")
    pids = {int(pid) for found in children for pid in found.read_text().split()}
    killed = [pid for pid in pids if name in Path(f"/proc/{pid}/cmdline").read_bytes()]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    return len(killed)
