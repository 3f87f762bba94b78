"""What a preset holds: everything a new tenant starts with, before anybody edits it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.programmes.schema import Agreement, Programme
from chalicelib.spine.territories import TerritoryCode
from chalicelib.tenancy.rights import ROLE_WORDS, Role

StructureKind = Literal["antenna", "school", "company", "university", "care", "town_hall", "network_member"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureExample:
    """An invented structure for the demonstration, in a real département.

    An `independent` structure keeps its people to itself: nobody above sees them.
    """

    kind: StructureKind
    name: str
    territory: TerritoryCode
    independent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantPreset:
    """A tenant as it starts: its name, contract, programmes, words, map and kinds of structure.

    `territories` are where it works; a region stands for its départements and `FR` for the whole
    country. `agreement` is None where nobody knows it yet. `roles` are the French words shown for
    the roles of members.
    """

    key: str
    name: str
    territories: tuple[TerritoryCode, ...]
    programmes: tuple[Programme, ...]
    agreement: Agreement | None = None
    roles: Mapping[Role, str] = field(default_factory=lambda: ROLE_WORDS)
    structure_kinds: tuple[StructureKind, ...] = ()
    structures: tuple[StructureExample, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """Give the tenant's own words for its screens and mails, those of its roles among them."""
        roles = {role.value: word for role, word in self.roles.items()}
        return {**roles, **self.programmes[0].wording.model_dump()}


@dataclass(frozen=True, slots=True)
class FundedOrganisation:
    """A lauréat as the report names it, with the number of the call that chose it (1 to 3)."""

    name: str
    call: int


def codes(*values: str) -> tuple[TerritoryCode, ...]:
    """Return territory codes written in a preset."""
    return tuple(TerritoryCode(value) for value in values)


def examples(
    kind: StructureKind, *placed: tuple[str, str], independent: bool = False
) -> tuple[StructureExample, ...]:
    """Return the structures of one kind from pairs of a name and a département."""
    return tuple(
        StructureExample(kind=kind, name=name, territory=TerritoryCode(code), independent=independent)
        for name, code in placed
    )
