"""The one cast of these tests: an organisation with Hélène, Rachid and Camille, and whom they follow."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from tests.integration.stack.town import Answer, Api, Town

#: Rachid's two regions: Auvergne-Rhône-Alpes and Provence-Alpes-Côte d'Azur.
RACHIDS_REGIONS = ("R84", "R93")
#: Camille's département, in the first of them.
RHONE = "D69"
_numbers = count(1)

Record = dict[str, Any]


@dataclass(frozen=True)
class Programme:
    """A programme as the API gives it."""

    shown: Record

    @property
    def id(self) -> str:
        """Give its id."""
        return str(self.shown["id"])

    @property
    def format(self) -> str:
        """Give its usual format."""
        return str(self.shown["format"])

    @property
    def orange(self) -> int:
        """Give the days of silence before orange."""
        return int(self.shown["orange_after_days"])

    @property
    def red(self) -> int:
        """Give the days of silence before red."""
        return int(self.shown["red_after_days"])

    @property
    def ladder(self) -> list[int]:
        """Give the days of silence at which somebody is reminded."""
        return [int(step["after_days"]) for step in self.shown["reminders"]]


@dataclass(frozen=True)
class Colleague:
    """A member of the organisation, with a key of their own."""

    id: str
    name: str
    email: str
    api: Api

    def meets(self, kind: str, programme: Programme, **details: object) -> Record:
        """Add a mentor or a mentee who is ready for a pair, and give them as the API does."""
        number = next(_numbers)
        known: Record = {
            "first_name": "Marie" if kind == "mentor" else "Ali",
            "last_name": f"Durand-{_in_letters(number)}",
            "email": f"{kind}.{number}@example.org",
            "birth_date": "1970-05-04" if kind == "mentor" else "2012-05-04",
            "territory": RHONE,
            "programme": programme.id,
            "stage": "available",
        }
        if kind == "mentor":
            known |= {"capacity": 1, "training_hours": 30}
        return self.api.post(f"/v1/{kind}s", {**known, **details}).made()

    def proposes(self, mentor: Record, mentee: Record, programme: Programme, **details: object) -> Answer:
        """Propose a pair, launched at once where `launched_on` is given."""
        wanted = {
            "mentor": mentor["id"],
            "mentee": mentee["id"],
            "programme": programme.id,
            "coordinator": self.id,
        }
        given = {name: str(value) if isinstance(value, date) else value for name, value in details.items()}
        return self.api.post("/v1/pairs", {**wanted, **given})

    def launches(self, programme: Programme, on: date, **people: object) -> "Followed":
        """Bring two new people together from a day on; `people` says more of both of them."""
        mentor = self.meets("mentor", programme, **people)
        mentee = self.meets("mentee", programme, **people)
        pair = self.proposes(mentor, mentee, programme, launched_on=on).made()
        return Followed(self, programme, mentor, mentee, str(pair["id"]))


@dataclass(frozen=True)
class Followed:
    """A pair that a coordinator follows, with its people as they were added."""

    by: Colleague
    programme: Programme
    mentor: Record
    mentee: Record
    id: str

    def now(self) -> Record:
        """Read the pair."""
        return self.by.api.get(f"/v1/pairs/{self.id}").made()

    @property
    def colour(self) -> str | None:
        """Read its colour."""
        colour: str | None = self.now()["colour"]
        return colour

    def reminders(self) -> set[tuple[int, str, str, str]]:
        """Read what the register says of it: step, to whom, by which channel, what became of it."""
        return {
            (each["step"], each["to"], each["channel"], each["status"])
            for each in self.by.api.items("/v1/reminders")
            if each["pair"] == self.id
        }

    def sessions(self) -> list[Record]:
        """Read its sessions, latest first."""
        return self.by.api.items(f"/v1/pairs/{self.id}/sessions")

    def met(self, on: date, rating: int = 4) -> Answer:
        """Report a session."""
        given = {"on": str(on), "minutes": 60, "format": self.programme.format, "rating": rating}
        return self.by.api.post(f"/v1/pairs/{self.id}/sessions", given)

    def changes(self, **given: object) -> Answer:
        """Change the pair from its present version."""
        version = self.now()["version"]
        return self.by.api.patch(f"/v1/pairs/{self.id}", {"version": version, **given})

    def closes(self, outcome: str = "goals_reached") -> Answer:
        """Close the pair."""
        return self.by.api.post(f"/v1/pairs/{self.id}/closure", {"outcome": outcome})

    def events(self, api: Api) -> list[str]:
        """Read its journal, oldest first, with a key that may."""
        return [each["type"] for each in reversed(api.items("/v1/journal", subject=self.id))]


@dataclass(frozen=True)
class Cast:
    """An organisation with in-person and remote programmes, and who works there.

    Hélène at the head office reaches all of it, Rachid the référent two regions, Camille the
    coordinator the Rhône and her own pairs.
    """

    town: Town
    tenant: str
    helene: Api
    camille: Colleague = field(init=False)
    rachid: Colleague = field(init=False)

    def __post_init__(self) -> None:
        """Hire Camille and Rachid."""
        object.__setattr__(self, "camille", self.hire("Camille Moreau", "coordinator", RHONE))
        object.__setattr__(self, "rachid", self.hire("Rachid Haddad", "regional_referent", *RACHIDS_REGIONS))

    def hire(self, name: str, role: str, *territories: str, **details: object) -> Colleague:
        """Add a member, and give them a key for their own role and territories."""
        email = f"{name.split(maxsplit=1)[0].lower()}.{next(_numbers)}@asso.example.org"
        member = {"name": name, "email": email, "roles": [role], "territories": territories, **details}
        made = self.helene.post("/v1/members", member).made()
        api = self.town.key(self.tenant, role, *territories, member=made["id"])
        return Colleague(made["id"], name, email, api)

    def programme(self, programme_id: str) -> Programme:
        """Give one of the organisation's programmes."""
        return Programme(self.helene.get(f"/v1/programmes/{programme_id}").made())

    def new_programme(self, name: str, **details: object) -> Programme:
        """Add a programme of one hour a week."""
        usual = {"format": "in_person", "formats": ["in_person"], "cadence": {"every": "week", "hours": 1}}
        return Programme(self.helene.post("/v1/programmes", {"name": name, **usual, **details}).made())


def open_organisation(town: Town, preset: str = "tema") -> Cast:
    """Open a tenant of its own, which no other test knows."""
    tenant = town.binome("tenant", "create", f"ensemble-{next(_numbers)}", "--preset", preset)
    return Cast(town, tenant, town.key(tenant, "head_office"))


def _in_letters(number: int) -> str:
    """Write a number as a name may hold it."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))
