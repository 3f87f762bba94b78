"""What can be done with webhooks: add one, change it, remove it, stop it, send something again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from secrets import token_bytes

from chalicelib.integrations import store
from chalicelib.integrations.deliveries import queue
from chalicelib.integrations.deliveries import store as deliveries
from chalicelib.integrations.deliveries.queue import AttemptRequest
from chalicelib.integrations.deliveries.store import Delivery
from chalicelib.integrations.rules import new_secret, url_problem
from chalicelib.integrations.schema import DisabledReason, WebhookIn, WebhookPatch
from chalicelib.integrations.store import Webhook
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Conflict, FieldProblem, Invalid, NotFound, StaleVersion
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import WebhookId, new_ulid
from chalicelib.spine.settings import settings
from chalicelib.spine.territories import TerritoryCode, covers
from chalicelib.spine.transaction import Write, transact
from chalicelib.tenancy.actions import territory_problems
from chalicelib.tenancy.rights import Reach

_SECRET_BYTES = 32


def in_reach(within: Reach, territories: Sequence[TerritoryCode]) -> bool:
    """Tell whether all that a webhook hears of is within a reach; without territories it hears all."""
    if within.whole_tenant:
        return True
    return bool(territories) and all(covers(within.territories, code) for code in territories)


def visible(context: Context, within: Reach, webhook_id: str) -> Webhook:
    """Read a webhook within a reach. Raises NotFound for any other."""
    found = store.webhook(context.tenant, webhook_id)
    if not in_reach(within, found.territories):
        raise NotFound.of("webhook", "no such webhook: /v1/webhooks lists them")
    return found


def add_webhook(context: Context, within: Reach, given: WebhookIn) -> WebhookId:
    """Add a webhook, with a secret of its own. Raises Invalid."""
    identity = WebhookId(new_ulid(context.now))
    webhook = Webhook(
        id=identity,
        url=given.url,
        events=tuple(dict.fromkeys(given.events)),
        territories=_territories(given.territories),
        secret_sealed=store.sealed_secret(context.tenant, identity, new_secret(token_bytes(_SECRET_BYTES))),
    )
    Invalid.when(_problems(within, webhook))
    transact(context, _changed(webhook, "added"), [store.new_webhook(context.tenant, webhook)])
    return identity


def change_webhook(context: Context, within: Reach, webhook_id: str, given: WebhookPatch) -> None:
    """Change a webhook from the version that was read.

    Another address, or being started again, is a new beginning: earlier failures are forgotten.
    Raises StaleVersion, NotFound or Invalid.
    """
    before = visible(context, within, webhook_id)
    if given.version != before.version:
        raise StaleVersion.of_subject()
    active = before.active if given.active is None else given.active
    after = replace(
        before,
        url=given.url or before.url,
        events=before.events if given.events is None else tuple(dict.fromkeys(given.events)),
        territories=before.territories if given.territories is None else _territories(given.territories),
        active=active,
        disabled_reason=None if active else before.disabled_reason,
    )
    Invalid.when(_problems(within, after))
    writes: list[Write] = [store.changed_webhook(context.tenant, after)]
    if after.url != before.url or (after.active and not before.active):
        writes.append(store.recovered(context.tenant, before.id))
    transact(context, _changed(after, "changed"), writes)


def remove_webhook(context: Context, within: Reach, webhook_id: str) -> None:
    """Remove a webhook: nothing more is sent to it, and its secret is gone. Raises NotFound."""
    webhook = visible(context, within, webhook_id)
    transact(context, _changed(webhook, "removed"), store.removed_webhook(context.tenant, webhook))


def disable(context: Context, webhook: Webhook, reason: DisabledReason) -> None:
    """Stop a webhook that wants nothing more, or has failed for too long, and say why.

    Somebody who changed it in the same moment has the last word: the next failure decides again.
    """
    stopped = replace(webhook, active=False, disabled_reason=reason)
    event = _changed(stopped, "disabled", reason)
    try:
        transact(context, event, [store.changed_webhook(context.tenant, stopped)])
    except StaleVersion:
        return


def send_again(context: Context, within: Reach, webhook_id: str, delivery_id: str) -> Delivery:
    """Send a delivery again, at once, whatever became of it; the schedule of retries begins anew.

    Raises NotFound, and Conflict for a webhook that is stopped.
    """
    webhook = visible(context, within, webhook_id)
    if not webhook.active:
        raise Conflict.of("active", "the webhook is stopped: start it again first, with `active: true`")
    delivery = deliveries.delivery(context.tenant, webhook.id, delivery_id)
    deliveries.restart(context.tenant, delivery, context.now)
    request_next(context, delivery, timedelta(0))
    return deliveries.delivery(context.tenant, webhook.id, delivery_id)


def request_next(context: Context, delivery: Delivery, delay: timedelta) -> None:
    """Ask for the attempt that follows those made; asking twice makes it once."""
    request = AttemptRequest(context.tenant, delivery.webhook, delivery.id, delivery.made + 1)
    queue.ask([request], delay)


def _problems(within: Reach, webhook: Webhook) -> list[FieldProblem]:
    problem = url_problem(webhook.url, allow_loopback=settings().is_local)
    found = [problem] if problem else []
    unknown = territory_problems(list(webhook.territories))
    if unknown:
        return [*found, *unknown]
    if not in_reach(within, webhook.territories):
        held = ", ".join(within.territories) or "none"
        found.append(
            FieldProblem(
                "territories",
                f"name territories among those of this key: {held}",
                "Choisissez parmi vos territoires.",
            )
        )
    return found


def _territories(codes: Sequence[str]) -> tuple[TerritoryCode, ...]:
    return tuple(TerritoryCode(code) for code in dict.fromkeys(codes))


def _changed(webhook: Webhook, change: str, reason: str | None = None) -> Event:
    data = {"change": change} if reason is None else {"change": change, "reason": reason}
    return Event(EventType.WEBHOOK_CHANGED, webhook.id, data=data)
