"""What each role sees of the regions, on screen, beside what the data say."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.office import Office

_COLUMNS = ("Actifs", "Comptent", "En attente")


def test_a_referent_of_two_regions_sees_both_and_nothing_else(office: Office, sign_in: SignIn) -> None:
    me = next(each for each in office.members("univ", "regional_referent") if len(each["territories"]) == 2)
    client = office.client("univ")
    names = {client.get(f"/v1/territories/{code}")["name"] for code in me["territories"]}
    page = sign_in(me)
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Régions").click()
    assert set(page.locator("tbody th").all_inner_texts()) == names

    mine = {pair["id"] for code in me["territories"] for pair in client.every(f"/v1/pairs?territory={code}")}
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Binômes").click()
    assert _ids_to_the_end(page) == mine
    outside = next(pair["id"] for pair in client.every("/v1/pairs") if pair["id"] not in mine)
    answer = page.goto(f"/pairs/{outside}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page introuvable")


def test_the_day_of_a_referent_is_their_regions_with_who_follows(office: Office, sign_in: SignIn) -> None:
    me = next(each for each in office.members("coaching", "regional_referent") if each["territories"])
    client = office.client("coaching")
    silent = {
        pair["id"]
        for code in me["territories"]
        for colour in ("red", "orange")
        for pair in client.every(f"/v1/pairs?territory={code}&colour={colour}")
    }
    page = sign_in(me)
    listed = {_id_of(each) for each in page.locator("article h3 a").evaluate_all(_HREFS)}
    assert listed <= silent
    assert listed
    expect(page.get_by_role("article").first).to_contain_text("suivi par")


def test_the_head_office_sees_a_row_per_region_and_their_sum(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.members("univ", "head_office")[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Régions")
    told = office.client("univ").get("/v1/monitoring/regions")["total"]
    for label, name in zip(_COLUMNS, ("active", "counting", "waiting"), strict=True):
        rows = [int(text) for text in page.locator(f"tbody td[data-label='{label}']").all_inner_texts()]
        total = int(page.locator(f"tfoot td[data-label='{label}']").inner_text())
        assert sum(rows) == total == told[name]


def test_a_region_of_the_head_office_leads_to_its_pairs(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.members("univ", "head_office")[0])
    row = page.locator("tbody tr").filter(has=page.get_by_role("link")).first
    active = int(row.locator("td[data-label='Actifs']").inner_text())
    row.get_by_role("link").click()
    territory = re.search(r"territory=(\w+)", page.url)
    assert territory
    page.goto(f"/pairs?territory={territory[1]}&stage=active")
    assert len(_ids_to_the_end(page)) == active


def test_who_reads_figures_alone_is_shown_nobody(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.members("univ", "auditor")[0])
    entries = page.get_by_role("navigation", name="Menu").get_by_role("link").all_inner_texts()
    assert entries == ["Régions"]
    expect(page.locator("tbody a")).to_have_count(0)
    for path in ("/pairs", "/mentees", "/reminders", "/pairs/new"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 403
        expect(page.get_by_role("heading", level=1)).to_have_text("Votre rôle ne le permet pas")


_HREFS = "links => links.map(link => link.getAttribute('href'))"


def _id_of(href: str) -> str:
    return href.partition("?")[0].rpartition("/")[2]


def _ids_to_the_end(page: Page) -> set[str]:
    """Read a list of pairs to its last page."""
    found: set[str] = set()
    while True:
        found |= {_id_of(href) for href in page.locator("tbody th a").evaluate_all(_HREFS)}
        onward = page.get_by_role("link", name="Voir la suite")
        if not onward.count():
            return found
        onward.click()
