"""The presets against the figures of the report, written here a second time on purpose."""

from dataclasses import fields
from datetime import date
from typing import NamedTuple

import pytest

from chalicelib.programmes.agreements import agreement_problems, whole_target
from chalicelib.programmes.presets import (
    FundedOrganisation,
    TenantPreset,
    all_presets,
    funded_organisations,
    key_of,
    preset,
    standard,
)
from chalicelib.programmes.rules import problems
from chalicelib.programmes.schema import Programme
from chalicelib.spine.ids import is_tenant_id
from chalicelib.spine.territories import covers, territory
from chalicelib.tenancy.rights import Role

IN_PERSON, REMOTE, HYBRID = "in_person", "remote", "hybrid"
ALL_FORMATS = {IN_PERSON, REMOTE, HYBRID}


class Cadence(NamedTuple):
    """A rhythm, with its least and its most hours."""

    every: str
    hours: float | None
    at_most: float | None = None


class Expected(NamedTuple):
    """What the report's facts say of a programme, and the defaults chosen where they are silent."""

    declared: bool
    format: str
    formats: set[str]
    cadence: Cadence
    adjustable: bool
    months: int | None
    school_year: bool
    mentees: tuple[int | None, int | None]
    mentors: tuple[int | None, int | None]
    gap: int | None
    caseload: int
    training_hours: float
    thresholds: tuple[int, int]


EXPECTED = {
    ("univ", "mentorat"): Expected(
        declared=True,
        format=IN_PERSON,
        formats={IN_PERSON, REMOTE},
        cadence=Cadence("week", 2),
        adjustable=False,
        months=None,
        school_year=True,
        mentees=(5, 18),
        mentors=(18, None),
        gap=None,
        caseload=32,
        training_hours=2,
        thresholds=(14, 28),
    ),
    ("inclusive", "mentorat"): Expected(
        declared=True,
        format=HYBRID,
        formats=ALL_FORMATS,
        cadence=Cadence("month", 3),
        adjustable=True,
        months=6,
        school_year=False,
        mentees=(14, 35),
        mentors=(18, 35),
        gap=10,
        caseload=32,
        training_hours=1.5,
        thresholds=(35, 42),
    ),
    ("inclusive", "parrainage"): Expected(
        declared=False,
        format=HYBRID,
        formats=ALL_FORMATS,
        cadence=Cadence("month", 1),
        adjustable=True,
        months=6,
        school_year=False,
        mentees=(14, 35),
        mentors=(18, 35),
        gap=10,
        caseload=32,
        training_hours=1.5,
        thresholds=(35, 42),
    ),
    ("tema", "mentorat-distanciel"): Expected(
        declared=True,
        format=REMOTE,
        formats={REMOTE},
        cadence=Cadence("week", 1),
        adjustable=False,
        months=6,
        school_year=False,
        mentees=(10, 20),
        mentors=(18, None),
        gap=None,
        caseload=32,
        training_hours=2,
        thresholds=(14, 28),
    ),
    ("tema", "mentorat-presentiel"): Expected(
        declared=True,
        format=IN_PERSON,
        formats={IN_PERSON},
        cadence=Cadence("week", 2),
        adjustable=False,
        months=6,
        school_year=False,
        mentees=(10, 20),
        mentors=(18, None),
        gap=None,
        caseload=32,
        training_hours=2,
        thresholds=(14, 28),
    ),
    ("tema", "tutorat-collectif"): Expected(
        declared=False,
        format=IN_PERSON,
        formats={IN_PERSON},
        cadence=Cadence("week", 2),
        adjustable=False,
        months=6,
        school_year=False,
        mentees=(10, 20),
        mentors=(18, None),
        gap=None,
        caseload=32,
        training_hours=2,
        thresholds=(14, 28),
    ),
    ("coaching", "mentorat"): Expected(
        declared=True,
        format=IN_PERSON,
        formats={IN_PERSON, REMOTE},
        cadence=Cadence("week", 2, 3),
        adjustable=True,
        months=6,
        school_year=False,
        mentees=(6, 30),
        mentors=(18, None),
        gap=None,
        caseload=32,
        training_hours=28,
        thresholds=(14, 28),
    ),
    ("educatio", "mentorat"): Expected(
        declared=True,
        format=IN_PERSON,
        formats={IN_PERSON, REMOTE},
        cadence=Cadence("month", 1, 2),
        adjustable=True,
        months=6,
        school_year=True,
        mentees=(10, 30),
        mentors=(15, None),
        gap=None,
        caseload=32,
        training_hours=6,
        thresholds=(35, 42),
    ),
    ("aidfirst", "mentorat"): Expected(
        declared=True,
        format=HYBRID,
        formats=ALL_FORMATS,
        cadence=Cadence("month", 2),
        adjustable=False,
        months=6,
        school_year=False,
        mentees=(5, 30),
        mentors=(18, None),
        gap=None,
        caseload=32,
        training_hours=1,
        thresholds=(35, 42),
    ),
    ("infancia", "mentorat"): Expected(
        declared=True,
        format=IN_PERSON,
        formats={IN_PERSON},
        cadence=Cadence("month", 4),
        adjustable=False,
        months=6,
        school_year=False,
        mentees=(18, 25),
        mentors=(18, 25),
        gap=5,
        caseload=25,
        training_hours=1,
        thresholds=(35, 42),
    ),
    ("tuto", "accompagnement"): Expected(
        declared=True,
        format=HYBRID,
        formats=ALL_FORMATS,
        cadence=Cadence("on_request", None),
        adjustable=False,
        months=6,
        school_year=False,
        mentees=(6, 29),
        mentors=(18, None),
        gap=None,
        caseload=32,
        training_hours=2,
        thresholds=(42, 56),
    ),
}

