"""JSON routes of the webhooks, of the journal and of the API's own description."""

from chalice.app import Blueprint, Response

from chalicelib.integrations import actions, openapi, store
from chalicelib.integrations.deliveries import store as deliveries
from chalicelib.integrations.deliveries.store import Delivery
from chalicelib.integrations.journal import store as journal
from chalicelib.integrations.schema import (
    STATUSES,
    AttemptOut,
    DeliveryOut,
    JournalEntry,
    WebhookCreated,
    WebhookIn,
    WebhookOut,
    WebhookPatch,
)
from chalicelib.integrations.store import Webhook
from chalicelib.spine import paging
from chalicelib.spine.errors import Invalid
from chalicelib.spine.journal import Recorded
from chalicelib.spine.territories import TerritoryCode
from chalicelib.tenancy.rights import Right, in_reach
from chalicelib.tenancy.web import Call, json_route

routes = Blueprint(__name__)


@routes.route("/v1/openapi.json", methods=["GET"])
def describe_api() -> Response:
    """Give the description of the API, which anybody may read."""
    headers: dict[str, str | list[str]] = {
        "Content-Type": "application/json",
        "Cache-Control": "public, max-age=300",
    }
    return Response(openapi.text(), headers=headers)


@json_route(routes, "/v1/webhooks", right=Right.INTEGRATIONS_WRITE, answers=WebhookOut, is_list=True)
def list_webhooks(call: Call) -> paging.Page[WebhookOut]:
    """List the webhooks, oldest first."""
    found = store.webhooks_page(call.viewer.tenant, call.window())
    reach = call.viewer.reach
    visible = [each for each in found.items if actions.in_reach(reach, each.territories)]
    return paging.Page(visible, found.next).map(_shown)


@json_route(
    routes,
    "/v1/webhooks",
    method="POST",
    right=Right.INTEGRATIONS_WRITE,
    reads=WebhookIn,
    answers=WebhookCreated,
    status=201,
)
def create_webhook(call: Call) -> object:
    """Add a webhook; the answer holds the secret its messages are signed with, this once."""
    given = call.body(WebhookIn)
    return call.created(
        lambda context: actions.add_webhook(context, call.viewer.reach, given),
        lambda made: _shown_with_secret(call, made),
    )


@json_route(routes, "/v1/webhooks/{webhook_id}", right=Right.INTEGRATIONS_WRITE, answers=WebhookOut)
def get_webhook(call: Call, webhook_id: str) -> WebhookOut:
    """Read a webhook."""
    return _shown(_visible(call, webhook_id))


@json_route(
    routes,
    "/v1/webhooks/{webhook_id}",
    method="PATCH",
    right=Right.INTEGRATIONS_WRITE,
    reads=WebhookPatch,
    answers=WebhookOut,
)
def change_webhook(call: Call, webhook_id: str) -> WebhookOut:
    """Change a webhook, stop it, or start it again."""
    actions.change_webhook(call.context, call.viewer.reach, webhook_id, call.body(WebhookPatch))
    return _shown(_visible(call, webhook_id))


@json_route(routes, "/v1/webhooks/{webhook_id}", method="DELETE", right=Right.INTEGRATIONS_WRITE, status=204)
def remove_webhook(call: Call, webhook_id: str) -> None:
    """Remove a webhook: nothing more is sent to it."""
    actions.remove_webhook(call.context, call.viewer.reach, webhook_id)


@json_route(
    routes,
    "/v1/webhooks/{webhook_id}/deliveries",
    right=Right.INTEGRATIONS_WRITE,
    answers=DeliveryOut,
    is_list=True,
    filters=("status",),
)
def list_deliveries(call: Call, webhook_id: str) -> paging.Page[DeliveryOut]:
    """List what was sent to a webhook in the last 30 days, newest event first."""
    status = call.query("status")
    if status is not None and status not in STATUSES:
        raise Invalid.of("status", f"give one of {', '.join(STATUSES)}")
    webhook = _visible(call, webhook_id)
    found = deliveries.deliveries_page(call.viewer.tenant, webhook.id, status, call.window())
    return found.map(_shown_delivery)


@json_route(
    routes,
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
    method="POST",
    right=Right.INTEGRATIONS_WRITE,
    answers=DeliveryOut,
    status=202,
)
def retry_delivery(call: Call, webhook_id: str, delivery_id: str) -> DeliveryOut:
    """Send a delivery again, at once; its `webhook-id` stays the same."""
    sent = actions.send_again(call.context, call.viewer.reach, webhook_id, delivery_id)
    return _shown_delivery(sent)


@json_route(
    routes,
    "/v1/journal",
    right=Right.JOURNAL_READ,
    answers=JournalEntry,
    is_list=True,
    filters=("subject", "month"),
)
def list_journal(call: Call) -> paging.Page[JournalEntry]:
    """List what happened, newest first: to one `subject`, in one `month` (YYYY-MM), or all of it."""
    tenant, window = call.viewer.tenant, call.window()
    subject, named = call.query("subject"), call.query("month")
    month = None if named is None else journal.month_of(named)
    if subject is not None:
        found = journal.of_subject(tenant, subject, month, window)
    elif month is not None:
        found = journal.of_month(tenant, month, window)
    else:
        found = journal.back_from(tenant, call.context.now, window)
    visible = [each for each in found.items if _may_read(call, each)]
    return paging.Page(visible, found.next).map(_shown_entry)


def _visible(call: Call, webhook_id: str) -> Webhook:
    return actions.visible(call.context, call.viewer.reach, webhook_id)


def _may_read(call: Call, each: Recorded) -> bool:
    """Whoever reaches a part of the tenant reads what happened there, and nothing unplaced."""
    reach = call.viewer.reach
    if reach.whole_tenant:
        return True
    place = each.event.after or each.event.before
    if place is None:
        return False
    territory = TerritoryCode(place.territory) if place.territory else None
    return in_reach(reach, territory, place.structure, place.coordinator)


def _shown(webhook: Webhook) -> WebhookOut:
    return WebhookOut(
        id=webhook.id,
        url=webhook.url,
        events=list(webhook.events),
        territories=list(webhook.territories),
        active=webhook.active,
        disabled_reason=webhook.disabled_reason,
        failing_since=webhook.failing_since,
        version=webhook.version,
    )


def _shown_with_secret(call: Call, webhook_id: str) -> WebhookCreated:
    webhook = _visible(call, webhook_id)
    secret = store.secret_of(call.viewer.tenant, webhook)
    return WebhookCreated(**_shown(webhook).model_dump(), secret=secret)


def _shown_delivery(each: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=each.id,
        type=each.type,
        subject=each.subject,
        at=each.at,
        status=each.status,
        attempts=[
            AttemptOut(at=one.at, status=one.status, reason=one.reason, excerpt=one.excerpt)
            for one in each.attempts
        ],
        next_attempt_at=each.next_at,
    )


def _shown_entry(each: Recorded) -> JournalEntry:
    return JournalEntry(
        id=each.id,
        at=each.at,
        type=each.event.type.value,
        actor=each.actor,
        subject=each.event.subject,
        data=dict(each.event.data),
    )
