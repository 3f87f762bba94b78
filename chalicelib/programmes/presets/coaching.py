"""COACHING: seniors coaching young people with an exile path, in three metropolises.

Source: INJEP report of January 2024, section 2.2 (4) unless a comment says otherwise.
"""

from datetime import date

from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.presets.model import TenantPreset, codes, examples
from chalicelib.programmes.schema import (
    Agreement,
    Closure,
    Programme,
    ProgrammeId,
    Training,
    Wording,
)
from chalicelib.tenancy.rights import ROLE_WORDS, Role

MENTORING = Programme(
    id=ProgrammeId("mentorat"),
    name="Mentorat intergénérationnel",
    # In person; section 6.2 shows a pair far apart that meets monthly and calls in between.
    format="in_person",
    formats=("in_person", "remote"),
    # "2 à 3 h par semaine"; section 6.2: "le critère a été assoupli" for one pair.
    cadence=Cadence(every="week", hours=2, hours_at_most=3, adjustable=True),
    duration_months=6,
    # Ages are unknown: those of the plan for mentees, adults for mentors (seniors).
    # Section 3.1: "32 suivis maximum par chargé de mentorat".
    caseload_ratio=32,
    # Section 6.1: four days in person, nine modules. Hours are unknown: seven a day chosen.
    training=Training(hours=28, half_days=8, modules=9, forms=("in_person",)),
    # Section 6.3: a review of three; each rates from 1 to 5.
    closure=Closure(
        three_way=True,
        criteria=(
            "qualité du mentorat",
            "pertinence de la mise en binôme",
            "relation avec le ou la chargé·e de programme",
        ),
    ),
    # Section 4: "chargés de programmes".
    wording=Wording(coordinator="chargé·e de programme", coordinators="chargé·es de programme"),
)

PRESET = TenantPreset(
    key="coaching",
    name="COACHING",
    # Section 1: 1 030 over 2022-2024 on all antennas (section 2.2 says a year); calendar years
    # chosen.
    agreement=Agreement(
        kind="CPO",
        starts_on=date(2022, 1, 1),
        ends_on=date(2024, 12, 31),
        target_pairs=1_030,
    ),
    # Section 3.1: "d'abord en région parisienne puis dans deux autres métropoles", unnamed: Lyon
    # and Lille chosen.
    territories=codes("R11", "D69", "D59"),
    programmes=(MENTORING,),
    roles={
        **ROLE_WORDS,
        Role.HEAD_OFFICE: "direction",
        Role.COORDINATOR: "chargé·e de programme",
    },
    structure_kinds=("antenna",),
    structures=examples(
        "antenna",
        ("Antenne de Paris", "D75"),
        ("Antenne de Lyon", "D69"),
        ("Antenne de Lille", "D59"),
    ),
)