# kind, first day, last day, target, of each year, whole target
AGREEMENTS = {
    "univ": ("CPO", date(2022, 1, 1), date(2024, 12, 31), 22_000, True, 66_000),
    "inclusive": ("CPO", date(2022, 9, 1), date(2025, 8, 31), 450, False, 450),
    "tema": ("CPO", date(2022, 1, 1), date(2025, 12, 31), 12_000, False, 12_000),
    "coaching": ("CPO", date(2022, 1, 1), date(2024, 12, 31), 1_030, False, 1_030),
    "educatio": ("CPO", date(2022, 12, 1), date(2025, 8, 31), 1_000, False, 1_000),
    "aidfirst": ("avenant", date(2022, 12, 1), date(2023, 12, 31), 420, False, 420),
    "infancia": ("avenant", date(2022, 1, 1), date(2023, 12, 31), 230, False, 230),
    "tuto": ("CPO", date(2022, 1, 1), date(2024, 12, 31), 21_000, True, 63_000),
}

KEYS = list(AGREEMENTS)
STANDARD = standard("Les Ombres")


def the_preset(key: str) -> TenantPreset:
    found = preset(key)
    assert found is not None
    return found


def the_programme(key: str, programme_id: str) -> Programme:
    return next(each for each in the_preset(key).programmes if each.id == programme_id)


def figures(programme: Programme) -> Expected:
    cadence = programme.cadence
    return Expected(
        declared=programme.declared,
        format=programme.format,
        formats=set(programme.formats),
        cadence=Cadence(cadence.every, cadence.hours, cadence.hours_at_most),
        adjustable=cadence.adjustable,
        months=programme.duration_months,
        school_year=programme.school_year,
        mentees=(programme.mentee_ages.min, programme.mentee_ages.max),
        mentors=(programme.mentor_ages.min, programme.mentor_ages.max),
        gap=programme.max_age_gap_years,
        caseload=programme.caseload_ratio,
        training_hours=programme.training.hours,
        thresholds=(programme.orange_after_days, programme.red_after_days),
    )


def test_the_eight_structures_come_in_the_order_of_the_report() -> None:
    assert [each.key for each in all_presets()] == KEYS
    assert [each.name for each in all_presets()] == [key.upper() for key in KEYS]


def test_the_programmes_are_those_of_the_report_and_no_other() -> None:
    found = {(each.key, programme.id) for each in all_presets() for programme in each.programmes}

    assert found == set(EXPECTED)


