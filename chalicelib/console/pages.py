"""HTML routes of the console itself: home, help, static files, and the catalogue of the design system."""

from chalice.app import Blueprint, Request, Response

from chalicelib.pairs import day
from chalicelib.programmes import store as programmes
from chalicelib.spine import clock
from chalicelib.spine.assets import asset, static_files
from chalicelib.spine.errors import NotFound
from chalicelib.spine.settings import settings
from chalicelib.tenancy.screens import Visit, open_route, page_route, redirect, security_headers

routes = Blueprint(__name__)

#: For a file whose address changes with its content.
_FOR_EVER = "public, max-age=31536000, immutable"


@page_route(routes, "/")
def home(visit: Visit) -> Response:
    """Show a member's day; those who follow nobody are sent to the figures."""
    if not visit.has_day:
        return redirect("/regions")
    return visit.page("console/home.html", day.day(visit.viewer, visit.context.now))


@page_route(routes, "/help")
def show_help(visit: Visit) -> Response:
    """Explain colours, reminders and figures, with the thresholds of the member's own programmes."""
    return visit.page("console/help.html", {"programmes": programmes.programmes(visit.viewer.tenant)})


@page_route(routes, "/catalogue")
def show_catalogue(visit: Visit) -> Response:
    """Show every component of the design system, on the local stage."""
    if not settings().is_local:
        raise NotFound
    return visit.page("console/catalogue.html", {"today": clock.today()})


@open_route(routes, "/static/{fingerprint}/{name}")
def static_file(request: Request, fingerprint: str, name: str) -> Response:  # noqa: ARG001 - every open route is given its request.
    """Serve a static file; an address of an earlier version leads to the present one."""
    found = static_files().get(name)
    if found is None:
        raise NotFound
    if found.fingerprint != fingerprint:
        return redirect(found.address)
    headers = {**security_headers(), "Content-Type": found.content_type, "Cache-Control": _FOR_EVER}
    return Response(found.text, headers=headers)


@open_route(routes, "/favicon.ico")
def favicon(request: Request) -> Response:  # noqa: ARG001 - every open route is given its request.
    """Lead browsers that ask for the usual name to our icon."""
    return redirect(asset("favicon.svg"))
