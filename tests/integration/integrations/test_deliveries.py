"""From an event of the journal to a receiver: once, signed, and with what it may know."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.integrations import jobs
from chalicelib.integrations.deliveries import store as deliveries
from chalicelib.integrations.deliveries.store import AttemptUnderWay
from chalicelib.pairs import store as pairs
from chalicelib.spine import clock, isolation
from chalicelib.spine.events import Dimensions, Event, EventType
from chalicelib.tenancy import actions as members
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.rights import Role
from chalicelib.tenancy.schema import MemberIn

if TYPE_CHECKING:
    from tests.integration.integrations.office import Office, Receiver

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_an_event_reaches_a_receiver_that_can_verify_it(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    launched = office.pair_launched()

    office.publish(launched)
    office.deliver()

    [message] = receiver.verified(webhook["secret"])
    pair = message["data"].pop("pair")
    assert message == {
        "type": "pair.launched",
        "timestamp": clock.stamp(launched.at),
        "data": {"id": launched.event.subject, "mentor": "MENTOR"},
    }
    assert receiver.messages[0][0]["webhook-id"] == launched.id
    _, described = office.call("GET", "/v1/openapi.json")
    assert pair["id"] == launched.event.subject
    assert (pair["stage"], pair["colour"], pair["territory"]) == ("active", "green", "D35")
    assert pair["counts"].keys() == {"counts", "reasons", "until"}
    assert "Message" in described["components"]["schemas"]
    [delivery] = office.deliveries(webhook)
    assert (delivery["id"], delivery["status"]) == (launched.id, "delivered")
    assert [(each["status"], each["reason"]) for each in delivery["attempts"]] == [(204, None)]


def test_a_message_is_signed_with_the_time_on_the_wall(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    office.publish(office.pair_launched())

    with clock.at(datetime.now(UTC) + timedelta(days=20)):
        office.deliver()

    assert receiver.verified(webhook["secret"])


def test_only_what_a_webhook_asked_for_is_sent(office: "Office", receiver: "Receiver") -> None:
    national = office.webhook(receiver.url)
    breton = office.webhook(receiver.url, territories=("R53",))
    lyonnais = office.webhook(receiver.url, territories=("D69",))
    other = office.webhook(receiver.url, "pair.closed")

    office.publish(
        office.pair_launched("D35"),
        office.pair_launched(None),
        office.recorded(Event(EventType.PROGRAMME_CHANGED, "PROGRAMME")),
    )

    assert len(office.deliver()) == 3
    assert len(office.deliveries(national)) == 2
    assert len(office.deliveries(breton)) == 1
    assert office.deliveries(lyonnais) == office.deliveries(other) == []


def test_a_stopped_webhook_is_sent_nothing(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    office.publish(office.pair_launched())
    office.call("PATCH", f"/v1/webhooks/{webhook['id']}", {"version": 1, "active": False})

    office.publish(office.pair_launched())
    office.deliver()

    assert receiver.messages == []
    [delivery] = office.deliveries(webhook)
    assert delivery["status"] == "failed"
    assert delivery["attempts"][0]["reason"] == "the webhook is stopped or removed"


def test_a_removed_webhook_is_sent_nothing(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    office.publish(office.pair_launched())
    office.call("DELETE", f"/v1/webhooks/{webhook['id']}")

    office.deliver()

    assert receiver.messages == []


def test_a_batch_of_the_stream_read_twice_makes_one_delivery(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    launched = office.pair_launched()
    office.publish(launched)
    office.deliver()

    office.publish(launched)

    assert office.asked() == []
    assert len(office.deliveries(webhook)) == 1


def test_a_delivery_that_was_recorded_and_never_asked_for_is_asked_for(
    office: "Office", receiver: "Receiver"
) -> None:
    office.webhook(receiver.url)
    launched = office.pair_launched()
    office.publish(launched)
    office.asked()

    office.publish(launched)
    office.deliver()

    assert len(receiver.messages) == 1


def test_a_message_that_the_queue_hands_out_twice_is_sent_once(
    office: "Office", receiver: "Receiver"
) -> None:
    office.webhook(receiver.url)
    office.publish(office.pair_launched())
    [(body, _)] = office.asked()

    jobs.deliver(body)
    jobs.deliver(body)

    assert len(receiver.messages) == 1


def test_an_attempt_is_made_by_one_worker_and_left_to_another_when_it_dies(
    office: "Office", receiver: "Receiver"
) -> None:
    webhook = office.webhook(receiver.url)
    launched = office.pair_launched()
    office.publish(launched)
    [(body, _)] = office.asked()
    with isolation.acting_for(office.tenant):
        found = deliveries.delivery(office.tenant, webhook["id"], launched.id)
        deliveries.claim(office.tenant, found, clock.now())

    with pytest.raises(AttemptUnderWay):
        jobs.deliver(body)
    assert receiver.messages == []

    with clock.at(clock.now() + deliveries.LEASE + timedelta(seconds=1)):
        jobs.deliver(body)
    assert len(receiver.messages) == 1


def test_deliveries_come_newest_first_in_pages_and_by_status(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    path = f"/v1/webhooks/{webhook['id']}/deliveries"
    launched = [office.pair_launched() for _ in range(3)]
    office.publish(*launched)
    receiver.answer(500)
    office.deliver()

    first = office.call("GET", f"{path}?limit=2")[1]
    rest = office.call("GET", f"{path}?limit=2&cursor={first['next']}")[1]
    newest = sorted((each.id for each in launched), reverse=True)
    assert [each["id"] for each in (*first["items"], *rest["items"])] == newest
    assert [each["id"] for each in office.call("GET", f"{path}?status=pending")[1]["items"]] == [
        launched[0].id
    ]
    assert office.call("GET", f"{path}?status=lost")[1]["errors"] == [
        {"field": "status", "message": "give one of pending, delivered, failed"}
    ]
    assert office.call("GET", f"{path}?cursor={first['next'][:-1]}")[0] == 422


def test_an_expired_delivery_is_not_shown(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    office.publish(office.pair_launched())
    office.deliver()

    with clock.at(clock.now() + deliveries.KEPT + timedelta(days=1)):
        assert office.deliveries(webhook) == []


def test_a_subject_that_is_gone_is_named_by_its_id_alone(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url, "person.erased", "pair.launched")
    weight = Dimensions(of="mentee", stage="left", territory="D35")
    office.publish(
        office.recorded(Event(EventType.PERSON_ERASED, "PERSON", weight, None, {"kind": "mentee"})),
        office.pair_launched(stored=False),
    )

    office.deliver()

    erased, launched = (each["data"] for each in receiver.verified(webhook["secret"]))
    assert erased == {"id": "PERSON", "kind": "mentee"}
    assert launched.keys() == {"id", "mentor"}


def test_what_left_the_territories_of_a_webhook_is_told_no_more(
    office: "Office", receiver: "Receiver"
) -> None:
    webhook = office.webhook(receiver.url, territories=("R53",))
    launched = office.pair_launched("D35")
    office.publish(launched)
    with isolation.acting_for(office.tenant):
        moved(office, launched.event.subject)

    office.deliver()

    [message] = receiver.verified(webhook["secret"])
    assert message["data"] == {"id": launched.event.subject, "mentor": "MENTOR"}


def moved(office: "Office", pair_id: str) -> None:
    """Bring a pair to Lyon."""
    before = pairs.pair(office.tenant, pair_id)
    after = pairs.copied(before)
    after.territory = "D69"
    office.recorded(
        Event(EventType.PAIR_REASSIGNED, pair_id), pairs.saved(after, before, office.tenant, NOON)
    )


def test_a_member_is_told_with_roles_and_without_contact_details(
    office: "Office", receiver: "Receiver"
) -> None:
    webhook = office.webhook(receiver.url, "member.changed", territories=("R53",))
    with isolation.acting_for(office.tenant):
        office.recorded(
            Event(EventType.TENANT_CREATED, office.tenant),
            tenants.new_tenant(office.context(), "Essai", {}, 32),
        )
        given = MemberIn(
            name="Anne Le Goff", email="anne@example.org", roles=[Role.COORDINATOR], territories=["D35"]
        )
        identity = members.add_member(office.context(), given)
    place = Dimensions(of="member", territory="R53", places=32)
    office.publish(
        office.recorded(Event(EventType.MEMBER_CHANGED, identity, None, place, {"change": "added"}))
    )

    office.deliver()

    [message] = receiver.verified(webhook["secret"])
    assert message["data"]["member"]["roles"] == ["coordinator"]
    assert "Anne" not in json.dumps(message)
    assert "anne@" not in json.dumps(message)
