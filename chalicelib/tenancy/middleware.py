"""What Chalice answers by itself, said in our own form; and the headers that every answer carries."""

from collections.abc import Callable

from chalice.app import Request, Response

from chalicelib.spine.errors import FieldProblem, Malformed, NotFound, Refusal, UnsupportedType
from chalicelib.tenancy import screens, web

_API = "/v1"
#: The body of every answer that Chalice words itself.
_CHALICE = frozenset({"Code", "Message"})


class _MethodNotAllowed(Refusal):
    """The address exists and does not answer this method."""

    status = 405
    title = "This address does not answer this method"


def house_answers(event: Request | None, get_response: Callable[[Request | None], Response]) -> Response:
    """Reword what Chalice answers by itself, and put our headers on every answer.

    To be registered in app.py with `@app.middleware("http")`. Problems in English under /v1, pages
    in French elsewhere.
    """
    path = event.path if event is not None else _API
    try:
        response = get_response(event)
    except Exception:
        response = _failure(path)
    if isinstance(response.body, dict) and response.body.keys() == _CHALICE:
        response = _reworded(path, response)
    return _with_headers(response)


def not_found_answer(path: str) -> tuple[int, dict[str, str], str]:
    """Answer a path that no route has: status, headers and body, for a server in front of Chalice."""
    nothing = NotFound(FieldProblem("path", "no such address; /v1/openapi.json lists those of the API"))
    response = _with_headers(_refused(path, nothing))
    return response.status_code, {name: str(value) for name, value in response.headers.items()}, response.body


def _reworded(path: str, response: Response) -> Response:
    allowed = str(response.headers.get("Allow", ""))
    match response.status_code:
        case 405:
            answer = _refused(path, _MethodNotAllowed(FieldProblem("method", f"use {allowed}")))
            answer.headers["Allow"] = allowed
            return answer
        case 415:
            accepted = "application/json" if _is_api(path) else screens.FORM
            return _refused(path, UnsupportedType(FieldProblem("Content-Type", f"send {accepted}")))
        case 400:
            return _refused(path, Malformed(FieldProblem("request", str(response.body["Message"]))))
        case _:
            return _failure(path)


def _refused(path: str, refusal: Refusal) -> Response:
    return web.problem(refusal) if _is_api(path) else screens.error_page(refusal.status, refusal)


def _failure(path: str) -> Response:
    return web.unknown_failure() if _is_api(path) else screens.unknown_failure()


def _is_api(path: str) -> bool:
    return path == _API or path.startswith(f"{_API}/")


def _with_headers(response: Response) -> Response:
    given = {name.lower() for name in response.headers}
    for name, value in screens.security_headers().items():
        if name.lower() not in given:
            response.headers[name] = value
    return response
