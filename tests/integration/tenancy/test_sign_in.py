import re

import pytest

from chalicelib.spine.ids import TenantId
from chalicelib.spine.mail import mark
from tests.integration.tenancy.visitor import Browser, Moment, last_code, mailbox

KNOWN, UNKNOWN, OF_TWO = "paul@exemple.fr", "personne@exemple.fr", "aicha@exemple.fr"


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "000001"


def test_a_code_typed_in_the_browser_that_asked_for_it_opens_a_session(browser: Browser) -> None:
    assert browser.get("/pairs").location == "/sign-in?next=/pairs"
    asked = browser.post("/sign-in", email=KNOWN)
    assert (asked.status, asked.location) == (303, "/sign-in/code")
    assert KNOWN in browser.get("/sign-in/code").text
    entered = browser.post("/sign-in/code", code=last_code())
    assert (entered.status, entered.location) == (303, "/")
    assert "Paul Lemoine" in browser.get("/pairs").text


def test_the_mail_is_in_french_and_says_whose_and_when(browser: Browser, moment: Moment) -> None:
    browser.post("/sign-in", email=KNOWN)
    (message,) = mailbox()
    assert message.subject == f"{last_code()} est votre code de connexion à Binôme"
    assert message.destinations["ToAddresses"] == [KNOWN]
    assert message.destinations["BccAddresses"] == [mark(TenantId("univ"), moment.now)]
    assert "dix minutes" in message.body


def test_a_code_may_be_typed_with_a_space_in_it(browser: Browser) -> None:
    browser.post("/sign-in", email=KNOWN)
    code = last_code()
    assert browser.post("/sign-in/code", code=f" {code[:3]} {code[3:]} ").location == "/"


def test_capitals_in_the_address_do_not_matter(browser: Browser) -> None:
    assert browser.sign_in("Paul@Exemple.FR").location == "/"


def test_an_unknown_address_gets_the_same_pages_and_no_mail(browser: Browser, other_browser: Browser) -> None:
    known, unknown = browser.post("/sign-in", email=KNOWN), other_browser.post("/sign-in", email=UNKNOWN)
    assert (known.status, known.location, known.text) == (unknown.status, unknown.location, unknown.text)
    assert [each.destinations["ToAddresses"] for each in mailbox()] == [[KNOWN]]

    def shown(seen_by: Browser, address: str) -> str:
        return seen_by.get("/sign-in/code").text.replace(address, "ADDRESS")

    def refused(seen_by: Browser, address: str) -> str:
        return seen_by.post("/sign-in/code", code=wrong(last_code())).text.replace(address, "ADDRESS")

    assert shown(browser, KNOWN) == shown(other_browser, UNKNOWN)
    assert refused(browser, KNOWN) == refused(other_browser, UNKNOWN)


def test_five_wrong_codes_spend_every_try_even_for_the_right_one(browser: Browser) -> None:
    browser.post("/sign-in", email=KNOWN)
    for left in ("4\u00a0essais", "3\u00a0essais", "2\u00a0essais", "1\u00a0essai", "aucun essai"):
        page = browser.post("/sign-in/code", code=wrong(last_code()))
        assert page.status == 422
        assert left in page.text
    page = browser.post("/sign-in/code", code=last_code())
    assert page.status == 422
    assert browser.get("/pairs").location == "/sign-in?next=/pairs"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34"])
def test_what_is_no_code_costs_no_try(browser: Browser, typed: str) -> None:
    browser.post("/sign-in", email=KNOWN)
    page = browser.post("/sign-in/code", code=typed)
    assert page.status == 422
    assert "six chiffres" in page.text
    assert "Il reste" not in page.text


def test_a_code_is_good_for_ten_minutes(browser: Browser, moment: Moment) -> None:
    browser.post("/sign-in", email=KNOWN)
    moment.passes(minutes=9, seconds=59)
    assert browser.get("/sign-in/code").status == 200
    moment.passes(seconds=1)
    assert browser.post("/sign-in/code", code=last_code()).location == "/sign-in?again=1"
    assert "demandez-en un nouveau" in browser.get("/sign-in?again=1").text


def test_a_code_is_good_once(browser: Browser, other_browser: Browser) -> None:
    browser.post("/sign-in", email=KNOWN)
    other_browser.jar = dict(browser.jar)
    code = last_code()
    assert browser.post("/sign-in/code", code=code).location == "/"
    assert other_browser.post("/sign-in/code", code=code).location == "/sign-in?again=1"


