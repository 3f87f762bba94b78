"""JSON routes of the map and of the structures."""

from chalice.app import Blueprint

from chalicelib.network import actions, store
from chalicelib.network.schema import StructureIn, StructureOut, StructurePatch, TerritoryOut
from chalicelib.network.store import Structure
from chalicelib.spine import paging
from chalicelib.spine.errors import Invalid, NotFound
from chalicelib.spine.territories import Territory, TerritoryCode, territories, territory
from chalicelib.tenancy.lists.store import known_territory
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.web import Call, json_route

routes = Blueprint(__name__)

_LEVELS = ("country", "region", "department")


@json_route(
    routes,
    "/v1/territories",
    right=Right.PROGRAMMES_READ,
    answers=TerritoryOut,
    is_list=True,
    filters=("level", "parent"),
)
def list_territories(call: Call) -> paging.Page[TerritoryOut]:
    """List the country, its regions and their départements; `parent` gives those directly inside."""
    level, parent = call.query("level"), known_territory(call.query("parent"), "parent")
    if level is not None and level not in _LEVELS:
        raise Invalid.of("level", f"give one of {', '.join(_LEVELS)}")
    wanted = [each for each in territories() if level in (None, each.level) and parent in (None, each.parent)]
    return _page(wanted, call.window())


@json_route(routes, "/v1/territories/{code}", right=Right.PROGRAMMES_READ, answers=TerritoryOut)
def get_territory(_call: Call, code: str) -> TerritoryOut:
    """Read a territory."""
    found = territory(code)
    if found is None:
        raise NotFound.of("code", "no such territory: /v1/territories lists them")
    return _shown_territory(found)


@json_route(
    routes,
    "/v1/structures",
    right=Right.PROGRAMMES_READ,
    answers=StructureOut,
    is_list=True,
    filters=("territory",),
)
def list_structures(call: Call) -> paging.Page[StructureOut]:
    """List the structures of the tenant by name, those inside a territory if one is given."""
    inside = known_territory(call.query("territory"))
    return store.structures_page(call.viewer.tenant, call.window(), inside).map(_shown_structure)


@json_route(
    routes,
    "/v1/structures",
    method="POST",
    right=Right.STRUCTURES_WRITE,
    reads=StructureIn,
    answers=StructureOut,
    status=201,
)
def create_structure(call: Call) -> object:
    """Add a structure to the tenant."""
    given = call.body(StructureIn)
    return call.created(
        lambda context: actions.add_structure(context, call.viewer.reach, given),
        lambda made: _read(call, made),
    )


@json_route(routes, "/v1/structures/{structure_id}", right=Right.PROGRAMMES_READ, answers=StructureOut)
def get_structure(call: Call, structure_id: str) -> StructureOut:
    """Read a structure."""
    return _shown_structure(store.structure(call.viewer.tenant, structure_id))


@json_route(
    routes,
    "/v1/structures/{structure_id}",
    method="PATCH",
    right=Right.STRUCTURES_WRITE,
    reads=StructurePatch,
    answers=StructureOut,
)
def change_structure(call: Call, structure_id: str) -> StructureOut:
    """Change a structure."""
    given = call.body(StructurePatch)
    actions.change_structure(call.context, call.viewer.reach, structure_id, given)
    return _read(call, structure_id)


def _read(call: Call, structure_id: str) -> StructureOut:
    return _shown_structure(store.structure(call.viewer.tenant, structure_id, consistent=True))


def _page(wanted: list[Territory], window: paging.Window) -> paging.Page[TerritoryOut]:
    """Cut a page out of the map: the cursor is the code of the last territory that was shown."""
    start = 0
    if window.cursor is not None:
        places = {each.code: place for place, each in enumerate(wanted)}
        if window.cursor not in places:
            raise Invalid.of("cursor", "the cursor is not one that this list gave: use the `next` of a page")
        start = places[TerritoryCode(window.cursor)] + 1
    shown = wanted[start : start + window.limit]
    is_last = start + window.limit >= len(wanted)
    return paging.Page([_shown_territory(each) for each in shown], None if is_last else shown[-1].code)


def _shown_territory(each: Territory) -> TerritoryOut:
    return TerritoryOut(
        code=each.code,
        name=each.name,
        level=each.level,
        parent=each.parent,
        time_zone=each.time_zone,
        school_zone=each.school_zone,
    )


def _shown_structure(each: Structure) -> StructureOut:
    return StructureOut(
        id=each.id,
        name=each.name,
        kind=each.kind,
        territory=each.territory,
        independent=each.independent,
        version=each.version,
    )
