"""The edge: from an HTTP request to a call of the product, and back.

A room declares `@json_route(...)` or `@page_route(...)`; what is here finds out who asks, enters
their tenant, checks the right, reads the body against a model, and turns refusals into answers.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from chalice.app import Blueprint, Request, Response
from pydantic import BaseModel

from chalicelib.spine import clock, isolation, paging
from chalicelib.spine.context import Context
from chalicelib.spine.errors import FieldProblem, Forbidden, Invalid, Refusal
from chalicelib.spine.idempotency import already_created
from chalicelib.spine.ids import new_ulid
from chalicelib.tenancy import requests
from chalicelib.tenancy.authentication import viewer_of_key
from chalicelib.tenancy.rights import Right, Viewer

logger = logging.getLogger(__name__)
Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[..., Any]

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Route:
    """What a JSON route is, for the description of the API and for the tests of rights."""

    path: str
    method: str
    right: Right
    reads: type[BaseModel] | None
    answers: type[BaseModel] | None
    is_list: bool
    status: int
    summary: str
    filters: tuple[str, ...]


#: Every JSON route, in order of declaration.
ROUTES: list[Route] = []


@dataclass(frozen=True)
class Call:
    """One authorised request of the JSON API."""

    viewer: Viewer
    context: Context
    request: Request

    def body(self, model: type[Model]) -> Model:
        """Read the JSON body. Raises Malformed, UnsupportedType, TooLarge or Invalid."""
        return requests.validated(model, requests.json_object(self.request))

    def query(self, name: str) -> str | None:
        """Give a query parameter, or None."""
        return requests.query_parameter(self.request, name)

    def window(self) -> paging.Window:
        """Read `cursor` and `limit`."""
        return requests.window_of(self.request)

    def created(self, create: Callable[[Context], str], show: Callable[[str], object]) -> object:
        """Create something once per `Idempotency-Key`, and show it.

        The key is claimed inside the transaction that creates; a repetition shows what the first
        attempt has made.
        """
        context = self.context.keyed(requests.request_key(self.request))
        earlier = already_created(context)
        if earlier is not None:
            return show(earlier)
        try:
            made = create(context)
        except Refusal:
            # Another attempt at this very request may have been quicker: it is then its work that
            # stands in the way of this one.
            winner = already_created(context)
            if winner is None:
                raise
            made = winner
        return show(made)


def json_route(  # noqa: PLR0913 - a route is described by what it is, each part by name.
    routes: Blueprint,
    path: str,
    *,
    right: Right,
    method: str = "GET",
    reads: type[BaseModel] | None = None,
    answers: type[BaseModel] | None = None,
    is_list: bool = False,
    status: int = 200,
    filters: Sequence[str] = (),
) -> Callable[[Handler], Handler]:
    """Declare a route of the JSON API: authenticated, authorised, inside the tenant."""

    def declare(handler: Handler) -> Handler:
        summary = (handler.__doc__ or "").strip().partition("\n")[0]
        ROUTES.append(Route(path, method, right, reads, answers, is_list, status, summary, tuple(filters)))

        def answer(**identities: str) -> Response:
            return _guarded(
                routes.current_request, lambda request: _called(request, right, handler, status, identities)
            )

        answer.__name__ = f"{handler.__module__.replace('.', '_')}_{handler.__name__}"
        routes.route(path, methods=[method], content_types=["application/json"])(answer)
        return handler

    return declare


def _called(
    request: Request, right: Right, handler: Handler, status: int, identities: Mapping[str, str]
) -> Response:
    viewer = viewer_of_key(request.headers.get("authorization", ""))
    if not viewer.may(right):
        raise Forbidden(
            FieldProblem("Authorization", f"this key's roles do not have the right {right.value}")
        )
    if not requests.query_is_known(request):
        raise Invalid.of("query", "a query parameter is repeated or not text")
    context = Context(viewer.tenant, viewer.actor, clock.now(), requests.source_address(request))
    call = Call(viewer, context, request)
    named = {name: requests.path_identity(value) for name, value in identities.items()}
    with isolation.acting_for(viewer.tenant):
        return json_answer(handler(call, **named), status)


def _guarded(request: Request, act: Callable[[Request], Response]) -> Response:
    """Turn refusals into problems; nothing else leaves but with an id found in the logs."""
    try:
        return act(request)
    except Refusal as refusal:
        return problem(refusal)
    except Exception:
        reference = new_ulid(clock.now())
        logger.exception("unknown failure %s", reference)
        return unknown_failure(reference)


def problem(refusal: Refusal) -> Response:
    """Answer a refusal as `application/problem+json`."""
    errors = [{"field": each.field, "message": each.message} for each in refusal.problems]
    body = {
        "type": "about:blank",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "errors": errors,
    }
    headers: dict[str, str | list[str]] = {"Content-Type": PROBLEM}
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Response(json.dumps(body, ensure_ascii=False), status_code=refusal.status, headers=headers)


def unknown_failure(reference: str) -> Response:
    """Answer a fault of ours: the id it is found by in the logs, and nothing else."""
    body = {
        "type": "about:blank",
        "title": "Something failed on our side",
        "status": 500,
        "detail": f"Tell us this reference: {reference}",
        "errors": [],
    }
    return Response(json.dumps(body), status_code=500, headers={"Content-Type": PROBLEM})


def json_answer(body: object, status: int) -> Response:
    """Answer with JSON; models are written as their schema says."""
    if isinstance(body, Response):
        return body
    if isinstance(body, paging.Page):
        body = {"items": [_plain(item) for item in body.items], "next": body.next}
    text = "" if body is None else json.dumps(_plain(body), ensure_ascii=False)
    headers: dict[str, str | list[str]] = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
    }
    return Response(text, status_code=204 if body is None else status, headers=headers)


def _plain(body: object) -> object:
    return body.model_dump(mode="json") if isinstance(body, BaseModel) else body