def test_a_code_is_worth_nothing_in_another_browser(browser: Browser, other_browser: Browser) -> None:
    browser.post("/sign-in", email=KNOWN)
    code = last_code()
    assert other_browser.post("/sign-in/code", code=code).location == "/sign-in?again=1"
    other_browser.post("/sign-in", email=UNKNOWN)
    assert other_browser.post("/sign-in/code", code=code).status == 422


def test_asking_twice_makes_the_last_code_the_right_one(browser: Browser) -> None:
    browser.post("/sign-in", email=KNOWN)
    first = last_code()
    browser.post("/sign-in", email=KNOWN)
    if first != last_code():
        assert browser.post("/sign-in/code", code=first).status == 422
    assert browser.post("/sign-in/code", code=last_code()).location == "/"


@pytest.mark.parametrize(
    "typed",
    ["", "paul", "paul@", "@exemple.fr", "paul@exemple", "p a@exemple.fr", "paul@exemple.fr,eve@mal.fr"],
)
def test_what_is_no_address_comes_back_as_typed(browser: Browser, typed: str) -> None:
    page = browser.post("/sign-in", email=typed, next="/pairs")
    assert page.status == 422
    assert f'value="{typed}"' in page.text
    assert 'name="next" value="/pairs"' in page.text
    assert mailbox() == []


def test_a_letter_that_only_looks_like_another_is_refused(browser: Browser) -> None:
    kelvin = "\u212aarim@exemple.fr"
    assert browser.post("/sign-in", email=kelvin).status == 422


@pytest.mark.parametrize("email", ["a@b.fr\r\nBcc: eve@mal.fr", "a@b.fr\nBcc:eve@mal.fr", "a@b.fr%0aBcc:x"])
def test_an_address_writes_no_header(browser: Browser, email: str) -> None:
    assert browser.post("/sign-in", email=email).status in {303, 422}
    assert mailbox() == []


@pytest.mark.parametrize("address", [KNOWN, UNKNOWN])
def test_an_address_may_ask_ten_times_an_hour(browser: Browser, moment: Moment, address: str) -> None:
    for _ in range(10):
        assert browser.post("/sign-in", email=address).status == 303
    moment.passes(minutes=20)
    page = browser.post("/sign-in", email=address)
    assert (page.status, page.headers["retry-after"]) == (429, "2400")
    assert f'value="{address}"' in page.text
    assert "dans 40 min" in page.text
    moment.passes(minutes=40)
    assert browser.post("/sign-in", email=address).status == 303


def test_one_place_may_ask_twenty_times_an_hour(browser: Browser) -> None:
    for number in range(20):
        assert browser.post("/sign-in", email=f"{number}@exemple.fr").status == 303
    assert browser.post("/sign-in", email="encore@exemple.fr").status == 429


def test_those_who_sign_in_are_not_counted(browser: Browser) -> None:
    for _ in range(21):
        assert browser.sign_in(KNOWN).location == "/"


def test_the_session_is_a_cookie_that_no_script_reads(browser: Browser) -> None:
    page = browser.sign_in(KNOWN)
    session = next(each for each in page.cookies if each.startswith("binome="))
    assert re.fullmatch(r"binome=[\w-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax", session, re.ASCII)
    assert "binome-sign-in=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" in page.cookies


def test_a_session_lasts_twelve_hours(browser: Browser, moment: Moment) -> None:
    browser.sign_in(KNOWN)
    moment.passes(hours=11, minutes=59)
    assert browser.get("/pairs").status == 200
    moment.passes(minutes=1)
    assert browser.get("/pairs").status == 303


def test_signing_in_again_ends_the_session_before(browser: Browser, other_browser: Browser) -> None:
    browser.sign_in(KNOWN)
    other_browser.jar = dict(browser.jar)
    browser.sign_in(KNOWN)
    assert browser.jar["binome"] != other_browser.jar["binome"]
    assert browser.get("/pairs").status == 200
    assert other_browser.get("/pairs").status == 303


def test_signing_out_ends_the_session_everywhere(browser: Browser, other_browser: Browser) -> None:
    browser.sign_in(KNOWN)
    other_browser.jar = dict(browser.jar)
    page = browser.post("/sign-out")
    assert page.location == "/sign-in"
    assert "binome=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" in page.cookies
    assert other_browser.get("/pairs").location == "/sign-in?next=/pairs"


def test_signing_out_without_a_session_is_no_fault(browser: Browser) -> None:
    assert browser.post("/sign-out").location == "/sign-in"


