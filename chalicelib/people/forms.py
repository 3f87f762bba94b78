"""The form of a person: from the sheet to its fields, and from what was typed to what the API takes. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from chalicelib.people.acceptance import Sheet
from chalicelib.people.contact_details import normal_postal_code
from chalicelib.people.person import Kind
from chalicelib.spine.errors import FieldProblem, Unfinished
from chalicelib.spine.territories import department_of_postal_code

#: Fields of the form that are fields of the API too, for both kinds.
_SHARED: Final = (
    "first_name",
    "last_name",
    "birth_date",
    "email",
    "phone",
    "postal_code",
    "programme",
    "structure",
    "source",
    "leaving_reason",
    "disability",
    "note",
)
_DAYS: Final = ("birth_date", "checks_judicial_record_done_on", "checks_judicial_record_expires_on")
_GUARDIAN: Final = ("first_name", "last_name", "email", "phone")
_FRENCH_DAY: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)
_IN_CARE: Final = {"yes": True, "no": False}


def values_of(sheet: Sheet) -> dict[str, str]:
    """Give what the form of a person shows; a territory that follows from the postal code is left blank."""
    person, contact = sheet.person, sheet.contact
    derived = department_of_postal_code(person.postal_code or "")
    values: dict[str, object] = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_date": contact.birth_date,
        "email": contact.email,
        "phone": contact.phone,
        "postal_code": person.postal_code,
        "territory": None if person.territory == derived else person.territory,
        "programme": person.programme,
        "structure": person.structure,
        "source": person.source,
        "stage": person.stage,
        "leaving_reason": person.leaving_reason,
        "disability": contact.disability,
        "note": contact.note,
    }
    if person.kind == "mentor":
        record = contact.checks.judicial_record
        values |= {
            "capacity": person.capacity,
            "training_hours": f"{person.training_hours:g}".replace(".", ","),
            "checks_judicial_record_done_on": record.done_on if record else None,
            "checks_judicial_record_expires_on": record.expires_on if record else None,
            "checks_charter": "true" if contact.checks.charter else None,
        }
    else:
        guardian, in_care = contact.guardian, contact.in_care
        values |= {f"guardian_{name}": getattr(guardian, name, None) for name in _GUARDIAN}
        values["in_care"] = None if in_care is None else ("yes" if in_care else "no")
    return {name: str(value) for name, value in values.items() if value is not None}


def given_back(form: Mapping[str, str]) -> dict[str, str]:
    """Give what was typed as the form shows it again: calendar controls show no day but an ISO one."""
    return {**form, **{name: _iso_day(form[name]) for name in _DAYS if name in form}}


def body_of(kind: Kind, form: Mapping[str, str]) -> dict[str, object]:
    """Give what was typed in the shape the API takes, to be held to its schema.

    Days may be typed the French way, decimals with a comma. A territory left blank is that of the
    postal code; a stage left out stays as it is.
    """
    typed = {**form, **{name: _iso_day(form.get(name, "")) for name in _DAYS}}
    body: dict[str, object] = {name: typed.get(name, "") for name in _SHARED}
    body["territory"] = typed.get("territory") or _derived(typed.get("postal_code", ""))
    body |= {name: typed[name] for name in ("stage", "version") if typed.get(name)}
    if kind == "mentor":
        body["capacity"] = typed.get("capacity", "")
        body["training_hours"] = typed.get("training_hours", "").replace(",", ".") or "0"
        body["checks"] = _checks(typed)
    else:
        given = {name: typed.get(f"guardian_{name}", "") for name in _GUARDIAN}
        body["guardian"] = given if any(given.values()) else None
        body["in_care"] = _IN_CARE.get(typed.get("in_care", ""))
    return body


def messages(problems: Iterable[FieldProblem]) -> dict[str, str]:
    """Give one French sentence per field of the form; `form` stands for the form as a whole."""
    found = Unfinished(problems=tuple(problems)).messages()
    return {_form_field(name): text for name, text in found.items()}


def filter_messages(problems: Iterable[FieldProblem]) -> dict[str, str]:
    """Give one French sentence per filter of a list; `form` stands for those that its bar does not show."""
    shown = {"q", "stage", "programme", "territory"}
    return {(name if name in shown else "form"): text for name, text in messages(problems).items()}


def stale_messages(
    typed: Mapping[str, str], current: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Say, beside each field where what was typed differs, what somebody else has saved meanwhile.

    `labels` are the words of the fields that are chosen from a list.
    """

    def said(name: str) -> str:
        value = current.get(name, "")
        day = date.fromisoformat(value).strftime("%d/%m/%Y") if name in _DAYS and value else value
        return labels.get(name, {}).get(value) or day or "rien"

    differing = {
        name: f"La fiche indique maintenant : {said(name)}."
        for name in sorted(current.keys() | typed.keys())
        if name not in {"version", "idempotency_key"} and typed.get(name, "") != current.get(name, "")
    }
    return {
        "form": "Cette fiche a changé entre-temps. Vérifiez chaque différence, puis enregistrez de nouveau : "
        "votre saisie remplacera ce qui est indiqué.",
        **differing,
    }


def _form_field(name: str) -> str:
    if name in {"version", "body", "Idempotency-Key"}:
        return "form"
    return name.replace(".", "_")


def _iso_day(text: str) -> str:
    """Give a day typed as 23/04/2009 as the calendar control sends it; any other text as it is."""
    found = _FRENCH_DAY.fullmatch(text.strip())
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text


def _derived(postal_code: str) -> str | None:
    code = normal_postal_code(postal_code) if postal_code else ""
    return None if isinstance(code, FieldProblem) else department_of_postal_code(code)


def _checks(typed: Mapping[str, str]) -> dict[str, object]:
    done_on = typed.get("checks_judicial_record_done_on", "")
    expires_on = typed.get("checks_judicial_record_expires_on", "")
    record = {"done_on": done_on, "expires_on": expires_on} if done_on or expires_on else None
    return {"judicial_record": record, "charter": typed.get("checks_charter") == "true"}
