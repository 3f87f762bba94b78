"""TUTO: the head of a network of about a thousand independent structures in 17 regions.

It speaks of "accompagnement" and leaves the plan's word out of its screens and mails.
Source: INJEP report of January 2024, section 2.2 (8) unless a comment says otherwise.
"""

from datetime import date

from chalicelib.programmes.cadence import Cadence, ReminderStep
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

SUPPORT = Programme(
    id=ProgrammeId("accompagnement"),
    name="Accompagnement",
    # "De manière hybride à l'appréciation des binômes."
    format="hybrid",
    formats=("hybrid", "in_person", "remote"),
    # "À fréquence variable à la demande du mentoré sur une période de 6 mois."
    cadence=Cadence(every="on_request"),
    duration_months=6,
    # No intermediate follow-up, by choice (section 6.2): nobody is written to. The counsellor of
    # the structure alone finds a silent pair in the list, once it is red; without that one step a
    # pair that ended unheard would be declared for ever. The thresholds are those on request.
    reminders=(ReminderStep(after_days=56, to=("coordinator",), channel="task"),),
    contact_plan=None,
    # "Des jeunes de moins de 30 ans"; the least age is unknown: that of the plan.
    mentee_ages=AgeRange(min=6, max=29),
    # Mentors' ages, the ratio and the training are unknown: adults, 32, and MENTOR's two hours.
    training=Training(forms=("in_person", "remote")),
    # "Un rendez-vous de lancement tripartite."
    three_way_launch=True,
    # Section 3.2: "Parrain, marraine, tuteur"; section 2.2: "on est dans l'accompagnement", never
    # a "dispositif".
    wording=Wording(
        mentoring="accompagnement",
        mentor="parrain, marraine ou tuteur",
        mentors="parrains, marraines et tuteurs",
        mentee="jeune accompagné·e",
        mentees="jeunes accompagné·es",
        coordinator="conseiller·ère",
        coordinators="conseillers·ères",
        programme="action",
    ),
)

PRESET = TenantPreset(
    key="tuto",
    name="TUTO",
    # Section 1: "21 000 par an entre 2022 et 2024"; calendar years chosen. Note 26: the figure may
    # count every young person supported.
    agreement=Agreement(
        kind="CPO",
        starts_on=date(2022, 1, 1),
        ends_on=date(2024, 12, 31),
        target_pairs=21_000,
        per_year=True,
    ),
    # Section 3.2: "l'ensemble des 17 régions", out of eighteen; the one left out is unknown:
    # Mayotte chosen.
    territories=codes(
        *("R01", "R02", "R03", "R04", "R11", "R24", "R27", "R28", "R32"),
        *("R44", "R52", "R53", "R75", "R76", "R84", "R93", "R94"),
    ),
    programmes=(SUPPORT,),
    roles={
        **ROLE_WORDS,
        Role.HEAD_OFFICE: "coordination nationale",
        Role.COORDINATOR: "conseiller·ère",
    },
    # Nearly a thousand structures, independent: the head office sees their figures, not their
    # people.
    structure_kinds=("network_member",),
    structures=examples(
        "network_member",
        ("Point jeunes de Pointe-à-Pitre", "D971"),
        ("Point jeunes de Fort-de-France", "D972"),
        ("Point jeunes de Cayenne", "D973"),
        ("Point jeunes de Saint-Denis", "D974"),
        ("Point jeunes de Montreuil", "D93"),
        ("Point jeunes d'Orléans", "D45"),
        ("Point jeunes de Besançon", "D25"),
        ("Point jeunes de Caen", "D14"),
        ("Point jeunes d'Amiens", "D80"),
        ("Point jeunes de Reims", "D51"),
        ("Point jeunes d'Angers", "D49"),
        ("Point jeunes de Brest", "D29"),
        ("Point jeunes de Limoges", "D87"),
        ("Point jeunes de Nîmes", "D30"),
        ("Point jeunes de Valence", "D26"),
        ("Point jeunes d'Avignon", "D84"),
        ("Point jeunes d'Ajaccio", "D2A"),
        independent=True,
    ),
)
