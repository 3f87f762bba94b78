"""From the journal to the receivers: what the stream, the queue and the agenda run.

The stream records a delivery per event and webhook, and asks the queue for its first attempt. The
queue makes one attempt at a time and asks for the next: itself within 15 minutes, the agenda later.
Each step may be run again: an attempt has a number and is claimed before it is made. A receiver can
get a message twice only when a worker died between sending it and noting the answer; the message
then bears the same `webhook-id`.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.integrations import actions, gateway, store
from chalicelib.integrations.deliveries import payload, queue
from chalicelib.integrations.deliveries import store as deliveries
from chalicelib.integrations.deliveries.queue import AttemptRequest
from chalicelib.integrations.deliveries.store import Attempt, Delivery, Result
from chalicelib.integrations.rules import Outcome, judge, next_attempt_at, should_disable, signed_headers
from chalicelib.integrations.store import Webhook
from chalicelib.spine import agenda, clock, isolation
from chalicelib.spine.agenda import Entry
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.errors import NotFound
from chalicelib.spine.events import PUBLIC
from chalicelib.spine.ids import TenantId, WebhookId
from chalicelib.spine.journal import Recorded
from chalicelib.spine.settings import settings
from chalicelib.spine.transaction import Write

_EXCERPT = 256
_STOPPED = "the webhook is stopped or removed"


def publish(events: Sequence[Recorded]) -> int:
    """Record and ask for what webhooks are to hear of one tenant's events; give how many messages.

    Called inside the tenant's scope. The same events may come again: a delivery is recorded once,
    and asked for again as long as no attempt was made.
    """
    public = [each for each in events if each.event.type in PUBLIC]
    if not public:
        return 0
    tenant = public[0].tenant
    webhooks = store.active_webhooks(tenant)
    requests = [
        AttemptRequest(tenant, webhook.id, each.id, 1)
        for each in public
        for webhook in webhooks
        if _hears(webhook, each) and _is_to_be_made(webhook, each)
    ]
    queue.ask(requests)
    return len(requests)


def _hears(webhook: Webhook, each: Recorded) -> bool:
    place = each.event.after or each.event.before
    return store.hears(webhook, each.event.type, place.territory if place else None)


def _is_to_be_made(webhook: Webhook, each: Recorded) -> bool:
    """Record a delivery; True when it is new, or was recorded and perhaps never asked for."""
    try:
        deliveries.record(each.tenant, webhook.id, each)
    except deliveries.AlreadyRecorded:
        try:
            standing = deliveries.delivery(each.tenant, webhook.id, each.id)
        except NotFound:
            return False
        return standing.status == "pending" and standing.made == 0
    return True


def deliver(body: str) -> None:
    """Make the attempt that a message of the queue asks for, in its tenant's scope.

    Raises AttemptUnderWay while another worker has it: the queue then asks again.
    """
    request = queue.read(body)
    with isolation.acting_for(request.tenant):
        try:
            delivery = deliveries.delivery(request.tenant, request.webhook, request.delivery)
        except NotFound:
            return
        context = Context(request.tenant, SYSTEM, clock.now())
        if delivery.status != "pending":
            return
        if request.attempt == delivery.made + 1:
            _attempt(context, delivery)
        elif request.attempt == delivery.made:
            # This attempt is noted, yet the queue asks again: its worker may have died before it
            # asked for the next one.
            _request_soon(context, delivery)


def retry_due(entry: Entry) -> None:
    """Ask for an attempt whose moment has come, in its tenant's scope.

    The entry stays on the agenda until that attempt is noted, so that a message which gets lost is
    asked for again.
    """
    webhook_id, _, delivery_id = entry.subject.partition("/")
    context = Context(entry.tenant, SYSTEM, clock.now())
    try:
        delivery = deliveries.delivery(entry.tenant, webhook_id, delivery_id)
    except NotFound:
        delivery = None
    if delivery is not None and delivery.status == "pending":
        actions.request_next(context, delivery, timedelta(0))
    else:
        deliveries.commit([agenda.cancel(entry.partition, entry.job)])


def _attempt(context: Context, delivery: Delivery) -> None:
    deliveries.claim(context.tenant, delivery, context.now)
    webhook = _receiver(context.tenant, delivery.webhook)
    if webhook is None:
        _conclude(context, delivery, Result(Attempt(context.now, 0, _STOPPED, ""), "failed"))
        return
    answer = _send(context, webhook, delivery)
    reason = answer.reason.value if answer.reason else None
    attempt = Attempt(context.now, answer.status, reason, answer.body_excerpt[:_EXCERPT])
    outcome = judge(answer.status)
    if outcome is Outcome.DELIVERED:
        well = [store.recovered(context.tenant, webhook.id)] if webhook.failing_since else []
        _conclude(context, delivery, Result(attempt, "delivered"), well)
        return
    gives_up = outcome is Outcome.GONE or should_disable(webhook.failing_since, context.now)
    next_at = None if gives_up else _next_at(delivery, answer.retry_after_seconds)
    ill = store.failing(context.tenant, webhook.id, context.now)
    _conclude(context, delivery, Result(attempt, "pending" if next_at else "failed", next_at), [ill])
    if gives_up:
        actions.disable(context, webhook, "gone" if outcome is Outcome.GONE else "failing")


def _receiver(tenant: TenantId, webhook_id: WebhookId) -> Webhook | None:
    try:
        webhook = store.webhook(tenant, webhook_id)
    except NotFound:
        return None
    return webhook if webhook.active else None


def _send(context: Context, webhook: Webhook, delivery: Delivery) -> gateway.Answer:
    body = payload.written(context.tenant, webhook, delivery, context.now)
    # A receiver compares this with its own clock, so it is the time on the wall even where a run
    # was told to live at another moment.
    sent_at = datetime.now(UTC)
    headers = signed_headers(delivery.id, sent_at, body, [store.secret_of(context.tenant, webhook)])
    return gateway.send(webhook.url, body, headers, allow_loopback=settings().is_local)


def _next_at(delivery: Delivery, retry_after_seconds: int | None) -> datetime | None:
    in_schedule = delivery.made - delivery.made_before + 1
    jitter = random.random()  # noqa: S311 - it only spreads the load.
    return next_attempt_at(in_schedule, clock.now(), retry_after_seconds, jitter)


def _conclude(context: Context, delivery: Delivery, result: Result, health: Sequence[Write] = ()) -> None:
    """Note an attempt, with the receiver's health and the next moment, in one transaction."""
    next_at = result.next_at
    noted = deliveries.concluded(context.tenant, delivery, result, context.now)
    on_agenda = next_at is not None and next_at - context.now > queue.LONGEST_DELAY
    writes: list[Write] = [noted, *health]
    # Before a second attempt nothing can stand on the agenda for this delivery.
    if on_agenda or delivery.made:
        writes.append(deliveries.later(context.tenant, delivery, next_at if on_agenda else None))
    try:
        deliveries.commit(writes)
    except deliveries.AttemptUnderWay:
        # The lease ran out and another worker made the attempt: what it noted stands.
        return
    _request_soon(context, replace(delivery, made=delivery.made + 1, next_at=next_at))


def _request_soon(context: Context, delivery: Delivery) -> None:
    """Ask the queue for the next attempt, unless the queue cannot hold it back for so long."""
    if delivery.next_at is None:
        return
    delay = delivery.next_at - clock.now()
    if delay <= queue.LONGEST_DELAY:
        actions.request_next(context, delivery, delay)
