import json
from collections.abc import Iterator

import pytest
from chalice.app import Blueprint, Chalice, NotFoundError, Response
from chalice.test import Client, HTTPResponse

from chalicelib.spine.settings import settings
from chalicelib.tenancy.middleware import house_answers, not_found_answer
from tests.apps import app_of

API, PAGE = "/v1/things", "/things"


def routes() -> Blueprint:
    made = Blueprint(__name__)

    @made.route(API, methods=["POST"], content_types=["application/json"])
    def fail() -> Response:
        raise RuntimeError("a secret of ours")

    @made.route(PAGE, methods=["POST"], content_types=["application/x-www-form-urlencoded"])
    def fail_too() -> Response:
        raise RuntimeError("a secret of ours")

    @made.route("/v1/missing")
    def missing() -> Response:
        raise NotFoundError

    @made.route("/v1/picture")
    def picture() -> Response:
        return Response(b"\x89PNG", headers={"Content-Type": "image/png"})

    @made.route("/v1/fine")
    def fine() -> Response:
        return Response("{}", headers={"content-type": "application/json", "cache-control": "max-age=60"})

    return made


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chalice]:
    monkeypatch.setenv("BINOME_STAGE", "local")
    settings.cache_clear()
    yield app_of(routes())
    settings.cache_clear()


def asked(app: Chalice, method: str, path: str, kind: str = "application/json") -> HTTPResponse:
    return Client(app).http.request(method, path, headers={"content-type": kind})


def problem(answer: HTTPResponse) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = json.loads(answer.body)
    assert said["status"] == answer.status_code
    return said["status"], " ".join(f"{each['field']}: {each['message']}" for each in said["errors"])


def page(answer: HTTPResponse) -> str:
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return str(answer.body.decode())


def test_a_method_that_is_not_answered_says_which_are(app: Chalice) -> None:
    answer = asked(app, "DELETE", API)
    assert problem(answer) == (405, "method: use POST")
    assert answer.headers["Allow"] == "POST"
    answer = asked(app, "DELETE", PAGE)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "pas pu aboutir" in page(answer)


def test_a_body_of_another_type_says_which_is_read(app: Chalice) -> None:
    assert problem(asked(app, "POST", API, "text/xml")) == (415, "Content-Type: send application/json")
    answer = asked(app, "POST", PAGE, "text/xml")
    assert answer.status_code == 415
    assert 'lang="fr"' in page(answer)


def test_a_fault_says_nothing_but_a_reference(app: Chalice) -> None:
    answer = asked(app, "POST", API)
    assert problem(answer) == (500, "")
    assert "Tell us this reference: " in answer.json_body["detail"]
    assert b"secret" not in answer.body
    answer = asked(app, "POST", PAGE, "application/x-www-form-urlencoded")
    assert answer.status_code == 500
    assert "Référence" in page(answer)
    assert b"secret" not in answer.body


def test_what_chalice_does_not_find_is_a_problem_too(app: Chalice) -> None:
    assert problem(asked(app, "GET", "/v1/missing"))[0] == 404


def test_a_picture_nobody_accepts_is_refused_as_a_problem(app: Chalice) -> None:
    assert problem(asked(app, "GET", "/v1/picture"))[0] == 400


def test_every_answer_carries_our_headers_and_keeps_its_own(app: Chalice) -> None:
    answer = asked(app, "GET", "/v1/fine")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["cache-control"] == "max-age=60"
    assert "Cache-Control" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


def test_on_aws_browsers_are_told_to_use_https_alone(app: Chalice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINOME_STAGE", "production")
    settings.cache_clear()
    assert "max-age" in asked(app, "GET", "/v1/fine").headers["Strict-Transport-Security"]


def test_an_event_that_is_no_request_is_answered_all_the_same(app: Chalice) -> None:
    del app

    def broken(_event: object) -> Response:
        raise KeyError("resourcePath")

    assert house_answers(None, broken).status_code == 500


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing"])
def test_an_unknown_address_of_the_api_is_a_problem(app: Chalice, path: str) -> None:
    del app
    status, headers, body = not_found_answer(path)
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(body)["errors"] == [
        {"field": "path", "message": "no such address; /v1/openapi.json lists those of the API"}
    ]


@pytest.mark.parametrize("path", ["/nothing", "/v10", "/V1/things", ""])
def test_an_unknown_address_of_the_console_is_a_page(app: Chalice, path: str) -> None:
    del app
    status, headers, body = not_found_answer(path)
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Page introuvable" in body
