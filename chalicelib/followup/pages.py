"""The register of reminders, on screen."""

from chalice.app import Blueprint, Response

from chalicelib.followup import store
from chalicelib.pairs import queries, wording
from chalicelib.pairs import store as pairs
from chalicelib.people.person import name_of
from chalicelib.spine.clock import moment
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.screens import Visit, page_route

routes = Blueprint(__name__)

_CHANNELS = {"mail": "mail", "sms": "SMS", "task": ""}


@page_route(routes, "/reminders", right=Right.PAIRS_READ)
def register(visit: Visit) -> Response:
    """Show the register, latest first."""
    page = store.page(visit.viewer.tenant, visit.viewer.reach, visit.window())
    found = pairs.pairs_by_id(visit.viewer.tenant, list({item.pair for item in page.items}))
    names = queries.people_of(visit.viewer.tenant, found)
    titles: dict[str, str] = {
        pair.id: " et ".join(name_of(names[each]) for each in (pair.mentor, pair.mentee) if each in names)
        for pair in found
    }
    words = visit.tenant.words
    items = [
        {
            "at": moment(item.at),
            "pair_href": f"/pairs/{item.pair}",
            "pair_name": titles.get(item.pair, ""),
            "step_label": wording.reminder_step(int(item.step)),
            "channel_label": _CHANNELS[item.channel],
            "to": wording.recipient(item.to, words),
            "status_label": wording.REMINDERS[item.status],
        }
        for item in page.items
    ]
    next_href = f"/reminders?cursor={page.next}" if page.next else ""
    return visit.page("followup/reminders.html", {"items": items, "next_href": next_href})
