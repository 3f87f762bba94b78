"""The sensitive fields of a person, to and from their encrypted form, and their look-up hashes.

Each field is sealed by itself, so that a change of one re-encrypts one. The names here are those of
the attributes of the stored item.
"""

import json
from dataclasses import asdict
from datetime import date

from chalicelib.people.contact_details import lookup_email
from chalicelib.people.person import Checks, Contact, Guardian, Person, person_key
from chalicelib.people.rules import JudicialRecord
from chalicelib.spine import encryption
from chalicelib.spine.ids import TenantId

FIELDS = ("email", "phone", "birth_date", "guardian", "checks", "disability", "in_care", "note")


def sealed(
    tenant: TenantId, person: Person, contact: Contact, before: Contact | None = None
) -> dict[str, str]:
    """Give the encrypted fields of a person, to be stored.

    With `before`, the contact that `person` holds now, only what differs is encrypted anew. The hashes
    of the mail address and of the phone number let a duplicate be found without decrypting anybody.
    """
    written, formerly = _texts(contact), _texts(before) if before else {}
    kept: dict[str, str] = {}
    for name in FIELDS:
        text = written.get(name)
        if text is None:
            continue
        if before is not None and formerly.get(name) == text:
            kept[f"{name}_sealed"] = person.sealed[f"{name}_sealed"]
        else:
            fresh = encryption.sealed(tenant, person_key(tenant, person.id), name, text)
            kept[f"{name}_sealed"] = fresh or ""
    if contact.email:
        kept["email_hash"] = encryption.lookup(tenant, "email", lookup_email(contact.email))
    if contact.phone:
        kept["phone_hash"] = encryption.lookup(tenant, "phone", contact.phone)
    return kept


def opened(tenant: TenantId, person: Person) -> Contact:
    """Decrypt the sensitive fields of a person: in memory, without any call once the key is known."""
    partition = person_key(tenant, person.id)

    def text(name: str) -> str | None:
        return encryption.opened(tenant, partition, name, person.sealed.get(f"{name}_sealed"))

    born, guardian, checks, in_care = (text(name) for name in ("birth_date", "guardian", "checks", "in_care"))
    return Contact(
        email=text("email"),
        phone=text("phone"),
        birth_date=date.fromisoformat(born) if born else None,
        guardian=Guardian(**json.loads(guardian)) if guardian else None,
        checks=_read_checks(checks) if checks else Checks(),
        disability=text("disability"),
        in_care=None if in_care is None else in_care == "yes",
        note=text("note"),
    )


def _texts(contact: Contact) -> dict[str, str]:
    """Write what is known of each field as text; what is unknown is not stored."""
    record = contact.checks.judicial_record
    written = {
        "email": contact.email,
        "phone": contact.phone,
        "birth_date": contact.birth_date.isoformat() if contact.birth_date else None,
        "guardian": json.dumps(asdict(contact.guardian)) if contact.guardian else None,
        "checks": json.dumps(_written_checks(contact.checks)) if record or contact.checks.charter else None,
        "disability": contact.disability,
        "in_care": None if contact.in_care is None else ("yes" if contact.in_care else "no"),
        "note": contact.note,
    }
    return {name: text for name, text in written.items() if text is not None}


def _written_checks(checks: Checks) -> dict[str, str | bool]:
    written: dict[str, str | bool] = {"charter": checks.charter}
    record = checks.judicial_record
    if record is not None:
        written["judicial_record_on"] = record.done_on.isoformat()
        if record.expires_on is not None:
            written["judicial_record_until"] = record.expires_on.isoformat()
    return written


def _read_checks(text: str) -> Checks:
    read = json.loads(text)
    done_on, until = read.get("judicial_record_on"), read.get("judicial_record_until")
    record = None
    if done_on is not None:
        record = JudicialRecord(date.fromisoformat(done_on), date.fromisoformat(until) if until else None)
    return Checks(record, bool(read["charter"]))
