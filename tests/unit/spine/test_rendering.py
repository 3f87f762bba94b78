from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import chalicelib
from chalicelib.spine.assets import asset, static_files
from chalicelib.spine.rendering import day, environment, number, render, render_mail, short_day

ROOMS = Path(chalicelib.__file__).parent
TEMPLATES = sorted(
    f"{path.parent.parent.name}/{path.name}" for path in ROOMS.glob("*/templates/*") if path.is_file()
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    assert name.endswith(environment().get_template(name).name or "nothing")


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_has_style_or_script_of_its_own(name: str) -> None:
    room, _, file = name.partition("/")
    source = (ROOMS / room / "templates" / file).read_text(encoding="utf-8").lower()
    for forbidden in ("<script", "<style", " style=", " onclick=", "javascript:"):
        assert forbidden not in source


def test_a_name_that_a_page_lacks_is_a_fault_and_never_a_blank() -> None:
    with pytest.raises(UndefinedError):
        render("tenancy/mail_code.txt", {"code": "123456"})


def test_what_people_typed_is_text_in_a_page() -> None:
    context = {"status": 422, "home_href": "/", "field_errors": ["<script>alert(1)</script>"]}
    page = render("console/error.html", context)
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_what_people_typed_is_left_as_it_is_in_the_text_of_a_mail() -> None:
    assert "L'été & <moi>" in render(
        "tenancy/mail_code.txt", {"code": "123456", "first_name": "L'été & <moi>"}
    )


def test_the_first_line_of_a_mail_is_its_subject() -> None:
    subject, text = render_mail("tenancy/mail_code.txt", {"code": "123456", "first_name": ""})
    assert subject == "123456 est votre code de connexion à Binôme"
    assert text.startswith("Bonjour,\n")
    assert text.endswith("Binôme\n")


def test_a_static_file_is_served_at_an_address_made_of_its_content() -> None:
    style = static_files()["binome.css"]
    assert style.content_type == "text/css; charset=utf-8"
    assert asset("binome.css") == f"/static/{style.fingerprint}/binome.css"
    assert asset("binome.css") in render("console/error.html", {"status": 404, "home_href": "/"})


def test_a_static_file_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(KeyError):
        asset("../spine/settings.py")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 11, 22), "22\u00a0novembre 2026"),
        (date(2026, 5, 1), "1er\u00a0mai 2026"),
        ("2026-02-28", "28\u00a0février 2026"),
        ("2026-11-22T23:30:00Z", "23\u00a0novembre 2026"),
        (datetime(2026, 8, 31, 22, 30, tzinfo=UTC), "1er\u00a0septembre 2026"),
        (None, ""),
    ],
)
def test_a_day_is_written_as_people_read_it(value: date | str | None, written: str) -> None:
    assert day(value) == written


def test_a_day_is_written_shortly_in_tables() -> None:
    assert short_day(date(2026, 2, 3)) == "03/02/2026"
    assert short_day(None) == ""


def test_thousands_are_parted_by_a_thin_space() -> None:
    assert number(22000) == "22\u202f000"
    assert number(-1234567) == "-1\u202f234\u202f567"
    assert number(999) == "999"
    assert number(None) == ""
