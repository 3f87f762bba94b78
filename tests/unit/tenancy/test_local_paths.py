from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tenancy.sign_in import local_path

SITE = "https://binome.example"


@pytest.mark.parametrize(
    "path", ["/", "/pairs", "/pairs?colour=red&programme=p-1", "/pairs/01J#contact", "/a//b"]
)
def test_a_path_of_ours_is_let_through(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pairs",
        "//mal.fr",
        "///mal.fr",
        "http://mal.fr",
        "https:mal.fr",
        "javascript:alert(1)",
        "/\\mal.fr",
        "\\/mal.fr",
        "/\t/mal.fr",
        "/\n/mal.fr",
        "/\r\nSet-Cookie: a=b",
        "/\x00",
        "/pairs perdus",
        "/séances",
        "/\u2028",
        "//[",
        "/sign-in",
        "/sign-in/code",
        "/sign-out",
        "/" + "a" * 500,
    ],
)
def test_anything_else_becomes_the_home_page(text: str) -> None:
    assert local_path(text) == "/"


@given(st.text(alphabet="/\\:@.?#%ahtp \t\r\n[]", max_size=12))
def test_no_spelling_leads_a_browser_elsewhere(text: str) -> None:
    there = urlsplit(urljoin(SITE, local_path(text)))
    assert (there.scheme, there.netloc) == ("https", "binome.example")
