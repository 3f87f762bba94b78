"""Reading figures as far as a viewer reaches: the same number of calls at 100 and 100 000 pairs."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.monitoring import rules
from chalicelib.monitoring.rules import Row
from chalicelib.network import store as network
from chalicelib.programmes import store as programmes
from chalicelib.programmes.agreements import whole_target
from chalicelib.programmes.schema import Agreement
from chalicelib.spine import counters
from chalicelib.spine.clock import PARIS
from chalicelib.spine.figures import NOWHERE
from chalicelib.spine.territories import TerritoryCode, covers, region_of, regions
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.rights import Reach, Role, Viewer


@dataclass(frozen=True)
class Board:
    """The regions a viewer may see, their sum, and the agreement whose launches are counted."""

    rows: list[Row]
    total: Row
    agreement: Agreement | None


@dataclass(frozen=True)
class Load:
    """How many pairs a member follows, and may follow."""

    member: tenancy.Member
    pairs: int
    places: int


def board(viewer: Viewer, now: datetime) -> Board:
    """Read the figures of every region within reach.

    A viewer limited to some territories sees the sums of those alone, and nothing of what has no
    region.
    """
    tenant, reach = viewer.tenant, viewer.reach
    current = programmes.current_agreement(tenant, now.astimezone(PARIS).date())
    stock = _within(counters.read_level(tenant, "TERRITORY"), reach)
    launched = {}
    if current:
        launched = _within(counters.read_level(tenant, f"LAUNCHED#{current[0]}#TERRITORY"), reach)
    wanted = [region.code for region in regions()]
    if not reach.whole_tenant:
        seen = {region_of(code) for code in reach.territories}
        wanted = [code for code in wanted if code in seen]
    target = whole_target(current[1]) if current and reach.whole_tenant else None
    rows = rules.by_region(stock, launched, wanted, target)
    rows = [row for row in rows if row.territory is not None or not row.is_empty]
    return Board(rows, rules.total(rows), current[1] if current else None)


def loads(viewer: Viewer) -> list[Load]:
    """Read the caseload of each member within reach who follows pairs, the fullest first."""
    tenant = viewer.tenant
    ratio = tenancy.tenant(tenant).caseload_ratio
    followers = [
        member
        for member in tenancy.all_members(tenant)
        if {Role.COORDINATOR, Role.VOLUNTEER} & set(member.roles) and _seen(viewer.reach, member)
    ]
    held = network.caseloads(tenant, [member.id for member in followers])
    found = [
        Load(member, held[member.id], ratio if member.capacity is None else member.capacity)
        for member in followers
    ]
    return sorted(found, key=lambda load: load.pairs - load.places, reverse=True)


def _seen(reach: Reach, member: tenancy.Member) -> bool:
    if reach.whole_tenant or member.id == reach.portfolio:
        return True
    return any(covers(reach.territories, code) for code in member.territories)


def _within(level: dict[str, dict[str, int]], reach: Reach) -> dict[str, dict[str, int]]:
    if reach.whole_tenant:
        return level
    return {
        place: figures
        for place, figures in level.items()
        if place != NOWHERE and covers(reach.territories, TerritoryCode(place))
    }
