"""JSON routes of the members."""

from chalice.app import Blueprint

from chalicelib.spine import paging
from chalicelib.tenancy import actions, store
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.schema import MemberIn, MemberOut, MemberPatch
from chalicelib.tenancy.web import Call, json_route

routes = Blueprint(__name__)


@json_route(routes, "/v1/members", right=Right.MEMBERS_READ, answers=MemberOut, is_list=True)
def list_members(call: Call) -> paging.Page[MemberOut]:
    """List the members of the tenant, by name."""
    found = store.members_page(call.viewer.tenant, call.window())
    return found.map(lambda member: actions.shown(call.viewer, member))


@json_route(
    routes,
    "/v1/members",
    method="POST",
    right=Right.MEMBERS_WRITE,
    reads=MemberIn,
    answers=MemberOut,
    status=201,
)
def create_member(call: Call) -> object:
    """Add a member to the tenant."""
    given = call.body(MemberIn)
    return call.created(
        lambda context: actions.add_member(context, given),
        lambda member: actions.shown(call.viewer, store.member(call.viewer.tenant, member)),
    )


@json_route(routes, "/v1/members/{member_id}", right=Right.MEMBERS_READ, answers=MemberOut)
def get_member(call: Call, member_id: str) -> MemberOut:
    """Read a member."""
    return actions.shown(call.viewer, store.member(call.viewer.tenant, member_id))


@json_route(
    routes,
    "/v1/members/{member_id}",
    method="PATCH",
    right=Right.MEMBERS_WRITE,
    reads=MemberPatch,
    answers=MemberOut,
)
def change_member(call: Call, member_id: str) -> MemberOut:
    """Change a member; their rights change within a minute."""
    actions.change_member(call.context, member_id, call.body(MemberPatch))
    return actions.shown(call.viewer, store.member(call.viewer.tenant, member_id))
