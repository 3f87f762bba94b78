"""Phone numbers, e-mail addresses and postal codes have one form each, whatever was typed."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.contact_details import checked_email, lookup_email, normal_phone, normal_postal_code
from chalicelib.spine.errors import FieldProblem

territories = st.sampled_from([None, "D75", "D971", "D972", "D973", "D974", "D976", "R11", "R04"])
french_numbers = st.from_regex(r"0[1-7][0-9]{8}", fullmatch=True)


@pytest.mark.parametrize(
    "typed",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06/12/34/56/78",
        "06\u00a012\u00a034\u00a056\u00a078",
        "06\u201112\u201134\u201156\u201178",
        "  0612345678\n",
        "(06) 12 34 56 78",
        "+33612345678",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033 6 12 34 56 78",
        "\u202a+33 6 12 34 56 78\u202c",
        "\uff10\uff16 12 34 56 78",
    ],
)
def test_a_number_is_read_however_people_write_it(typed: str) -> None:
    assert normal_phone(typed) == "+33612345678"


@pytest.mark.parametrize(
    "typed",
    [
        "612345678",
        "33612345678",
        "330612345678",
        "612345678.0",
        "612345678,0",
        "'0612345678",
        '="0612345678"',
    ],
)
def test_a_number_is_read_however_excel_mangled_it(typed: str) -> None:
    assert normal_phone(typed) == "+33612345678"


@pytest.mark.parametrize("typed", ["6,12E+08", "6.12E+08", "6,12345678E+08", "3,36E+10", "6e8"])
def test_a_number_rounded_by_a_spreadsheet_is_refused_and_says_why(typed: str) -> None:
    problem = normal_phone(typed)

    assert isinstance(problem, FieldProblem)
    assert problem.field == "phone"
    assert "spreadsheet" in problem.message
    assert "tableur" in (problem.french or "")


@pytest.mark.parametrize(
    ("territory", "typed", "number"),
    [
        ("D971", "0690 12 34 56", "+590690123456"),
        ("R01", "690123456", "+590690123456"),
        ("D971", "0590 12 34 56", "+590590123456"),
        ("D972", "0696 12 34 56", "+596696123456"),
        ("D973", "0694 20 12 34", "+594694201234"),
        ("D974", "0692 12 34 56", "+262692123456"),
        ("D974", "262692123456", "+262692123456"),
        ("R04", "0262 12 34 56", "+262262123456"),
        ("D976", "0639 01 23 45", "+262639012345"),
    ],
)
def test_a_number_overseas_takes_the_code_of_its_territory(territory: str, typed: str, number: str) -> None:
    assert normal_phone(typed, territory) == number


@pytest.mark.parametrize(
    ("territory", "typed", "number"),
    [
        ("D75", "0692 12 34 56", "+262692123456"),
        (None, "262692123456", "+262692123456"),
        ("D974", "06 12 34 56 78", "+33612345678"),
        ("D971", "0692 12 34 56", "+262692123456"),
        ("D974", "01 42 34 56 78", "+33142345678"),
    ],
)
def test_people_who_moved_keep_their_number(territory: str | None, typed: str, number: str) -> None:
    assert normal_phone(typed, territory) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+32 470 12 34 56", "+32470123456"),
        ("0044 20 7946 0958", "+442079460958"),
        ("+39 06 698 1234", "+39066981234"),
    ],
)
def test_a_number_from_abroad_is_kept_with_its_code(typed: str, number: str) -> None:
    assert normal_phone(typed, "D974") == number


@pytest.mark.parametrize("typed", ["06 39 98 12 34", "07 12 34 56 78"])
def test_a_number_of_the_right_length_in_a_range_unknown_to_the_library_is_kept(typed: str) -> None:
    assert normal_phone(typed) == "+33" + typed.replace(" ", "")[1:]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "15",
        "3949",
        "06 12 34 56",
        "06 12 34 56 789",
        "1234567890",
        "0000000000",
        "00 00 00 00 00",
        "06+12345678",
        "06ABCDEFGH",
        "à demander",
        "06 12 34 56 78 poste 2",
        "06 12 34 56 78 ou 07 81 23 45 67",
        "06 12 34 56 78 / 07 81 23 45 67",
        "awa@example.org",
        "+999 123456789",
        "0" * 60,
    ],
)
def test_what_is_not_one_number_is_refused(typed: str) -> None:
    problem = normal_phone(typed, field="guardian.phone")

    assert isinstance(problem, FieldProblem)
    assert problem.field == "guardian.phone"
    assert "06 12 34 56 78" in problem.message
    assert "06 12 34 56 78" in (problem.french or "")


@given(number=french_numbers, first=territories, second=territories)
def test_a_normal_number_stays_the_same_whoever_reads_it_again(
    number: str, first: str | None, second: str | None
) -> None:
    once = normal_phone(number, first)

    assert isinstance(once, str)
    assert normal_phone(once, second) == once


@given(number=french_numbers, territory=territories)
def test_losing_the_leading_zero_changes_nothing(number: str, territory: str | None) -> None:
    assert normal_phone(number[1:], territory) == normal_phone(number, territory)


@given(text=st.text(), territory=territories)
def test_any_text_gives_a_number_or_a_problem(text: str, territory: str | None) -> None:
    result = normal_phone(text, territory)

    if isinstance(result, str):
        assert phonenumbers.is_possible_number(phonenumbers.parse(result))


@pytest.mark.parametrize(
    "typed",
    [
        "awa.diallo@example.org",
        "Awa.Diallo@Example.ORG",
        "a@b.fr",
        "awa+mentorat@example.org",
        "o'brien@example.ie",
        "awa_diallo-2@mail.univ-lyon1.fr",
        "contact@xn--caf-dma.fr",
        "awa@mission-locale.test",
        "awa@example.museum",
    ],
)
def test_an_address_is_kept_as_typed(typed: str) -> None:
    assert checked_email(typed) == typed


def test_an_address_loses_what_was_pasted_around_it() -> None:
    assert checked_email(" \u200bAwa@example.org\u00a0\n") == "Awa@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "awa",
        "awa@",
        "@example.org",
        "awa@example",
        "awa@@example.org",
        "awa@example..org",
        "awa@.example.org",
        "awa@example.org.",
        "awa@-example.org",
        "awa@example-.org",
        "awa@example.1",
        ".awa@example.org",
        "awa.@example.org",
        "awa..diallo@example.org",
        "awa diallo@example.org",
        "awa@exam ple.org",
        "aïssa@example.org",
        "awa@café.fr",
        "awa@example.org; papa@example.org",
        "awa@example.org,papa@example.org",
        "Awa <awa@example.org>",
        "mailto:awa@example.org",
        "awa@example.org\nbcc: other@example.org",
        "awa(at)example.org",
        "x" * 65 + "@example.org",
        "awa@" + "x" * 64 + ".org",
        "awa@" + "x." * 130 + "org",
    ],
)
def test_what_is_not_one_address_is_refused(typed: str) -> None:
    problem = checked_email(typed)

    assert isinstance(problem, FieldProblem)
    assert problem.field == "email"
    assert "@" in problem.message
    assert "@" in (problem.french or "")


@pytest.mark.parametrize("typed", ["AWA@Example.org", " awa@example.org ", "Awa@EXAMPLE.ORG"])
def test_an_address_is_looked_up_whatever_its_case(typed: str) -> None:
    assert lookup_email(typed) == "awa@example.org"


@given(st.emails(domains=st.just("example.org")))
def test_an_accepted_address_is_accepted_again_and_holds_no_space(email: str) -> None:
    once = checked_email(email)

    if isinstance(once, str):
        assert checked_email(once) == once
        assert once.isascii()
        assert len(once.split()) == 1
        assert lookup_email(lookup_email(once)) == lookup_email(once)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("93200", "93200"),
        (" 75 011 ", "75011"),
        ("1000", "01000"),
        ("01000", "01000"),
        ("97400", "97400"),
        ("20000", "20000"),
        ('="01000"', "01000"),
    ],
)
def test_a_postal_code_has_five_digits(typed: str, code: str) -> None:
    assert normal_postal_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "932", "932000", "2A004", "B-1000", "0100", "FR-93200", "9320O", "٩٣٢٠٠"]
)
def test_what_is_not_a_french_postal_code_is_refused(typed: str) -> None:
    problem = normal_postal_code(typed)

    assert isinstance(problem, FieldProblem)
    assert problem.field == "postal_code"
    assert "five digits" in problem.message
