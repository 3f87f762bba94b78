"""JSON routes of the pairs, their sessions, contacts and closure."""

from enum import StrEnum

from chalice.app import Blueprint

from chalicelib.pairs import actions, proposing, queries, reports, rules, store
from chalicelib.pairs.lists import store as lists
from chalicelib.pairs.lists.store import Filters
from chalicelib.pairs.schema import (
    ClosureIn,
    ContactIn,
    ContactOut,
    PairIn,
    PairOut,
    PairPatch,
    SessionIn,
    SessionOut,
)
from chalicelib.pairs.store import ContactItem, PairItem, SessionItem
from chalicelib.spine import paging
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Invalid, NotFound
from chalicelib.tenancy.lists.store import known_territory
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.web import Call, json_route

routes = Blueprint(__name__)


@json_route(
    routes,
    "/v1/pairs",
    right=Right.PAIRS_READ,
    answers=PairOut,
    is_list=True,
    filters=("stage", "colour", "territory", "structure", "coordinator", "programme"),
)
def list_pairs(call: Call) -> paging.Page[PairOut]:
    """List the pairs within reach, red first."""
    filters = Filters(
        stage=one_of(call.query("stage"), rules.Stage, "stage"),
        colour=one_of(call.query("colour"), rules.Colour, "colour"),
        territory=known_territory(call.query("territory")),
        structure=call.query("structure"),
        coordinator=call.query("coordinator"),
        programme=call.query("programme"),
    )
    page = queries.listed(call.viewer, filters, call.window())
    return page.map(lambda item: _shown(call, item))


@json_route(
    routes,
    "/v1/pairs",
    method="POST",
    right=Right.PAIRS_WRITE,
    reads=PairIn,
    answers=PairOut,
    status=201,
)
def propose_pair(call: Call) -> object:
    """Propose a pair, and launch it at once when `launched_on` is given."""
    given = call.body(PairIn)
    return call.created(
        lambda context: proposing.propose(context, call.viewer, given),
        lambda pair_id: _shown(call, store.pair(call.viewer.tenant, pair_id, consistent=True)),
    )


@json_route(routes, "/v1/pairs/{pair_id}", right=Right.PAIRS_READ, answers=PairOut)
def get_pair(call: Call, pair_id: str) -> PairOut:
    """Read a pair."""
    return _shown(call, queries.visible(call.viewer, pair_id))


@json_route(
    routes,
    "/v1/pairs/{pair_id}",
    method="PATCH",
    right=Right.PAIRS_WRITE,
    reads=PairPatch,
    answers=PairOut,
)
def change_pair(call: Call, pair_id: str) -> PairOut:
    """Accept, launch, pause, resume or hand over a pair."""
    given = call.body(PairPatch)
    queries.visible(call.viewer, pair_id)
    actions.change(call.context, call.viewer, pair_id, given)
    return _shown(call, store.pair(call.viewer.tenant, pair_id, consistent=True))


@json_route(
    routes,
    "/v1/pairs/{pair_id}/sessions",
    right=Right.PAIRS_READ,
    answers=SessionOut,
    is_list=True,
)
def list_sessions(call: Call, pair_id: str) -> paging.Page[SessionOut]:
    """List the sessions of a pair, latest first."""
    queries.visible(call.viewer, pair_id)
    page = lists.filed_page(call.viewer.tenant, pair_id, "SESSION#", call.window())
    sessions = [item for item in page.items if isinstance(item, SessionItem)]
    tenant = call.viewer.tenant
    return paging.Page([queries.shown_session(tenant, item) for item in sessions], page.next)


@json_route(
    routes,
    "/v1/pairs/{pair_id}/sessions",
    method="POST",
    right=Right.PAIRS_WRITE,
    reads=SessionIn,
    answers=SessionOut,
    status=201,
)
def report_session(call: Call, pair_id: str) -> object:
    """Report a session; the pair's silence starts again."""
    given = call.body(SessionIn)
    queries.visible(call.viewer, pair_id)
    return call.created(
        lambda context: reports.report_session(context, pair_id, given),
        lambda created: queries.shown_session(call.viewer.tenant, store.session(call.viewer.tenant, created)),
    )


@json_route(
    routes,
    "/v1/pairs/{pair_id}/sessions/{session_id}",
    right=Right.PAIRS_READ,
    answers=SessionOut,
)
def get_session(call: Call, pair_id: str, session_id: str) -> SessionOut:
    """Read a session."""
    queries.visible(call.viewer, pair_id)
    try:
        item = store.session(call.viewer.tenant, store.session_address(pair_id, session_id))
    except (ValueError, SessionItem.DoesNotExist):
        raise NotFound.of("session", "no such session of this pair") from None
    return queries.shown_session(call.viewer.tenant, item)


@json_route(
    routes,
    "/v1/pairs/{pair_id}/contacts",
    right=Right.PAIRS_READ,
    answers=ContactOut,
    is_list=True,
)
def list_contacts(call: Call, pair_id: str) -> paging.Page[ContactOut]:
    """List the team's exchanges with the people of a pair, latest first."""
    queries.visible(call.viewer, pair_id)
    page = lists.filed_page(call.viewer.tenant, pair_id, "CONTACT#", call.window())
    contacts = [item for item in page.items if isinstance(item, ContactItem)]
    tenant = call.viewer.tenant
    return paging.Page([queries.shown_contact(tenant, item) for item in contacts], page.next)


@json_route(
    routes,
    "/v1/pairs/{pair_id}/contacts",
    method="POST",
    right=Right.PAIRS_WRITE,
    reads=ContactIn,
    answers=ContactOut,
    status=201,
)
def add_contact(call: Call, pair_id: str) -> object:
    """Note an exchange with somebody of the pair."""
    given = call.body(ContactIn)
    queries.visible(call.viewer, pair_id)
    return call.created(
        lambda context: reports.add_contact(context, pair_id, given),
        lambda created: queries.shown_contact(call.viewer.tenant, store.contact(call.viewer.tenant, created)),
    )


@json_route(
    routes,
    "/v1/pairs/{pair_id}/closure",
    method="POST",
    right=Right.PAIRS_WRITE,
    reads=ClosureIn,
    answers=PairOut,
    status=201,
)
def close_pair(call: Call, pair_id: str) -> object:
    """Close a pair, with its outcome."""
    given = call.body(ClosureIn)
    queries.visible(call.viewer, pair_id)

    def close(context: Context) -> str:
        actions.close(context, pair_id, given)
        return pair_id

    return call.created(
        close, lambda each: _shown(call, store.pair(call.viewer.tenant, each, consistent=True))
    )


def _shown(call: Call, item: PairItem) -> PairOut:
    return queries.shown(call.viewer.tenant, item, call.context.now)


def one_of(value: str | None, accepted: type[StrEnum], field: str) -> str | None:
    """Hold a filter to the values it may have. Raises Invalid."""
    if value is None or value in set(accepted):
        return value
    raise Invalid.of(field, f"{value!r} is not accepted: give one of {', '.join(accepted)}")
