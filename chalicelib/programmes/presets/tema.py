"""TEMA: help with schoolwork, remote for the whole country and in person in three cities.

Source: INJEP report of January 2024, section 2.2 (3) unless a comment says otherwise.
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

# "Du collège à la terminale": 11 to 18 at the usual pace. The report gives no age; default chosen:
# a year early at one end and two years late at the other.
PUPIL_AGES = AgeRange(min=10, max=20)

# Section 6.1: a MOOC, fed while the mentor waits. Its length is unknown: MENTOR's two hours.
TRAINING = Training(forms=("self_paced",))

# Section 4: "coordinateurs" or "coordinatrices" follow pairs, with two or three volunteers each.
WORDING = Wording(coordinator="coordinateur·rice", coordinators="coordinateurs·rices")

REMOTE = Programme(
    id=ProgrammeId("mentorat-distanciel"),
    name="Mentorat distanciel",
    format="remote",
    formats=("remote",),
    cadence=Cadence(every="week", hours=1),
    duration_months=6,
    mentee_ages=PUPIL_AGES,
    # The report gives no ratio for TEMA: the default of 32 is kept in its three programmes.
    training=TRAINING,
    wording=WORDING,
)

IN_PERSON = Programme(
    id=ProgrammeId("mentorat-presentiel"),
    name="Mentorat présentiel",
    format="in_person",
    formats=("in_person",),
    cadence=Cadence(every="week", hours=2),
    duration_months=6,
    mentee_ages=PUPIL_AGES,
    training=TRAINING,
    wording=WORDING,
)

GROUP_TUTORING = Programme(
    id=ProgrammeId("tutorat-collectif"),
    name="Tutorat collectif",
    # "N'est pas financée par le plan 1J1M": followed, never declared.
    declared=False,
    format="in_person",
    formats=("in_person",),
    # Unknown in the report: the rhythm, duration and training of the in-person mentoring are kept.
    cadence=Cadence(every="week", hours=2),
    duration_months=6,
    mentee_ages=PUPIL_AGES,
    training=TRAINING,
    wording=Wording(
        mentoring="tutorat",
        mentor="tuteur·rice",
        mentors="tuteurs·rices",
        mentee="élève",
        mentees="élèves",
        coordinator="coordinateur·rice",
        coordinators="coordinateurs·rices",
    ),
)

PRESET = TenantPreset(
    key="tema",
    name="TEMA",
    # Section 2.1: 12 000 pairs, 2022-2025 (4 000 in sections 1 and 2.2); calendar years chosen.
    agreement=Agreement(
        kind="CPO",
        starts_on=date(2022, 1, 1),
        ends_on=date(2025, 12, 31),
        target_pairs=12_000,
    ),
    territories=codes("FR"),
    programmes=(REMOTE, IN_PERSON, GROUP_TUTORING),
    roles={
        **ROLE_WORDS,
        Role.HEAD_OFFICE: "responsable du pôle mentorat",
        Role.COORDINATOR: "coordinateur·rice",
    },
    structure_kinds=("school", "company", "university"),
    # "Trois grandes villes", unnamed: the three largest chosen.
    structures=(
        *examples(
            "school",
            ("Collège des Peupliers", "D75"),
            ("Collège du Vieux Pont", "D69"),
            ("Collège de la Calanque", "D13"),
        ),
        *examples("company", ("Atelier Numérique du Rhône", "D69"), ("Banque du Littoral", "D13")),
    ),
)
