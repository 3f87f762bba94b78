"""UNIV: a student federation, 22 000 pairs a year, at the young person's home.

Source: INJEP report of January 2024, section 2.2 (1) unless a comment says otherwise.
"""

from datetime import date

from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.presets.model import TenantPreset, codes, examples
from chalicelib.programmes.schema import (
    AgeRange,
    Agreement,
    Closure,
    ContactPlan,
    Programme,
    ProgrammeId,
    Renewal,
    Training,
    Wording,
)
from chalicelib.tenancy.rights import ROLE_WORDS, Role

MENTORING = Programme(
    id=ProgrammeId("mentorat"),
    name="Mentorat à domicile",
    # "Au domicile ou, plus marginalement, à distance."
    format="in_person",
    formats=("in_person", "remote"),
    cadence=Cadence(every="week", hours=2),
    # "Le temps d'une année scolaire", renewed up to two years.
    duration_months=None,
    school_year=True,
    renewal=Renewal(allowed=True, up_to_months=24),
    mentee_ages=AgeRange(min=5, max=18),
    # Students: no age in the report. Default chosen: adults.
    mentor_ages=AgeRange(min=18),
    # Section 3.1, note 29: the capacity per coordinator exists, its figure is unknown. The default
    # ratio of 32 is kept.
    # Section 6.1: a MOOC, compulsory, checked before the first session. Its length is unknown:
    # default chosen from MENTOR's standard, two hours.
    training=Training(forms=("self_paced",), before_first_session=True),
    # Section 6.2: the launch may take place without a volunteer.
    three_way_launch=False,
    # Section 6.2: "Le suivi est mensuel, auprès du mentor et de la famille"; a month is 30 days.
    contact_plan=ContactPlan(people=("mentor", "guardian"), every_days=30),
    # Section 6.3: a meeting of three, parents may attend.
    closure=Closure(three_way=True),
    # Section 6.2: a mark "en deçà d'un certain niveau" alerts; the level is unknown. Default
    # chosen: under 3 out of 5, the middle of the scale.
    alert_rating_below=3,
    # Section 6.2: "au-delà de deux semaines", students lose interest.
    max_waiting_days=15,
    wording=Wording(
        coordinator="chargé·e de développement mentorat",
        coordinators="chargé·es de développement mentorat",
    ),
)

PRESET = TenantPreset(
    key="univ",
    name="UNIV",
    # Section 1: "22 000 par an entre 2022 et 2024"; only years are given: calendar years chosen.
    agreement=Agreement(
        kind="CPO",
        starts_on=date(2022, 1, 1),
        ends_on=date(2024, 12, 31),
        target_pairs=22_000,
        per_year=True,
    ),
    territories=codes("FR"),
    programmes=(MENTORING,),
    # Section 4: the regional, the territorial and the mentoring officers.
    roles={
        **ROLE_WORDS,
        Role.REGIONAL_REFERENT: "délégué·e régional·e",
        Role.COORDINATOR: "chargé·e de développement mentorat",
        Role.STRUCTURE_MANAGER: "délégué·e territorial·e",
    },
    # About fifty antennas in student cities; pupils come from partner schools.
    structure_kinds=("antenna", "school", "university"),
    structures=(
        *examples(
            "antenna",
            ("Pôle de Lille", "D59"),
            ("Pôle de Paris", "D75"),
            ("Pôle de Saint-Denis", "D93"),
            ("Pôle de Lyon", "D69"),
            ("Pôle de Grenoble", "D38"),
            ("Pôle de Marseille", "D13"),
            ("Pôle de Toulouse", "D31"),
            ("Pôle de Montpellier", "D34"),
            ("Pôle de Bordeaux", "D33"),
            ("Pôle de Poitiers", "D86"),
            ("Pôle de Nantes", "D44"),
            ("Pôle de Rennes", "D35"),
            ("Pôle de Rouen", "D76"),
            ("Pôle de Strasbourg", "D67"),
            ("Pôle de Dijon", "D21"),
            ("Pôle de Tours", "D37"),
            ("Pôle de La Réunion", "D974"),
        ),
        *examples(
            "school",
            ("École élémentaire des Tilleuls", "D59"),
            ("Collège des Trois Fontaines", "D93"),
            ("École primaire du Moulin", "D69"),
        ),
    ),
)
