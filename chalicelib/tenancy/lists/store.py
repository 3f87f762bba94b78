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


@dataclass(frozen=True)
class Listed:
    """A list: of which kind of items, from which rank prefix on, and what it leaves out."""

    tenant: TenantId
    kind: str
    prefix: str = ""
    condition: Condition | None = None

    def everywhere(self) -> Source:
        """Read the whole tenant."""
        return Source(Item.by_tenant, keys.collection(self.tenant, self.kind), self.prefix, self.condition)

    def at(self, level: str, identity: str) -> Source:
        """Read one place: `level` is member, structure, region, department or programme."""
        key = keys.collection(self.tenant, self.kind, identity)
        return Source(getattr(Item, f"by_{level}"), key, self.prefix, self.condition)

    def in_territory(self, code: TerritoryCode) -> Source:
        """Read one region or département."""
        found = territory(code)
        return self.at("region" if found and found.level == "region" else "department", code)


def sources(listed: Listed, reach: Reach, narrowing: Narrowing) -> list[Source]:
    """Give the Queries that together hold what a viewer may see of a list.

    One that reaches the whole tenant reads the narrowest index of the filters. Another reads each
    place within reach, or the one place asked for when it lies inside. A filter that has its own
    index is still part of the list's condition where another index is read.
    """
    asked = narrowing.territory if narrowing.territory != FRANCE else None
    if reach.whole_tenant:
        return [_narrowest(listed, asked, narrowing)]
    if asked and covers(reach.territories, asked):
        return [listed.in_territory(asked)]
    if narrowing.coordinator and narrowing.coordinator == reach.portfolio:
        return [listed.at("member", narrowing.coordinator)]
    found = [listed.in_territory(code) for code in reach.territories]
    found += [listed.at("structure", each) for each in reach.structures]
    found += [listed.at("member", reach.portfolio)] if reach.portfolio else []
    return found


def _narrowest(listed: Listed, asked: TerritoryCode | None, narrowing: Narrowing) -> Source:
    if asked and not (narrowing.coordinator or narrowing.structure):
        return listed.in_territory(asked)
    for level in ("member", "structure", "programme"):
        wanted = narrowing.coordinator if level == "member" else getattr(narrowing, level)
        if wanted:
            return listed.at(level, wanted)
    return listed.everywhere()


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
