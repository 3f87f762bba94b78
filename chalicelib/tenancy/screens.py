"""The edge of the console: from a browser's request to a page in French, and back.

A room declares `@page_route(...)`; what is here refuses forged posts before it reads the session,
finds out who is signed in, enters their tenant, checks the right and renders refusals as pages.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from chalice.app import Blueprint, Request, Response
from pydantic import BaseModel

from chalicelib.spine import clock, isolation, paging
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Forbidden, Invalid, Refusal, TooMany, Unauthenticated
from chalicelib.spine.ids import new_ulid
from chalicelib.spine.rendering import render
from chalicelib.spine.settings import settings
from chalicelib.tenancy import cookies, requests, store
from chalicelib.tenancy.authentication import viewer_of_session
from chalicelib.tenancy.rights import Right, Role, Viewer

logger = logging.getLogger(__name__)
Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[..., Any]

FORM = "application/x-www-form-urlencoded"
HTML = "text/html; charset=utf-8"
SIGN_IN = "/sign-in"

_SECURITY: dict[str, str | list[str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

#: Roles with people of their own to call. For the others there is no day, and home is the figures.
_FOLLOWING = frozenset({Role.COORDINATOR, Role.VOLUNTEER, Role.REGIONAL_REFERENT, Role.STRUCTURE_MANAGER})

#: Roles with a portfolio of their own.
_OWNING = frozenset({Role.COORDINATOR, Role.VOLUNTEER})

#: What a redirection may say once it arrives: `?done=…` names one of these, never free text.
DONE = {
    "pair_created": "C'est enregistré : le binôme est créé.",
    "pair_changed": "C'est enregistré.",
    "session_reported": "La séance est enregistrée.",
    "contact_added": "L'échange est noté.",
    "pair_closed": "La clôture est enregistrée.",
    "person_saved": "La fiche est enregistrée.",
}


@dataclass(frozen=True)
class Navigation:
    """An entry of the menu, and the right without which it does not show."""

    label: str
    href: str
    right: Right


MENU = (
    Navigation("Binômes", "/pairs", Right.PAIRS_READ),
    Navigation("Mentoré·es", "/mentees", Right.PEOPLE_READ),
    Navigation("Mentors", "/mentors", Right.PEOPLE_READ),
    Navigation("Relances", "/reminders", Right.PAIRS_READ),
    Navigation("Régions", "/regions", Right.FIGURES_READ),
)


@dataclass(frozen=True)
class Visit:
    """One authorised request of a signed-in member."""

    viewer: Viewer
    context: Context
    request: Request

    @property
    def has_day(self) -> bool:
        """Tell whether the member has people of their own to call."""
        return not _FOLLOWING.isdisjoint(self.viewer.roles)

    @property
    def tenant(self) -> store.Tenant:
        """Give the member's tenant, with its own words."""
        return store.tenant(self.viewer.tenant)

    def form(self) -> dict[str, str]:
        """Read the form that was posted."""
        return requests.form(self.request)

    def keyed(self, values: Mapping[str, str]) -> Context:
        """Give the context of a post, bound to the form's own key: a double click is one request."""
        return self.context.keyed(requests.form_key(self.request, values))

    def query(self, name: str) -> str | None:
        """Give a query parameter, or None."""
        return requests.query_parameter(self.request, name)

    def window(self) -> paging.Window:
        """Read `cursor` and `limit`."""
        return requests.window_of(self.request)

    def page(self, template: str, context: Mapping[str, object], status: int = 200) -> Response:
        """Render a page of the console around what a room shows."""
        return html(render(template, {"shell": self._shell(), "words": self.tenant.words, **context}), status)

    def _shell(self) -> dict[str, object]:
        path = self.request.path
        done = DONE.get(self.query("done") or "")
        entries = [(_in_own_words(each.label, self.tenant.words), each) for each in MENU]
        nav = [
            {"label": label, "href": self._opening(entry), "current": path.startswith(entry.href)}
            for label, entry in entries
            if self.viewer.may(entry.right)
        ]
        if self.has_day:
            nav.insert(0, {"label": "À faire", "href": "/", "current": path == "/"})
        return {
            "tenant_name": self.tenant.name,
            "member_name": self.viewer.name,
            "role_label": ", ".join(self.tenant.role_word(role) for role in self.viewer.roles),
            "nav": nav,
            "flashes": [{"kind": "success", "text": done}] if done else [],
            "home_href": "/",
            "help_href": "/help",
            "sign_out_href": "/sign-out",
        }

    def _opening(self, entry: Navigation) -> str:
        """Give where an entry leads: the list of pairs opens on the member's own, if they have any."""
        if entry.href == "/pairs" and not _OWNING.isdisjoint(self.viewer.roles):
            return f"/pairs?coordinator={self.viewer.member}"
        return entry.href


