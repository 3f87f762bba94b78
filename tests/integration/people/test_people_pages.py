"""Lists and sheets of mentors and mentees in the console."""

import re
from html import unescape

import pytest

from chalicelib.people import store, visits
from chalicelib.people.person import Person
from chalicelib.spine.context import Context
from chalicelib.spine.ids import TenantId
from chalicelib.spine.transaction import transact
from chalicelib.tenancy.rights import Role
from chalicelib.tenancy.screens import Visit
from tests.integration.people.cast import Browser, GiveBrowser
from tests.integration.people.typed import FORM, MENTEE_FORM, created


def test_contact_details_show_on_demand_alone(browser: Browser) -> None:
    path = created(browser, "mentee", note="famille prévenue")

    hidden = browser.get(path).text
    shown = browser.get(f"{path}?reveal=1").text

    for secret in ("+33142345678", "Anne", "93200", "famille prévenue", "2012"):
        assert secret not in hidden
        assert secret in shown
    assert f'href="{path}?reveal=1"' in hidden


def test_the_page_of_a_mentor_shows_places_and_what_is_missing(browser: Browser) -> None:
    path = created(browser, training_hours="0", checks_charter="", checks_judicial_record_done_on="")

    page = unescape(browser.get(path).text)

    assert "Awa Diallo" in page
    assert "Campus" in page
    assert "Lycée Jean-Moulin" in page
    assert "À vérifier" in page
    assert "Il manque 2 h" in page
    assert "/pairs/new?mentor=" in page


def test_the_page_of_a_paired_mentee_leads_to_their_pair(
    browser: Browser, tenant: TenantId, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "_pair_cards", [])
    path = created(browser, "mentee", stage="available")
    mentee = store.person(tenant, path.rpartition("/")[2])
    write, event = store.moved(context, mentee, "paired", None)
    transact(context, event, [write, store.bond_made(tenant, mentee.id, "01ARZ3NDEKTSV4RRFFQ69G5FAV")])

    assert 'href="/pairs/01ARZ3NDEKTSV4RRFFQ69G5FAV"' in browser.get(path).text


def test_the_room_of_the_pairs_may_show_its_own(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "_pair_cards", [])

    def cards(visit: Visit, person: Person) -> list[dict[str, object]]:
        del visit
        return [
            {
                "href": "/pairs/1",
                "mentor_name": f"{person.first_name} et Léo",
                "mentee_name": "Léo",
                "stage": "active",
                "stage_label": "Actif",
                "colour": "green",
                "why": "Tout va bien",
            }
        ]

    visits.show_pairs_by(cards)

    assert "/pairs/1" in browser.get(created(browser)).text


def test_the_list_shows_who_waits_and_for_how_long(browser: Browser) -> None:
    path = created(browser, "mentee")

    page = unescape(browser.get("/mentees").text)

    assert f'href="{path}"' in page
    assert "Léo Petit" in page
    assert "aujourd" in page
    assert "Seine-Saint-Denis" in page
    assert "/mentees/new" in page


def test_the_list_is_filtered_and_searched(browser: Browser) -> None:
    created(browser, "mentee")

    assert "Léo Petit" in unescape(browser.get("/mentees?q=pet&territory=R11&stage=lead").text)
    assert "Léo Petit" not in unescape(browser.get("/mentees?stage=available").text)
    assert "Léo Petit" not in unescape(browser.get("/mentors").text)


def test_the_list_goes_on_with_the_same_filters(browser: Browser) -> None:
    for number in range(3):
        created(browser, "mentee", last_name=f"Petit{number}")

    page = browser.get("/mentees?limit=2&stage=lead")
    onward = re.search(r'href="(\?[^"]*cursor=[^"]*)"', page.text)

    assert onward
    following = unescape(onward[1])
    assert "stage=lead" in following
    assert unescape(browser.get(f"/mentees{following}").text).count("<strong>Léo Petit") == 1


@pytest.mark.parametrize("query", ["q=ab", "stage=x", "programme=x", "territory=x", "cursor=x", "limit=x"])
def test_a_list_that_cannot_be_read_says_why_in_french(browser: Browser, query: str) -> None:
    page = browser.get(f"/mentees?{query}")

    assert page.status == 422
    assert 'role="alert"' in page.text


def test_a_page_of_somebody_out_of_reach_does_not_exist(browser: Browser, browser_as: GiveBrowser) -> None:
    path = created(browser)
    neighbour = browser_as(Role.REGIONAL_REFERENT, "R11")

    assert neighbour.get(path).status == 404
    assert neighbour.get(f"{path}/edit").status == 404
    assert neighbour.post(f"{path}/edit", {**FORM, "version": "1"}).status == 404
    assert neighbour.post(f"{path}/stage", {"version": "1", "stage": "lead"}).status == 404


def test_a_volunteer_reads_and_does_not_write(browser_as: GiveBrowser) -> None:
    volunteer = browser_as(Role.VOLUNTEER)

    assert volunteer.get("/mentees").status == 200
    assert "/mentees/new" not in volunteer.get("/mentees").text
    assert volunteer.get("/mentees/new").status == 403
    assert volunteer.post("/mentees/new", MENTEE_FORM).status == 403


def test_what_people_type_is_never_markup(browser: Browser) -> None:
    path = created(browser, last_name="<b>Diallo</b>", note="<script>alert(1)</script>")

    for page in (path, f"{path}?reveal=1", f"{path}/edit", "/mentors"):
        text = browser.get(page).text
        assert "<b>Diallo" not in text
        assert "<script" not in text
