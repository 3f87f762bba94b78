"""INCLUSIVE: students and young graduates mentoring young people with a disability.

Source: INJEP report of January 2024, section 2.2 (2) unless a comment says otherwise.
"""

from datetime import date

from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.presets.model import TenantPreset, codes, examples
from chalicelib.programmes.schema import (
    AgeRange,
    Agreement,
    AgreementStep,
    ContactPlan,
    Programme,
    ProgrammeId,
    Training,
    Wording,
)

# Section 6.1: remote sessions of 1 h 30, six cycles a year. Section 6.2: a pair may be launched
# before its training, here alone.
TRAINING = Training(hours=1.5, forms=("remote",), cycles_per_year=6, before_first_session=False)

MENTEE_AGES = AgeRange(min=14, max=35)
MENTOR_AGES = AgeRange(min=18, max=35)

# Section 6.2: a remote appointment a month after the launch, with each separately.
CONTACT_PLAN = ContactPlan(people=("mentor", "mentee"), first_after_days=30)

MENTORING = Programme(
    id=ProgrammeId("mentorat"),
    name="Mentorat",
    # In person, remote or mixed, "surtout distanciel".
    format="hybrid",
    formats=("hybrid", "remote", "in_person"),
    # "3 heures par mois (durée ajustable)".
    cadence=Cadence(every="month", hours=3, adjustable=True),
    duration_months=6,
    mentee_ages=MENTEE_AGES,
    mentor_ages=MENTOR_AGES,
    # "Un écart de maximum 10 ans est recherché."
    max_age_gap_years=10,
    # One coordinator and the director: no ratio in the report. The default of 32 is kept.
    training=TRAINING,
    # Section 6.2: the coordinator introduces mentor and mentee to each other.
    three_way_launch=True,
    contact_plan=CONTACT_PLAN,
)

SPONSORSHIP = Programme(
    id=ProgrammeId("parrainage"),
    name="Parrainage",
    # "Je ne peux pas le déclarer": kept for those who only want one hour.
    declared=False,
    format="hybrid",
    formats=("hybrid", "remote", "in_person"),
    cadence=Cadence(every="month", hours=1, adjustable=True),
    # Unknown in the report: the duration, ages, gap and training of the mentoring are kept.
    duration_months=6,
    mentee_ages=MENTEE_AGES,
    mentor_ages=MENTOR_AGES,
    max_age_gap_years=10,
    training=TRAINING,
    three_way_launch=True,
    contact_plan=CONTACT_PLAN,
    wording=Wording(
        mentoring="parrainage",
        mentor="parrain ou marraine",
        mentors="parrains et marraines",
        mentee="filleul·e",
        mentees="filleul·es",
    ),
)

PRESET = TenantPreset(
    key="inclusive",
    name="INCLUSIVE",
    # Section 1: 450 pairs, 2022-2025. Section 3.2: 100, 150 then 200 by university year; the days
    # are unknown: years from September to August chosen.
    agreement=Agreement(
        kind="CPO",
        starts_on=date(2022, 9, 1),
        ends_on=date(2025, 8, 31),
        target_pairs=450,
        steps=(
            AgreementStep(starts_on=date(2022, 9, 1), ends_on=date(2023, 8, 31), target_pairs=100),
            AgreementStep(starts_on=date(2023, 9, 1), ends_on=date(2024, 8, 31), target_pairs=150),
            AgreementStep(starts_on=date(2024, 9, 1), ends_on=date(2025, 8, 31), target_pairs=200),
        ),
    ),
    territories=codes("FR"),
    programmes=(MENTORING, SPONSORSHIP),
    # Section 3.2: no local antenna; volunteer ambassadors in universities.
    structure_kinds=("university",),
    structures=examples(
        "university",
        ("Mission handicap, université de Rennes", "D35"),
        ("Mission handicap, université de Lyon", "D69"),
        ("Mission handicap, université de Lille", "D59"),
        ("Mission handicap, université de Toulouse", "D31"),
    ),
)
