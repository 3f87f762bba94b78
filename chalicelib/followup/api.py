"""JSON routes of the register of reminders."""

from chalice.app import Blueprint

from chalicelib.followup import store
from chalicelib.followup.schema import ReminderOut
from chalicelib.followup.store import ReminderItem
from chalicelib.spine import paging
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.web import Call, json_route

routes = Blueprint(__name__)


@json_route(routes, "/v1/reminders", right=Right.PAIRS_READ, answers=ReminderOut, is_list=True)
def list_reminders(call: Call) -> paging.Page[ReminderOut]:
    """List the reminders within reach, latest first."""
    return store.page(call.viewer.tenant, call.viewer.reach, call.window()).map(_shown)


def _shown(item: ReminderItem) -> ReminderOut:
    return ReminderOut(
        id=f"{item.pair}-{item.sk.removeprefix('REMINDER#').replace('#', '-')}",
        at=item.at,
        pair=item.pair,
        step=int(item.step) + 1,
        to=item.to.partition(":")[0],
        channel=item.channel,
        status=item.status,
    )
