"""Pages of people as far as a viewer reaches, each through the narrowest index there is."""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from pynamodb.expressions.condition import Condition

from chalicelib.people.filters import Wanted
from chalicelib.people.person import Kind, Person
from chalicelib.people.store import PersonItem, shown, stage_prefix
from chalicelib.spine import keys, paging
from chalicelib.spine.ids import TenantId
from chalicelib.spine.paging import Source
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode, covers, territory
from chalicelib.tenancy.rights import Reach


def people_page(
    tenant: TenantId, kind: Kind, reach: Reach, wanted: Wanted, window: paging.Window
) -> paging.Page[Person]:
    """Read a page of mentors or mentees within a reach: by stage, those waiting longest there first.

    One call per place that has to be read: one for the whole tenant, a territory or a structure, one
    for each territory of a référent of several, one more for a portfolio. Raises Invalid for a cursor
    of another list.
    """
    found = paging.page(tenant, PersonItem, sources(tenant, kind, reach, wanted), window)
    return found.map(shown)


def sources(tenant: TenantId, kind: Kind, reach: Reach, wanted: Wanted) -> list[Source]:
    """Choose the indexes that together hold what is wanted and may be seen, and nothing besides."""
    places = _Places(tenant, kind, wanted)
    if wanted.structure is not None:
        within = None if wanted.structure in reach.structures else places.inside(reach)
        if within is None and not (reach.whole_tenant or wanted.structure in reach.structures):
            return []
        return [places.structure(wanted.structure, within, places.at(wanted.territory))]
    if wanted.territory is not None:
        if reach.whole_tenant or covers(reach.territories, wanted.territory):
            return [places.territory(wanted.territory)]
        inner = [code for code in reach.territories if covers((wanted.territory,), code)]
        return [
            *(places.territory(code) for code in inner),
            *places.elsewhere(reach, places.at(wanted.territory)),
        ]
    if reach.whole_tenant:
        return [places.everywhere()]
    return [*(places.territory(code) for code in reach.territories), *places.elsewhere(reach)]


class _Places:
    """The sources of one list: every one narrowed to the same stage and programme."""

    def __init__(self, tenant: TenantId, kind: Kind, wanted: Wanted) -> None:
        self._tenant = tenant
        self._label = kind.upper()
        self._prefix = stage_prefix(wanted.stage) if wanted.stage else ""
        self._programme = wanted.programme

    def everywhere(self) -> Source:
        """Read the whole tenant, or one programme of it."""
        if self._programme is not None:
            return Source(Item.by_programme, self._key(self._programme), self._prefix)
        return Source(Item.by_tenant, self._key(), self._prefix)

    def territory(self, code: TerritoryCode) -> Source:
        """Read a region or a département."""
        place = territory(code)
        index = Item.by_department if place and place.level == "department" else Item.by_region
        return Source(index, self._key(code), self._prefix, self._all())

    def structure(self, structure: str, *conditions: Condition | None) -> Source:
        """Read a structure."""
        return Source(Item.by_structure, self._key(structure), self._prefix, self._all(*conditions))

    def elsewhere(self, reach: Reach, condition: Condition | None = None) -> list[Source]:
        """Read what a reach holds besides its territories: structures, and a portfolio."""
        found = [self.structure(each, condition) for each in reach.structures]
        if reach.portfolio is not None:
            key = self._key(reach.portfolio)
            found.append(Source(Item.by_member, key, self._prefix, self._all(condition)))
        return found

    def at(self, code: TerritoryCode | None) -> Condition | None:
        """Give the condition of being in a territory."""
        if code is None:
            return None
        place = territory(code)
        held = Item.department_key if place and place.level == "department" else Item.region_key
        return held == self._key(code)

    def inside(self, reach: Reach) -> Condition | None:
        """Give the condition of being within the territories or the portfolio of a reach."""
        if reach.whole_tenant:
            return None
        held = [condition for code in reach.territories if (condition := self.at(code)) is not None]
        if reach.portfolio is not None:
            held.append(Item.member_key == self._key(reach.portfolio))
        return reduce(or_, held) if held else None

    def _all(self, *conditions: Condition | None) -> Condition | None:
        programme = None if self._programme is None else PersonItem.programme == self._programme
        return _together((programme, *conditions))

    def _key(self, *place: str) -> str:
        return keys.collection(self._tenant, self._label, *place)


def _together(conditions: Iterable[Condition | None]) -> Condition | None:
    """Give the condition that all of these hold; None when there is none."""
    given = [condition for condition in conditions if condition is not None]
    return reduce(and_, given) if given else None
