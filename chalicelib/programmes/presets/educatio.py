"""EDUCATIO: a public body of one académie, mentoring inside partner schools.

Source: INJEP report of January 2024, section 2.2 (5) unless a comment says otherwise.
"""

from datetime import date

from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.presets.model import TenantPreset, codes, examples
from chalicelib.programmes.schema import (
    AgeRange,
    Agreement,
    Closure,
    Programme,
    ProgrammeId,
    Training,
)
from chalicelib.tenancy.rights import ROLE_WORDS, Role

MENTORING = Programme(
    id=ProgrammeId("mentorat"),
    name="Mentorat en établissement",
    # Inside schools, "dans certains cas à distance".
    format="in_person",
    formats=("in_person", "remote"),
    # "Régulières, mais ajustables", without a figure. Default chosen: one to two hours a month,
    # the usual rhythm in the country (section 6.6, Perronnet et al. 2023).
    cadence=Cadence(every="month", hours=1, hours_at_most=2, adjustable=True),
    # Section 6.2: "de 6 mois à 1 année scolaire".
    duration_months=6,
    school_year=True,
    # Collégiens to apprentices, 30 at most. The least age is unknown: 10 chosen, a year early for
    # the first class of collège.
    mentee_ages=AgeRange(min=10, max=30),
    # Lycée pupils may mentor; their least age is unknown: 15 chosen, the usual age in seconde.
    mentor_ages=AgeRange(min=15),
    # Two coordinators: no ratio in the report. The default of 32 is kept.
    # Section 6.1: six hours over two half-days in the school, from three mentors; else a webinar.
    training=Training(hours=6, half_days=2, forms=("in_person", "remote"), smallest_group=3),
    # Section 6.2: the school's référent holds the closing interview with the pair.
    closure=Closure(three_way=True),
)

PRESET = TenantPreset(
    key="educatio",
    name="EDUCATIO",
    # Section 1: "1 000 de décembre 2022 au 31 août 2025".
    agreement=Agreement(
        kind="CPO",
        starts_on=date(2022, 12, 1),
        ends_on=date(2025, 8, 31),
        target_pairs=1_000,
    ),
    # "Une académie", unnamed: that of Lille chosen.
    territories=codes("D59", "D62"),
    programmes=(MENTORING,),
    roles={
        **ROLE_WORDS,
        Role.STRUCTURE_MANAGER: "référent·e d'établissement",
    },
    # Each school signs an agreement and names a référent.
    structure_kinds=("school",),
    structures=examples(
        "school",
        ("Collège des Terrils", "D62"),
        ("Collège du Beffroi", "D59"),
        ("Collège de la Lys", "D59"),
        ("Lycée professionnel du Port", "D59"),
        ("Lycée professionnel des Dunes", "D62"),
        ("Centre de formation d'apprentis de l'Escaut", "D59"),
    ),
)
