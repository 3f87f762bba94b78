"""When a receiver fails: what is sent again, when, and when it is given up."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.integrations import jobs
from chalicelib.integrations.deliveries import store as deliveries
from chalicelib.spine import agenda, agenda_run, clock

if TYPE_CHECKING:
    from tests.integration.integrations.office import Office, Receiver

#: Longer than any jitter, after half an hour.
SOON = timedelta(minutes=40)


def due(office: "Office", moment: datetime) -> int:
    """Run what is due at a moment for one tenant; give how much was done."""
    found = [each for each in agenda.due(moment) if each.tenant == office.tenant]
    return agenda_run.take(found, moment, {deliveries.JOB: jobs.retry_due})


def test_a_receiver_that_fails_is_tried_again_with_the_same_id(
    office: "Office", receiver: "Receiver"
) -> None:
    webhook = office.webhook(receiver.url)
    receiver.answer(500, "down " * 100)
    launched = office.pair_launched()
    office.publish(launched)

    office.deliver()

    [delivery] = office.deliveries(webhook)
    assert delivery["status"] == "pending"
    assert [(each["status"], len(each["excerpt"])) for each in delivery["attempts"]] == [(500, 256)]
    assert delivery["next_attempt_at"] > delivery["attempts"][0]["at"]
    assert office.call("GET", f"/v1/webhooks/{webhook['id']}")[1]["failing_since"]

    [delay] = office.deliver()

    assert delay in {5, 6}
    assert len(receiver.verified(webhook["secret"])) == 2
    assert {headers["webhook-id"] for headers, _ in receiver.messages} == {launched.id}
    [delivery] = office.deliveries(webhook)
    assert delivery["status"] == "delivered"
    assert [each["status"] for each in delivery["attempts"]] == [500, 204]
    assert office.call("GET", f"/v1/webhooks/{webhook['id']}")[1]["failing_since"] is None


def test_a_receiver_that_does_not_listen_is_told_why(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook("http://127.0.0.1:9/hook")
    del receiver
    office.publish(office.pair_launched())

    office.deliver()

    [delivery] = office.deliveries(webhook)
    assert delivery["attempts"][0]["status"] == 0
    assert delivery["attempts"][0]["reason"] == "the connection could not be made"


def test_a_worker_that_dies_before_it_asks_for_the_next_attempt_loses_nothing(
    office: "Office", receiver: "Receiver"
) -> None:
    office.webhook(receiver.url)
    receiver.answer(503)
    office.publish(office.pair_launched())
    [(body, _)] = office.asked()
    jobs.deliver(body)
    office.asked()

    jobs.deliver(body)
    office.deliver()

    assert len(receiver.messages) == 2


def test_a_long_pause_that_a_receiver_asks_for_is_kept_on_the_agenda(
    office: "Office", receiver: "Receiver"
) -> None:
    webhook = office.webhook(receiver.url)
    receiver.answer(429, Retry_After="1800")
    office.publish(office.pair_launched())
    office.deliver()
    assert office.asked() == []
    now = clock.now()

    assert due(office, now + timedelta(minutes=29)) == 0
    assert due(office, now + SOON) == 1
    assert office.deliver() == [0]

    assert len(receiver.messages) == 2
    assert office.deliveries(webhook)[0]["status"] == "delivered"
    assert due(office, now + timedelta(days=1)) == 0


def test_a_retry_whose_message_is_lost_is_asked_for_again(office: "Office", receiver: "Receiver") -> None:
    office.webhook(receiver.url)
    receiver.answer(429, Retry_After="1800")
    office.publish(office.pair_launched())
    office.deliver()
    moment = clock.now() + SOON
    assert due(office, moment) == 1
    office.asked()

    assert due(office, moment) == 0
    assert due(office, moment + agenda.LEASE) == 1
    office.deliver()

    assert len(receiver.messages) == 2


def test_a_retry_of_a_webhook_that_was_removed_leaves_the_agenda(
    office: "Office", receiver: "Receiver"
) -> None:
    webhook = office.webhook(receiver.url)
    receiver.answer(429, Retry_After="1800")
    office.publish(office.pair_launched())
    office.deliver()
    office.call("DELETE", f"/v1/webhooks/{webhook['id']}")
    moment = clock.now() + SOON

    assert due(office, moment) == 1
    office.deliver()

    assert due(office, moment + timedelta(days=1)) == 0
    assert len(receiver.messages) == 1


def test_a_message_nobody_takes_is_given_up_after_the_last_attempt(
    office: "Office", receiver: "Receiver"
) -> None:
    webhook = office.webhook(receiver.url)
    office.publish(office.pair_launched())
    moment = clock.now()
    for attempt in range(1, 11):
        receiver.answer(500)
        with clock.at(moment):
            # The queue holds the second and third attempts back, the agenda the later ones.
            if attempt > 3:
                assert due(office, moment) == 1
            assert len(office.deliver()) == 1
        [delivery] = office.deliveries(webhook)
        assert len(delivery["attempts"]) == attempt
        moment = clock.moment(delivery["next_attempt_at"] or clock.stamp(moment))

    [delivery] = office.deliveries(webhook)
    assert delivery["status"] == "failed"
    assert delivery["next_attempt_at"] is None
    assert due(office, moment + timedelta(days=9)) == 0


def test_a_receiver_that_is_gone_is_stopped(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    receiver.answer(410)
    office.publish(office.pair_launched())

    office.deliver()

    _, shown = office.call("GET", f"/v1/webhooks/{webhook['id']}")
    assert (shown["active"], shown["disabled_reason"]) == (False, "gone")
    assert office.deliveries(webhook)[0]["status"] == "failed"
    assert office.asked() == []
    _, journal = office.call("GET", f"/v1/journal?subject={webhook['id']}")
    assert journal["items"][0]["type"] == "webhook.changed"
    assert journal["items"][0]["actor"] == "system"
    assert journal["items"][0]["data"] == {"change": "disabled", "reason": "gone"}


def test_a_receiver_that_fails_for_five_days_is_stopped_until_its_owner_starts_it_again(
    office: "Office", receiver: "Receiver"
) -> None:
    webhook = office.webhook(receiver.url)
    path = f"/v1/webhooks/{webhook['id']}"
    now = clock.now()
    for days in (0, 3, 5):
        receiver.answer(500)
        office.publish(office.pair_launched())
        with clock.at(now + timedelta(days=days)):
            jobs.deliver(office.asked()[-1][0])

    shown = office.call("GET", path)[1]
    assert (shown["active"], shown["disabled_reason"]) == (False, "failing")

    started = office.call("PATCH", path, {"version": shown["version"], "active": True})[1]

    assert (started["active"], started["disabled_reason"]) == (True, None)
    assert started["failing_since"] is None


def test_another_address_is_a_new_beginning(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook("http://127.0.0.1:9/hook")
    office.publish(office.pair_launched())
    office.deliver()

    changed = office.call("PATCH", f"/v1/webhooks/{webhook['id']}", {"version": 1, "url": receiver.url})[1]
    office.deliver()

    assert changed["failing_since"] is None
    assert len(receiver.messages) == 1


def test_a_failed_delivery_is_sent_again_by_hand(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    path = f"/v1/webhooks/{webhook['id']}"
    receiver.answer(410)
    launched = office.pair_launched()
    office.publish(launched)
    office.deliver()
    retry = f"{path}/deliveries/{launched.id}/retry"

    refused = office.call("POST", retry)
    office.call("PATCH", path, {"version": 2, "active": True})
    status, answer = office.call("POST", retry)
    office.deliver()

    assert refused[0] == 409
    assert refused[1]["errors"][0]["field"] == "active"
    assert (status, answer["status"]) == (202, "pending")
    assert len(receiver.messages) == 2
    assert office.deliveries(webhook)[0]["status"] == "delivered"
    assert office.call("POST", f"{path}/deliveries/01JDB7Q4Z6Y0V3N8K5M2R9T1WX/retry")[0] == 404


def test_a_retry_by_hand_that_fails_begins_the_schedule_anew(office: "Office", receiver: "Receiver") -> None:
    webhook = office.webhook(receiver.url)
    launched = office.pair_launched()
    office.publish(launched)
    for _ in range(3):
        receiver.answer(500)
        office.deliver()
    assert due(office, clock.now() + SOON) == 1
    office.asked()
    receiver.answer(500)

    office.call("POST", f"/v1/webhooks/{webhook['id']}/deliveries/{launched.id}/retry")
    office.deliver()

    [delay] = office.deliver()
    assert delay in {5, 6}
    assert due(office, clock.now() + timedelta(days=9)) == 0
