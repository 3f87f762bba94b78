"""Pages of pairs, and of what is filed under one, through the narrowest index there is."""

from dataclasses import dataclass

from pynamodb.expressions.condition import Condition

from chalicelib.pairs.store import PairItem, pair_key, rank_prefix
from chalicelib.spine import paging
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.territories import FRANCE, TerritoryCode, departments_of
from chalicelib.tenancy.lists.store import Listed, Narrowing, sources
from chalicelib.tenancy.rights import Reach


@dataclass(frozen=True)
class Filters:
    """What a list of pairs is narrowed to; None where nothing was asked."""

    stage: str | None = None
    colour: str | None = None
    territory: TerritoryCode | None = None
    structure: str | None = None
    coordinator: str | None = None
    programme: str | None = None


def pairs_page(
    tenant: TenantId, reach: Reach, filters: Filters, window: paging.Window
) -> paging.Page[PairItem]:
    """Read a page of the pairs within a reach, red first: one call per place that has to be read."""
    wanted = Listed(tenant, "PAIR", rank_prefix(filters.stage, filters.colour), _conditions(filters))
    narrowing = Narrowing(filters.territory, filters.structure, filters.coordinator, filters.programme)
    return paging.page(tenant, PairItem, sources(wanted, reach, narrowing), window)


def filed_page(tenant: TenantId, pair_id: str, prefix: str, window: paging.Window) -> paging.Page[Item]:
    """Read a page of what is filed under a pair (`SESSION#`, `CONTACT#`), latest first."""
    after = window.cursor
    key = paging.range_position(tenant, pair_key(tenant, pair_id), prefix, after)
    result = Item.query(
        pair_key(tenant, pair_id),
        range_key_condition=Item.sk.startswith(prefix),
        page_size=window.limit,
        last_evaluated_key=key,
        scan_index_forward=False,
    )
    raw = next(result.page_iter)
    items = [Item.from_raw_data(each) for each in raw["Items"]]
    reached = result.page_iter.last_evaluated_key
    token = paging.range_token(tenant, pair_key(tenant, pair_id), prefix, reached)
    return paging.Page(items, token)


def _conditions(filters: Filters) -> Condition | None:
    """Give what a list leaves out: a filter served by the list's index is harmless here too."""
    found: Condition | None = None
    asked = (
        (PairItem.stage, filters.stage),
        (PairItem.colour, filters.colour),
        (PairItem.programme, filters.programme),
        (PairItem.coordinator, filters.coordinator),
        (PairItem.structure, filters.structure),
    )
    for attribute, value in asked:
        if value is not None:
            wanted = attribute == value
            found = wanted if found is None else found & wanted
    if filters.territory and filters.territory != FRANCE:
        inside = PairItem.territory.is_in(*_within(filters.territory))
        found = inside if found is None else found & inside
    return found


def _within(code: TerritoryCode) -> list[str]:
    return [code, *(each.code for each in departments_of(code))]
