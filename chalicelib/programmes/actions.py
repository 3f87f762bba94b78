"""What can be done with programmes: add one, change one."""

from collections.abc import Mapping

from chalicelib.programmes import store
from chalicelib.programmes.rules import problems
from chalicelib.programmes.schema import Programme
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Conflict, FieldProblem, Invalid, StaleVersion
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import new_ulid
from chalicelib.spine.transaction import Create, transact
from chalicelib.tenancy.requests import validated


def add_programme(context: Context, given: Mapping[str, object]) -> str:
    """Add a programme and give its id. Raises Invalid, or Conflict when the id is taken."""
    identity = given.get("id") or new_ulid(context.now)
    programme = validated(Programme, {**_usual(given), **given, "id": identity})
    Invalid.when(problems(programme))
    taken = Conflict(
        FieldProblem(
            "id",
            f"there is a programme {programme.id} already: give another id or change that one",
            "Un programme porte déjà ce nom.",
        )
    )
    event = Event(EventType.PROGRAMME_CHANGED, programme.id, data={"change": "added"})
    transact(context, event, [Create(store.built_programme(context.tenant, programme), taken)])
    store.forget(context.tenant)
    return programme.id


def _usual(given: Mapping[str, object]) -> dict[str, object]:
    """Give what a new programme has unless it says otherwise: weekly, and the formats its own implies."""
    usual = given.get("format")
    formats = ("hybrid", "in_person", "remote") if usual == "hybrid" else (usual,)
    return {"formats": formats, "cadence": {"every": "week", "hours": 1}}


def change_programme(context: Context, programme_id: str, version: int, given: Mapping[str, object]) -> None:
    """Change the fields given of a programme, from the version that was read.

    The change holds for pairs already launched: their next moment is worked out when it comes due.
    Raises StaleVersion, NotFound or Invalid.
    """
    item = store.programme_item(context.tenant, programme_id)
    before = store.shown(item)
    if version != before.version:
        raise StaleVersion.of_subject()
    after = validated(Programme, {**before.model_dump(), **given})
    Invalid.when(problems(after))
    event = Event(EventType.PROGRAMME_CHANGED, before.id, data={"change": "changed"})
    transact(context, event, [store.changed_programme(item, after)])
    store.forget(context.tenant)
