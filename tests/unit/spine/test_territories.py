"""The map: regions, départements, postal codes and who covers whom."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.spine.territories import (
    FRANCE,
    TerritoryCode,
    covers,
    department_of_postal_code,
    departments_of,
    region_of,
    regions,
    territories,
    territory,
    time_zone,
)

REGIONS = [each.code for each in regions()]
DEPARTMENTS = [each.code for each in territories() if each.level == "department"]
ANY_CODE = st.sampled_from([each.code for each in territories()])


def test_the_country_has_eighteen_regions_and_a_hundred_and_one_departments() -> None:
    assert len(REGIONS) == 18
    assert len(DEPARTMENTS) == 101
    assert len(territories()) == 1 + 18 + 101


def test_the_departments_of_the_regions_make_the_country_without_overlap() -> None:
    found = [each.code for region in REGIONS for each in departments_of(region)]

    assert sorted(found) == sorted(DEPARTMENTS)


def test_a_territory_tells_its_name_its_parent_and_its_school_zone() -> None:
    rhone = territory("D69")

    assert rhone is not None
    assert (rhone.name, rhone.level, rhone.parent, rhone.school_zone) == (
        "Rhône",
        "department",
        "R84",
        "A",
    )


def test_an_unknown_code_is_no_territory() -> None:
    assert territory("D99") is None
    assert territory("d69") is None
    assert territory("") is None


def test_only_departments_hold_departments() -> None:
    assert departments_of(TerritoryCode("D69")) == ()
    assert departments_of(FRANCE) == ()


def test_the_region_of_a_department_is_its_parent() -> None:
    assert region_of(TerritoryCode("D2A")) == "R94"
    assert region_of(TerritoryCode("D974")) == "R04"


def test_a_region_is_its_own_region_and_the_country_has_none() -> None:
    assert region_of(TerritoryCode("R11")) == "R11"
    assert region_of(FRANCE) is None
    assert region_of(TerritoryCode("D99")) is None


def test_a_region_covers_its_departments_and_no_other() -> None:
    assert covers([TerritoryCode("R84")], TerritoryCode("D69"))
    assert not covers([TerritoryCode("R84")], TerritoryCode("D13"))


def test_a_department_does_not_cover_its_region() -> None:
    assert not covers([TerritoryCode("D69")], TerritoryCode("R84"))


def test_every_region_held_is_looked_at_and_not_the_first_alone() -> None:
    held = [TerritoryCode("R84"), TerritoryCode("R93")]

    assert covers(held, TerritoryCode("D13"))
    assert covers(held, TerritoryCode("D69"))


def test_holding_nothing_or_an_unknown_code_covers_nothing() -> None:
    assert not covers([], TerritoryCode("D69"))
    assert not covers([TerritoryCode("X1")], TerritoryCode("X1"))


@given(ANY_CODE)
def test_the_country_covers_every_territory(code: TerritoryCode) -> None:
    assert covers([FRANCE], code)


@given(ANY_CODE)
def test_every_territory_covers_itself(code: TerritoryCode) -> None:
    assert covers([code], code)


@given(ANY_CODE, ANY_CODE, ANY_CODE)
def test_covering_is_transitive(one: TerritoryCode, two: TerritoryCode, three: TerritoryCode) -> None:
    if covers([one], two) and covers([two], three):
        assert covers([one], three)


@given(ANY_CODE)
def test_two_regions_never_cover_one_territory(code: TerritoryCode) -> None:
    holders = [region for region in REGIONS if covers([region], code)]

    assert holders == ([] if code == FRANCE else [region_of(code)])


def test_postal_codes_that_lie_about_their_department_are_known() -> None:
    assert department_of_postal_code("20000") == "D2A"
    assert department_of_postal_code("20200") == "D2B"
    assert department_of_postal_code("97400") == "D974"
    assert department_of_postal_code("69001") == "D69"
    assert department_of_postal_code("75013") == "D75"


def test_an_unknown_postal_code_has_no_department() -> None:
    assert department_of_postal_code("99999") is None
    assert department_of_postal_code("6900") is None
    assert department_of_postal_code("") is None


def test_overseas_territories_keep_their_own_time() -> None:
    assert time_zone(TerritoryCode("D974")).key == "Indian/Reunion"
    assert time_zone(TerritoryCode("R02")).key == "America/Martinique"
    assert time_zone(TerritoryCode("D29")).key == "Europe/Paris"


def test_without_a_known_territory_the_time_is_that_of_paris() -> None:
    assert time_zone(None).key == "Europe/Paris"
    assert time_zone(TerritoryCode("D99")).key == "Europe/Paris"


def test_every_territory_has_a_time_zone_that_exists() -> None:
    for each in territories():
        assert time_zone(each.code).key == each.time_zone


def test_importing_the_map_reads_no_file_of_it() -> None:
    program = """
import sys
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
import chalicelib.spine.territories
assert not [path for path in opened if path.endswith(".csv")], opened
chalicelib.spine.territories.territory("D69")
assert len([path for path in opened if path.endswith(".csv")]) == 1
"""

    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)  # noqa: S603 -- ours
