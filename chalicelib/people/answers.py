"""What the API answers about a person."""

from typing import Any

from chalicelib.people import store
from chalicelib.people.person import Checks, Contact, Person
from chalicelib.people.schema import (
    ChecksBody,
    GuardianBody,
    JudicialRecordBody,
    MenteeOut,
    MentorOut,
)
from chalicelib.spine.clock import moment
from chalicelib.spine.ids import TenantId


def mentor_out(tenant: TenantId, person: Person) -> MentorOut:
    """Show a mentor with their contact details."""
    contact = store.contact(tenant, person)
    return MentorOut(
        **_common(person, contact),
        capacity=person.capacity,
        training_hours=person.training_hours,
        checks=checks_out(contact.checks),
    )


def mentee_out(tenant: TenantId, person: Person) -> MenteeOut:
    """Show a mentee with their contact details."""
    contact = store.contact(tenant, person)
    return MenteeOut(**_common(person, contact), guardian=guardian_out(contact), in_care=contact.in_care)


def checks_out(checks: Checks) -> ChecksBody:
    """Show what was checked of a mentor."""
    record = checks.judicial_record
    shown = (
        None if record is None else JudicialRecordBody(done_on=record.done_on, expires_on=record.expires_on)
    )
    return ChecksBody(judicial_record=shown, charter=checks.charter)


def guardian_out(contact: Contact) -> GuardianBody | None:
    """Show a guardian."""
    given = contact.guardian
    if given is None:
        return None
    return GuardianBody(
        first_name=given.first_name, last_name=given.last_name, email=given.email, phone=given.phone
    )


def _common(person: Person, contact: Contact) -> dict[str, Any]:
    """Give what mentors and mentees have in common, checked against the schema by whoever uses it."""
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": contact.email,
        "phone": contact.phone,
        "birth_date": contact.birth_date,
        "territory": person.territory,
        "postal_code": person.postal_code,
        "programme": person.programme,
        "stage": person.stage,
        "leaving_reason": person.leaving_reason,
        "structure": person.structure,
        "source": person.source,
        "disability": contact.disability,
        "note": contact.note,
        "stage_dates": person.dates,
        "created_at": moment(person.created_at),
        "version": person.version,
    }
