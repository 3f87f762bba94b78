"""The console's pages of mentors and mentees: lists, sheets, and the form that adds or changes one."""

from chalice.app import Blueprint, Response

from chalicelib.people import visits
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.screens import Visit, page_route

routes = Blueprint(__name__)


@page_route(routes, "/mentors", right=Right.PEOPLE_READ)
def list_mentors(visit: Visit) -> Response:
    """Show the mentors within reach."""
    return visits.show_list(visit, "mentor")


@page_route(routes, "/mentors/new", right=Right.PEOPLE_WRITE)
def new_mentor(visit: Visit) -> Response:
    """Show the empty form of a mentor."""
    return visits.show_new(visit, "mentor")


@page_route(routes, "/mentors/new", right=Right.PEOPLE_WRITE, method="POST")
def create_mentor(visit: Visit) -> Response:
    """Add a mentor, or show the form again with what is to be corrected."""
    return visits.create(visit, "mentor")


@page_route(routes, "/mentors/{person_id}", right=Right.PEOPLE_READ)
def get_mentor(visit: Visit, person_id: str) -> Response:
    """Show a mentor; contact details once they are asked for."""
    return visits.show_person(visit, "mentor", person_id)


@page_route(routes, "/mentors/{person_id}/edit", right=Right.PEOPLE_WRITE)
def edit_mentor(visit: Visit, person_id: str) -> Response:
    """Show the form of a mentor."""
    return visits.show_edit(visit, "mentor", person_id)


@page_route(routes, "/mentors/{person_id}/edit", right=Right.PEOPLE_WRITE, method="POST")
def change_mentor(visit: Visit, person_id: str) -> Response:
    """Change a mentor, or show the form again with what is to be corrected."""
    return visits.change(visit, "mentor", person_id)


@page_route(routes, "/mentors/{person_id}/stage", right=Right.PEOPLE_WRITE, method="POST")
def move_mentor(visit: Visit, person_id: str) -> Response:
    """Move a mentor to another stage."""
    return visits.move(visit, "mentor", person_id)


@page_route(routes, "/mentees", right=Right.PEOPLE_READ)
def list_mentees(visit: Visit) -> Response:
    """Show the mentees within reach."""
    return visits.show_list(visit, "mentee")


@page_route(routes, "/mentees/new", right=Right.PEOPLE_WRITE)
def new_mentee(visit: Visit) -> Response:
    """Show the empty form of a mentee."""
    return visits.show_new(visit, "mentee")


@page_route(routes, "/mentees/new", right=Right.PEOPLE_WRITE, method="POST")
def create_mentee(visit: Visit) -> Response:
    """Add a mentee, or show the form again with what is to be corrected."""
    return visits.create(visit, "mentee")


@page_route(routes, "/mentees/{person_id}", right=Right.PEOPLE_READ)
def get_mentee(visit: Visit, person_id: str) -> Response:
    """Show a mentee; contact details once they are asked for."""
    return visits.show_person(visit, "mentee", person_id)


@page_route(routes, "/mentees/{person_id}/edit", right=Right.PEOPLE_WRITE)
def edit_mentee(visit: Visit, person_id: str) -> Response:
    """Show the form of a mentee."""
    return visits.show_edit(visit, "mentee", person_id)


@page_route(routes, "/mentees/{person_id}/edit", right=Right.PEOPLE_WRITE, method="POST")
def change_mentee(visit: Visit, person_id: str) -> Response:
    """Change a mentee, or show the form again with what is to be corrected."""
    return visits.change(visit, "mentee", person_id)


@page_route(routes, "/mentees/{person_id}/stage", right=Right.PEOPLE_WRITE, method="POST")
def move_mentee(visit: Visit, person_id: str) -> Response:
    """Move a mentee to another stage."""
    return visits.move(visit, "mentee", person_id)
