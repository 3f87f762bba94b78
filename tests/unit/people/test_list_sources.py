"""Which indexes a list of people reads: as few as hold what is wanted, and nothing out of reach."""

import re

import pytest

from chalicelib.people.filters import Wanted
from chalicelib.people.lists.store import sources
from chalicelib.people.rules import Stage
from chalicelib.spine.ids import MemberId, TenantId
from chalicelib.spine.territories import TerritoryCode
from chalicelib.tenancy.rights import Reach

TENANT = TenantId("univ")
ALICE = MemberId("alice")
LYON, PARIS = TerritoryCode("D69"), TerritoryCode("D75")
RHONE_ALPES, ISLE = TerritoryCode("R84"), TerritoryCode("R11")

ALL = Reach(whole_tenant=True)
REGIONS = Reach(territories=(RHONE_ALPES, ISLE), portfolio=ALICE)
DEPARTMENT = Reach(territories=(LYON,), portfolio=ALICE)
SCHOOL = Reach(structures=("school",))
PORTFOLIO = Reach(portfolio=ALICE)


@pytest.mark.parametrize(
    ("reach", "wanted", "read"),
    [
        (ALL, Wanted(), ["MENTEE"]),
        (ALL, Wanted(programme="p"), ["MENTEE#p"]),
        (ALL, Wanted(territory=LYON, programme="p"), ["MENTEE#D69 if programme"]),
        (ALL, Wanted(territory=RHONE_ALPES), ["MENTEE#R84"]),
        (ALL, Wanted(structure="school"), ["MENTEE#school"]),
        (ALL, Wanted(structure="school", territory=LYON), ["MENTEE#school if department_key"]),
        (REGIONS, Wanted(), ["MENTEE#R84", "MENTEE#R11", "MENTEE#alice"]),
        (REGIONS, Wanted(territory=LYON), ["MENTEE#D69"]),
        (REGIONS, Wanted(structure="school"), ["MENTEE#school if region_key region_key member_key"]),
        (DEPARTMENT, Wanted(territory=RHONE_ALPES), ["MENTEE#D69", "MENTEE#alice if region_key"]),
        (DEPARTMENT, Wanted(territory=PARIS), ["MENTEE#alice if department_key"]),
        (SCHOOL, Wanted(), ["MENTEE#school"]),
        (SCHOOL, Wanted(structure="school"), ["MENTEE#school"]),
        (SCHOOL, Wanted(structure="other"), []),
        (PORTFOLIO, Wanted(programme="p"), ["MENTEE#alice if programme"]),
        (Reach(), Wanted(), []),
        (Reach(), Wanted(territory=LYON), []),
    ],
)
def test_a_list_reads_the_narrowest_index(reach: Reach, wanted: Wanted, read: list[str]) -> None:
    found = []
    for source in sources(TENANT, "mentee", reach, wanted):
        names = re.findall(r"(\w+) = ", "" if source.condition is None else str(source.condition))
        found.append(source.key.removeprefix("T#univ#") + (f" if {' '.join(names)}" if names else ""))

    assert found == read


def test_a_stage_is_the_beginning_of_the_rank() -> None:
    (source,) = sources(TENANT, "mentor", ALL, Wanted(stage=Stage.AVAILABLE))

    assert (source.key, source.prefix) == ("T#univ#MENTOR", "6-available#")