def _in_own_words(label: str, words: Mapping[str, str]) -> str:
    """Say the tenant's own words in the menu: TUTO never says "mentors"."""
    own = {"Binômes": "pairs", "Mentoré·es": "mentees", "Mentors": "mentors"}
    word = words.get(own.get(label, ""), label)
    return word[:1].upper() + word[1:]


def page_route(
    routes: Blueprint, path: str, *, right: Right | None = None, method: str = "GET"
) -> Callable[[Handler], Handler]:
    """Declare a page for signed-in members; `right` None is for what every member may see."""

    def declare(handler: Handler) -> Handler:
        def visited(request: Request, identities: Mapping[str, str]) -> Response:
            return _visited(request, right, handler, identities)

        _declare(routes, path, method, handler, visited)
        return handler

    return declare


def open_route(routes: Blueprint, path: str, *, method: str = "GET") -> Callable[[Handler], Handler]:
    """Declare a page that needs no session: sign-in, the report link, static files."""

    def declare(handler: Handler) -> Handler:
        def opened(request: Request, identities: Mapping[str, str]) -> Response:
            answer: Response = handler(request, **identities)
            return answer

        _declare(routes, path, method, handler, opened)
        return handler

    return declare


def _declare(
    routes: Blueprint,
    path: str,
    method: str,
    handler: Handler,
    act: Callable[[Request, Mapping[str, str]], Response],
) -> None:
    def answer(**identities: str) -> Response:
        request = routes.current_request
        try:
            refuse_forged(request)
            if not requests.query_is_known(request):
                raise Invalid.of("query", "a query parameter is not text")  # noqa: TRY301 - one exit for every refusal.
            return act(request, identities)
        except Unauthenticated:
            return redirect(f"{SIGN_IN}?next={quote(_own_address(request))}")
        except Refusal as refusal:
            return error_page(refusal.status, refusal)
        except Exception:
            reference = new_ulid(clock.now())
            logger.exception("unknown failure %s", reference)
            return error_page(500, None, reference)

    answer.__name__ = f"{handler.__module__.replace('.', '_')}_{handler.__name__}"
    kinds = ["application/json"] if method == "GET" else [FORM]
    routes.route(path, methods=[method], content_types=kinds)(answer)


def _visited(
    request: Request, right: Right | None, handler: Handler, identities: Mapping[str, str]
) -> Response:
    now = clock.now()
    viewer = viewer_of_session(cookies.read(request, cookies.SESSION), now)
    if right is not None and not viewer.may(right):
        raise Forbidden
    context = Context(viewer.tenant, viewer.actor, now, requests.source_address(request))
    named = {name: requests.path_identity(value) for name, value in identities.items()}
    with isolation.acting_for(viewer.tenant):
        answer: Response = handler(Visit(viewer, context, request), **named)
        return answer


def refuse_forged(request: Request) -> None:
    """Refuse a post that another site made the browser send, before any session is read."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise Forbidden(detail="this form was sent from another site")
        return
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise Forbidden(detail="this form was sent from another site")


def html(text: str, status: int = 200, cookies_set: list[str] | None = None) -> Response:
    """Answer with a page."""
    headers = {"Content-Type": HTML, **security_headers()}
    if cookies_set:
        headers["Set-Cookie"] = cookies_set
    return Response(text, status_code=status, headers=headers)


def security_headers() -> dict[str, str | list[str]]:
    """Give the headers that every answer carries unless it has its own."""
    if settings().is_local:
        return dict(_SECURITY)
    return {**_SECURITY, "Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def redirect(path: str, cookies_set: list[str] | None = None) -> Response:
    """Send the browser on to one of our own pages, by GET."""
    headers: dict[str, str | list[str]] = {"Location": path, "Cache-Control": "no-store"}
    if cookies_set:
        headers["Set-Cookie"] = cookies_set
    return Response("", status_code=303, headers=headers)


def error_page(status: int, refusal: Refusal | None, reference: str = "") -> Response:
    """Show a refusal or a fault, with what would be accepted and nothing about our insides."""
    problems = refusal.problems if refusal else ()
    context = {
        "status": status,
        "message": "",
        "field_errors": [each.french for each in problems if each.french],
        "id": reference,
        "home_href": "/",
    }
    response = html(render("console/error.html", context), status)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _own_address(request: Request) -> str:
    """Give the page that was asked for, filters included, to come back to it after signing in."""
    if request.method != "GET":
        return "/"
    path = request.path
    for name, value in (request.uri_params or {}).items():
        path = path.replace("{" + name + "}", value)
    query = urlencode(dict(request.query_params or {}))
    return f"{path}?{query}" if query else path
