"""INFANCIA: young adults of the same age, in three phases of two months, in person only.

Source: INJEP report of January 2024, section 2.2 (7) unless a comment says otherwise.
"""

from datetime import date

from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.presets.model import TenantPreset, codes, examples
from chalicelib.programmes.schema import (
    AgeRange,
    Agreement,
    Closure,
    Phase,
    Programme,
    ProgrammeId,
    Renewal,
    Requirements,
    Training,
    Wording,
)
from chalicelib.tenancy.rights import ROLE_WORDS, Role

MENTORING = Programme(
    id=ProgrammeId("mentorat"),
    name="Mentorat en trois phases",
    # "Le programme est uniquement en présentiel."
    format="in_person",
    formats=("in_person",),
    # No rhythm in the report. Default drawn from its first phase (section 6.2): four collective
    # sessions of two hours, 19:00 to 21:00, in two months make four hours a month.
    cadence=Cadence(every="month", hours=4),
    duration_months=6,
    # Section 6.2: the three phases and what each asks.
    phases=(
        Phase(name="temps collectifs", months=2, requires=Requirements(collective_sessions=4)),
        Phase(name="défis", months=2, requires=Requirements(challenges=4)),
        Phase(name="projet commun", months=2, requires=Requirements(projects=1)),
    ),
    # "De jeunes majeurs (18-25 ans)" and "des jeunes bénévoles du même âge".
    mentee_ages=AgeRange(min=18, max=25),
    mentor_ages=AgeRange(min=18, max=25),
    # "Un écart d'âge pas trop important", without a figure, applied strictly. Default chosen: five
    # years, so that the eldest and the youngest of the programme are never paired.
    max_age_gap_years=5,
    age_gap_strict=True,
    # Section 3.2: 25 pairs for each person of the team, civic-service volunteers included.
    caseload_ratio=25,
    # Section 6.4: one mentee for each mentor, and no renewal.
    mentees_per_mentor=1,
    renewal=Renewal(allowed=False),
    # An hour, remote, on posture and limits.
    training=Training(hours=1, forms=("remote",)),
    # Section 6.2: "à l'issue de la phase 3, un entretien de clôture".
    closure=Closure(three_way=True),
    # Section 4: "chargés de programmes".
    wording=Wording(coordinator="chargé·e de programme", coordinators="chargé·es de programme"),
)

PRESET = TenantPreset(
    key="infancia",
    name="INFANCIA",
    # Section 1: "230 de janvier 2022 à décembre 2023".
    agreement=Agreement(
        kind="avenant",
        starts_on=date(2022, 1, 1),
        ends_on=date(2023, 12, 31),
        target_pairs=230,
    ),
    # Section 3.2: a team in Île-de-France. One département funds fifty young people; which one is
    # unknown, so that no target is set for it.
    territories=codes("R11"),
    programmes=(MENTORING,),
    roles={
        **ROLE_WORDS,
        Role.HEAD_OFFICE: "responsable de programme",
        Role.COORDINATOR: "chargé·e de programme",
    },
    # Section 3.2: structures and institutions of child welfare (ASE).
    structure_kinds=("care",),
    structures=examples(
        "care",
        ("Foyer des Acacias", "D93"),
        ("Service jeunes majeurs du Canal", "D75"),
        ("Résidence de la Marne", "D94"),
    ),
)
