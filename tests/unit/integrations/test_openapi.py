"""The description of the API says what the routes are, and holds together."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel

from chalicelib.followup import api as followup
from chalicelib.integrations import api as integrations
from chalicelib.integrations import openapi
from chalicelib.integrations.schema import PUBLIC_EVENTS
from chalicelib.monitoring import api as monitoring
from chalicelib.network import api as network
from chalicelib.pairs import api as pairs
from chalicelib.people import api as people
from chalicelib.programmes import api as programmes
from chalicelib.tenancy import api as tenancy
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.web import ROUTES, Route

#: Declaring its routes is all that a room does for its description.
ROOMS = (tenancy, network, programmes, people, pairs, followup, monitoring, integrations)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    assert all(room.routes for room in ROOMS)
    read: dict[str, Any] = json.loads(openapi.text())
    return read


class In(BaseModel):
    name: str


class Out(BaseModel):
    id: str


READ = Route("/v1/things", "GET", Right.PAIRS_READ, None, Out, False, 200, "Read.", ())


def operation(route: Route) -> dict[str, Any]:
    """Describe one route and give its operation."""
    [paths] = openapi.document([route])["paths"].values()
    [found] = paths.values()
    return dict(found)


def nodes(node: object) -> Iterator[dict[str, Any]]:
    """Walk through every object of a JSON document."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    if isinstance(node, list):
        for value in node:
            yield from nodes(value)


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, found in methods.items():
            yield path, method, found


def test_every_route_is_described(described: dict[str, Any]) -> None:
    routes = {(route.path, route.method.lower()) for route in ROUTES if route.path.startswith("/v1/")}

    assert routes <= {(path, method) for path, method, _ in operations(described)}
    assert ("/v1/pairs", "post") in routes


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    references = {node["$ref"] for node in nodes(described) if isinstance(node.get("$ref"), str)}

    assert references
    for reference in references:
        found: Any = described
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def test_every_component_is_used(described: dict[str, Any]) -> None:
    text = json.dumps(described)

    for kind in ("schemas", "parameters", "responses"):
        for name in described["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name


def test_operations_have_names_of_their_own(described: dict[str, Any]) -> None:
    names = [found["operationId"] for _, _, found in operations(described)]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


def test_every_identity_of_a_path_is_a_parameter(described: dict[str, Any]) -> None:
    for path, _, found in operations(described):
        named = [each["name"] for each in found["parameters"] if each.get("in") == "path"]
        assert named == re.findall(r"\{(\w+)\}", path)


def test_every_operation_has_a_summary_and_says_how_it_may_be_refused(described: dict[str, Any]) -> None:
    for path, _, found in operations(described):
        assert found["summary"], path
        assert found["responses"]["401"] == {"$ref": "#/components/responses/401"}


def test_nothing_of_our_modules_is_told(described: dict[str, Any]) -> None:
    assert "chalicelib" not in json.dumps(described)


def test_a_name_that_two_rooms_use_is_told_apart(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]

    assert "active" in schemas["PairsStage"]["enum"]
    assert "lead" in schemas["PeopleStage"]["enum"]


def test_every_public_event_is_described(described: dict[str, Any]) -> None:
    assert set(described["webhooks"]) == set(PUBLIC_EVENTS)


def test_a_list_is_paged_and_filtered() -> None:
    found = operation(replace(READ, is_list=True, filters=("stage",)))

    assert found["parameters"] == [
        {"name": "stage", "in": "query", "schema": {"type": "string"}},
        {"$ref": "#/components/parameters/cursor"},
        {"$ref": "#/components/parameters/limit"},
    ]
    schema = found["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["properties"]["items"]["items"] == {"$ref": "#/components/schemas/Out"}
    assert schema["required"] == ["items", "next"]


def test_a_creation_reads_a_body_and_takes_an_idempotency_key() -> None:
    found = operation(replace(READ, method="POST", reads=In, status=201))

    assert found["parameters"] == [{"$ref": "#/components/parameters/idempotency_key"}]
    assert found["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}},
    }
    assert set(found["responses"]) == {"201", "400", "401", "403", "409", "413", "415", "422", "429"}


def test_a_removal_answers_nothing() -> None:
    found = operation(replace(READ, path="/v1/things/{thing_id}", method="DELETE", answers=None, status=204))

    assert found["responses"]["204"] == {"description": "Done."}
    assert "404" in found["responses"]


def test_it_is_valid_openapi(described: dict[str, Any]) -> None:
    validator = pytest.importorskip("openapi_spec_validator")

    validator.validate(described)
