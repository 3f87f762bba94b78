"""AIDFIRST: a very large humanitarian association; volunteer référents follow the pairs.

Source: INJEP report of January 2024, section 2.2 (6) unless a comment says otherwise.
"""

from datetime import date

from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.presets.model import TenantPreset, codes, examples
from chalicelib.programmes.schema import (
    AgeRange,
    Agreement,
    Programme,
    ProgrammeId,
    Training,
    Wording,
)
from chalicelib.tenancy.rights import ROLE_WORDS, Role

MENTORING = Programme(
    id=ProgrammeId("mentorat"),
    name="Mentorat",
    # "Ce qui arrange le plus le binôme."
    format="hybrid",
    formats=("hybrid", "in_person", "remote"),
    cadence=Cadence(every="month", hours=2),
    duration_months=6,
    mentee_ages=AgeRange(min=5, max=30),
    # Mentors' ages and the référents' ratio are unknown: adults, and the default of 32.
    training=Training(hours=1, forms=("remote",)),
    # Section 3.2: "il s'agit de référents régionaux bénévoles".
    wording=Wording(coordinator="référent·e bénévole", coordinators="référent·es bénévoles"),
)

PRESET = TenantPreset(
    key="aidfirst",
    name="AIDFIRST",
    # Section 1: "420 de décembre 2022 à décembre 2023".
    agreement=Agreement(
        kind="avenant",
        starts_on=date(2022, 12, 1),
        ends_on=date(2023, 12, 31),
        target_pairs=420,
    ),
    # "Implantée dans l'ensemble des régions de France métropolitaine et d'outre-mer."
    territories=codes("FR"),
    programmes=(MENTORING,),
    roles={
        **ROLE_WORDS,
        Role.HEAD_OFFICE: "chargé·e de mentorat (siège)",
        Role.REGIONAL_REFERENT: "référent·e régional·e bénévole",
        Role.COORDINATOR: "référent·e bénévole",
    },
    # Mentors and mentees are sought in the association's own schools and homes.
    structure_kinds=("antenna", "school", "care"),
    structures=(
        *examples(
            "antenna",
            ("Délégation du Nord", "D59"),
            ("Délégation de la Creuse", "D23"),
            ("Délégation de la Drôme", "D26"),
            ("Délégation de la Martinique", "D972"),
            ("Délégation de Mayotte", "D976"),
        ),
        *examples("school", ("Institut de formation des Glycines", "D35")),
        *examples("care", ("Maison d'enfants des Cèdres", "D31")),
    ),
)
