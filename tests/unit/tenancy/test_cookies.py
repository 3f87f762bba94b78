from collections.abc import Iterator

import pytest
from chalice.app import Request

from chalicelib.spine.settings import settings
from chalicelib.tenancy import cookies


@pytest.fixture(params=["local", "production"])
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("BINOME_STAGE", request.param)
    settings.cache_clear()
    yield request.param
    settings.cache_clear()


def bearing(cookie: str) -> Request:
    return Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": {"cookie": cookie},
            "pathParameters": {},
            "requestContext": {"httpMethod": "GET", "resourcePath": "/"},
            "body": None,
            "stageVariables": None,
        }
    )


def test_a_cookie_is_read_back_as_it_was_written(stage: str) -> None:
    del stage
    written = cookies.written(cookies.SESSION, "a-secret_1", 60)
    assert cookies.read(bearing(f"x=1; {written.partition(';')[0]}; y=2"), cookies.SESSION) == "a-secret_1"


def test_on_aws_a_cookie_is_bound_to_this_host_and_to_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINOME_STAGE", "production")
    settings.cache_clear()
    assert (
        cookies.written(cookies.SESSION, "secret", 60)
        == "__Host-binome=secret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
    )
    assert cookies.read(bearing("binome=planted"), cookies.SESSION) == ""
    settings.cache_clear()


@pytest.mark.parametrize("value", ["a b", "a;b", "a\r\nSet-Cookie: c=d", "é", "a,b", '"a"'])
def test_nothing_but_letters_digits_and_dashes_is_written(stage: str, value: str) -> None:
    del stage
    with pytest.raises(ValueError, match="letters, digits"):
        cookies.written(cookies.SESSION, value, 60)


@pytest.mark.parametrize("held", ["", "binome", "binome=", 'binome="x"', "binome=é", "other=1", ";;;", "=x"])
def test_what_is_no_cookie_of_ours_is_nothing(stage: str, held: str) -> None:
    del stage
    assert cookies.read(bearing(held), cookies.SESSION) == ""
