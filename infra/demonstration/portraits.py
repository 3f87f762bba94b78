"""What the eight tenants of the demonstration look like: how many pairs, where, of which ages.

The report tells neither ages nor places of people; these are chosen inside the programmes' limits
and on the tenants' own maps.
"""

from dataclasses import dataclass

from chalicelib.programmes import presets
from chalicelib.programmes.presets import TenantPreset
from chalicelib.spine.territories import TerritoryCode


@dataclass(frozen=True)
class Portrait:
    """A tenant to invent. Ages are in years; départements come with the busiest first."""

    preset: TenantPreset
    pairs: int
    departments: tuple[TerritoryCode, ...]
    mentor_ages: tuple[int, int]
    mentee_ages: tuple[int, int]


def _portrait(
    key: str, pairs: int, departments: str, mentor_ages: tuple[int, int], mentee_ages: tuple[int, int]
) -> Portrait:
    preset = presets.preset(key)
    if preset is None:
        raise KeyError(key)
    codes = tuple(TerritoryCode(code) for code in departments.split())
    return Portrait(preset, pairs, codes, mentor_ages, mentee_ages)


PORTRAITS = (
    _portrait("univ", 68, "D59 D93 D69 D13 D75 D38 D31 D33 D44 D35 D67 D974", (19, 26), (7, 17)),
    # Mentor and mentee are ten years apart at most.
    _portrait("inclusive", 60, "D75 D35 D69 D59 D31 D67 D33 D972", (20, 33), (15, 29)),
    _portrait("tema", 62, "D75 D69 D13 D93 D31 D62 D973", (19, 45), (11, 18)),
    # Seniors, and a team of two for so many pairs: the ratio of 32 is felt.
    _portrait("coaching", 72, "D75 D93 D69 D59 D92", (56, 74), (18, 28)),
    _portrait("educatio", 60, "D59 D62", (16, 24), (11, 19)),
    _portrait("aidfirst", 60, "D59 D31 D26 D35 D23 D972 D976 D974", (24, 66), (8, 24)),
    # Everybody is of one age.
    _portrait("infancia", 60, "D93 D75 D94", (19, 24), (19, 24)),
    _portrait(
        "tuto",
        66,
        "D93 D974 D30 D51 D80 D29 D971 D972 D973 D45 D25 D14 D49 D87 D26 D84 D2A",
        (28, 62),
        (16, 27),
    ),
)
