"""Webhooks, as they are stored."""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute, VersionAttribute

from chalicelib.integrations.rules import wants
from chalicelib.integrations.schema import DisabledReason
from chalicelib.spine import encryption, keys, paging
from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.errors import NotFound
from chalicelib.spine.ids import TenantId, WebhookId
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode, region_of, territory
from chalicelib.spine.transaction import Accumulate, Change, Create, Remove

#: Beside the webhook itself in its partition, so that one Query of this prefix reads both.
_HEALTH = f"{keys.SELF}HEALTH"


class WebhookItem(Item, discriminator="webhook"):
    """A receiver, and what it is to hear of. The secret is sealed."""

    url = UnicodeAttribute()
    events = JSONAttribute()
    territories = JSONAttribute()
    active = BooleanAttribute(default=True)
    disabled_reason = UnicodeAttribute(null=True)
    secret_sealed = UnicodeAttribute()
    version = VersionAttribute()


class HealthItem(Item, discriminator="webhook_health"):
    """Since when a receiver fails: a hot fact beside the webhook, without a version."""

    failing_since = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Webhook:
    """A webhook, its secret not opened."""

    id: WebhookId
    url: str
    events: tuple[str, ...]
    territories: tuple[TerritoryCode, ...]
    secret_sealed: str
    active: bool = True
    disabled_reason: DisabledReason | None = None
    failing_since: datetime | None = None
    version: int = 1


def webhook_key(tenant: TenantId, webhook_id: str) -> str:
    """Give the partition of a webhook, of its health and of its deliveries."""
    return keys.subject(tenant, "WEBHOOK", webhook_id)


def webhook(tenant: TenantId, webhook_id: str) -> Webhook:
    """Read a webhook and its health in one call, as they are now. Raises NotFound."""
    found = list(
        Item.query(
            webhook_key(tenant, webhook_id),
            range_key_condition=Item.sk.startswith(keys.SELF),
            consistent_read=True,
            page_size=10,
        )
    )
    health = next((item for item in found if isinstance(item, HealthItem)), None)
    for item in found:
        if isinstance(item, WebhookItem):
            return _read(item, health)
    raise NotFound.of("webhook", "no such webhook: /v1/webhooks lists them")


def webhooks_page(tenant: TenantId, window: paging.Window) -> paging.Page[Webhook]:
    """Read a page of the webhooks, oldest first."""
    source = paging.Source(Item.by_tenant, keys.collection(tenant, "WEBHOOK"))
    found = paging.page(tenant, WebhookItem, [source], window)
    health = {item.pk: item for item in HealthItem.batch_get([(item.pk, _HEALTH) for item in found.items])}
    return found.map(lambda item: _read(item, health.get(item.pk)))


def active_webhooks(tenant: TenantId) -> list[Webhook]:
    """Read the webhooks that are to be sent anything, in one call; their health is left out."""
    found = Item.by_tenant.query(keys.collection(tenant, "WEBHOOK"), page_size=100)
    return [_read(item, None) for item in found if isinstance(item, WebhookItem) and item.active]


def hears(webhook: Webhook, event_type: str, place: str | None) -> bool:
    """Tell whether a webhook is to hear of an event that happened in a territory, or in none."""
    found = territory(place) if place else None
    region = region_of(found.code) if found else None
    department = found.code if found and found.level == "department" else None
    return wants(webhook.events, webhook.territories, event_type, region, department)


def sealed_secret(tenant: TenantId, webhook_id: WebhookId, secret: str) -> str:
    """Seal the secret of a webhook."""
    sealed = encryption.sealed(tenant, webhook_key(tenant, webhook_id), "secret", secret)
    return sealed or ""


def secret_of(tenant: TenantId, webhook: Webhook) -> str:
    """Open the secret of a webhook."""
    opened = encryption.opened(tenant, webhook_key(tenant, webhook.id), "secret", webhook.secret_sealed)
    return opened or ""


def new_webhook(tenant: TenantId, webhook: Webhook) -> Create:
    """Give the write of a new webhook."""
    return Create(
        WebhookItem(
            webhook_key(tenant, webhook.id),
            keys.SELF,
            tenant_key=keys.collection(tenant, "WEBHOOK"),
            rank=webhook.id,
            url=webhook.url,
            events=list(webhook.events),
            territories=list(webhook.territories),
            secret_sealed=webhook.secret_sealed,
        )
    )


def changed_webhook(tenant: TenantId, webhook: Webhook) -> Change:
    """Give the write that brings a webhook to a new state, from the version it was read at."""
    reason = webhook.disabled_reason
    return Change(
        _versioned(tenant, webhook),
        [
            WebhookItem.url.set(webhook.url),
            WebhookItem.events.set(list(webhook.events)),
            WebhookItem.territories.set(list(webhook.territories)),
            WebhookItem.active.set(webhook.active),
            WebhookItem.disabled_reason.set(reason) if reason else WebhookItem.disabled_reason.remove(),
        ],
    )


def removed_webhook(tenant: TenantId, webhook: Webhook) -> list[Remove]:
    """Give the writes that remove a webhook; its deliveries go when they expire."""
    return [Remove(_versioned(tenant, webhook)), recovered(tenant, webhook.id)]


def failing(tenant: TenantId, webhook_id: WebhookId, since: datetime) -> Accumulate:
    """Give the write that remembers a failure, unless an earlier one is remembered."""
    item = HealthItem(webhook_key(tenant, webhook_id), _HEALTH)
    first = HealthItem.failing_since | stamp(since)
    return Accumulate(item, [HealthItem.failing_since.set(first)])


def recovered(tenant: TenantId, webhook_id: WebhookId) -> Remove:
    """Give the write that forgets the failures of a receiver."""
    return Remove(HealthItem(webhook_key(tenant, webhook_id), _HEALTH))


def _versioned(tenant: TenantId, webhook: Webhook) -> WebhookItem:
    return WebhookItem(webhook_key(tenant, webhook.id), keys.SELF, version=webhook.version)


def _read(item: WebhookItem, health: HealthItem | None) -> Webhook:
    reason: DisabledReason | None = None
    if item.disabled_reason is not None:
        reason = "gone" if item.disabled_reason == "gone" else "failing"
    return Webhook(
        id=WebhookId(item.pk.rpartition("#")[2]),
        url=item.url,
        events=tuple(item.events),
        territories=tuple(TerritoryCode(code) for code in item.territories),
        secret_sealed=item.secret_sealed,
        active=item.active,
        disabled_reason=reason,
        failing_since=moment(health.failing_since) if health and health.failing_since else None,
        version=int(item.version or 1),
    )
