"""People as the console shows them: words, steps and what is still missing. Pure."""

from collections.abc import Mapping
from datetime import date

from chalicelib.people.person import Contact, Kind, Person, name_of
from chalicelib.people.rules import (
    LEAVING_REASON_LABELS,
    SOURCE_LABELS,
    STAGE_LABELS,
    Stage,
    age_on,
    check_problem,
    guardian_problem,
    training_missing_hours,
    waiting_days,
)
from chalicelib.programmes.schema import Programme
from chalicelib.spine.territories import TerritoryCode, departments_of, regions, territory
from chalicelib.tenancy.rights import Reach

Choices = list[tuple[str, str]]

_WAITING = frozenset(set(Stage) - {Stage.PAIRED, Stage.LEFT})


def row(person: Person, programmes: Mapping[str, Programme], today: date) -> dict[str, object]:
    """Give one line of a list."""
    waits = person.stage in _WAITING
    return {
        "id": person.id,
        "name": name_of(person),
        "stage": person.stage.value,
        "stage_label": STAGE_LABELS[person.stage],
        "programme_name": programme_name(person, programmes),
        "territory_name": territory_name(person.territory),
        "waiting_since": min(person.stage_dates.values()) if waits else None,
        "waiting_days": waiting_days(person.dates, today) if waits else None,
        "href": href(person),
    }


def sheet(person: Person, contact: Contact, programme: Programme | None, today: date) -> dict[str, object]:
    """Give what a person's page shows besides contact details, places and structure."""
    reason = person.leaving_reason
    waits = person.stage in _WAITING
    return {
        "id": person.id,
        "href": href(person),
        "list_href": f"/{person.kind}s",
        "kind": person.kind,
        "name": name_of(person),
        "version": person.version,
        "stage": person.stage.value,
        "stage_label": STAGE_LABELS[person.stage],
        "leaving_reason_label": LEAVING_REASON_LABELS[reason] if reason else "",
        "territory_name": territory_name(person.territory),
        "programme_name": programme.name if programme else person.programme,
        "source_label": SOURCE_LABELS[person.source] if person.source else "",
        "age": age_on(contact.birth_date, today) if contact.birth_date else None,
        "waiting_days": waiting_days(person.dates, today) if waits else None,
        "capacity": person.capacity if person.kind == "mentor" else None,
        "training_hours": f"{person.training_hours:g}".replace(".", ",") if person.kind == "mentor" else None,
        "checks": checks(person, contact, programme, today),
        "steps": steps(person),
    }


def steps(person: Person) -> list[dict[str, object]]:
    """Give the funnel as a line of steps; whoever left is shown at the end of what they did."""
    order: list[Stage] = [stage for stage in Stage if stage is not Stage.LEFT]
    if person.stage is Stage.LEFT:
        order = [*(stage for stage in order if stage in person.dates), Stage.LEFT]
    here = order.index(person.stage)
    return [
        {
            "label": STAGE_LABELS[stage],
            "state": "done" if position < here else "current" if position == here else "todo",
            "on": person.stage_dates.get(stage),
        }
        for position, stage in enumerate(order)
    ]


def checks(
    person: Person, contact: Contact, programme: Programme | None, today: date
) -> list[dict[str, object]]:
    """Say what stands and what is missing before a pair, each in a few words."""
    if person.kind == "mentee":
        if not guardian_problem(contact.birth_date, has_guardian=False, on=today):
            return []
        known = contact.guardian is not None
        return [_check("Représentant légal", known, "Renseigné" if known else "À renseigner")]
    record = contact.checks.judicial_record
    problem = check_problem(record, minor_mentee=True, on=today)
    recorded = "À vérifier" if record is None else f"Vérifié le {record.done_on:%d/%m/%Y}"
    if problem is not None and record is not None:
        recorded = "Vérification à renouveler"
    found = [
        _check("Casier judiciaire", problem is None, recorded),
        _check("Charte", contact.checks.charter, "Signée" if contact.checks.charter else "À signer"),
    ]
    if programme is not None:
        missing = training_missing_hours(person.training_hours, programme.training.hours)
        label = "Suivie" if missing == 0 else f"Il manque {missing:g} h".replace(".", ",")
        found.append(_check("Formation", missing == 0, label))
    return found


def contact_card(person: Person, contact: Contact) -> dict[str, object]:
    """Give the contact details, once they are asked for."""
    return {
        "email": contact.email,
        "phone": contact.phone,
        "birth_date": contact.birth_date,
        "postal_code": person.postal_code,
        "guardian": contact.guardian,
        "disability": contact.disability,
        "in_care": {None: None, True: "Oui", False: "Non"}[contact.in_care],
        "note": contact.note,
    }


def stage_choices(current: Stage | None, *, with_current: bool) -> Choices:
    """Give the stages that may be chosen by hand: a pair alone puts somebody in a pair."""
    if current is Stage.PAIRED:
        return [(current.value, STAGE_LABELS[current])] if with_current else []
    return [
        (stage.value, STAGE_LABELS[stage])
        for stage in Stage
        if stage is not Stage.PAIRED and (with_current or stage is not current)
    ]


def territory_choices(reach: Reach) -> Choices:
    """Give the regions, each before its départements, as far as the viewer reaches."""
    found: Choices = []
    for region in regions():
        whole = reach.whole_tenant or not reach.territories or region.code in reach.territories
        inside = [
            (each.code, f"{each.name} ({each.code[1:]})")
            for each in departments_of(region.code)
            if whole or each.code in reach.territories
        ]
        found += [*([(region.code, region.name)] if whole else []), *inside]
    return found


def leaving_choices() -> Choices:
    """Give the reasons for leaving."""
    return [(reason.value, label) for reason, label in LEAVING_REASON_LABELS.items()]


def source_choices() -> Choices:
    """Give the ways people come to an organisation."""
    return [(source.value, label) for source, label in SOURCE_LABELS.items()]


def territory_name(code: TerritoryCode | None) -> str:
    """Give the name of a territory."""
    found = None if code is None else territory(code)
    return found.name if found else ""


def programme_name(person: Person, programmes: Mapping[str, Programme]) -> str:
    """Give the name of a person's programme."""
    found = programmes.get(person.programme)
    return found.name if found else person.programme


def href(person: Person) -> str:
    """Give the address of a person's page."""
    return f"/{person.kind}s/{person.id}"


def kind_label(kind: Kind, words: Mapping[str, str], *, plural: bool = False) -> str:
    """Give the tenant's own word for a kind of people, with a capital."""
    word = words[f"{kind}s" if plural else kind]
    return word[:1].upper() + word[1:]


def _check(label: str, ok: bool, status: str) -> dict[str, object]:  # noqa: FBT001 - one private function, read with its callers.
    return {"label": label, "ok": ok, "status_label": status}
