"""Names are kept as typed, and found however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.people.names import (
    KEY_LENGTH,
    MOST_KEYS,
    checked_name,
    folded,
    name_matches,
    search_keys,
    search_prefixes,
    tidied,
)
from chalicelib.spine.errors import FieldProblem

# Names of at most three words each, so that the limit of six keys leaves none out.
words = st.text(alphabet="abcdeéèïœzÉŒł", min_size=1, max_size=8)
names = st.lists(words, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ", "-", "'", "\u2019"]).map(lambda between: between.join(parts))
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Awa ", "Awa"),
        ("Jean - Luc", "Jean - Luc"),
        ("Marie\u00a0Claire", "Marie Claire"),
        ("Marie\t\n Claire", "Marie Claire"),
        ("Zoe\u0301", "Zoé"),
        ("\ufeffLéa\u200b", "Léa"),
        ("\u202eLéa\u202c", "Léa"),
        ("Léa\x00", "Léa"),
        ("O'Brien", "O'Brien"),
        ("Nguyễn", "Nguyễn"),
        ("李", "李"),
    ],
)
def test_a_name_is_kept_as_typed_but_for_what_nobody_sees(typed: str, kept: str) -> None:
    assert checked_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "-", "???", "'", "\u200b", "0612345678", "x" * 101])
def test_a_name_that_could_not_be_found_again_is_refused(typed: str) -> None:
    problem = checked_name(typed, field="first_name")

    assert isinstance(problem, FieldProblem)
    assert problem.field == "first_name"
    assert "at least one letter" in problem.message
    assert problem.french is not None


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Émilie", "emilie"),
        ("LE GOFF", "le goff"),
        ("Jean-Baptiste", "jean baptiste"),
        ("Jean\u2011Baptiste", "jean baptiste"),
        ("N'Diaye", "ndiaye"),
        ("N\u2019Diaye", "ndiaye"),
        ("N\u02bcDiaye", "ndiaye"),
        ("N\u00b4Diaye", "ndiaye"),
        ("N`Diaye", "ndiaye"),
        ("Lœtitia", "loetitia"),
        ("LŒTITIA", "loetitia"),
        ("Lætitia", "laetitia"),
        ("Strauß", "strauss"),
        ("Łukasz", "lukasz"),
        ("Sørensen", "sorensen"),
        ("Đorđe", "dorde"),
        ("İbrahim", "ibrahim"),
        ("Y\u0131ld\u0131z", "yildiz"),
        ("Françoise  DUPONT", "francoise dupont"),
        ("Martin (Léo)", "martin leo"),
        ("Nguyễn Thị", "nguyen thi"),
        ("", ""),
    ],
)
def test_folding_forgets_what_people_type_differently(name: str, form: str) -> None:
    assert folded(name) == form


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert folded(folded(name)) == folded(name)


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidied(tidied(text)) == tidied(text)


@given(st.text())
def test_folding_does_not_depend_on_how_the_text_was_tidied(name: str) -> None:
    assert folded(tidied(name)) == folded(name)


@given(st.text(alphabet="éèàçüñŒœ'’- abcABC"))
def test_folding_does_not_depend_on_case(name: str) -> None:
    assert folded(name.upper()) == folded(name.lower()) == folded(name)


@pytest.mark.parametrize(
    ("first_name", "last_name", "keys"),
    [
        ("Awa", "Diallo", ("dia", "awa")),
        ("Jean-Baptiste", "Le Goff", ("leg", "jea", "gof", "bap")),
        ("Léa", "D'Artagnan", ("dar", "lea", "art")),
        ("Awa", "N'Diaye", ("ndi", "awa", "dia")),
        ("Bo", "Li", ("li", "bo")),
        ("O", "K", ("k", "o")),
        ("Martin", "Martin", ("mar",)),
        ("Anne", "de La Tour du Pin", ("del", "ann", "lat", "tou", "dup", "pin")),
        ("Maria del Carmen", "de la Torre y Gómez", ("del", "mar", "lat", "tor", "ygo", "gom")),
    ],
)
def test_a_person_is_filed_under_the_beginning_of_each_word(
    first_name: str, last_name: str, keys: tuple[str, ...]
) -> None:
    assert search_prefixes(first_name, last_name) == keys


@given(first_name=st.text(max_size=100), last_name=st.text(max_size=100))
def test_a_person_never_takes_more_than_six_short_and_different_keys(first_name: str, last_name: str) -> None:
    keys = search_prefixes(first_name, last_name)

    assert len(keys) == len(set(keys)) <= MOST_KEYS
    assert all(1 <= len(key) <= KEY_LENGTH for key in keys)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("goff", ("gof",)),
        ("Le Goff", ("gof",)),
        ("le g", ("leg", "le", "l")),
        ("li", ("li", "l")),
        ("li bo", ("lib", "li", "l")),
        ("N\u2019Diaye", ("ndi",)),
        ("d'art", ("dar",)),
        ("jean-b", ("jea",)),
        ("é", ("e",)),
        ("  - ", ()),
        ("", ()),
    ],
)
def test_a_query_reads_one_key_and_more_only_when_all_its_words_are_short(
    query: str, keys: tuple[str, ...]
) -> None:
    assert search_keys(query) == keys


@pytest.mark.parametrize(
    "query",
    [
        "jea", "jean", "bap", "baptiste", "jean-baptiste", "jeanbap", "leg", "le g", "legoff", "goff",
        "LE GOFF", "goff jean", "Jean-Baptiste Le Goff", "le goff jean b",
    ],
)  # fmt: skip
def test_jean_baptiste_le_goff_is_found(query: str) -> None:
    assert set(search_keys(query)) & set(search_prefixes("Jean-Baptiste", "Le Goff"))
    assert name_matches(query, "Jean-Baptiste", "Le Goff")


@pytest.mark.parametrize("query", ["off", "jeanne", "goff paul", "tiste", "", " - "])
def test_jean_baptiste_le_goff_is_not_found(query: str) -> None:
    assert not name_matches(query, "Jean-Baptiste", "Le Goff")


@pytest.mark.parametrize("query", ["ndiaye", "n'diaye", "N\u2019DIAYE", "diaye", "n diaye", "ndi awa"])
def test_awa_n_diaye_is_found_however_the_apostrophe_is_typed(query: str) -> None:
    assert set(search_keys(query)) & set(search_prefixes("Awa", "N'Diaye"))
    assert name_matches(query, "Awa", "N'Diaye")


@given(first_name=names, last_name=names)
def test_everybody_is_found_by_their_whole_name_in_either_order(first_name: str, last_name: str) -> None:
    filed_under = set(search_prefixes(first_name, last_name))

    for query in (f"{first_name} {last_name}", f"{last_name} {first_name}", last_name, first_name):
        assert filed_under & set(search_keys(query))
        assert name_matches(query, first_name, last_name)


@given(first_name=names, last_name=names, data=st.data())
def test_everybody_is_found_from_the_third_letter_of_any_word(
    first_name: str, last_name: str, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(folded(f"{first_name} {last_name}").split()))
    typed = word[: data.draw(st.integers(KEY_LENGTH, 10))]

    if len(typed) >= KEY_LENGTH:
        assert set(search_keys(typed)) <= set(search_prefixes(first_name, last_name))
    assert name_matches(typed, first_name, last_name)
