"""HTML routes of the sign-in: an address, a code, sometimes a choice."""

from chalice.app import Blueprint, Request, Response

from chalicelib.spine import clock
from chalicelib.spine.errors import Conflict, Invalid, TooMany
from chalicelib.spine.rendering import render
from chalicelib.tenancy import cookies, requests, sign_in
from chalicelib.tenancy.identity import sign_in_store
from chalicelib.tenancy.screens import SIGN_IN, html, open_route, redirect
from chalicelib.tenancy.sign_in import CODE_LIVES, SESSION_LIVES, Entry

routes = Blueprint(__name__)

_CODE = "/sign-in/code"
_TENANT = "/sign-in/tenant"
_AGAIN = f"{SIGN_IN}?again=1"
_CODE_LENGTH = 6


@open_route(routes, SIGN_IN)
def show_sign_in(request: Request) -> Response:
    """Ask for an address."""
    errors = {}
    if requests.query_parameter(request, "again"):
        errors["form"] = "Aucun code ne vous attend plus dans ce navigateur, demandez-en un nouveau."
    return _address_page("", requests.query_parameter(request, "next") or "", errors)


@open_route(routes, SIGN_IN, method="POST")
def ask_for_code(request: Request) -> Response:
    """Send a code, and bind it to this browser; the answer is the same for an unknown address."""
    given = requests.form(request)
    address, next_path = given.get("email", ""), given.get("next", "")
    try:
        browser = sign_in.ask_code(address, next_path, requests.source_address(request), clock.now())
    except Invalid as refusal:
        errors = {each.field: each.french or "" for each in refusal.problems}
        return _address_page(address, next_path, errors, refusal.status)
    except TooMany as refusal:
        minutes = -(-refusal.retry_after // 60)
        wait = f"Trop de codes ont été demandés. Vous pourrez en demander un autre dans {minutes} min."
        response = _address_page(address, next_path, {"form": wait}, refusal.status)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    return redirect(_CODE, [_browser_cookie(browser)])


@open_route(routes, _CODE)
def show_code(request: Request) -> Response:
    """Ask for the code that was sent."""
    return _code_page(request, {})


@open_route(routes, _CODE, method="POST")
def type_code(request: Request) -> Response:
    """Exchange the right code for a session, or for the choice of a tenant."""
    code = "".join(requests.form(request).get("code", "").split())
    if not (code.isascii() and code.isdigit() and len(code) == _CODE_LENGTH):
        return _code_page(request, {"code": "Le code est fait de six chiffres."}, 422)
    browser, session = cookies.read(request, cookies.BROWSER), cookies.read(request, cookies.SESSION)
    try:
        return _entered(sign_in.type_code(browser, code, session, clock.now()))
    except Invalid as refusal:
        return _code_page(request, {each.field: each.french or "" for each in refusal.problems}, 422)
    except Conflict:
        return _code_page(request, {"form": "Tous les essais sont faits, demandez un autre code."}, 422)


@open_route(routes, _TENANT)
def show_tenants(request: Request) -> Response:
    """Let somebody of several organisations choose where to go."""
    found = sign_in.choices(cookies.read(request, cookies.BROWSER), clock.now())
    if not found:
        return redirect(_AGAIN)
    memberships = [
        {
            "tenant_id": each.membership.tenant,
            "tenant_name": each.tenant_name,
            "roles": each.roles,
        }
        for each in found
    ]
    return html(render("tenancy/choose_tenant.html", {"memberships": memberships}))


@open_route(routes, _TENANT, method="POST")
def choose_tenant(request: Request) -> Response:
    """Open a session in the chosen organisation."""
    tenant = requests.form(request).get("tenant_id", "")
    browser, session = cookies.read(request, cookies.BROWSER), cookies.read(request, cookies.SESSION)
    if not sign_in.choices(browser, clock.now()):
        return redirect(_AGAIN)
    return _entered(sign_in.choose(browser, tenant, session, clock.now()))


@open_route(routes, "/sign-out", method="POST")
def sign_out(request: Request) -> Response:
    """End the session, here and for whoever holds a copy of its cookie."""
    sign_in.sign_out(cookies.read(request, cookies.SESSION))
    return redirect(SIGN_IN, [cookies.written(cookies.SESSION, "", 0)])


def _address_page(address: str, next_path: str, errors: dict[str, str], status: int = 200) -> Response:
    onward = sign_in.local_path(next_path)
    context = {"email": address, "errors": errors, "next": onward if onward != "/" else None}
    return html(render("tenancy/sign_in.html", context), status)


def _code_page(request: Request, errors: dict[str, str], status: int = 200) -> Response:
    waiting = sign_in_store.waiting(cookies.read(request, cookies.BROWSER), clock.now())
    if waiting is None:
        return redirect(_AGAIN)
    context = {"email": waiting.address, "errors": errors, "attempts_left": waiting.tries_left}
    return html(render("tenancy/code.html", context), status)


def _entered(entry: Entry) -> Response:
    if not entry.is_session:
        return redirect(entry.path, [_browser_cookie(entry.secret)])
    session = cookies.written(cookies.SESSION, entry.secret, int(SESSION_LIVES.total_seconds()))
    return redirect(entry.path, [session, cookies.written(cookies.BROWSER, "", 0)])


def _browser_cookie(secret: str) -> str:
    return cookies.written(cookies.BROWSER, secret, int(CODE_LIVES.total_seconds()))
