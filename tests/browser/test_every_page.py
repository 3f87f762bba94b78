"""Every page that each role can reach by links: it answers, reads well and fits any screen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from chalicelib.tenancy.rights import Role
from tests.browser.conftest import DESKTOP, PHONE, SignIn, Visitor
from tests.browser.crawl import Seen, kind_of, walk
from tests.browser.office import Office
from tests.browser.scenes import a_pair

_ROLES = [role for role in Role if role is not Role.INTEGRATOR]
#: Values of our code, English words and empty variables that a French screen must not let through.
_CODES = re.compile(
    r"\b(mentee|mentees|pair|pairs|sent|skipped|paused|closed|closing|accepted|proposed|green|red|in_person|"
    r"remote|hybrid|coordinator|guardian|lead|task|None|null|undefined|True|False)\b|\{\{|\{%"
)
_MENTORING = re.compile("mentor", re.IGNORECASE)
#: The kinds of elements a page is drawn of, each with its parent, its classes and its attributes.
_PIECES = """() => [...new Set([...document.querySelectorAll('*')].map(each => [
    each.parentElement?.tagName, each.tagName, each.getAttribute('class'), ...each.getAttributeNames()
].join(' ')))]"""
#: What axe has judged, by width: each kind of page once, and again where another role or other people
#: bring a new piece into it. It takes a second over a page.
_judged: dict[int, set[str]] = {DESKTOP["width"]: set(), PHONE["width"]: set()}
_ON_A_DESK = {"resultTypes": ["violations"]}
#: Contrasts take most of that second and are the same on both screens.
_ON_A_PHONE = {**_ON_A_DESK, "rules": {"color-contrast": {"enabled": False}}}
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("role", _ROLES)
def test_every_page_of_a_role_is_accessible_in_french_and_fits(
    office: Office, sign_in: SignIn, role: Role
) -> None:
    page = sign_in(office.members("univ", role)[0], script=True)
    opened = 0
    for seen in walk(page, "/", "/help", "/nulle-part"):
        opened += 1
        _reads_well(seen)
        _fits(page, seen.path)
    assert opened > 3


@pytest.mark.parametrize("tenant", ["infancia", "inclusive"])
def test_every_page_of_other_tenants_reads_well_on_a_phone(
    office: Office, sign_in: SignIn, tenant: str
) -> None:
    page = sign_in(office.members(tenant, "coordinator")[0], phone=True)
    for seen in walk(page, "/", "/help"):
        _reads_well(seen)
        assert page.evaluate(_WIDER) == 0, seen.path


@pytest.mark.parametrize("role", ["coordinator", "head_office"])
def test_tuto_never_says_mentoring(office: Office, sign_in: SignIn, role: str) -> None:
    member = office.members("tuto", role)[0]
    page = sign_in(member, phone=True)
    for seen in walk(page, "/", "/help", "/nulle-part"):
        _reads_well(seen)
        assert not _MENTORING.findall(seen.text), seen.path
        assert page.evaluate(_WIDER) == 0, seen.path
    assert not any(_MENTORING.search(mail.subject + mail.text) for mail in office.mails_to(member["email"]))


def test_the_pages_of_those_who_have_no_account_are_accessible(office: Office, visitor: Visitor) -> None:
    client = office.client("univ")
    pair = a_pair(client, "D59", launched=16)
    office.tick()
    link = office.report_link_for(pair.mentor["email"])
    page = visitor(script=True)
    for path in ("/sign-in", link, "/report/coupe", "/nulle-part"):
        page.goto(path)
        _fits(page, path)
    for button in ("Envoyer", "Recevoir un code"):
        page.goto(
            "/sign-in" if button == "Recevoir un code" else office.report_link_for(pair.mentor["email"])
        )
        page.get_by_role("button", name=button).click()
        _fits(page, f"{page.url}, refused")


def test_the_forms_that_come_back_refused_are_accessible(office: Office, sign_in: SignIn) -> None:
    pair = a_pair(office.client("univ"), "D59", launched=16)
    page = sign_in(office.members("univ", "head_office")[0], script=True)
    for path, button in (
        ("/pairs/new", "Mettre en relation"),
        ("/mentors/new", "Enregistrer"),
        ("/mentees/new", "Enregistrer"),
        (f"/pairs/{pair.id}/close", "Clore définitivement"),
    ):
        page.goto(path)
        page.get_by_role("button", name=button).click()
        _fits(page, f"{path}, refused")
        assert not _CODES.findall(page.inner_text("main")), path


def test_the_catalogue_of_the_design_system_is_accessible_by_day_and_by_night(
    office: Office, sign_in: SignIn
) -> None:
    page = sign_in(office.members("univ", "coordinator")[0], script=True)
    page.goto("/catalogue")
    _fits(page, "/catalogue")
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="dark")
    page.reload()
    found = Axe().run(page, options=_ON_A_DESK)
    assert found.violations_count == 0, found.generate_report()


def _reads_well(seen: Seen) -> None:
    # The one address that leads nowhere was opened on purpose.
    expected = 404 if seen.path == "/nulle-part" else 200
    assert seen.status == expected, f"{seen.path}, linked from {seen.linked_from}: {seen.status}"
    assert not _CODES.findall(seen.text), f"{seen.path} says {set(_CODES.findall(seen.text))}"


def _fits(page: Page, path: str) -> None:
    """Check a page that is open on both screens: nothing for axe to say, nothing to scroll sideways."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate(_WIDER) == 0, f"{path} is too wide at {size['width']} px"
        judged = _judged[size["width"]]
        pieces = {kind_of(path), *page.evaluate(_PIECES)}
        if pieces <= judged:
            continue
        found = Axe().run(page, options=_ON_A_PHONE if size == PHONE else _ON_A_DESK)
        assert found.violations_count == 0, f"{path} at {size['width']} px\n{found.generate_report()}"
        judged |= pieces
