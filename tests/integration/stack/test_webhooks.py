"""Webhooks of the deployed stack, received by a real server and verified by the specification's library."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest

from infra.local_stack import wait_until
from tests.integration.stack.cast import RHONE, Cast
from tests.integration.stack.receiver import Receiver
from tests.integration.stack.town import Api, Town, days_ago, morning

#: Every public event that a pair's journey holds.
JOURNEY = (
    "member.changed",
    "pair.closed",
    "pair.launched",
    "pair.paused",
    "pair.proposed",
    "pair.reassigned",
    "pair.resumed",
    "pair.turned_green",
    "pair.turned_orange",
    "pair.turned_red",
    "person.created",
    "person.stage_changed",
    "reminder.sent",
    "session.reported",
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Offer a receiver that ends with the test."""
    listening = Receiver()
    thread = Thread(target=listening.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listening
    listening.server.shutdown()
    thread.join()
    listening.server.server_close()


@pytest.fixture
def integrator(town: Town, cast: Cast) -> Iterator[Api]:
    """Give the API to an integrator, whose webhooks are removed at the end."""
    api = town.key(cast.tenant, "integrator")
    yield api
    for each in api.items("/v1/webhooks"):
        api.send("DELETE", f"/v1/webhooks/{each['id']}")


def _subscribed(api: Api, receiver: Receiver, *events: str, **details: object) -> dict[str, Any]:
    """Add a webhook, and give it with its secret."""
    return api.post("/v1/webhooks", {"url": receiver.url, "events": events, **details}).made()


def test_each_event_of_a_journey_arrives_once_signed_and_with_ids_only(
    town: Town, cast: Cast, integrator: Api, receiver: Receiver
) -> None:
    webhook = _subscribed(integrator, receiver, *JOURNEY)
    programme = cast.programme("mentorat-presentiel")
    camille = cast.hire("Camille Moreau", "coordinator", RHONE)
    other = cast.hire("Zoé Blanc", "coordinator", RHONE)
    launch = days_ago(40)
    pair = camille.launches(programme, launch)
    for days in programme.ladder:
        town.tick(morning(launch + timedelta(days=days)))
    pair.met(days_ago(0)).made()
    pair.changes(stage="paused").made()
    pair.changes(stage="active").made()
    pair.changes(coordinator=other.id).made()
    pair.closes().made()
    town.stack.settle()

    subjects = (camille.id, other.id, pair.id, pair.mentor["id"], pair.mentee["id"])
    messages = receiver.about(*subjects)
    journal = [each for subject in subjects for each in cast.helene.items("/v1/journal", subject=subject)]
    assert {each.id for each in messages} == {each["id"] for each in journal if each["type"] in JOURNEY}
    assert Counter(each.id for each in messages).most_common(1)[0][1] == 1
    assert {each.type for each in messages} == set(JOURNEY)
    for message in messages:
        verified = message.verified(webhook["secret"])
        assert verified.keys() == {"type", "timestamp", "data"}
    told = b" ".join(each.body for each in messages).decode()
    for person in (pair.mentor, pair.mentee, {"name": camille.name, "email": camille.email}):
        for name in {"first_name", "last_name", "email", "birth_date", "name"} & person.keys():
            assert person[name] not in told, name


def test_a_webhook_of_one_region_hears_of_that_region_alone(
    town: Town, cast: Cast, integrator: Api, receiver: Receiver
) -> None:
    webhook = _subscribed(integrator, receiver, "pair.launched", territories=["R93"])
    programme = cast.programme("mentorat-distanciel")
    there = cast.rachid.launches(programme, days_ago(0), territory="D13")
    here = cast.rachid.launches(programme, days_ago(0), territory=RHONE)
    town.stack.settle()

    [message] = receiver.about(there.id, here.id)

    assert message.verified(webhook["secret"])["data"]["pair"]["id"] == there.id


def test_a_receiver_that_fails_is_tried_again_from_the_agenda_with_the_same_id(
    town: Town, cast: Cast, integrator: Api, receiver: Receiver
) -> None:
    webhook = _subscribed(integrator, receiver, "pair.launched")
    receiver.answers.append((503, {"Retry-After": "3600"}))
    pair = cast.camille.launches(cast.programme("mentorat-distanciel"), days_ago(0))
    town.stack.settle()
    [delivery] = integrator.items(f"/v1/webhooks/{webhook['id']}/deliveries")
    assert (delivery["status"], [each["status"] for each in delivery["attempts"]]) == ("pending", [503])

    town.tick()
    assert len(receiver.messages) == 1
    town.tick(datetime.now(UTC) + timedelta(hours=2))

    first, second = receiver.about(pair.id)
    assert first.id == second.id == delivery["id"]
    assert first.verified(webhook["secret"]) == second.verified(webhook["secret"])
    delivery = integrator.get(f"/v1/webhooks/{webhook['id']}/deliveries").made()["items"][0]
    assert (delivery["status"], [each["status"] for each in delivery["attempts"]]) == (
        "delivered",
        [503, 204],
    )
    town.tick(datetime.now(UTC) + timedelta(hours=3))
    assert len(receiver.messages) == 2


def test_a_receiver_that_stumbles_is_tried_again_within_seconds_without_any_tick(
    cast: Cast, integrator: Api, receiver: Receiver
) -> None:
    webhook = _subscribed(integrator, receiver, "pair.launched")
    receiver.answers.append((500, {}))
    pair = cast.camille.launches(cast.programme("mentorat-distanciel"), days_ago(0))

    wait_until(lambda: len(receiver.about(pair.id)) == 2)

    first, second = receiver.about(pair.id)
    assert first.id == second.id
    assert second.verified(webhook["secret"])["type"] == "pair.launched"


def test_a_receiver_that_is_gone_is_told_nothing_more(
    town: Town, cast: Cast, integrator: Api, receiver: Receiver
) -> None:
    webhook = _subscribed(integrator, receiver, "pair.launched")
    receiver.answers.append((410, {}))
    programme = cast.programme("mentorat-distanciel")
    cast.camille.launches(programme, days_ago(0))
    town.stack.settle()
    stopped = integrator.get(f"/v1/webhooks/{webhook['id']}").made()
    assert (stopped["active"], stopped["disabled_reason"]) == (False, "gone")

    cast.camille.launches(programme, days_ago(0))
    town.stack.settle()

    assert len(receiver.messages) == 1
