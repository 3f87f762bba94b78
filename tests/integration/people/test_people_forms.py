"""Adding and changing mentors and mentees in the console."""

import pytest

from tests.integration.people.cast import Api, Browser
from tests.integration.people.typed import FORM, MENTEE_FORM, created, error_of, value_of


def test_a_mentor_is_added_through_the_form(browser: Browser, head_office: Api) -> None:
    assert 'name="capacity"' in browser.get("/mentors/new").text

    path = created(browser)

    mentor = head_office.get(f"/v1{path}").json
    assert mentor["birth_date"] == "1990-04-23"
    assert mentor["phone"] == "+33612345678"
    assert mentor["territory"] == "D69"
    assert mentor["training_hours"] == 2.5
    assert mentor["structure"] == "lycee-jean-moulin"
    assert mentor["checks"] == {
        "judicial_record": {"done_on": "2026-01-05", "expires_on": None},
        "charter": True,
    }


def test_a_mentee_is_added_with_a_guardian(browser: Browser, head_office: Api) -> None:
    mentee = head_office.get(f"/v1{created(browser, 'mentee')}").json

    assert mentee["guardian"]["last_name"] == "Petit"
    assert mentee["in_care"] is False
    assert mentee["territory"] == "D93"


def test_a_refused_form_comes_back_filled_in_with_a_french_sentence_per_field(browser: Browser) -> None:
    wrong = {"first_name": "", "phone": "12", "postal_code": "00000", "capacity": "deux", "programme": ""}

    page = browser.post("/mentors/new", {**FORM, **wrong})

    assert page.status == 422
    assert error_of(page, "first_name").startswith("Indiquez un nom")
    assert error_of(page, "capacity") == "Indiquez un nombre entier."
    assert error_of(page, "programme") == "Cette réponse est nécessaire."
    for name in ("last_name", "birth_date", "email", "phone", "postal_code", "capacity", "source", "note"):
        assert value_of(page, name) == {**FORM, **wrong, "birth_date": "1990-04-23"}[name]


def test_what_the_rules_refuse_is_said_in_french_too(browser: Browser) -> None:
    wrong = {"phone": "12", "postal_code": "00000", "birth_date": "01/01/2020", "stage": "left"}

    page = browser.post("/mentors/new", {**FORM, **wrong})

    assert error_of(page, "phone").startswith("Indiquez un seul numéro")
    assert error_of(page, "postal_code").startswith("Aucune commune")
    assert error_of(page, "birth_date").startswith("Âge attendu (mentor) : 18 ans ou plus")
    assert error_of(page, "leaving_reason").startswith("Indiquez pourquoi")
    assert value_of(page, "birth_date") == "2020-01-01"


def test_a_guardian_refused_is_shown_beside_their_field(browser: Browser) -> None:
    page = browser.post("/mentees/new", {**MENTEE_FORM, "guardian_phone": "12", "guardian_last_name": ""})
    again = browser.post("/mentees/new", {**MENTEE_FORM, "guardian_phone": "12"})

    assert error_of(page, "guardian_last_name").startswith("Indiquez un nom")
    assert error_of(again, "guardian_phone").startswith("Indiquez un seul numéro")
    assert value_of(again, "guardian_first_name") == "Anne"


def test_a_double_click_adds_one_person(browser: Browser, head_office: Api) -> None:
    first = created(browser, idempotency_key="a")
    second = created(browser, idempotency_key="a")
    changed = browser.post("/mentors/new", {**FORM, "first_name": "Ada", "idempotency_key": "a"})

    assert first == second
    assert changed.status == 409
    assert value_of(changed, "first_name") == "Ada"
    assert len(head_office.get("/v1/mentors").json["items"]) == 1


def test_the_form_of_a_person_is_filled_in_and_saving_it_unchanged_changes_nothing(
    browser: Browser, head_office: Api
) -> None:
    path = created(browser)
    before = head_office.get(f"/v1{path}").json
    page = browser.get(f"{path}/edit")

    form = {name: value_of(page, name) for name in (*FORM, "version")}
    assert form["note"] == "préfère le soir"
    saved = browser.post(f"{path}/edit", form)

    assert saved.status == 303
    assert head_office.get(f"/v1{path}").json == before


def test_a_change_is_saved_and_confirmed(browser: Browser, head_office: Api) -> None:
    path = created(browser)

    saved = browser.post(
        f"{path}/edit", {**FORM, "version": "1", "last_name": "Diop", "postal_code": "75011"}
    )

    assert saved.headers["Location"] == f"{path}?done=person_saved"
    assert "La fiche est enregistrée." in browser.get(str(saved.headers["Location"])).text
    mentor = head_office.get(f"/v1{path}").json
    assert (mentor["last_name"], mentor["territory"]) == ("Diop", "D75")


def test_a_stale_form_keeps_what_was_typed_and_shows_what_was_saved_meanwhile(
    browser: Browser, head_office: Api
) -> None:
    path = created(browser)
    head_office.patch(f"/v1{path}", {"version": 1, "capacity": 5})

    page = browser.post(f"{path}/edit", {**FORM, "version": "1", "first_name": "Ada"})

    assert page.status == 409
    assert value_of(page, "first_name") == "Ada"
    assert value_of(page, "capacity") == "2"
    assert error_of(page, "capacity") == "La fiche indique maintenant : 5."
    assert error_of(page, "email") == ""
    again = browser.post(f"{path}/edit", {**FORM, "version": value_of(page, "version"), "first_name": "Ada"})
    assert again.status == 303
    assert head_office.get(f"/v1{path}").json["first_name"] == "Ada"


def test_a_refused_change_keeps_its_version(browser: Browser, head_office: Api) -> None:
    path = created(browser)
    head_office.patch(f"/v1{path}", {"version": 1, "capacity": 5})

    page = browser.post(f"{path}/edit", {**FORM, "version": "1", "capacity": "-1"})

    assert page.status == 422
    assert value_of(page, "version") == "1"


@pytest.mark.parametrize("version", ["", "x", "-1"])
def test_a_form_without_a_version_is_refused_as_a_whole(browser: Browser, version: str) -> None:
    path = created(browser)

    page = browser.post(f"{path}/edit", {**FORM, "version": version})

    assert page.status == 422
    assert 'role="alert"' in page.text


def test_a_person_is_moved_along_the_funnel(browser: Browser, head_office: Api) -> None:
    path = created(browser, "mentee")

    moved = browser.post(f"{path}/stage", {"version": "1", "stage": "interview", "leaving_reason": ""})
    refused = browser.post(f"{path}/stage", {"version": "2", "stage": "left", "leaving_reason": ""})
    stale = browser.post(f"{path}/stage", {"version": "1", "stage": "left", "leaving_reason": "moved"})

    assert moved.status == 303
    assert head_office.get(f"/v1{path}").json["stage"] == "interview"
    assert refused.status == 422
    assert error_of(refused, "leaving_reason").startswith("Indiquez pourquoi")
    assert stale.status == 409
    assert "Ces informations ont changé entre-temps" in stale.text
