"""A mentor answers a reminder on a phone: no account, no script, one page."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Visitor
from tests.browser.office import Office
from tests.browser.scenes import Pairing, a_pair, named


def test_opening_the_link_of_a_reminder_changes_nothing(office: Office, visitor: Visitor) -> None:
    pair = _silent(office)
    before = _as_it_is(office, pair)
    page = _opened(office, visitor, pair)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        f"Votre séance avec {pair.mentee['first_name']}"
    )
    page.reload()
    assert _as_it_is(office, pair) == before
    assert before["colour"] == "orange"


def test_a_report_without_a_rating_comes_back_as_it_was_typed(office: Office, visitor: Visitor) -> None:
    pair = _silent(office)
    before = _as_it_is(office, pair)
    page = _opened(office, visitor, pair)
    page.get_by_label("Combien de minutes ?").fill("75")
    page.get_by_label("Un mot sur cette rencontre").fill("Nous avons révisé les fractions.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez une note de 1 à 5.")
    expect(page.get_by_role("alert")).to_contain_text("Ce que vous avez saisi est toujours là.")
    expect(page.get_by_label("Combien de minutes ?")).to_have_value("75")
    expect(page.get_by_label("Un mot sur cette rencontre")).to_have_value("Nous avons révisé les fractions.")
    assert _as_it_is(office, pair) == before


def test_a_report_with_a_rating_turns_the_pair_green(
    office: Office, visitor: Visitor, sign_in: SignIn
) -> None:
    pair = _silent(office)
    page = _opened(office, visitor, pair)
    page.get_by_label(re.compile("^4")).check()
    page.get_by_label("J’ai un souci").check()
    page.get_by_label("Un mot sur cette rencontre").fill("Il voudrait un stage.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci Maude !")
    expect(page.get_by_role("main")).to_contain_text("vous rappellera")
    assert _as_it_is(office, pair)["colour"] == "green"

    inside = sign_in(office.members("univ", "head_office")[0])
    inside.goto(f"/pairs/{pair.id}")
    expect(inside.get_by_text("Problème signalé")).to_be_visible()
    expect(inside.get_by_text("Il voudrait un stage.")).to_be_visible()


def test_a_mentor_who_reports_a_problem_is_first_in_the_coordinators_list(
    office: Office, visitor: Visitor, sign_in: SignIn
) -> None:
    me = office.freest_coordinator("univ")
    pair = a_pair(office.client("univ"), me["territories"][0], launched=16, coordinator=me["id"])
    office.tick()
    page = _opened(office, visitor, pair)
    page.get_by_label(re.compile("^2")).check()
    page.get_by_label("J’ai un souci").check()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("main")).to_contain_text("vous rappellera")

    inside = sign_in(me)
    card = inside.get_by_role("article").filter(has_text=named(pair.mentor))
    expect(card).to_contain_text("Souci signalé, à rappeler")
    card.get_by_role("link", name="Noter l’échange").click()
    inside.get_by_role("button", name="Enregistrer l’échange").click()
    expect(inside.get_by_role("status")).to_contain_text("L'échange est noté.")
    inside.goto("/")
    expect(card).to_have_count(0)


def test_a_double_click_is_one_session(office: Office, visitor: Visitor) -> None:
    pair = _silent(office)
    page = _opened(office, visitor, pair)
    page.get_by_label(re.compile("^5")).check()
    page.get_by_role("button", name="Envoyer").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci Maude !")
    assert len(list(office.client("univ").every(f"/v1/pairs/{pair.id}/sessions"))) == 1


def test_a_link_that_was_cut_says_what_to_do(visitor: Visitor) -> None:
    page = visitor(phone=True)
    answer = page.goto("/report/abc.def")
    assert answer is not None
    assert answer.status in {404, 410}
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien n’est plus valable")
    expect(page.get_by_role("main")).to_contain_text("Vérifiez si vous avez reçu un mail plus récent")
    # Whoever reads this has no account: no way to a sign-in that would not let them in.
    expect(page.get_by_role("main").get_by_role("link")).to_have_count(0)


def test_the_reminder_speaks_french_and_names_nobody_in_full(office: Office) -> None:
    pair = _silent(office)
    reminder = office.mails_to(pair.mentor["email"])[-1]
    assert reminder.subject.startswith(f"Avez-vous vu {pair.mentee['first_name']} récemment")
    assert pair.mentee["last_name"] not in reminder.text
    assert reminder.tenant == "univ"


def test_what_was_sent_is_in_the_register(office: Office, sign_in: SignIn) -> None:
    pair = _silent(office)
    page = sign_in(office.members("univ", "head_office")[0])
    page.goto("/reminders")
    line = page.get_by_role("row").filter(has_text=named(pair.mentor))
    expect(line).to_contain_text("1re relance")
    expect(line).to_contain_text("envoyée")


def _silent(office: Office) -> Pairing:
    """Give a pair that has just turned orange and whose mentor was written to."""
    pair = a_pair(office.client("univ"), "D59", launched=16)
    office.tick()
    return pair


def _opened(office: Office, visitor: Visitor, pair: Pairing) -> Page:
    page = visitor(phone=True)
    page.goto(office.report_link_for(pair.mentor["email"]))
    return page


def _as_it_is(office: Office, pair: Pairing) -> dict[str, object]:
    return office.client("univ").get(f"/v1/pairs/{pair.id}")
