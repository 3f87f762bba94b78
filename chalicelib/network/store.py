"""Caseloads and structures, as they are stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from chalicelib.network.schema import StructureKind
from chalicelib.spine import keys, paging
from chalicelib.spine.errors import NotFound, Refusal
from chalicelib.spine.ids import StructureId, TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode, region_of, territory
from chalicelib.spine.transaction import Accumulate, Change
from chalicelib.tenancy.store import member_key

_CASELOAD = "CASELOAD"


class CaseloadItem(Item, discriminator="caseload"):
    """How many pairs a member follows now: a hot fact beside the member, without a version."""

    pairs = NumberAttribute(default=0)


class StructureItem(Item, discriminator="structure"):
    """A local member of a network, an antenna, a school or a company."""

    name = UnicodeAttribute()
    structure_kind = UnicodeAttribute()
    territory = UnicodeAttribute()
    independent = BooleanAttribute(default=False)
    version = VersionAttribute()


@dataclass(frozen=True)
class Structure:
    """A structure. Nobody above an `independent` one sees its people."""

    id: StructureId
    name: str
    kind: StructureKind
    territory: TerritoryCode
    independent: bool
    version: int = 1


def caseload_taken(tenant: TenantId, member_id: str, most: int | None, refusal: Refusal) -> Accumulate:
    """Give the write that adds a pair to a member's caseload, which must be under `most` before it.

    `refusal` is raised when it is not. Without `most` the ratio was overridden and nothing refuses.
    """
    condition = None
    if most is not None:
        condition = CaseloadItem.pairs < most
        if most > 0:
            condition = CaseloadItem.pairs.does_not_exist() | condition
    item = CaseloadItem(member_key(tenant, member_id), _CASELOAD)
    return Accumulate(item, [CaseloadItem.pairs.add(1)], condition, refusal)


def caseload_freed(tenant: TenantId, member_id: str) -> Accumulate:
    """Give the write that takes a pair off a member's caseload.

    It has no condition: the versioned pair in the same transaction already makes sure that a pair
    leaves a caseload once, and closing a pair must never depend on a figure.
    """
    item = CaseloadItem(member_key(tenant, member_id), _CASELOAD)
    return Accumulate(item, [CaseloadItem.pairs.add(-1)])


def caseloads(tenant: TenantId, member_ids: Iterable[str]) -> dict[str, int]:
    """Read how many pairs members follow, by member id, in one call per hundred; 0 where unknown."""
    wanted = set(member_ids)
    found = CaseloadItem.batch_get([(member_key(tenant, each), _CASELOAD) for each in wanted])
    pairs = {item.pk.rpartition("#")[2]: int(item.pairs or 0) for item in found}
    return {each: pairs.get(each, 0) for each in wanted}


def built_caseload(tenant: TenantId, member_id: str, pairs: int) -> CaseloadItem:
    """Build the item of a caseload that is known already: a load of data, a restore."""
    return CaseloadItem(member_key(tenant, member_id), _CASELOAD, pairs=pairs)


def structure(tenant: TenantId, structure_id: str, *, consistent: bool = False) -> Structure:
    """Read a structure; `consistent` right after a change of it. Raises NotFound."""
    return shown(structure_item(tenant, structure_id, consistent=consistent))


def structure_item(tenant: TenantId, structure_id: str, *, consistent: bool = False) -> StructureItem:
    """Read a structure's item, to change it. Raises NotFound."""
    try:
        return StructureItem.get(_structure_key(tenant, structure_id), keys.SELF, consistent_read=consistent)
    except StructureItem.DoesNotExist:
        raise NotFound.of("structure", "no such structure") from None


def structures_page(
    tenant: TenantId, window: paging.Window, inside: TerritoryCode | None = None
) -> paging.Page[Structure]:
    """Read a page of the structures by name, of the whole tenant or inside a territory."""
    return paging.page(tenant, StructureItem, [_source(tenant, inside)], window).map(shown)


def all_structures(tenant: TenantId) -> list[Structure]:
    """Read every structure, by name: for menus."""
    found = Item.by_tenant.query(keys.collection(tenant, "STRUCTURE"), page_size=500)
    return [shown(item) for item in found if isinstance(item, StructureItem)]


def shown(item: StructureItem) -> Structure:
    """Give the structure that an item holds, at the item's version."""
    return Structure(
        id=StructureId(item.pk.rpartition("#")[2]),
        name=item.name,
        # Only what the schema accepted was ever stored.
        kind=cast("StructureKind", item.structure_kind),
        territory=TerritoryCode(item.territory),
        independent=bool(item.independent),
        version=int(item.version or 1),
    )


def built_structure(tenant: TenantId, each: Structure) -> StructureItem:
    """Build the item of a structure."""
    region, department = _places(tenant, each.territory)
    return StructureItem(
        _structure_key(tenant, each.id),
        keys.SELF,
        tenant_key=keys.collection(tenant, "STRUCTURE"),
        region_key=region,
        department_key=department,
        rank=_rank(each),
        name=each.name,
        structure_kind=each.kind,
        territory=each.territory,
        independent=each.independent,
    )


def changed_structure(tenant: TenantId, item: StructureItem, each: Structure) -> Change:
    """Give the write that brings a structure to a new state, from the version it was read at."""
    region, department = _places(tenant, each.territory)
    return Change(
        item,
        [
            StructureItem.name.set(each.name),
            StructureItem.structure_kind.set(each.kind),
            StructureItem.territory.set(each.territory),
            StructureItem.independent.set(each.independent),
            Item.region_key.set(region) if region else Item.region_key.remove(),
            Item.department_key.set(department) if department else Item.department_key.remove(),
            Item.rank.set(_rank(each)),
        ],
    )


def _source(tenant: TenantId, inside: TerritoryCode | None) -> paging.Source:
    place = None if inside is None else territory(inside)
    if place is not None and place.level == "region":
        return paging.Source(Item.by_region, keys.collection(tenant, "STRUCTURE", place.code))
    if place is not None and place.level == "department":
        return paging.Source(Item.by_department, keys.collection(tenant, "STRUCTURE", place.code))
    return paging.Source(Item.by_tenant, keys.collection(tenant, "STRUCTURE"))


def _places(tenant: TenantId, code: TerritoryCode) -> tuple[str | None, str | None]:
    """Give the region's and the département's index keys; a structure of the whole country has none."""
    region = region_of(code)
    found = territory(code)
    department = found is not None and found.level == "department"
    return (
        keys.collection(tenant, "STRUCTURE", region) if region else None,
        keys.collection(tenant, "STRUCTURE", code) if department else None,
    )


def _rank(each: Structure) -> str:
    return f"{each.name.casefold()}#{each.id}"


def _structure_key(tenant: TenantId, structure_id: str) -> str:
    return keys.subject(tenant, "STRUCTURE", structure_id)
