"""Scenes set through the API before a test begins: people who may be paired, and pairs of a given age."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.browser.office import Client, born, days_ago


@dataclass(frozen=True)
class Pairing:
    """A pair that was set up, with the names that screens show."""

    id: str
    mentor: dict[str, Any]
    mentee: dict[str, Any]


def a_mentor(client: Client, programme: str, territory: str, *, capacity: int = 1) -> dict[str, Any]:
    """Add a mentor who is available."""
    name = _name()
    given = {
        "first_name": "Maude",
        "last_name": name,
        "email": f"{name.lower()}@mentor.example",
        "phone": "+33639981234",
        "birth_date": born(34),
        "territory": territory,
        "programme": programme,
        "stage": "available",
        "capacity": capacity,
        "training_hours": 30,
        "checks": {"judicial_record": {"done_on": days_ago(40)}, "charter": True},
    }
    return client.post("/v1/mentors", given)


def a_mentee(client: Client, programme: str, territory: str, *, age: int = 16) -> dict[str, Any]:
    """Add a mentee who is available, with the guardian that a minor needs."""
    given = {
        "first_name": "Élio",
        "last_name": _name(),
        "birth_date": born(age),
        "territory": territory,
        "programme": programme,
        "stage": "available",
        "guardian": {"first_name": "Ana", "last_name": "Tutrice", "phone": "+33639985678"},
    }
    return client.post("/v1/mentees", given)


def a_pair(client: Client, territory: str, *, launched: int, coordinator: str | None = None) -> Pairing:
    """Launch a pair of a tenant's first programme so many days ago."""
    programme = next(client.every("/v1/programmes"))["id"]
    mentor, mentee = a_mentor(client, programme, territory), a_mentee(client, programme, territory)
    given = {
        "mentor": mentor["id"],
        "mentee": mentee["id"],
        "programme": programme,
        "launched_on": days_ago(launched),
    }
    if coordinator:
        given["coordinator"] = coordinator
    return Pairing(client.post("/v1/pairs", given)["id"], mentor, mentee)


def named(person: dict[str, Any]) -> str:
    """Give a name as screens show it."""
    return f"{person['first_name']} {person['last_name']}"


def _name() -> str:
    """Invent a last name that nobody else has, in letters alone."""
    return "Essai" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:8])
