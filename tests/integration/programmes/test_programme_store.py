"""Programmes and agreements as they are stored, and what a process believes of them."""

from datetime import date

from chalicelib.programmes import actions, presets, store
from chalicelib.programmes.schema import Agreement
from chalicelib.spine import bulk
from chalicelib.spine.context import Context

FIRST = Agreement(
    kind="CPO", starts_on=date(2026, 1, 1), ends_on=date(2028, 12, 31), target_pairs=1000, per_year=True
)
NEXT = Agreement(kind="CPO", starts_on=date(2029, 1, 1), ends_on=date(2030, 12, 31), target_pairs=900)


def test_every_preset_is_read_back_as_it_was_written(context: Context) -> None:
    for preset in presets.all_presets():
        bulk.load(store.built_programme(context.tenant, each) for each in preset.programmes)
        for each in preset.programmes:
            assert store.programme(context.tenant, each.id) == each


def test_an_agreement_is_known_by_its_first_day(context: Context) -> None:
    bulk.load([store.built_agreement(context.tenant, each) for each in (NEXT, FIRST)])

    assert store.agreements(context.tenant) == {"2026-01-01": FIRST, "2029-01-01": NEXT}


def test_the_current_agreement_is_the_one_that_holds_the_day(context: Context) -> None:
    bulk.load([store.built_agreement(context.tenant, each) for each in (FIRST, NEXT)])

    assert store.current_agreement(context.tenant, date(2028, 12, 31)) == ("2026-01-01", FIRST)
    assert store.current_agreement(context.tenant, date(2029, 1, 1)) == ("2029-01-01", NEXT)
    assert store.current_agreement(context.tenant, date(2031, 1, 1)) is None


def test_what_a_process_has_changed_it_no_longer_believes(context: Context) -> None:
    (programme,) = presets.standard("Essai").programmes
    bulk.load([store.built_programme(context.tenant, programme)])
    assert store.known_programmes(context.tenant)["mentorat"].caseload_ratio == 32

    actions.change_programme(context, "mentorat", 1, {"caseload_ratio": 20})

    assert store.known_programmes(context.tenant)["mentorat"].caseload_ratio == 20