@pytest.mark.parametrize(("key", "programme_id"), EXPECTED)
def test_a_programme_has_the_figures_of_the_report(key: str, programme_id: str) -> None:
    assert figures(the_programme(key, programme_id)) == EXPECTED[key, programme_id]


@pytest.mark.parametrize("key", KEYS)
def test_an_agreement_has_the_figures_of_the_report(key: str) -> None:
    agreement = the_preset(key).agreement

    assert agreement is not None
    assert agreement_problems(agreement) == []
    assert (
        agreement.kind,
        agreement.starts_on,
        agreement.ends_on,
        agreement.target_pairs,
        agreement.per_year,
        whole_target(agreement),
    ) == AGREEMENTS[key]


def test_inclusive_climbs_by_fifty_pairs_a_year() -> None:
    agreement = the_preset("inclusive").agreement

    assert agreement is not None
    assert [(step.starts_on.year, step.ends_on.year, step.target_pairs) for step in agreement.steps] == [
        (2022, 2023, 100),
        (2023, 2024, 150),
        (2024, 2025, 200),
    ]


@pytest.mark.parametrize("each", [*all_presets(), STANDARD], ids=lambda each: each.key)
def test_a_preset_holds_only_possible_programmes(each: TenantPreset) -> None:
    assert [problem for programme in each.programmes for problem in problems(programme)] == []


def test_univ_waits_fifteen_days_alerts_on_low_marks_and_calls_every_month() -> None:
    programme = the_programme("univ", "mentorat")

    assert programme.max_waiting_days == 15
    assert programme.alert_rating_below == 3
    assert programme.renewal.up_to_months == 24
    assert not programme.three_way_launch
    assert programme.closure.three_way
    assert programme.training.forms == ("self_paced",)
    assert programme.contact_plan is not None
    assert programme.contact_plan.people == ("mentor", "guardian")
    assert programme.contact_plan.every_days == 30


@pytest.mark.parametrize("programme_id", ["mentorat", "parrainage"])
def test_inclusive_may_start_before_its_training_and_calls_after_a_month(programme_id: str) -> None:
    programme = the_programme("inclusive", programme_id)

    assert not programme.training.before_first_session
    assert programme.training.cycles_per_year == 6
    assert programme.training.forms == ("remote",)
    assert programme.contact_plan is not None
    assert programme.contact_plan.first_after_days == 30
    assert programme.contact_plan.people == ("mentor", "mentee")


def test_only_inclusive_may_start_before_its_training() -> None:
    early = {
        each.key
        for each in all_presets()
        for programme in each.programmes
        if not programme.training.before_first_session
    }

    assert early == {"inclusive"}


def test_coaching_trains_four_days_in_nine_modules_and_rates_three_things() -> None:
    programme = the_programme("coaching", "mentorat")

    assert (programme.training.half_days, programme.training.modules) == (8, 9)
    assert programme.training.forms == ("in_person",)
    assert programme.closure.three_way
    assert len(programme.closure.criteria) == 3


def test_educatio_trains_two_half_days_from_three_mentors() -> None:
    training = the_programme("educatio", "mentorat").training

    assert (training.half_days, training.smallest_group) == (2, 3)
    assert training.forms == ("in_person", "remote")


def test_infancia_has_three_phases_of_two_months_with_their_conditions() -> None:
    programme = the_programme("infancia", "mentorat")

    assert [
        (
            phase.months,
            phase.requires.collective_sessions,
            phase.requires.challenges,
            phase.requires.projects,
        )
        for phase in programme.phases
    ] == [(2, 4, 0, 0), (2, 0, 4, 0), (2, 0, 0, 1)]


def test_infancia_gives_a_mentor_one_mentee_and_never_renews() -> None:
    programme = the_programme("infancia", "mentorat")

    assert programme.mentees_per_mentor == 1
    assert not programme.renewal.allowed
    assert programme.age_gap_strict


def test_infancia_alone_refuses_to_renew() -> None:
    refusing = {
        each.key for each in all_presets() for programme in each.programmes if not programme.renewal.allowed
    }

    assert refusing == {"infancia"}