def test_somebody_of_two_tenants_chooses_one(browser: Browser) -> None:
    page = browser.sign_in(OF_TWO, "/pairs?colour=red")
    assert page.location == "/sign-in/tenant"
    shown = browser.get("/sign-in/tenant").text
    assert "Université solidaire" in shown
    assert "Institut Témoin" in shown
    entered = browser.post("/sign-in/tenant", tenant_id="tema")
    assert entered.location == "/pairs?colour=red"
    assert "Institut Témoin" in browser.get("/pairs").text
    assert browser.post("/sign-in/tenant", tenant_id="univ").location == "/sign-in?again=1"


def test_only_the_tenants_offered_may_be_chosen(browser: Browser) -> None:
    browser.sign_in(OF_TWO)
    for tenant in ("infancia", "", "../univ"):
        assert browser.post("/sign-in/tenant", tenant_id=tenant).status == 404
    assert browser.post("/sign-in/tenant", tenant_id="univ").location == "/"


def test_the_choice_belongs_to_the_browser_that_proved_the_address(
    browser: Browser, other_browser: Browser
) -> None:
    browser.sign_in(OF_TWO)
    assert other_browser.get("/sign-in/tenant").location == "/sign-in?again=1"
    assert other_browser.post("/sign-in/tenant", tenant_id="univ").location == "/sign-in?again=1"


def test_asking_for_a_code_is_not_yet_a_choice(browser: Browser) -> None:
    browser.post("/sign-in", email=OF_TWO)
    assert browser.post("/sign-in/tenant", tenant_id="univ").location == "/sign-in?again=1"


def test_a_choice_waits_ten_minutes(browser: Browser, moment: Moment) -> None:
    browser.sign_in(OF_TWO)
    moment.passes(minutes=10)
    assert browser.post("/sign-in/tenant", tenant_id="univ").location == "/sign-in?again=1"


def test_after_signing_in_one_is_where_one_wanted_to_go(browser: Browser) -> None:
    assert (
        browser.get("/pairs?colour=red&done=x").location == "/sign-in?next=/pairs%3Fcolour%3Dred%26done%3Dx"
    )
    assert browser.sign_in(KNOWN, "/pairs?colour=red").location == "/pairs?colour=red"


@pytest.mark.parametrize(
    "onward",
    [
        "//mal.fr",
        "https://mal.fr",
        "/\\mal.fr",
        "\\\\mal.fr",
        "/\t/mal.fr",
        "javascript:alert(1)",
        "/sign-out",
    ],
)
def test_signing_in_leads_to_no_other_site(browser: Browser, onward: str) -> None:
    assert browser.sign_in(KNOWN, onward).location == "/"


@pytest.mark.parametrize(
    "said",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"},
    ],
)
def test_a_form_of_another_site_is_refused(browser: Browser, said: dict[str, str]) -> None:
    browser.sign_in(KNOWN)
    for path in ("/sign-in", "/sign-in/code", "/sign-in/tenant", "/sign-out", "/pairs"):
        assert browser.post(path, said, email=KNOWN).status == 403
    assert len(mailbox()) == 1
    assert browser.get("/pairs").status == 200


@pytest.mark.parametrize("origin", ["http://mal.fr", "null", "http://[", "http://127.0.0.1:8001", ""])
def test_an_old_browser_is_judged_by_its_origin(browser: Browser, origin: str) -> None:
    said = {"content-type": "application/x-www-form-urlencoded", "origin": origin}
    assert browser.sent("POST", "/sign-in", said, b"email=a%40b.fr").status == 403


def test_a_client_that_says_nothing_of_itself_is_no_forged_form(browser: Browser) -> None:
    said = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.sent("POST", "/sign-in", said, b"email=a%40b.fr").location == "/sign-in/code"


def test_a_form_without_the_right_is_refused_in_words(browser: Browser) -> None:
    browser.sign_in("nora@exemple.fr")
    page = browser.post("/pairs")
    assert page.status == 403
    assert "Votre rôle ne le permet pas" in page.text


@pytest.mark.parametrize(
    "cookie", ["binome=é", "binome=;;=", 'binome="a b"; =', "binome=" + "x" * 5000, '{"a": 1}']
)
def test_a_broken_cookie_is_nobody(browser: Browser, cookie: str) -> None:
    assert browser.sent("GET", "/pairs", {"cookie": cookie}, b"").status == 303


def test_cookies_of_other_programs_do_not_hide_ours(browser: Browser) -> None:
    browser.sign_in(KNOWN)
    held = f'theirs={{"a": [1, 2]}}; binome={browser.jar.pop("binome")}'
    assert browser.sent("GET", "/pairs", {"cookie": held}, b"").status == 200
