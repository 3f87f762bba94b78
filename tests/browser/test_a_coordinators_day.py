"""A coordinator's work in the console, from a first address to a closing review, without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.office import Office, born, days_ago
from tests.browser.scenes import a_pair, named


def test_a_coordinator_brings_two_people_together_follows_them_and_closes(
    office: Office, sign_in: SignIn
) -> None:
    me = office.freest_coordinator("univ")
    page = sign_in(me)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bonjour {me['name'].split()[0]}")

    mentor = _add(page, "Mentors", "Bérénice", "Volontaire", me["territories"][0], age=24)
    mentee = _add(page, "Mentoré·es", "Timéo", "Collégien", me["territories"][0], age=13)
    _bring_together(page, mentee, mentor)
    expect(page.get_by_role("status")).to_contain_text("le binôme est créé")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{mentor} et {mentee}")

    page.get_by_role("button", name="Accepter").click()
    expect(page.locator(".page-head")).to_contain_text("accepté")
    page.get_by_label("Jour de la première rencontre").fill(days_ago(20))
    page.get_by_role("button", name="Lancer").click()
    expect(page.locator(".page-head")).to_contain_text("en cours")

    _report_a_session(page)
    expect(page.locator(".page-head")).to_contain_text("Vert")
    expect(page.get_by_role("heading", name="1 séance")).to_be_visible()

    _note_a_contact(page)
    expect(page.get_by_text("Sa mère est ravie.")).to_be_visible()

    _close(page)
    expect(page.locator(".page-head")).to_contain_text("clos")
    expect(page.get_by_text("Interrompu : déménagement")).to_be_visible()
    expect(page.get_by_text("Parti à Brest.")).to_be_visible()
    expect(page.get_by_role("link", name="Clore")).to_have_count(0)


def test_who_has_just_been_reached_leaves_the_days_list_for_a_week(office: Office, sign_in: SignIn) -> None:
    me = office.freest_coordinator("univ")
    silent = a_pair(office.client("univ"), me["territories"][0], launched=40, coordinator=me["id"])
    office.tick()
    page = sign_in(me, phone=True)
    card = page.get_by_role("article").filter(has_text=named(silent.mentor))
    expect(card).to_contain_text("Rouge")
    expect(card.get_by_role("link", name="06 39 98 12 34")).to_have_attribute("href", "tel:+33639981234")

    card.get_by_role("link", name="Noter").click()
    page.get_by_role("button", name="Enregistrer l’échange").click()
    expect(page.get_by_role("status")).to_contain_text("L'échange est noté.")
    page.goto("/")
    expect(card).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("un échange a eu lieu cette semaine")


def test_the_figures_of_the_day_are_those_of_the_lists_behind_them(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.freest_coordinator("univ"))
    for colour in ("rouge", "orange", "vert"):
        page.goto("/")
        tile = page.locator("a.tile").filter(has_text=colour)
        shown = int(tile.locator(".tile__value").inner_text())
        tile.click()
        expect(page.locator("tbody tr")).to_have_count(shown)


def test_the_list_of_pairs_opens_on_ones_own_with_the_caseload(office: Office, sign_in: SignIn) -> None:
    me = office.freest_coordinator("univ")
    client = office.client("univ")
    page = sign_in(me)
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Binômes").click()
    mine = len(list(client.every(f"/v1/pairs?coordinator={me['id']}")))
    expect(page.locator("tbody tr")).to_have_count(mine)
    held = next(each for each in client.get("/v1/monitoring/caseload")["items"] if each["member"] == me["id"])
    expect(page.locator(".page-head")).to_contain_text(f"{held['pairs']} / {held['places']} binômes")
    page.get_by_role("link", name="Tous ceux que je vois").click()
    expect(page.locator("tbody tr").filter(has_text=me["name"])).not_to_have_count(0)
    assert page.locator("tbody tr").count() > mine


def test_the_lists_of_a_new_pair_are_narrowed_without_losing_what_was_typed(
    office: Office, sign_in: SignIn
) -> None:
    me = office.freest_coordinator("univ")
    waiting = a_pair(office.client("univ"), me["territories"][0], launched=1)
    page = sign_in(me)
    page.goto("/pairs/new")
    page.get_by_label("Date de lancement").fill(days_ago(3))
    everybody = page.locator("#f-mentor option").count()
    page.get_by_label("Chercher un prénom ou un nom").fill(waiting.mentor["last_name"])
    page.get_by_role("button", name="Réduire les listes").click()
    # The mentor has no place left: the page says so rather than leave them out without a word.
    assert page.locator("#f-mentor option").count() < everybody
    expect(page.get_by_text("Sans place libre et donc absents de la liste (mentors) : 1.")).to_be_visible()
    expect(page.get_by_label("Date de lancement")).to_have_value(days_ago(3))


def _add(page: Page, entry: str, first_name: str, last_name: str, territory: str, *, age: int) -> str:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=entry).click()
    page.get_by_role("link", name="Ajouter une personne").click()
    page.get_by_label("Prénom", exact=True).fill(first_name)
    page.get_by_label("Nom", exact=True).fill(last_name)
    page.get_by_label("Date de naissance").fill(born(age))
    page.get_by_label("Territoire").select_option(territory)
    page.get_by_label("Étape").select_option(label="Disponible")
    if entry == "Mentors":
        page.get_by_label("Adresse mail").fill("berenice@mentor.example")
        page.get_by_label("Charte").check()
    else:
        page.get_by_label("Prénom du représentant").fill("Sonia")
        page.get_by_label(re.compile("^Nom du représentant")).fill("Collégien")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_contain_text("La fiche est enregistrée.")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{first_name} {last_name}")
    return f"{first_name} {last_name}"


def _bring_together(page: Page, mentee: str, mentor: str) -> None:
    page.get_by_role("link", name="Mettre en relation").click()
    expect(page.locator("#f-mentee option:checked")).to_contain_text(mentee)
    # The nearest mentors come first, under a heading that says so.
    nearest = page.locator("#f-mentor optgroup").first
    expect(nearest).to_have_attribute("label", "Même département")
    wanted = nearest.locator("option", has_text=mentor).get_attribute("value")
    page.get_by_label("Mentor", exact=True).select_option(wanted)
    page.get_by_role("button", name="Mettre en relation").click()


def _report_a_session(page: Page) -> None:
    page.get_by_text("Noter une séance").click()
    form = page.locator("#noter-seance")
    form.get_by_label("Date").fill(days_ago(2))
    form.get_by_label("Durée en minutes").fill("90")
    form.get_by_label("à distance").check()
    form.get_by_label(re.compile("^5")).check()
    form.get_by_role("button", name="Enregistrer la séance").click()
    expect(page.get_by_role("status")).to_contain_text("La séance est enregistrée.")


def _note_a_contact(page: Page) -> None:
    page.get_by_text("Noter un échange").click()
    form = page.locator("#noter-echange")
    form.get_by_label("famille").check()
    form.get_by_label("téléphone").check()
    form.get_by_label("Ce qu’il faut retenir").fill("Sa mère est ravie.")
    form.get_by_role("button", name="Enregistrer l’échange").click()
    expect(page.get_by_role("status")).to_contain_text("L'échange est noté.")


def _close(page: Page) -> None:
    page.get_by_role("link", name="Clore").click()
    # It has lasted three weeks: the coordinator is told what closing means.
    expect(page.get_by_text("il ne comptera plus pour le plan")).to_be_visible()
    page.get_by_label("Interrompu").check()
    page.get_by_label("Raison de l’arrêt").select_option(label="Déménagement")
    page.get_by_label("Bilan").fill("Parti à Brest.")
    page.get_by_role("button", name="Clore définitivement").click()
    expect(page.get_by_role("status")).to_contain_text("La clôture est enregistrée.")