def test_tuto_writes_to_nobody_and_leaves_silence_to_the_counsellors_list() -> None:
    programme = the_programme("tuto", "accompagnement")

    assert [(step.after_days, step.to, step.channel) for step in programme.reminders] == [
        (56, ("coordinator",), "task")
    ]
    assert programme.contact_plan is None
    assert programme.three_way_launch


def test_tuto_never_speaks_of_mentoring() -> None:
    tuto = the_preset("tuto")
    shown = [
        *tuto.roles.values(),
        *(structure.name for structure in tuto.structures),
        *(programme.name for programme in tuto.programmes),
        *(word for programme in tuto.programmes for _, word in programme.wording),
    ]

    assert [text for text in shown if "mentor" in text.casefold()] == []
    assert [text for text in shown if "dispositif" in text.casefold()] == []


def test_tuto_works_in_seventeen_regions_with_an_independent_structure_in_each() -> None:
    tuto = the_preset("tuto")

    assert len(tuto.territories) == 17
    assert all(structure.independent for structure in tuto.structures)
    for region in tuto.territories:
        assert [each for each in tuto.structures if covers([region], each.territory)]


def test_infancia_works_in_ile_de_france_and_coaching_in_three_metropolises() -> None:
    assert the_preset("infancia").territories == ("R11",)
    assert len(the_preset("coaching").territories) == 3


@pytest.mark.parametrize("each", [*all_presets(), STANDARD], ids=lambda each: each.key)
def test_the_territories_of_a_preset_exist_and_hold_its_structures(each: TenantPreset) -> None:
    assert all(territory(code) for code in each.territories)
    for structure in each.structures:
        found = territory(structure.territory)
        assert found is not None
        assert found.level == "department"
        assert covers(each.territories, structure.territory)
        assert structure.kind in each.structure_kinds


@pytest.mark.parametrize("each", [*all_presets(), STANDARD], ids=lambda each: each.key)
def test_a_preset_has_a_word_for_every_role(each: TenantPreset) -> None:
    assert set(each.roles) == set(Role)
    assert all(each.roles.values())


def test_an_unknown_key_has_no_preset() -> None:
    assert preset("nobody") is None


def test_the_names_of_the_annex_are_known_with_their_call() -> None:
    organisations = funded_organisations()

    assert len(organisations) == 62
    assert [sum(each.call == call for each in organisations) for call in (1, 2, 3)] == [33, 23, 6]
    assert {field.name for field in fields(organisations[0])} == {"name", "call"}


def test_a_further_organisation_starts_with_one_programme_and_no_agreement() -> None:
    assert STANDARD.key == "les-ombres"
    assert STANDARD.name == "Les Ombres"
    assert STANDARD.agreement is None
    assert [programme.id for programme in STANDARD.programmes] == ["mentorat"]
    assert figures(STANDARD.programmes[0]) == Expected(
        declared=True,
        format=HYBRID,
        formats=ALL_FORMATS,
        cadence=Cadence("month", 1, 2),
        adjustable=True,
        months=6,
        school_year=False,
        mentees=(6, 30),
        mentors=(18, None),
        gap=None,
        caseload=32,
        training_hours=2,
        thresholds=(35, 42),
    )


@pytest.mark.parametrize("each", funded_organisations(), ids=lambda each: each.name)
def test_every_organisation_of_the_annex_can_become_a_tenant(
    each: FundedOrganisation,
) -> None:
    assert is_tenant_id(key_of(each.name))
    assert key_of(each.name) not in KEYS


def test_two_organisations_share_a_key_only_where_the_annex_names_one_twice() -> None:
    keys = [key_of(each.name) for each in funded_organisations()]

    assert {key for key in keys if keys.count(key) > 1} == {"fondation-arts-et-metiers"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Fédération Léo Lagrange", "federation-leo-lagrange"),
        ("C'POSSIBLE", "c-possible"),
        ("100 Chances, 100 Emplois", "chances-100-emplois"),
        ("Cœur à cœur", "coeur-a-coeur"),
        ("会", ""),
    ],
)
def test_a_key_is_made_of_the_letters_of_a_name(name: str, key: str) -> None:
    assert key_of(name) == key
