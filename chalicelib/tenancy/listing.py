"""From a viewer's reach and a list's filters to the narrowest indexes that hold the answer."""

from dataclasses import dataclass

from pynamodb.expressions.condition import Condition

from chalicelib.spine import keys
from chalicelib.spine.errors import Invalid
from chalicelib.spine.ids import TenantId
from chalicelib.spine.paging import Source
from chalicelib.spine.table import Item
from chalicelib.spine.territories import FRANCE, TerritoryCode, covers, territory
from chalicelib.tenancy.rights import Reach


@dataclass(frozen=True)
class Narrowing:
    """The filters of a list that have an index of their own; None where not asked for."""

    territory: TerritoryCode | None = None
    structure: str | None = None
    coordinator: str | None = None
    programme: str | None = None


def sources(
    tenant: TenantId,
    kind: str,
    reach: Reach,
    narrowing: Narrowing,
    prefix: str = "",
    condition: Condition | None = None,
) -> list[Source]:
    """Give the Queries that together hold what a viewer may see of a list.

    One that reaches the whole tenant reads the narrowest index of the filters. Another reads each
    place within reach, or the one territory asked for when it lies inside. A filter that has its
    own index is still part of `condition` where another index is read. Gives nothing when the
    territory asked for is out of reach.
    """

    def place(index_name: str, identity: str) -> Source:
        index = getattr(Item, f"by_{index_name}")
        return Source(index, keys.collection(tenant, kind, identity), prefix, condition)

    asked = narrowing.territory if narrowing.territory != FRANCE else None
    if reach.whole_tenant:
        if narrowing.coordinator:
            return [place("member", narrowing.coordinator)]
        if narrowing.structure:
            return [place("structure", narrowing.structure)]
        if asked:
            return [place(_level(asked), asked)]
        if narrowing.programme:
            return [place("programme", narrowing.programme)]
        return [Source(Item.by_tenant, keys.collection(tenant, kind), prefix, condition)]
    if asked and covers(reach.territories, asked):
        return [place(_level(asked), asked)]
    if narrowing.coordinator and narrowing.coordinator == reach.portfolio:
        return [place("member", narrowing.coordinator)]
    found = [place(_level(code), code) for code in reach.territories]
    found += [place("structure", each) for each in reach.structures]
    found += [place("member", reach.portfolio)] if reach.portfolio else []
    return found


def _level(code: TerritoryCode) -> str:
    found = territory(code)
    return "region" if found and found.level == "region" else "department"


def known_territory(code: str | None, field: str = "territory") -> TerritoryCode | None:
    """Read a territory filter. Raises Invalid for a code that is no territory."""
    if code is None:
        return None
    found = territory(code)
    if found is None:
        raise Invalid.of(
            field,
            f"{code!r} is no territory: give a code of /v1/territories such as R84 or D69",
            "Choisissez un territoire de la liste.",
        )
    return found.code
