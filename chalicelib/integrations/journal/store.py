"""Pages of the journal, newest first."""

import re
from datetime import datetime, timedelta

from chalicelib.spine import keys, paging
from chalicelib.spine.clock import moment
from chalicelib.spine.counting import JournalStartItem
from chalicelib.spine.errors import Invalid
from chalicelib.spine.ids import TenantId
from chalicelib.spine.journal import EventItem, Recorded, recorded
from chalicelib.spine.table import Item

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def month_of(text: str, field: str = "month") -> datetime:
    """Read a month written `2026-11`. Raises Invalid."""
    if not _MONTH.fullmatch(text):
        raise Invalid.of(
            field, "give a month as YYYY-MM, such as 2026-11", "Indiquez un mois, comme 2026-11."
        )
    return moment(f"{text}-01")


def of_subject(
    tenant: TenantId, subject: str, month: datetime | None, window: paging.Window
) -> paging.Page[Recorded]:
    """Read a page of what happened to one subject; within one month if one is given."""
    within = None if month is None else EventItem.at.startswith(f"{month:%Y-%m}")
    source = paging.Source(Item.by_subject, keys.journal_subject(tenant, subject), condition=within)
    return paging.page(tenant, EventItem, [source], window, newest_first=True).map(recorded)


def of_month(tenant: TenantId, month: datetime, window: paging.Window) -> paging.Page[Recorded]:
    """Read a page of one month."""
    partition = keys.journal_month(tenant, month)
    result = EventItem.query(
        partition,
        page_size=window.limit,
        last_evaluated_key=paging.range_position(tenant, partition, "", window.cursor),
        scan_index_forward=False,
    )
    pages = result.page_iter
    found = [EventItem.from_raw_data(raw) for raw in next(pages)["Items"]]
    token = paging.range_token(tenant, partition, "", pages.last_evaluated_key)
    return paging.Page([recorded(item) for item in found], token)


def back_from(tenant: TenantId, now: datetime, window: paging.Window) -> paging.Page[Recorded]:
    """Read a page of the whole journal, back from the present month to the first one.

    A page ends where its month does, so that it costs two calls at most. The cursor says the month
    to read, and after a tilde the place inside it.
    """
    named, _, inside = (window.cursor or "").partition("~")
    month = month_of(named, "cursor") if named else _first_day(now)
    found = of_month(tenant, month, paging.Window(window.limit, inside or None))
    if found.next:
        return paging.Page(found.items, f"{month:%Y-%m}~{found.next}")
    earlier = _first_day(month - timedelta(days=1))
    begins = _first_month(tenant)
    return paging.Page(found.items, f"{earlier:%Y-%m}~" if begins and begins <= earlier else None)


def _first_month(tenant: TenantId) -> datetime | None:
    try:
        start = JournalStartItem.get(keys.subject(tenant, "JOURNAL", "START"), keys.SELF)
    except JournalStartItem.DoesNotExist:
        return None
    return _first_day(moment(start.at))


def _first_day(day: datetime) -> datetime:
    return day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
