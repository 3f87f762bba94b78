"""The register of reminders: one item per message, from its claim to its end."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.pairs.store import PairItem
from chalicelib.spine import keys, paging
from chalicelib.spine.clock import stamp
from chalicelib.spine.errors import Conflict
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Change, Create, Replace, Technical, technical_write
from chalicelib.tenancy.lists.store import Listed, Narrowing, sources
from chalicelib.tenancy.rights import Reach

#: A sender that died is taken for dead after this long.
LEASE = timedelta(minutes=4)


class ReminderItem(Item, discriminator="reminder"):
    """One reminder to one person, or one line in a list. Its key is what makes it unique.

    `status`: sending, sent, skipped (passed over for a later step), task, no_address, refused.
    """

    pair = UnicodeAttribute()
    step = NumberAttribute()
    to = UnicodeAttribute()
    channel = UnicodeAttribute()
    status = UnicodeAttribute()
    at = UnicodeAttribute()
    leased_until = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Occasion:
    """A reminder before it is one: the pair, the silence it belongs to, the step, to whom, how."""

    pair: PairItem
    silent_since: date
    step: int
    to: str
    channel: str


def built(tenant: TenantId, occasion: Occasion, status: str, at: datetime) -> ReminderItem:
    """Build the item of a reminder. The same occasion has the same key, whoever builds it."""
    pair = occasion.pair
    # The number tells two silences apart that began on one day: a launch, then a session.
    silence = f"{occasion.silent_since.isoformat()}#{int(pair.silence or 0)}"
    sort = f"REMINDER#{silence}#{occasion.step}#{occasion.to}"
    kind = "REMINDER"

    def place(key: str | None) -> str | None:
        return keys.collection(tenant, kind, key.rpartition("#")[2]) if key else None

    return ReminderItem(
        pair.pk,
        sort,
        tenant_key=keys.collection(tenant, kind),
        region_key=place(pair.region_key),
        department_key=place(pair.department_key),
        member_key=place(pair.member_key),
        structure_key=place(pair.structure_key),
        rank=f"{stamp(at)}#{pair.id}#{occasion.step}#{occasion.to}",
        pair=pair.id,
        step=occasion.step,
        to=occasion.to,
        channel=occasion.channel,
        status=status,
        at=stamp(at),
        leased_until=stamp(at + LEASE) if status == "sending" else None,
    )


def claim(tenant: TenantId, occasion: Occasion, now: datetime) -> bool:
    """Claim a message before it is sent; False when it was sent, or is being sent, by another run.

    A claim whose sender died is taken over at the end of its lease: that message may have left just
    before the death, which is the one window in which somebody may be written to twice.
    """
    item = built(tenant, occasion, "sending", now)
    taken = Conflict()
    try:
        technical_write(Technical.MESSAGE_CLAIM, [Create(item, taken)])
    except Conflict:
        retaken = Change(
            item,
            [ReminderItem.leased_until.set(stamp(now + LEASE)), ReminderItem.status.set("sending")],
            condition=(ReminderItem.status == "sending") & (ReminderItem.leased_until < stamp(now)),
            refusal=taken,
        )
        try:
            technical_write(Technical.MESSAGE_CLAIM, [retaken])
        except Conflict:
            return False
    return True


def mark(tenant: TenantId, occasion: Occasion, status: str, now: datetime) -> None:
    """Say at once what became of a claimed message, so that the window stays as short as can be."""
    item = built(tenant, occasion, status, now)
    actions = [ReminderItem.status.set(status), ReminderItem.leased_until.set(stamp(now))]
    technical_write(Technical.MESSAGE_CLAIM, [Change(item, actions)])


def status(tenant: TenantId, occasion: Occasion) -> str:
    """Tell what became of a message that another run claimed."""
    item = built(tenant, occasion, "sending", datetime.min.replace(tzinfo=UTC))
    return ReminderItem.get(item.pk, item.sk, consistent_read=True).status


def release(tenant: TenantId, occasion: Occasion, now: datetime) -> None:
    """Give a claim back at once when the mail service was not there: the next run tries again."""
    mark(tenant, occasion, "sending", now - timedelta(seconds=1))


def recorded(tenant: TenantId, occasion: Occasion, status: str, now: datetime) -> Replace:
    """Give the write of a reminder that needs no sending: a task, a step passed over."""
    return Replace(built(tenant, occasion, status, now))


def page(tenant: TenantId, reach: Reach, window: paging.Window) -> paging.Page[ReminderItem]:
    """Read a page of the register, latest first."""
    found = sources(Listed(tenant, "REMINDER"), reach, Narrowing())
    return paging.page(tenant, ReminderItem, found, window, newest_first=True)
