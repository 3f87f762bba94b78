"""The register of reminders, on screen."""

from chalice.app import Blueprint, Response

from chalicelib.followup import store
from chalicelib.pairs import queries
from chalicelib.pairs import store as pairs
from chalicelib.people.person import name_of
from chalicelib.spine.clock import moment
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.screens import Visit, page_route

routes = Blueprint(__name__)

_TO = {
    "mentor": "mentor",
    "mentee": "mentee",
    "coordinator": "coordinator",
}
_STATUS = {
    "sent": "envoyé",
    "sending": "en cours d'envoi",
    "skipped": "passée : une étape plus récente l'a remplacée",
    "task": "dans la liste à faire",
    "no_address": "sans adresse : à appeler",
    "refused": "adresse refusée : à corriger",
}
_CHANNELS = {"mail": "mail", "sms": "SMS", "task": "liste à faire"}
_OTHERS = {"guardian": "famille", "regional_referent": "référence régionale", "nobody": "personne"}


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
            "step_label": f"étape {int(item.step) + 1}",
            "channel_label": _CHANNELS[item.channel],
            "to": _recipient(item.to.partition(":")[0], words),
            "status_label": _STATUS[item.status],
        }
        for item in page.items
    ]
    next_href = f"/reminders?cursor={page.next}" if page.next else ""
    return visit.page("followup/reminders.html", {"items": items, "next_href": next_href})


def _recipient(kind: str, words: dict[str, str]) -> str:
    return words[_TO[kind]] if kind in _TO else _OTHERS.get(kind, kind)
