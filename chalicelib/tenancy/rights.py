"""What each role may do, and over what: pure, so that the whole matrix can be tested as a table.

"Sees figures" and "sees people" are separate rights. A right says *what* may be done; the viewer's
reach says *on what*: the whole tenant, some territories, some structures, or a portfolio.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.spine.ids import ActorId, MemberId, TenantId
from chalicelib.spine.territories import FRANCE, TerritoryCode, covers


class Right(StrEnum):
    """What may be done, as `resource:action`."""

    FIGURES_READ = "figures:read"
    INTEGRATIONS_WRITE = "integrations:write"
    JOURNAL_READ = "journal:read"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    PAIRS_READ = "pairs:read"
    PAIRS_WRITE = "pairs:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PROGRAMMES_READ = "programmes:read"
    PROGRAMMES_WRITE = "programmes:write"
    RULES_OVERRIDE = "rules:override"
    STRUCTURES_WRITE = "structures:write"


class Role(StrEnum):
    """The roles of a member, and of an API key."""

    ADMINISTRATOR = "administrator"
    HEAD_OFFICE = "head_office"
    REGIONAL_REFERENT = "regional_referent"
    COORDINATOR = "coordinator"
    VOLUNTEER = "volunteer"
    STRUCTURE_MANAGER = "structure_manager"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"


#: The French words of the roles where a tenant has none of its own.
ROLE_WORDS: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "administrateur·rice",
    Role.HEAD_OFFICE: "siège",
    Role.REGIONAL_REFERENT: "référent·e régional·e",
    Role.COORDINATOR: "chargé·e de mentorat",
    Role.VOLUNTEER: "volontaire en service civique",
    Role.STRUCTURE_MANAGER: "responsable de structure",
    Role.AUDITOR: "lecteur·rice des chiffres",
    Role.INTEGRATOR: "application connectée",
}

_READS = frozenset({Right.PROGRAMMES_READ, Right.MEMBERS_READ})
_FOLLOWS = _READS | {
    Right.FIGURES_READ,
    Right.PEOPLE_READ,
    Right.PEOPLE_WRITE,
    Right.PAIRS_READ,
    Right.PAIRS_WRITE,
}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.HEAD_OFFICE: frozenset(Right) - {Right.INTEGRATIONS_WRITE},
    Role.REGIONAL_REFERENT: _FOLLOWS | {Right.RULES_OVERRIDE, Right.STRUCTURES_WRITE},
    Role.COORDINATOR: _FOLLOWS,
    Role.VOLUNTEER: _READS | {Right.PEOPLE_READ, Right.PAIRS_READ, Right.PAIRS_WRITE},
    Role.STRUCTURE_MANAGER: _FOLLOWS,
    Role.AUDITOR: frozenset({Right.FIGURES_READ, Right.PROGRAMMES_READ}),
    Role.INTEGRATOR: _FOLLOWS | {Right.INTEGRATIONS_WRITE},
}
#: Roles that, given no territory, reach the whole of their tenant.
_WHOLE_TENANT = frozenset({Role.ADMINISTRATOR, Role.HEAD_OFFICE, Role.AUDITOR, Role.INTEGRATOR})
#: Roles that reach the territories they were given, and none when they were given none.
_TERRITORIAL = frozenset({*_WHOLE_TENANT, Role.REGIONAL_REFERENT, Role.COORDINATOR})


@dataclass(frozen=True)
class Reach:
    """On what a viewer's rights bear: a subject is in reach when any one of these holds it."""

    whole_tenant: bool = False
    territories: tuple[TerritoryCode, ...] = ()
    structures: tuple[str, ...] = ()
    portfolio: MemberId | None = None


@dataclass(frozen=True)
class Viewer:
    """Who asks: a member who signed in, or an API key, which acts with the rights it was given."""

    tenant: TenantId
    actor: ActorId
    roles: tuple[Role, ...]
    name: str = ""
    member: MemberId | None = None
    territories: tuple[TerritoryCode, ...] = ()
    structures: tuple[str, ...] = ()

    def may(self, right: Right) -> bool:
        """Tell whether any of the viewer's roles has the right."""
        return any(right in RIGHTS[role] for role in self.roles)

    @property
    def reach(self) -> Reach:
        """Tell on what the viewer's rights bear."""
        return reach(self.roles, self.territories, self.structures, self.member)


def reach(
    roles: Iterable[Role],
    territories: tuple[TerritoryCode, ...],
    structures: tuple[str, ...],
    member: MemberId | None,
) -> Reach:
    """Work out a reach: what was given narrows, and what was not given is never the whole.

    A head office without territories is the whole tenant; a référent or a coordinator without any
    reaches their own portfolio alone. France as a territory is the whole tenant.
    """
    held = frozenset(roles)
    if FRANCE in territories and held & _TERRITORIAL:
        return Reach(whole_tenant=True)
    if held & _WHOLE_TENANT and not territories:
        return Reach(whole_tenant=True)
    widest = tuple(
        code
        for code in dict.fromkeys(territories)
        if not any(other != code and covers((other,), code) for other in territories)
    )
    return Reach(
        territories=widest if held & _TERRITORIAL else (),
        structures=structures if Role.STRUCTURE_MANAGER in held else (),
        portfolio=member if held & {Role.COORDINATOR, Role.VOLUNTEER, Role.REGIONAL_REFERENT} else None,
    )


def in_reach(
    reach: Reach, territory: TerritoryCode | None, structure: str | None, coordinator: str | None
) -> bool:
    """Tell whether a person or a pair is within a reach."""
    if reach.whole_tenant:
        return True
    if territory is not None and covers(reach.territories, territory):
        return True
    if structure is not None and structure in reach.structures:
        return True
    return coordinator is not None and coordinator == reach.portfolio
