"""How a person is reached: one normal form for phone numbers, e-mail addresses and postal codes. Pure.

Every function gives the value, or the `FieldProblem` that says what would be accepted.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from chalicelib.people.names import tidied
from chalicelib.spine.errors import FieldProblem

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

#: Overseas territories have country calling codes of their own (ITU E.164: 590, 594, 596, 262).
_REGION_OF_TERRITORY: Final = {
    "D971": "GP",
    "R01": "GP",
    "D972": "MQ",
    "R02": "MQ",
    "D973": "GF",
    "R03": "GF",
    "D974": "RE",
    "R04": "RE",
    "D976": "YT",
    "R06": "YT",
}
_REGIONS: Final = ("FR", "RE", "GP", "MQ", "GF", "YT")

#: Hyphens, dashes and the minus sign that documents put in place of the plain hyphen.
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_DIALLED: Final = re.compile(r"\(?\+?[\d\s.()/-]{6,40}")
_ROUNDED_BY_SPREADSHEET: Final = re.compile(r"\d+([.,]\d+)?\s?E\s?\+?\d+", re.IGNORECASE)
_NUMBER_CELL: Final = re.compile(r"(\d{9,15})[.,]0")

#: RFC 5321 limits; only what Amazon SES delivers to, which excludes letters outside ASCII.
_EMAIL: Final = re.compile(
    r"(?=.{6,254}$)"
    r"(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_POSTAL_CODE: Final = re.compile(r"\d{5}", re.ASCII)
_POSTAL_CODE_LESS_ITS_ZERO: Final = re.compile(r"[1-9]\d{3}", re.ASCII)


def normal_phone(text: str, territory_code: str | None = None, *, field: str = "phone") -> str | FieldProblem:
    """Give a phone number in E.164 ("+33612345678"), whatever way people and Excel wrote it.

    A number without country code is first taken as one of the person's own territory
    (`territory_code`: D974, R04…), then of metropolitan France, then of the other overseas
    territories: their ranges do not overlap, and people move. The zero that Excel drops and the plus
    sign that people forget are put back; a number that a spreadsheet rounded is refused, since its
    last digits are lost.
    """
    # Imported at the first number: its tables would weigh on every cold start.
    from phonenumbers import PhoneNumberFormat, format_number, is_valid_number  # noqa: PLC0415

    typed = tidied(text).strip("'\"= ").translate(_DASHES)
    if _ROUNDED_BY_SPREADSHEET.fullmatch(typed):
        return FieldProblem(
            field,
            "a spreadsheet rounded this number: format the column as text and type it again in full, "
            "for example 06 12 34 56 78",
            "Un tableur a arrondi ce numéro : mettez la colonne au format texte et saisissez-le en entier, "
            "par exemple 06 12 34 56 78.",
        )
    cell = _NUMBER_CELL.fullmatch(typed)
    readings = list(_readings(cell[1] if cell else typed, territory_code))
    for acceptable in (is_valid_number, _could_ring):
        for number in readings:
            if acceptable(number):
                return format_number(number, PhoneNumberFormat.E164)
    return FieldProblem(
        field,
        "give one phone number, such as 06 12 34 56 78, or with its country code, such as +32 470 12 34 56",
        "Indiquez un seul numéro, par exemple 06 12 34 56 78, ou avec l'indicatif du pays, "
        "par exemple +32 470 12 34 56.",
    )


def checked_email(text: str, *, field: str = "email") -> str | FieldProblem:
    """Give an e-mail address as typed, tidied; compare addresses by `lookup_email`.

    The check catches what hands and imports get wrong (a missing dot, two addresses in one cell, an
    accent); whether the address exists is known by writing to it. The `email-validator` package was
    weighed and left out: three packages more to deploy, it accepts accents that Amazon SES does not
    deliver to, and refuses the reserved domains that trial runs write to.
    """
    email = tidied(text)
    if _EMAIL.fullmatch(email):
        return email
    return FieldProblem(
        field,
        "give one e-mail address without spaces or accents, such as camille.martin@example.org",
        "Indiquez une seule adresse e-mail, sans espace ni accent, par exemple camille.martin@example.org.",
    )


def lookup_email(email: str) -> str:
    """Give the form under which addresses are looked up: brothers and sisters may share one."""
    return tidied(email).lower()


def normal_postal_code(text: str, *, field: str = "postal_code") -> str | FieldProblem:
    """Give a French postal code of five digits, with the leading zero that Excel drops ("1000" is 01000)."""
    typed = "".join(tidied(text).strip("'\"= ").split())
    if _POSTAL_CODE_LESS_ITS_ZERO.fullmatch(typed):
        return f"0{typed}"
    if _POSTAL_CODE.fullmatch(typed):
        return typed
    return FieldProblem(
        field,
        "give a French postal code of five digits, such as 93200",
        "Indiquez un code postal français à cinq chiffres, par exemple 93200.",
    )


def _readings(typed: str, territory_code: str | None) -> "Iterator[PhoneNumber]":
    """Read the number as dialled from the person's own territory, then from the others."""
    from phonenumbers import NumberParseException, parse  # noqa: PLC0415

    if not _DIALLED.fullmatch(typed):
        return
    own = _REGION_OF_TERRITORY.get(territory_code or "", "FR")
    for region in dict.fromkeys((own, *_REGIONS)):
        try:
            yield parse(typed, region)
        except NumberParseException:
            continue


def _could_ring(number: "PhoneNumber") -> bool:
    """Accept a number of the right length in a range that the library's tables do not know.

    Ranges opened since those tables were made ring all the same: refusing them would cost more than
    the mistypings that a table catches. A second zero never follows the first in France.
    """
    from phonenumbers import is_possible_number  # noqa: PLC0415

    return not number.italian_leading_zero and is_possible_number(number)
