"""JSON routes of mentors and mentees."""

from chalice.app import Blueprint

from chalicelib.people import actions
from chalicelib.people.answers import mentee_out, mentor_out
from chalicelib.people.filters import FILTERS, wanted
from chalicelib.people.lists.store import people_page
from chalicelib.people.person import Kind, Person
from chalicelib.people.schema import (
    MenteeIn,
    MenteeOut,
    MenteePatch,
    MentorIn,
    MentorOut,
    MentorPatch,
)
from chalicelib.people.search.store import search
from chalicelib.people.store import person
from chalicelib.spine import paging
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.web import Call, json_route

routes = Blueprint(__name__)


@json_route(routes, "/v1/mentors", right=Right.PEOPLE_READ, answers=MentorOut, is_list=True, filters=FILTERS)
def list_mentors(call: Call) -> paging.Page[MentorOut]:
    """List mentors: by stage, those waiting longest first; by name with `q`."""
    return _listed(call, "mentor").map(lambda each: mentor_out(call.viewer.tenant, each))


@json_route(
    routes,
    "/v1/mentors",
    method="POST",
    right=Right.PEOPLE_WRITE,
    reads=MentorIn,
    answers=MentorOut,
    status=201,
)
def create_mentor(call: Call) -> object:
    """Add a mentor."""
    given, tenant = call.body(MentorIn), call.viewer.tenant
    return call.created(
        lambda context: actions.create_mentor(context, call.viewer.reach, given),
        lambda mentor: mentor_out(tenant, person(tenant, mentor, "mentor", consistent=True)),
    )


@json_route(routes, "/v1/mentors/{person_id}", right=Right.PEOPLE_READ, answers=MentorOut)
def get_mentor(call: Call, person_id: str) -> MentorOut:
    """Read a mentor."""
    tenant = call.viewer.tenant
    return mentor_out(tenant, actions.seen(tenant, call.viewer.reach, "mentor", person_id))


@json_route(
    routes,
    "/v1/mentors/{person_id}",
    method="PATCH",
    right=Right.PEOPLE_WRITE,
    reads=MentorPatch,
    answers=MentorOut,
)
def change_mentor(call: Call, person_id: str) -> MentorOut:
    """Change a mentor; the fields left out stay as they are."""
    given = call.body(MentorPatch)
    changed = actions.change(call.context, call.viewer.reach, "mentor", person_id, given)
    return mentor_out(call.viewer.tenant, changed)


@json_route(routes, "/v1/mentees", right=Right.PEOPLE_READ, answers=MenteeOut, is_list=True, filters=FILTERS)
def list_mentees(call: Call) -> paging.Page[MenteeOut]:
    """List mentees: by stage, those waiting longest first; by name with `q`."""
    return _listed(call, "mentee").map(lambda each: mentee_out(call.viewer.tenant, each))


@json_route(
    routes,
    "/v1/mentees",
    method="POST",
    right=Right.PEOPLE_WRITE,
    reads=MenteeIn,
    answers=MenteeOut,
    status=201,
)
def create_mentee(call: Call) -> object:
    """Add a mentee."""
    given, tenant = call.body(MenteeIn), call.viewer.tenant
    return call.created(
        lambda context: actions.create_mentee(context, call.viewer.reach, given),
        lambda mentee: mentee_out(tenant, person(tenant, mentee, "mentee", consistent=True)),
    )


@json_route(routes, "/v1/mentees/{person_id}", right=Right.PEOPLE_READ, answers=MenteeOut)
def get_mentee(call: Call, person_id: str) -> MenteeOut:
    """Read a mentee."""
    tenant = call.viewer.tenant
    return mentee_out(tenant, actions.seen(tenant, call.viewer.reach, "mentee", person_id))


@json_route(
    routes,
    "/v1/mentees/{person_id}",
    method="PATCH",
    right=Right.PEOPLE_WRITE,
    reads=MenteePatch,
    answers=MenteeOut,
)
def change_mentee(call: Call, person_id: str) -> MenteeOut:
    """Change a mentee; the fields left out stay as they are."""
    given = call.body(MenteePatch)
    changed = actions.change(call.context, call.viewer.reach, "mentee", person_id, given)
    return mentee_out(call.viewer.tenant, changed)


def _listed(call: Call, kind: Kind) -> paging.Page[Person]:
    """Read the page asked for: through the narrowest index, or through names when some were typed."""
    tenant, reach = call.viewer.tenant, call.viewer.reach
    narrowed = wanted(tenant, call.query)
    reading = search if narrowed.name else people_page
    return reading(tenant, kind, reach, narrowed, call.window())
