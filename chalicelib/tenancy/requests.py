"""Reading a request: its body against a model, its query, its page window, its key."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TypeVar
from urllib.parse import parse_qs, unquote

from chalice.app import Request
from pydantic import BaseModel, ValidationError

from chalicelib.spine import paging
from chalicelib.spine.context import RequestKey
from chalicelib.spine.errors import (
    FieldProblem,
    Invalid,
    Malformed,
    NotFound,
    TooLarge,
    UnsupportedType,
)
from chalicelib.spine.ids import is_ulid

Model = TypeVar("Model", bound=BaseModel)

MOST_BYTES = 1_000_000
_LONGEST_KEY = 200
_LONGEST_ID = 40


def raw_body(request: Request) -> bytes:
    """Give the body as bytes. Raises TooLarge."""
    raw = request.raw_body
    raw = raw.encode() if isinstance(raw, str) else raw
    if len(raw) > MOST_BYTES:
        raise TooLarge(FieldProblem("body", f"send at most {MOST_BYTES} bytes"))
    return raw


def form(request: Request) -> dict[str, str]:
    """Read a form post; a field sent twice keeps its values, one per line. Raises TooLarge, Malformed."""
    try:
        text = raw_body(request).decode()
        read = parse_qs(text, keep_blank_values=True, max_num_fields=500, errors="strict")
    except ValueError:
        raise Malformed(FieldProblem("body", "send a form in UTF-8")) from None
    return {name: "\n".join(values).strip() for name, values in read.items()}


def json_object(request: Request) -> Mapping[str, object]:
    """Read a JSON object from the body. Raises UnsupportedType, TooLarge or Malformed."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/json"):
        raise UnsupportedType(FieldProblem("Content-Type", "send application/json"))
    raw = raw_body(request)
    try:
        read = json.loads(raw, parse_constant=_no_constant)
        # A lone surrogate is valid JSON and can be written nowhere: refuse it here, by name.
        json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Malformed(FieldProblem("body", "send one JSON object in UTF-8")) from None
    if not isinstance(read, dict):
        raise Malformed(FieldProblem("body", "send one JSON object, not a list or a bare value"))
    return read


def _no_constant(name: str) -> None:
    raise ValueError(name)


def validated(model: type[Model], values: Mapping[str, object]) -> Model:
    """Read values against a model; every problem is named at once. Raises Invalid."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(*field_problems(error)) from None


def field_problems(error: ValidationError) -> list[FieldProblem]:
    """Name each field at fault, in English, and in French for forms.

    A rule of ours puts its French sentence in the context of its error. What pydantic adds about a
    default that could not be worked out is noise beside the field that is really at fault.
    """
    return [
        FieldProblem(
            ".".join(str(part) for part in each["loc"]) or "body",
            _english(each["type"], each["msg"]),
            each.get("ctx", {}).get("french") or _french(each["type"]),
        )
        for each in error.errors(include_url=False, include_input=False)
        if each["type"] != "default_factory_not_called"
    ]


def _english(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "unknown field: send only the fields that the API description names"
    return message.removeprefix("Value error, ")


_FRENCH = {
    "missing": "Cette réponse est nécessaire.",
    "string_too_short": "Cette réponse est nécessaire.",
    "string_too_long": "Cette réponse est trop longue.",
    "string_pattern_mismatch": "Cette forme n'est pas reconnue.",
    "int_parsing": "Indiquez un nombre entier.",
    "float_parsing": "Indiquez un nombre.",
    "enum": "Choisissez l'une des réponses proposées.",
    "literal_error": "Choisissez l'une des réponses proposées.",
    "date_from_datetime_parsing": "Indiquez une date.",
    "date_parsing": "Indiquez une date.",
    "greater_than_equal": "Ce nombre est trop petit.",
    "less_than_equal": "Ce nombre est trop grand.",
}


def _french(kind: str) -> str:
    return _FRENCH.get(kind, "Cette réponse n'est pas acceptée.")


def query_parameter(request: Request, name: str) -> str | None:
    """Give one query parameter, or None when it is absent or empty."""
    parameters = request.query_params
    return (parameters.get(name) or None) if parameters else None


def query_is_known(request: Request) -> bool:
    """Tell whether the query holds text only: a lone surrogate can be written nowhere."""
    try:
        return all(value.encode() is not None for value in dict(request.query_params or {}).values())
    except UnicodeEncodeError:
        return False


def window_of(request: Request) -> paging.Window:
    """Read which page is wanted. Raises Invalid."""
    limit = query_parameter(request, "limit") or str(paging.USUAL)
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= paging.MOST):
        raise Invalid.of("limit", f"give a whole number from 1 to {paging.MOST}")
    return paging.Window(int(limit), query_parameter(request, "cursor"))


def path_identity(value: str) -> str:
    """Read an identity from the path; the local server does not decode what API Gateway does."""
    read = unquote(value)
    if is_ulid(read) or (read.isascii() and read.replace("-", "").isalnum() and len(read) <= _LONGEST_ID):
        return read
    raise NotFound.of("id", "nothing has this identity")


def source_address(request: Request) -> str:
    """Give the address a request came from, as API Gateway saw it."""
    identity = request.context.get("identity") or {}
    return str(identity.get("sourceIp") or "")


def request_key(request: Request) -> RequestKey | None:
    """Read the `Idempotency-Key`, bound to the very request it came with. Raises Invalid."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise Invalid.of("Idempotency-Key", f"give a key of 1 to {_LONGEST_KEY} characters")
    path = json.dumps([request.method, request.path, request.uri_params or {}]).encode()
    return RequestKey(key, sha256(path + raw_body(request)).hexdigest())


def form_key(request: Request, values: Mapping[str, str]) -> RequestKey | None:
    """Read the idempotency key that a form carries, if it is one."""
    key = values.get("idempotency_key", "")
    if not 1 <= len(key) <= _LONGEST_KEY:
        return None
    sent = json.dumps([request.path, request.uri_params or {}, sorted(values.items())])
    return RequestKey(key, sha256(sent.encode()).hexdigest())
