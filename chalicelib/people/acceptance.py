"""From what was typed about a person to what is kept: derived, normalised, or refused by field. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chalicelib.people.contact_details import normal_phone
from chalicelib.people.person import Checks, Contact, Guardian, Person
from chalicelib.people.rules import (
    LeavingReason,
    Stage,
    birth_date_problem,
    dates_after_move,
    stage_problem,
)
from chalicelib.people.schema import ChecksBody, GuardianBody
from chalicelib.programmes.rules import age_problem
from chalicelib.programmes.schema import Programme
from chalicelib.spine.errors import FieldProblem
from chalicelib.spine.territories import (
    TerritoryCode,
    department_of_postal_code,
    territory,
)

#: What is typed and kept as it is; the rest is derived from it or encrypted.
_PLAIN = frozenset(
    {
        "first_name",
        "last_name",
        "territory",
        "postal_code",
        "programme",
        "structure",
        "source",
        "capacity",
        "training_hours",
    }
)
_SENSITIVE = frozenset({"email", "birth_date", "disability", "in_care", "note"})


@dataclass(frozen=True)
class Sheet:
    """A person with their sensitive fields opened: what a form shows, and what is checked."""

    person: Person
    contact: Contact


@dataclass(frozen=True)
class _Typed:
    """What was typed, by name; a field that was left out is not in it."""

    fields: Mapping[str, Any]

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def get(self, name: str, otherwise: Any = None) -> Any:  # noqa: ANN401 - each field has its own type, checked by the schema.
        """Give a field, or what it is when it was left out."""
        return self.fields.get(name, otherwise)


def territory_after(before: Person, typed: Mapping[str, object]) -> TerritoryCode | None:
    """Give where a person belongs once what was typed holds.

    A territory that is typed stands. Else a new postal code decides, unless the present territory was
    chosen against the former postal code: a student followed where they study stays there.
    """
    chosen = typed.get("territory", before.territory)
    postal_code = typed.get("postal_code", before.postal_code)
    derived = department_of_postal_code(str(postal_code)) if postal_code else None
    if chosen is None:
        return derived
    follows = before.territory == department_of_postal_code(before.postal_code or "")
    if "territory" not in typed and "postal_code" in typed and follows and derived is not None:
        return derived
    return TerritoryCode(str(chosen))


def accepted(
    before: Sheet, fields: Mapping[str, object], programme: Programme | None, today: date
) -> tuple[Sheet, list[FieldProblem]]:
    """Give the sheet once the typed fields hold, and every problem with them.

    `before.person` at version 0 is being created. `programme` is the one the person will be in, None
    when it is not known; `today` is the day where the person lives.
    """
    typed = _Typed(fields)
    person = replace(before.person, **{name: value for name, value in typed.fields.items() if name in _PLAIN})
    person = replace(person, territory=territory_after(before.person, fields))
    contact, problems = _contact(before.contact, typed, person.territory)
    person, stage_problems = _staged(before.person, person, typed, today)
    problems += stage_problems
    problems += _place_problems(person, typed)
    after = Sheet(person, contact)
    return after, problems + _age_problems(before, after, programme, today)


def _contact(
    before: Contact, typed: _Typed, place: TerritoryCode | None
) -> tuple[Contact, list[FieldProblem]]:
    contact = replace(before, **{name: value for name, value in typed.fields.items() if name in _SENSITIVE})
    problems: list[FieldProblem] = []

    def normal(text: str | None, field: str) -> str | None:
        number = normal_phone(text, place, field=field) if text else None
        if isinstance(number, FieldProblem):
            problems.append(number)
            return text
        return number

    if "phone" in typed:
        contact = replace(contact, phone=normal(typed.get("phone"), "phone"))
    if "guardian" in typed:
        contact = replace(contact, guardian=_guardian(typed.get("guardian"), normal))
    if "checks" in typed:
        contact = replace(contact, checks=_checks(typed.get("checks")))
    return contact, problems


def _guardian(given: GuardianBody | None, normal: Callable[[str | None, str], str | None]) -> Guardian | None:
    if given is None:
        return None
    return Guardian(
        first_name=given.first_name,
        last_name=given.last_name,
        email=given.email,
        phone=normal(given.phone, "guardian.phone"),
    )


def _checks(given: ChecksBody) -> Checks:
    return Checks(given.judicial_record.fact() if given.judicial_record else None, given.charter)


def _staged(before: Person, person: Person, typed: _Typed, today: date) -> tuple[Person, list[FieldProblem]]:
    """Move the person to the stage asked for; a reason for leaving goes with leaving alone."""
    current = before.stage if before.version else None
    stage: Stage = typed.get("stage", before.stage)
    standing = before.leaving_reason if stage is before.stage else None
    reason: LeavingReason | None = typed.get("leaving_reason", standing)
    problem = stage_problem(current, stage, reason)
    if problem is not None:
        return person, [problem]
    dates = dates_after_move(before.dates, stage, today)
    written = {step.value: on.isoformat() for step, on in dates.items()}
    return replace(person, stage=stage, stage_dates=written, leaving_reason=reason), []


def _place_problems(person: Person, typed: _Typed) -> list[FieldProblem]:
    problems = []
    code, postal_code = typed.get("territory"), typed.get("postal_code")
    if code is not None and territory(code) is None:
        problems.append(
            FieldProblem(
                "territory",
                f"{code!r} is no territory: give a code of /v1/territories such as R84 or D69",
                "Choisissez un territoire de la liste.",
            )
        )
    if postal_code is not None and department_of_postal_code(postal_code) is None:
        problems.append(
            FieldProblem(
                "postal_code",
                f"no town has the postal code {postal_code}: check it, such as 93200 for Saint-Denis",
                f"Aucune commune n'a le code postal {postal_code} : vérifiez-le.",
            )
        )
    elif person.kind == "mentee" and person.territory is None:
        problems.append(
            FieldProblem(
                "territory",
                "give the mentee's territory, or a postal code to derive it from",
                "Indiquez le territoire ou le code postal.",
            )
        )
    return problems


def _age_problems(
    before: Sheet, after: Sheet, programme: Programme | None, today: date
) -> list[FieldProblem]:
    """Refuse an age outside the programme, on the day the person joins it.

    A birth date that is filled in or corrected later is held against the day of the sheet's creation:
    who joined at thirty may be thirty-two today.
    """
    birth_date, person = after.contact.birth_date, after.person
    joins_now = before.person.version == 0 or person.programme != before.person.programme
    if birth_date is None or not (joins_now or birth_date != before.contact.birth_date):
        return []
    impossible = birth_date_problem(birth_date, today)
    if impossible is not None or programme is None:
        return [impossible] if impossible else []
    day = today if joins_now else date.fromisoformat(person.created_at[:10])
    problem = age_problem(programme, person.kind, birth_date, day)
    return [problem] if problem else []
