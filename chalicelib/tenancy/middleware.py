"""What Chalice answers by itself, said in our own form; and the headers that every answer carries."""

import logging
from collections.abc import Callable

from chalice.app import Request, Response

from chalicelib.spine import clock
from chalicelib.spine.errors import FieldProblem, Malformed, NotFound, Refusal, TooLarge, UnsupportedType
from chalicelib.spine.ids import new_ulid
from chalicelib.tenancy import requests, screens, web

logger = logging.getLogger(__name__)

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
        reference = new_ulid(clock.now())
        logger.exception("unknown failure %s", reference)
        response = _failure(path, reference)
    if isinstance(response.body, dict) and response.body.keys() == _CHALICE:
        response = _reworded(path, response)
    return _with_headers(response)


def not_found_answer(path: str) -> tuple[int, dict[str, str], str]:
    """Answer a path that no route has: status, headers and body, for a server in front of Chalice."""
    response = _with_headers(_refused(path, _nothing()))
    return response.status_code, {name: str(value) for name, value in response.headers.items()}, response.body


def _reworded(path: str, response: Response) -> Response:
    """Say what Chalice said as one of our refusals; what it has no business saying is a fault."""
    allowed = str(response.headers.get("Allow", ""))
    accepted = "application/json" if _is_api(path) else screens.FORM
    refusals: dict[int, Refusal] = {
        400: Malformed(FieldProblem("request", str(response.body["Message"]))),
        403: _nothing(),
        404: _nothing(),
        405: _MethodNotAllowed(FieldProblem("method", f"use {allowed}")),
        413: TooLarge(FieldProblem("body", f"send at most {requests.MOST_BYTES} bytes")),
        415: UnsupportedType(FieldProblem("Content-Type", f"send {accepted}")),
    }
    refusal = refusals.get(response.status_code)
    if refusal is None:
        # Chalice has just logged what happened; this line ties it to what the person is told.
        reference = new_ulid(clock.now())
        logger.error("unknown failure %s: see the line before", reference)
        return _failure(path, reference)
    answer = _refused(path, refusal)
    if allowed:
        answer.headers["Allow"] = allowed
    return answer


def _nothing() -> NotFound:
    return NotFound(FieldProblem("path", "no such address; /v1/openapi.json lists those of the API"))


def _refused(path: str, refusal: Refusal) -> Response:
    return web.problem(refusal) if _is_api(path) else screens.error_page(refusal.status, refusal)


def _failure(path: str, reference: str) -> Response:
    return web.unknown_failure(reference) if _is_api(path) else screens.error_page(500, None, reference)


def _is_api(path: str) -> bool:
    return path == _API or path.startswith(f"{_API}/")


def _with_headers(response: Response) -> Response:
    given = {name.lower() for name in response.headers}
    for name, value in screens.security_headers().items():
        if name.lower() not in given:
            response.headers[name] = value
    return response
