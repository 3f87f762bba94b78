"""What is refused says so in French beside its field, and nothing that was typed is lost."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Visitor
from tests.browser.office import Office, days_ago
from tests.browser.scenes import a_mentee, a_mentor, a_pair, named


def test_a_wrong_code_leaves_fewer_tries_and_another_way(office: Office, visitor: Visitor) -> None:
    member = office.members("univ", "coordinator")[0]
    page = visitor()
    page.goto("/sign-in")
    page.get_by_label("Votre adresse mail").fill(member["email"])
    page.get_by_role("button", name="Recevoir un code").click()
    right = office.code_for(member["email"])
    page.get_by_label("Code à six chiffres").fill("000000" if right != "000000" else "111111")
    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_role("alert")).to_contain_text("ne correspond pas")
    expect(page.get_by_text("Il reste 4 essais")).to_be_visible()
    page.get_by_label("Code à six chiffres").fill("12 ab")
    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Le code est fait de six chiffres.")
    page.get_by_label("Code à six chiffres").fill(right)
    page.get_by_role("button", name="Entrer").click()
    expect(page.locator("form[action='/sign-out']").first).to_be_attached()


def test_an_address_that_is_none_is_refused_and_an_unknown_one_is_not_told(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/sign-in")
    page.get_by_label("Votre adresse mail").fill("chantal@")
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_role("alert")).to_contain_text("Donnez une adresse complète")
    expect(page.get_by_label("Votre adresse mail")).to_have_value("chantal@")
    page.get_by_label("Votre adresse mail").fill("personne@exemple.fr")
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_role("main")).to_contain_text("Si personne@exemple.fr est connue de nos services")


def test_a_page_asked_for_before_signing_in_is_shown_after(office: Office, visitor: Visitor) -> None:
    member = office.members("univ", "coordinator")[0]
    page = visitor()
    page.goto("/mentees?stage=available")
    page.get_by_label("Votre adresse mail").fill(member["email"])
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code à six chiffres").fill(office.code_for(member["email"]))
    page.get_by_role("button", name="Entrer").click()
    assert page.url.endswith("/mentees?stage=available")


def test_a_full_caseload_may_be_passed_over_by_who_may(office: Office, sign_in: SignIn) -> None:
    client = office.client("coaching")
    loads = client.get("/v1/monitoring/caseload")["items"]
    full = next(each for each in loads if each["pairs"] >= each["places"])
    coordinator = next(
        each for each in office.members("coaching", "coordinator") if each["id"] == full["member"]
    )
    territory = coordinator["territories"][0]
    programme = next(client.every("/v1/programmes"))["id"]
    mentor = a_mentor(client, programme, territory)
    mentee = a_mentee(client, programme, territory, age=24)

    page = sign_in(coordinator)
    page.goto(f"/pairs/new?mentor={mentor['id']}&mentee={mentee['id']}")
    expect(page.locator("#f-coordinator option:checked")).to_contain_text("complet")
    page.get_by_label("Date de lancement").fill(days_ago(1))
    page.get_by_role("button", name="Mettre en relation").click()
    expect(page.get_by_role("alert")).to_contain_text("la limite : choisissez quelqu'un d'autre")
    expect(page.get_by_label("Raison de l’exception")).to_have_count(0)
    _is_still_chosen(page, named(mentor), named(mentee))

    page = sign_in(office.members("coaching", "head_office")[0])
    page.goto(f"/pairs/new?mentor={mentor['id']}&mentee={mentee['id']}")
    page.locator("#f-coordinator").select_option(coordinator["id"])
    page.get_by_label("Date de lancement").fill(days_ago(1))
    page.get_by_role("button", name="Mettre en relation").click()
    _is_still_chosen(page, named(mentor), named(mentee))
    page.get_by_label("Raison de l’exception").fill("Elle les connaît tous les deux.")
    page.get_by_role("button", name="Mettre en relation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{named(mentor)} et {named(mentee)}")


def test_a_second_pair_for_a_mentee_is_refused_by_name(office: Office, sign_in: SignIn) -> None:
    client = office.client("univ")
    pair = a_pair(client, "D59", launched=3)
    other = a_mentor(client, next(client.every("/v1/programmes"))["id"], "D59")
    page = sign_in(office.members("univ", "head_office")[0])
    page.goto(f"/pairs/new?mentor={other['id']}&mentee={pair.mentee['id']}")
    page.get_by_role("button", name="Mettre en relation").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_be_visible()
    expect(refusal.get_by_role("link")).to_have_attribute("href", "#f-mentee")


def test_a_session_before_the_launch_comes_back_as_typed(office: Office, sign_in: SignIn) -> None:
    pair = a_pair(office.client("univ"), "D59", launched=3)
    page = sign_in(office.members("univ", "head_office")[0])
    page.goto(f"/pairs/{pair.id}")
    page.get_by_text("Noter une séance").click()
    form = page.locator("#noter-seance")
    form.get_by_label("Date").fill(days_ago(9))
    form.get_by_label("Durée en minutes").fill("beaucoup")
    form.get_by_label("Note").last.fill("Promenade au lac.")
    form.get_by_role("button", name="Enregistrer la séance").click()
    expect(form.get_by_role("alert")).to_contain_text("Indiquez un nombre entier.")
    form.get_by_label("Durée en minutes").fill("45")
    form.get_by_role("button", name="Enregistrer la séance").click()
    expect(form.get_by_role("alert")).to_contain_text("lancement")
    expect(form.get_by_label("Note").last).to_have_value("Promenade au lac.")


def test_a_card_that_somebody_else_changed_keeps_what_was_typed(office: Office, sign_in: SignIn) -> None:
    client = office.client("univ")
    mentor = a_mentor(client, next(client.every("/v1/programmes"))["id"], "D59")
    page = sign_in(office.members("univ", "head_office")[0])
    page.goto(f"/mentors/{mentor['id']}/edit")
    page.get_by_label("Note").fill("Préfère le samedi.")
    client.patch(f"/v1/mentors/{mentor['id']}", {"version": mentor["version"], "capacity": 3})
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("Préfère le samedi.")
    assert client.get(f"/v1/mentors/{mentor['id']}")["capacity"] == 3


def test_a_closing_review_is_kept_when_the_pair_changed_meanwhile(office: Office, sign_in: SignIn) -> None:
    client = office.client("univ")
    pair = a_pair(client, "D59", launched=30)
    page = sign_in(office.members("univ", "head_office")[0])
    page.goto(f"/pairs/{pair.id}/close")
    page.get_by_label("Interrompu").check()
    page.get_by_label("Raison de l’arrêt").select_option(label="Déménagement")
    page.get_by_label("Bilan").fill("Un beau parcours.")
    client.post(f"/v1/pairs/{pair.id}/sessions", {"on": days_ago(1), "minutes": 60, "format": "in_person"})
    page.get_by_role("button", name="Clore définitivement").click()
    expect(page.get_by_role("alert")).to_contain_text("ont changé entre-temps")
    expect(page.get_by_label("Bilan")).to_have_value("Un beau parcours.")
    page.get_by_role("button", name="Clore définitivement").click()
    expect(page.get_by_text("Interrompu : déménagement")).to_be_visible()


def test_a_step_that_somebody_took_already_is_refused_in_words(office: Office, sign_in: SignIn) -> None:
    client = office.client("univ")
    programme = next(client.every("/v1/programmes"))["id"]
    given = {
        "mentor": a_mentor(client, programme, "D59")["id"],
        "mentee": a_mentee(client, programme, "D59")["id"],
        "programme": programme,
    }
    pair = client.post("/v1/pairs", given)
    page = sign_in(office.members("univ", "head_office")[0])
    page.goto(f"/pairs/{pair['id']}")
    client.patch(f"/v1/pairs/{pair['id']}", {"version": pair["version"], "stage": "accepted"})
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_role("alert")).to_contain_text("ont changé entre-temps")
    expect(page.locator(".page-head")).to_contain_text("accepté")


def _is_still_chosen(page: Page, mentor: str, mentee: str) -> None:
    expect(page.locator("#f-mentor option:checked")).to_contain_text(mentor)
    expect(page.locator("#f-mentee option:checked")).to_contain_text(mentee)
    expect(page.get_by_label("Date de lancement")).to_have_value(days_ago(1))
