"""What can be done with structures: add one, change one."""

from dataclasses import replace

from chalicelib.network import store
from chalicelib.network.schema import StructureIn, StructurePatch
from chalicelib.network.store import Structure
from chalicelib.spine.context import Context
from chalicelib.spine.errors import FieldProblem, Forbidden, Invalid, StaleVersion
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import StructureId, new_ulid
from chalicelib.spine.territories import TerritoryCode, territory
from chalicelib.spine.transaction import Create, transact
from chalicelib.tenancy.rights import Reach, in_reach


def add_structure(context: Context, within: Reach, given: StructureIn) -> StructureId:
    """Add a structure in a territory within reach. Raises Invalid or Forbidden."""
    structure = Structure(
        id=StructureId(new_ulid(context.now)),
        name=given.name,
        kind=given.kind,
        territory=_known_territory(given.territory),
        independent=given.independent,
    )
    _refuse_elsewhere(within, structure)
    event = Event(EventType.STRUCTURE_CHANGED, structure.id, data={"change": "added"})
    transact(context, event, [Create(store.built_structure(context.tenant, structure))])
    return structure.id


def change_structure(context: Context, within: Reach, structure_id: str, given: StructurePatch) -> None:
    """Change a structure within reach, from the version that was read.

    Raises StaleVersion, NotFound, Invalid or Forbidden.
    """
    item = store.structure_item(context.tenant, structure_id)
    before = store.shown(item)
    _refuse_elsewhere(within, before)
    if given.version != before.version:
        raise StaleVersion.of_subject()
    after = replace(
        before,
        name=given.name or before.name,
        kind=given.kind or before.kind,
        territory=before.territory if given.territory is None else _known_territory(given.territory),
        independent=before.independent if given.independent is None else given.independent,
    )
    _refuse_elsewhere(within, after)
    event = Event(EventType.STRUCTURE_CHANGED, before.id, data={"change": "changed"})
    transact(context, event, [store.changed_structure(context.tenant, item, after)])


def _known_territory(code: str) -> TerritoryCode:
    found = territory(code)
    if found is None:
        raise Invalid(
            FieldProblem(
                "territory",
                f"{code!r} is no territory: give a code of /v1/territories such as R84 or D69",
                "Choisissez un territoire de la liste.",
            )
        )
    return found.code


def _refuse_elsewhere(within: Reach, structure: Structure) -> None:
    """Structures are seen by everybody of the tenant, and changed by whoever holds their territory."""
    if not in_reach(within, structure.territory, structure.id, None):
        raise Forbidden(
            FieldProblem(
                "territory",
                f"{structure.territory} is not one of your territories: {', '.join(within.territories)}",
                "Ce territoire n'est pas le vôtre.",
            )
        )
