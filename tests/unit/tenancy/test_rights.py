import pytest

from chalicelib.spine.ids import ActorId, MemberId, TenantId
from chalicelib.spine.territories import TerritoryCode
from chalicelib.tenancy.rights import Reach, Right, Role, Viewer, in_reach, reach

RHONE, LYON_REGION, PARIS_REGION = TerritoryCode("D69"), TerritoryCode("R84"), TerritoryCode("R11")
ME, ANOTHER = MemberId("me"), MemberId("another")


def viewer(*roles: Role) -> Viewer:
    return Viewer(TenantId("univ"), ActorId("me"), roles)


@pytest.mark.parametrize(
    ("role", "right", "held"),
    [
        (Role.ADMINISTRATOR, Right.INTEGRATIONS_WRITE, True),
        (Role.HEAD_OFFICE, Right.INTEGRATIONS_WRITE, False),
        (Role.HEAD_OFFICE, Right.PEOPLE_READ, True),
        (Role.REGIONAL_REFERENT, Right.RULES_OVERRIDE, True),
        (Role.COORDINATOR, Right.RULES_OVERRIDE, False),
        (Role.COORDINATOR, Right.PAIRS_WRITE, True),
        (Role.VOLUNTEER, Right.PEOPLE_WRITE, False),
        (Role.AUDITOR, Right.FIGURES_READ, True),
        (Role.AUDITOR, Right.PEOPLE_READ, False),
        (Role.AUDITOR, Right.PAIRS_READ, False),
        (Role.INTEGRATOR, Right.INTEGRATIONS_WRITE, True),
        (Role.INTEGRATOR, Right.MEMBERS_WRITE, False),
    ],
)
def test_a_role_has_its_rights_and_no_other(role: Role, right: Right, held: bool) -> None:
    assert viewer(role).may(right) is held


def test_roles_add_up() -> None:
    both = viewer(Role.AUDITOR, Role.VOLUNTEER)
    assert both.may(Right.FIGURES_READ)
    assert both.may(Right.PAIRS_WRITE)


def test_a_head_office_without_territories_reaches_the_whole_tenant() -> None:
    assert reach([Role.HEAD_OFFICE], (), (), ME) == Reach(whole_tenant=True)


def test_a_head_office_with_a_territory_reaches_no_further() -> None:
    assert reach([Role.HEAD_OFFICE], (LYON_REGION,), (), ME) == Reach(territories=(LYON_REGION,))


def test_a_coordinator_without_territories_reaches_their_own_portfolio_alone() -> None:
    held = reach([Role.COORDINATOR], (), (), ME)
    assert held == Reach(portfolio=ME)
    assert in_reach(held, RHONE, None, ME)
    assert not in_reach(held, RHONE, None, ANOTHER)
    assert not in_reach(held, None, None, None)


def test_a_referent_reaches_every_region_given_and_what_lies_within() -> None:
    held = reach([Role.REGIONAL_REFERENT], (LYON_REGION, PARIS_REGION), (), ME)
    assert in_reach(held, RHONE, None, ANOTHER)
    assert in_reach(held, TerritoryCode("D75"), None, ANOTHER)
    assert not in_reach(held, TerritoryCode("D13"), None, ANOTHER)


def test_a_territory_inside_another_adds_nothing() -> None:
    assert reach([Role.REGIONAL_REFERENT], (RHONE, LYON_REGION), (), ME).territories == (LYON_REGION,)


def test_a_structure_manager_reaches_the_structure_and_not_its_territory() -> None:
    held = reach([Role.STRUCTURE_MANAGER], (RHONE,), ("lycee",), ME)
    assert in_reach(held, None, "lycee", None)
    assert not in_reach(held, RHONE, None, None)


def test_structures_mean_nothing_without_the_role() -> None:
    assert reach([Role.COORDINATOR], (), ("lycee",), ME).structures == ()
