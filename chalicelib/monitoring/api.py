"""JSON routes of the figures."""

from chalice.app import Blueprint

from chalicelib.monitoring import queries, rules
from chalicelib.monitoring.rules import Row
from chalicelib.monitoring.schema import (
    CaseloadFigures,
    CaseloadOut,
    FunnelOut,
    FunnelRowOut,
    MemberCaseloadOut,
    PlanReportOut,
    RegionOut,
    RegionsOut,
)
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.web import Call, json_route

routes = Blueprint(__name__)


@json_route(routes, "/v1/monitoring/regions", right=Right.FIGURES_READ, answers=RegionsOut)
def read_regions(call: Call) -> RegionsOut:
    """Read the figures of each region within reach; the total is their sum."""
    board = queries.board(call.viewer, call.context.now)
    return RegionsOut(items=[shown(row) for row in board.rows], total=shown(board.total))


@json_route(routes, "/v1/monitoring/caseload", right=Right.FIGURES_READ, answers=CaseloadOut)
def read_caseload(call: Call) -> CaseloadOut:
    """Read the caseload of each member within reach, the fullest first."""
    found = queries.loads(call.viewer)
    return CaseloadOut(
        items=[
            MemberCaseloadOut(
                member=load.member.id,
                name=load.member.name,
                territories=list(load.member.territories),
                pairs=load.pairs,
                places=load.places,
            )
            for load in found
        ],
        total=CaseloadFigures(
            pairs=sum(load.pairs for load in found), places=sum(load.places for load in found)
        ),
    )


@json_route(routes, "/v1/monitoring/funnel", right=Right.FIGURES_READ, answers=FunnelOut)
def read_funnel(call: Call) -> FunnelOut:
    """Read how many mentees and mentors stand at each stage, by region."""
    board = queries.board(call.viewer, call.context.now)
    return FunnelOut(items=[_funnel(row) for row in board.rows], total=_funnel(board.total))


@json_route(routes, "/v1/reports/plan", right=Right.FIGURES_READ, answers=PlanReportOut)
def read_plan_report(call: Call) -> PlanReportOut:
    """Read what the state is told of the current agreement."""
    board = queries.board(call.viewer, call.context.now)
    agreement = board.agreement
    return PlanReportOut(
        starts_on=agreement.starts_on if agreement else None,
        ends_on=agreement.ends_on if agreement else None,
        target=board.total.target,
        launched=board.total.launched,
        active=board.total.active,
        counting=board.total.figures["counting"],
        regions=[shown(row) for row in board.rows],
    )


def shown(row: Row) -> RegionOut:
    """Show a region's figures."""
    figures = row.figures
    return RegionOut(
        territory=row.territory,
        target=row.target,
        launched=row.launched,
        active=row.active,
        green=figures["green"],
        orange=figures["orange"],
        red=figures["red"],
        counting=figures["counting"],
        waiting=figures["waiting"],
        caseload=CaseloadFigures(pairs=figures["pairs"], places=figures["places"]),
    )


def _funnel(row: Row) -> FunnelRowOut:
    return FunnelRowOut(
        territory=row.territory,
        mentees=rules.funnel(row, "mentee"),
        mentors=rules.funnel(row, "mentor"),
    )
