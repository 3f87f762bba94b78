"""Names of people: how they are kept, compared and found. Pure."""

import re
import unicodedata
from typing import Final

from chalicelib.spine.errors import FieldProblem

#: Longer than any name of the civil register met in practice; protects the size of the index keys.
NAME_LENGTH: Final = 100

#: Letters of a search key: people are found from the third letter typed.
KEY_LENGTH: Final = 3

#: A person takes at most this many items of the search index, whatever the length of the name.
MOST_KEYS: Final = 6

#: Letters that Unicode does not decompose and that French keyboards cannot type.
_UNDECOMPOSED: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ħ": "h"}
)
#: What people, phones and word processors write for an apostrophe: single quotation marks, modifier
#: letters, primes, the grave and acute accents. They must become a plain one before decomposition,
#: which turns some of them into a space or an accent.
_APOSTROPHES: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u02b9\u02bb\u02bc\u2032\u0060\u00b4\uff07", "'")
)


def tidied(text: str) -> str:
    """Give the text in NFC, without invisible characters, with single spaces and none around.

    Text pasted from web pages and messengers carries zero-width and direction marks which nobody
    sees and which make two equal names or numbers differ.
    """
    seen = "".join(
        letter for letter in text if letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cf"}
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())


def checked_name(text: str, *, field: str = "name") -> str | FieldProblem:
    """Give the name as typed, tidied; a problem when it is empty, too long or holds no letter.

    A name without any letter ("-", "???", "0612345678") could never be found again by searching.
    """
    name = tidied(text)
    if any(letter.isalpha() for letter in folded(name)) and len(name) <= NAME_LENGTH:
        return name
    return FieldProblem(
        field,
        f"give a name of 1 to {NAME_LENGTH} characters with at least one letter",
        f"Indiquez un nom de 1 à {NAME_LENGTH} caractères, avec au moins une lettre.",
    )


def folded(name: str) -> str:
    """Give the form under which names are compared and sorted.

    No accents, case, hyphens or punctuation, single spaces; ligatures are spelt out and apostrophes
    dropped: "Lœtitia N'Diaye-Le Goff" gives "loetitia ndiaye le goff". Folding twice changes nothing.
    """
    return " ".join(_lettered(name).replace("'", "").split())


def search_prefixes(first_name: str, last_name: str) -> tuple[str, ...]:
    """Give the keys under which a person is filed in the search index: 1 to `MOST_KEYS`.

    One key per word, made of the three letters that begin there when the rest of that name is
    written in one piece, so that short particles still give three letters: "Jean-Baptiste",
    "Le Goff" is filed under leg, jea, gof, bap; "D'Artagnan" under dar and art; "Li" under li.
    The beginnings of the last and first name come first, so that they are never the ones left out.
    """
    last, first = _runs(last_name), _runs(first_name)
    ordered = (*last[:1], *first[:1], *last[1:], *first[1:])
    return tuple(dict.fromkeys(run[:KEY_LENGTH] for run in ordered))[:MOST_KEYS]


def search_keys(query: str) -> tuple[str, ...]:
    """Give the index keys to read for what somebody typed: one, three at most, none without a letter.

    The first word of three letters or more decides: "le goff" reads gof. When all words are short,
    they may begin a compound name ("le g" reads leg) or hold a short one ("li bo" must read li).
    What is read must still pass `name_matches`.
    """
    words = folded(query).split()
    for word in words:
        if len(word) >= KEY_LENGTH:
            return (word[:KEY_LENGTH],)
    beginning = "".join(words)[:KEY_LENGTH]
    return tuple(beginning[:length] for length in range(len(beginning), 0, -1))


def name_matches(query: str, first_name: str, last_name: str) -> bool:
    """Tell whether every word typed begins a word of the person's names, in any order."""
    runs = _runs(first_name) + _runs(last_name)
    words = folded(query).split()
    return bool(words) and all(any(run.startswith(word) for run in runs) for word in words)


def _runs(name: str) -> tuple[str, ...]:
    """Give, from each word on, the rest of the name in one piece: "le goff" gives legoff, goff."""
    plain = _lettered(name)
    return tuple(re.sub("[' ]", "", plain[word.start() :]) for word in re.finditer("[^' ]+", plain))


def _lettered(name: str) -> str:
    """Give the name in bare lower-case letters and digits, with spaces and straight apostrophes."""
    decomposed = unicodedata.normalize("NFKD", tidied(name).translate(_APOSTROPHES)).casefold()
    # Folding the case of some letters brings marks back (İ gives i and a dot): decompose once more.
    letters = unicodedata.normalize("NFKD", decomposed).translate(_UNDECOMPOSED)
    return "".join(
        letter if letter.isalnum() or letter == "'" else " "
        for letter in letters
        if unicodedata.category(letter) not in {"Mn", "Mc", "Me"}
    )
