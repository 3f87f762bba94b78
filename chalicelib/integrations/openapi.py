"""The description of the API, OpenAPI 3.1, written from the routes and the models themselves."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.integrations.schema import PUBLIC_EVENTS, Message
from chalicelib.spine import paging
from chalicelib.spine.settings import settings
from chalicelib.tenancy.web import PROBLEM, ROUTES, Route

Json = dict[str, Any]

_IDENTITY = re.compile(r"\{(\w+)\}")
_MODULE = re.compile(r"chalicelib__([a-z]+)__(?:[a-z_]+__)?([A-Z]\w*)")
_SCHEMA = "#/components/schemas/"
_DESCRIPTION = """\
The back office of mentoring organisations, one tenant per organisation.

Every refusal is an `application/problem+json` that names each field at fault and what would be
accepted. Lists come in pages: ask again with `cursor` set to the `next` of a page until it is null;
a page may hold fewer items than `limit` while there are more. A change sends the `version` that was
read, and is refused with 409 when it is no longer the current one. A POST that creates may carry an
`Idempotency-Key`: the same request sent again within 24 hours is done once. Moments are ISO 8601 in
UTC, days are calendar days."""

_REFUSALS = {
    400: "The request cannot be read.",
    401: "The key is missing or not valid.",
    403: "The key may not do this.",
    404: "It does not exist, or is out of the key's reach.",
    409: "It changed meanwhile, or is not in a state where this is possible.",
    413: "The body is larger than 1 MB.",
    415: "The body is not JSON.",
    422: "The content is not acceptable: `errors` names each field and what would be accepted.",
    429: "Too many requests: try again after `Retry-After` seconds.",
}
_PARAMETERS: Json = {
    "cursor": {
        "name": "cursor",
        "in": "query",
        "description": "The `next` of the page before.",
        "schema": {"type": "string"},
    },
    "limit": {
        "name": "limit",
        "in": "query",
        "description": "At most so many items.",
        "schema": {"type": "integer", "minimum": 1, "maximum": paging.MOST, "default": paging.USUAL},
    },
    "idempotency_key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Drawn anew for each request; the same request sent again is done once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    },
}
_PROBLEM: Json = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


@cache
def text() -> str:
    """Give the description as JSON, written once per process, when every room has its routes."""
    return json.dumps(document(ROUTES), ensure_ascii=False, separators=(",", ":"))


def document(routes: Iterable[Route]) -> Json:
    """Describe routes: one operation each, the models they read and answer as components."""
    described = list(routes)
    references, schemas = _schemas(described)
    paths: Json = {}
    for route in described:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Binôme", "version": "1", "description": _DESCRIPTION},
        "servers": [{"url": settings().public_url or "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "webhooks": {name: _webhook(name, references) for name in PUBLIC_EVENTS},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "parameters": _PARAMETERS,
            "responses": {str(status): _refusal(status) for status in _REFUSALS},
            "schemas": {**schemas, "Problem": _PROBLEM},
        },
    }


_References = dict[tuple[type[BaseModel], JsonSchemaMode], Json]


def _schemas(routes: list[Route]) -> tuple[_References, Json]:
    """Give a reference per model and direction, and the schemas they refer to."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Message, "serialization")]
    wanted += [(route.reads, "validation") for route in routes if route.reads]
    wanted += [(route.answers, "serialization") for route in routes if route.answers]
    models = list(dict.fromkeys(wanted))
    references, definitions = models_json_schema(models, ref_template=_SCHEMA + "{model}")
    found = definitions["$defs"]
    names = {name: _short(name, found) for name in found}
    tidied = {names[name]: _tidied(schema, names) for name, schema in found.items()}
    return {each: _tidied(references[each], names) for each in models}, tidied


def _short(name: str, schemas: Json) -> str:
    """Name a model by its class, and by its room too where two rooms have a class of that name."""
    if "-" in name:
        # Read and answered alike under two names: one of them is enough.
        name = next(
            (other for other in schemas if "-" not in other and schemas[other] == schemas[name]), name
        )
    found = _MODULE.fullmatch(name)
    return f"{found[1].capitalize()}{found[2]}" if found else name


def _tidied(node: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - any part of a JSON document.
    """Give a schema with its references renamed, and without defaults that say nothing."""
    if isinstance(node, list):
        return [_tidied(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {**node, "$ref": _SCHEMA + names[node["$ref"].removeprefix(_SCHEMA)]}
    return {key: _tidied(value, names) for key, value in node.items() if (key, value) != ("default", None)}


def _operation(route: Route, references: _References) -> Json:
    operation: Json = {
        "operationId": _name(route),
        "summary": route.summary,
        "description": f"Needs the right `{route.right.value}`.",
        "tags": [route.path.split("/")[2]],
        "parameters": list(_parameters(route)),
        "responses": {str(route.status): _success(route, references)},
    }
    for status in _refusals_of(route):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    if route.reads is not None:
        operation["requestBody"] = _json(references[route.reads, "validation"], required=True)
    return operation


def _name(route: Route) -> str:
    """Give a name that generated clients can use: `get_pairs_by_pair_id`."""
    path = _IDENTITY.sub(r"by_\1", route.path.removeprefix("/v1/"))
    return re.sub(r"\W+", "_", f"{route.method.lower()}_{path}")


def _parameters(route: Route) -> Iterator[Json]:
    for name in _IDENTITY.findall(route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for name in route.filters:
        yield {"name": name, "in": "query", "schema": {"type": "string"}}
    shared = ["cursor", "limit"] if route.is_list else []
    shared += ["idempotency_key"] if route.method == "POST" else []
    for name in shared:
        yield {"$ref": f"#/components/parameters/{name}"}


def _success(route: Route, references: _References) -> Json:
    described = {"description": "Done."}
    if route.answers is None:
        return described
    schema = references[route.answers, "serialization"]
    if route.is_list:
        schema = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
            },
        }
    return {**described, **_json(schema)}


def _refusals_of(route: Route) -> list[int]:
    found = {401, 403, 422, 429}
    if _IDENTITY.search(route.path):
        found.add(404)
    if route.method != "GET":
        found.add(409)
    if route.reads is not None:
        found |= {400, 413, 415}
    return sorted(found)


def _refusal(status: int) -> Json:
    content = {PROBLEM: {"schema": {"$ref": _SCHEMA + "Problem"}}}
    return {"description": _REFUSALS[status], "content": content}


def _webhook(name: str, references: _References) -> Json:
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "post": {
            "operationId": f"on_{name.replace('.', '_')}",
            "summary": f"Tells of {name}, signed as the Standard Webhooks specification says.",
            "tags": ["webhooks"],
            "security": [],
            "parameters": [
                {"name": each, "in": "header", "required": True, "schema": {"type": "string"}}
                for each in headers
            ],
            "requestBody": _json(references[Message, "serialization"], required=True),
            "responses": {
                "2XX": {"description": "Received."},
                "410": {"description": "Nothing more is wanted: the webhook is stopped."},
                "default": {"description": "Not received: sent again later, with the same `webhook-id`."},
            },
        }
    }


def _json(schema: Json, *, required: bool | None = None) -> Json:
    body: Json = {"content": {"application/json": {"schema": schema}}}
    return body if required is None else {"required": required, **body}
