"""Mentors and mentees, as they are stored."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute
from pynamodb.expressions.update import Action

from chalicelib.people import sealing
from chalicelib.people.engagements.store import (
    bond_ended,
    bond_made,
    bond_of,
    built_bond,
    built_places,
    open_places,
    place_freed,
    place_taken,
)
from chalicelib.people.person import (
    Contact,
    Guardian,
    Kind,
    Person,
    dimensions,
    local_day,
    name_of,
    person_key,
)
from chalicelib.people.rules import LeavingReason, Source, Stage, dates_after_move
from chalicelib.spine import keys
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Conflict, FieldProblem, NotFound
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import MemberId, PersonId, TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode, region_of, territory
from chalicelib.spine.transaction import Accumulate, Change, Create, Write

__all__ = [
    "Contact",
    "Guardian",
    "Person",
    "PersonItem",
    "bond_ended",
    "bond_made",
    "bond_of",
    "built_bond",
    "built_person",
    "built_places",
    "changed_person",
    "contact",
    "moved",
    "name_of",
    "new_person",
    "open_places",
    "people",
    "person",
    "place_freed",
    "place_taken",
    "shown",
    "stage_prefix",
]

_ORDER = {stage: order for order, stage in enumerate(Stage, start=1)}


class PersonItem(Item, discriminator="person"):
    """A mentor or a mentee: names readable for search, sensitive fields sealed, hashes for look-up."""

    of = UnicodeAttribute()
    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    territory = UnicodeAttribute(null=True)
    postal_code = UnicodeAttribute(null=True)
    structure = UnicodeAttribute(null=True)
    programme = UnicodeAttribute()
    stage = UnicodeAttribute()
    stage_dates = JSONAttribute()
    leaving_reason = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    capacity = NumberAttribute(default=0)
    training_hours = NumberAttribute(default=0)
    followed_by = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute()
    email_sealed = UnicodeAttribute(null=True)
    phone_sealed = UnicodeAttribute(null=True)
    birth_date_sealed = UnicodeAttribute(null=True)
    guardian_sealed = UnicodeAttribute(null=True)
    checks_sealed = UnicodeAttribute(null=True)
    disability_sealed = UnicodeAttribute(null=True)
    in_care_sealed = UnicodeAttribute(null=True)
    note_sealed = UnicodeAttribute(null=True)
    email_hash = UnicodeAttribute(null=True)
    phone_hash = UnicodeAttribute(null=True)
    version = VersionAttribute()


_SEALED = (*(f"{name}_sealed" for name in sealing.FIELDS), "email_hash", "phone_hash")


def person(tenant: TenantId, person_id: str, kind: str | None = None, *, consistent: bool = False) -> Person:
    """Read a person; `consistent` right after a change. Raises NotFound when absent or of the other kind."""
    try:
        item = PersonItem.get(person_key(tenant, person_id), keys.SELF, consistent_read=consistent)
    except PersonItem.DoesNotExist:
        item = None
    if item is None or (kind is not None and item.of != kind):
        raise NotFound.of(kind or "person", f"no such {kind or 'person'}") from None
    return shown(item)


def people(tenant: TenantId, ids: Iterable[str]) -> dict[str, Person]:
    """Read several people at once, by id, in one call per hundred; the unknown are left out."""
    found = PersonItem.batch_get([(person_key(tenant, each), keys.SELF) for each in set(ids)])
    read = (shown(item) for item in found)
    return {each.id: each for each in read}


def contact(tenant: TenantId, each: Person) -> Contact:
    """Open the sealed fields of a person: in memory, without a call."""
    return sealing.opened(tenant, each)


def new_person(tenant: TenantId, each: Person) -> Create:
    """Give the write of a new person; the search entries go into the same transaction."""
    return Create(built_person(tenant, each))


def changed_person(tenant: TenantId, before: Person, after: Person) -> Change:
    """Give the write that brings a person to a new state, from the version that was read."""
    return Change(_versioned(tenant, before), _differences(tenant, before, after))


def moved(context: Context, each: Person, stage: str, followed_by: MemberId | None) -> tuple[Write, Event]:
    """Give the write and the event of a move that a pair causes: into it, or back from it.

    Conditioned on the stage that was read, not on the version, so that a form saved meanwhile does
    not stop a launch; the version goes up all the same, since an open form now shows an old stage.
    Back to available is a new wait: the dates of the first one are over.
    """
    to, day = Stage(stage), local_day(each.territory, context.now)
    waits_anew = each.stage is Stage.PAIRED and to not in {Stage.PAIRED, Stage.LEFT}
    dates = dates_after_move({} if waits_anew else each.dates, to, day)
    written = {step.value: on.isoformat() for step, on in dates.items()}
    after = replace(each, stage=to, stage_dates=written, followed_by=followed_by)
    write = Accumulate(
        _versioned(context.tenant, each),
        _differences(context.tenant, each, after),
        condition=PersonItem.stage == each.stage.value,
        refusal=Conflict(
            FieldProblem(
                each.kind,
                f"the {each.kind} is no longer at the stage {each.stage}: read them again",
                "Cette personne a changé d'étape entre-temps : vérifiez sa fiche.",
            )
        ),
    )
    data = {"kind": each.kind, "from": each.stage.value, "to": to.value}
    return write, Event(EventType.PERSON_STAGE_CHANGED, each.id, dimensions(each), dimensions(after), data)


def built_person(tenant: TenantId, each: Person) -> PersonItem:
    """Build the item of a person, without a version: writing it gives one."""
    label, place = each.kind.upper(), None if each.territory is None else territory(each.territory)
    region = None if each.territory is None else region_of(each.territory)
    department = each.territory if place is not None and place.level == "department" else None

    def filed(under: str | None) -> str | None:
        return None if under is None else keys.collection(tenant, label, under)

    item = PersonItem(
        person_key(tenant, each.id),
        keys.SELF,
        rank=f"{stage_prefix(each.stage)}{each.stage_since}#{each.id}",
        tenant_key=keys.collection(tenant, label),
        region_key=filed(region),
        department_key=filed(department),
        structure_key=filed(each.structure),
        programme_key=filed(each.programme),
        member_key=filed(each.followed_by),
        of=each.kind,
        first_name=each.first_name,
        last_name=each.last_name,
        territory=each.territory,
        postal_code=each.postal_code,
        structure=each.structure,
        programme=each.programme,
        stage=each.stage.value,
        stage_dates=each.stage_dates,
        leaving_reason=each.leaving_reason.value if each.leaving_reason else None,
        source=each.source.value if each.source else None,
        capacity=each.capacity,
        training_hours=each.training_hours,
        followed_by=each.followed_by,
        created_at=each.created_at,
    )
    for name, text in each.sealed.items():
        setattr(item, name, text)
    return item


def stage_prefix(stage: Stage) -> str:
    """Give how the rank of everybody at a stage begins: lists come by stage, longest there first."""
    return f"{_ORDER[stage]}-{stage.value}#"


def shown(item: PersonItem) -> Person:
    """Give the person that an item holds."""
    texts = {name: getattr(item, name) for name in _SEALED}
    return Person(
        id=PersonId(item.pk.rpartition("#")[2]),
        # Only what the schema accepted was ever stored.
        kind=cast("Kind", item.of),
        first_name=item.first_name,
        last_name=item.last_name,
        territory=TerritoryCode(item.territory) if item.territory else None,
        postal_code=item.postal_code,
        structure=item.structure,
        programme=item.programme,
        stage=Stage(item.stage),
        stage_dates=dict(item.stage_dates),
        leaving_reason=LeavingReason(item.leaving_reason) if item.leaving_reason else None,
        source=Source(item.source) if item.source else None,
        capacity=int(item.capacity or 0),
        training_hours=float(item.training_hours or 0),
        followed_by=MemberId(item.followed_by) if item.followed_by else None,
        created_at=item.created_at,
        version=int(item.version or 1),
        sealed={name: text for name, text in texts.items() if text is not None},
    )


def _versioned(tenant: TenantId, each: Person) -> PersonItem:
    return PersonItem(person_key(tenant, each.id), keys.SELF, version=each.version)


def _differences(tenant: TenantId, before: Person, after: Person) -> list[Action]:
    """Give the updates between two states of a person: a change writes what changed, index keys included."""
    old, new = built_person(tenant, before), built_person(tenant, after)
    actions: list[Action] = []
    for name, attribute in PersonItem.get_attributes().items():
        value: Any = getattr(new, name)
        if name in {"kind", "version"} or value == getattr(old, name):
            continue
        actions.append(attribute.remove() if value is None else attribute.set(value))
    return actions
