"""The regions, on screen."""

from chalice.app import Blueprint, Response

from chalicelib.monitoring import queries
from chalicelib.monitoring.api import shown
from chalicelib.monitoring.rules import Row
from chalicelib.people.names import folded
from chalicelib.spine.rendering import day
from chalicelib.spine.territories import territory
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.screens import Visit, page_route

routes = Blueprint(__name__)


@page_route(routes, "/regions", right=Right.FIGURES_READ)
def regions_page(visit: Visit) -> Response:
    """Show a row per region where there is anything to show, and their sum."""
    board = queries.board(visit.viewer, visit.context.now)
    agreement = board.agreement
    period = "Aucune convention en cours : les lancements ne sont comptés pour aucune."
    if agreement:
        period = f"Convention du {day(agreement.starts_on)} au {day(agreement.ends_on)}"
    may_list = visit.viewer.may(Right.PAIRS_READ)
    rows = [_row(row, may_list=may_list) for row in board.rows if not row.is_empty]
    # In the order of the alphabet, as people look for a region; what has none comes last.
    rows.sort(key=lambda row: (row["territory"] is None, folded(str(row["name"]))))
    total = _row(board.total, may_list=False)
    return visit.page("monitoring/regions.html", {"rows": rows, "total": total, "period_label": period})


def _row(row: Row, *, may_list: bool) -> dict[str, object]:
    named = territory(row.territory) if row.territory else None
    return {
        **shown(row).model_dump(),
        "name": named.name if named else "Sans région, objectif à répartir",
        "href": f"/pairs?territory={row.territory}" if named and may_list else None,
    }
