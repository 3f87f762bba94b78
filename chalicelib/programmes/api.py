"""JSON routes of the programmes."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.programmes import actions, store
from chalicelib.programmes.changes import ProgrammeIn, ProgrammePatch
from chalicelib.programmes.schema import Programme
from chalicelib.spine import paging
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.web import Call, json_route

routes = Blueprint(__name__)


@json_route(routes, "/v1/programmes", right=Right.PROGRAMMES_READ, answers=Programme, is_list=True)
def list_programmes(call: Call) -> paging.Page[Programme]:
    """List the programmes of the tenant, by name."""
    return store.programmes_page(call.viewer.tenant, call.window())


@json_route(
    routes,
    "/v1/programmes",
    method="POST",
    right=Right.PROGRAMMES_WRITE,
    reads=ProgrammeIn,
    answers=Programme,
    status=201,
)
def create_programme(call: Call) -> object:
    """Add a programme to the tenant."""
    given = call.body(ProgrammeIn).model_dump(exclude_unset=True)
    return call.created(
        lambda context: actions.add_programme(context, given),
        lambda programme: store.programme(call.viewer.tenant, programme, consistent=True),
    )


@json_route(routes, "/v1/programmes/{programme_id}", right=Right.PROGRAMMES_READ, answers=Programme)
def get_programme(call: Call, programme_id: str) -> Programme:
    """Read a programme."""
    return store.programme(call.viewer.tenant, programme_id)


@json_route(
    routes,
    "/v1/programmes/{programme_id}",
    method="PATCH",
    right=Right.PROGRAMMES_WRITE,
    reads=ProgrammePatch,
    answers=Programme,
)
def change_programme(call: Call, programme_id: str) -> Programme:
    """Change a programme; the fields left out stay as they are."""
    given: dict[str, Any] = call.body(ProgrammePatch).model_dump(exclude_unset=True)
    version = int(given.pop("version"))
    actions.change_programme(call.context, programme_id, version, given)
    return store.programme(call.viewer.tenant, programme_id, consistent=True)
