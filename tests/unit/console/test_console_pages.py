from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.console import pages
from chalicelib.pairs import day
from chalicelib.programmes import store as programmes
from chalicelib.programmes.presets import univ
from chalicelib.spine.assets import asset, static_files
from chalicelib.spine.ids import ActorId, MemberId, TenantId
from chalicelib.spine.settings import settings
from chalicelib.tenancy import screens, store
from chalicelib.tenancy.rights import Role, Viewer
from chalicelib.tenancy.store import Tenant
from tests.apps import app_of

Get = Callable[[str], HTTPResponse]
As = Callable[..., Get]

TENANT = TenantId("univ")
WORDS = univ.MENTORING.wording.model_dump()
DAY: dict[str, object] = {
    "to_do": [
        {
            "href": "/pairs/1",
            "mentor_name": "Paul Lemoine",
            "mentee_name": "Inès Haddad",
            "programme_name": "Mentorat",
            "followed_by": "",
            "colour": "red",
            "why": "Aucune séance depuis 31 jours.",
            "contact_name": "Paul",
            "phone": "+33612345678",
            "last_exchange_on": None,
            "last_exchange_label": "",
            "contact_href": "/pairs/1#contact",
        }
    ],
    "reached": 0,
    "caseload": {"pairs": 28, "places": 32},
    "figures": [],
    "shortcuts": [("Tous mes binômes", "/pairs")],
    "more_href": "",
}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[As]:
    """Give the console to a member of a role, without anything behind it."""
    monkeypatch.setenv("BINOME_STAGE", "local")
    settings.cache_clear()
    http = Client(app_of(pages.routes)).http
    monkeypatch.setattr(store, "tenant", lambda tenant: Tenant(tenant, "Université", None, WORDS, 32))
    monkeypatch.setattr(programmes, "programmes", lambda _: [univ.MENTORING])
    monkeypatch.setattr(day, "day", lambda *_: DAY)

    def signed_in(*roles: Role) -> Get:
        viewer = Viewer(TENANT, ActorId("me"), roles, "Aïcha Benali", MemberId("me"))
        monkeypatch.setattr(screens, "viewer_of_session", lambda *_: viewer)
        return http.get

    yield signed_in
    settings.cache_clear()


@pytest.mark.parametrize(
    "role", [Role.COORDINATOR, Role.VOLUNTEER, Role.REGIONAL_REFERENT, Role.STRUCTURE_MANAGER]
)
def test_home_is_the_day_of_those_who_follow_pairs(site: As, role: Role) -> None:
    page = site(role)("/").body.decode()
    assert "Bonjour Aïcha" in page
    assert "Paul Lemoine" in page
    assert 'href="tel:+33612345678"' in page
    assert "À faire" in page


@pytest.mark.parametrize("role", [Role.HEAD_OFFICE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_home_is_the_figures_for_those_who_follow_nobody(site: As, role: Role) -> None:
    answer = site(role)("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/regions")
    assert "À faire" not in site(role)("/help").body.decode().partition("<main")[0]


def test_a_head_office_that_also_follows_pairs_has_a_day(site: As) -> None:
    assert site(Role.HEAD_OFFICE, Role.COORDINATOR)("/").status_code == 200


def test_help_speaks_of_ones_own_programmes(site: As) -> None:
    page = site(Role.COORDINATOR)("/help").body.decode()
    assert univ.MENTORING.name in page
    assert f"{univ.MENTORING.red_after_days}" in page


def test_the_catalogue_is_shown_on_the_local_stage_alone(site: As, monkeypatch: pytest.MonkeyPatch) -> None:
    get = site(Role.COORDINATOR)
    assert get("/catalogue").status_code == 200
    monkeypatch.setenv("BINOME_STAGE", "production")
    settings.cache_clear()
    assert get("/catalogue").status_code == 404


def test_without_a_session_one_is_asked_to_sign_in(site: As, monkeypatch: pytest.MonkeyPatch) -> None:
    get = site()
    monkeypatch.undo()
    monkeypatch.setenv("BINOME_STAGE", "local")
    answer = get("/help")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/help")


@pytest.mark.parametrize(
    ("name", "kind"), [("binome.css", "text/css; charset=utf-8"), ("favicon.svg", "image/svg+xml")]
)
def test_a_static_file_is_kept_for_ever_at_its_address(site: As, name: str, kind: str) -> None:
    answer = site()(asset(name))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.body.decode() == static_files()[name].text


def test_the_address_of_an_earlier_version_leads_to_the_present_one(site: As) -> None:
    answer = site()("/static/0123456789ab/binome.css")
    assert (answer.status_code, answer.headers["Location"]) == (303, asset("binome.css"))
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["nothing.css", "..%2f..%2fspine%2fsettings.py", "settings.py", "%00"])
def test_nothing_but_our_static_files_is_served(site: As, name: str) -> None:
    assert site()(f"/static/0123456789ab/{name}").status_code == 404


def test_the_usual_icon_leads_to_ours(site: As) -> None:
    assert site()("/favicon.ico").headers["Location"] == asset("favicon.svg")


def test_every_file_the_style_needs_is_in_the_style() -> None:
    style = Path(pages.__file__).parent / "static" / "binome.css"
    assert "url(" not in style.read_text(encoding="utf-8").replace("url(data:", "")
