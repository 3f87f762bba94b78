"""Which day belongs to which agreement and which of its years, and what was promised for it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.programmes.schema import Agreement, AgreementStep
from chalicelib.spine.errors import FieldProblem


class AgreementYear(NamedTuple):
    """A year of an agreement, both days included; its target in pairs, None where none is set."""

    starts_on: date
    ends_on: date
    target_pairs: int | None


def in_agreement(agreement: Agreement, on: date) -> bool:
    """Say whether that day lies within the agreement's period."""
    return agreement.starts_on <= on <= agreement.ends_on


def agreement_years(agreement: Agreement) -> tuple[AgreementYear, ...]:
    """Return the years of an agreement: its steps, else twelve months each from its first day.

    The last year is shorter where the period is not a whole number of years (AIDFIRST: 13 months).
    """
    if agreement.steps:
        return tuple(
            AgreementYear(step.starts_on, step.ends_on, step.target_pairs) for step in agreement.steps
        )
    return tuple(_anniversary_years(agreement))


def agreement_year(agreement: Agreement, on: date) -> AgreementYear | None:
    """Return the year of the agreement that holds that day, or None outside of them all."""
    for year in agreement_years(agreement):
        if year.starts_on <= on <= year.ends_on:
            return year
    return None


def whole_target(agreement: Agreement) -> int:
    """Return the pairs promised over the whole period of the agreement."""
    if agreement.per_year:
        return agreement.target_pairs * len(agreement_years(agreement))
    return agreement.target_pairs


def moved_to(agreement: Agreement, on: date) -> Agreement:
    """Return the agreement moved by whole years, as few as it takes for it not to be over.

    The agreements of the report end in 2025 at the latest. A demonstration shows them as though
    they had been signed again on the same terms.
    """
    years = max(0, on.year - agreement.ends_on.year)
    if _plus_years(agreement.ends_on, years) < on:
        years += 1
    return agreement.model_copy(
        update={
            "starts_on": _plus_years(agreement.starts_on, years),
            "ends_on": _plus_years(agreement.ends_on, years),
            "steps": tuple(_moved_step(step, years) for step in agreement.steps),
        }
    )


def agreement_problems(agreement: Agreement) -> list[FieldProblem]:
    """Return everything that makes an agreement impossible; an empty list accepts it."""
    found = list(_period_problems(agreement))
    if agreement.target_pairs < 1:
        found.append(FieldProblem("target_pairs", "must be 1 or more", "Doit être de 1 ou plus."))
    if agreement.steps and not found:
        found.extend(_step_problems(agreement))
    return found


def _period_problems(agreement: Agreement) -> Iterator[FieldProblem]:
    if agreement.ends_on < agreement.starts_on:
        yield FieldProblem(
            "ends_on",
            f"must be {agreement.starts_on.isoformat()} (starts_on) or later",
            f"Doit être le {agreement.starts_on:%d/%m/%Y} (le premier jour) ou plus tard.",
        )


def _step_problems(agreement: Agreement) -> Iterator[FieldProblem]:
    expected = agreement.starts_on
    for i, step in enumerate(agreement.steps):
        if step.starts_on != expected or step.ends_on < step.starts_on:
            yield FieldProblem(
                f"steps.{i}.starts_on",
                f"must be {expected.isoformat()}, so that the steps follow each other, "
                "and each end on or after its first day",
                f"Doit être le {expected:%d/%m/%Y} : les étapes se suivent, et chacune finit "
                "après son premier jour.",
            )
        expected = step.ends_on + timedelta(days=1)
    last = len(agreement.steps) - 1
    if agreement.steps[last].ends_on != agreement.ends_on:
        yield FieldProblem(
            f"steps.{last}.ends_on",
            f"must be {agreement.ends_on.isoformat()}, the last day of the agreement",
            f"Doit être le {agreement.ends_on:%d/%m/%Y}, dernier jour de la convention.",
        )
    total = sum(step.target_pairs for step in agreement.steps)
    if agreement.per_year or total != agreement.target_pairs:
        yield FieldProblem(
            "target_pairs",
            f"must be {total}, the sum of the steps, and not per year",
            f"Doit être de {total}, la somme des étapes, et non par an.",
        )


def _anniversary_years(agreement: Agreement) -> Iterator[AgreementYear]:
    target = agreement.target_pairs if agreement.per_year else None
    start = agreement.starts_on
    number = 0
    while start <= agreement.ends_on:
        number += 1
        after = _plus_years(agreement.starts_on, number)
        yield AgreementYear(start, min(after - timedelta(days=1), agreement.ends_on), target)
        start = after


def _moved_step(step: AgreementStep, years: int) -> AgreementStep:
    return step.model_copy(
        update={
            "starts_on": _plus_years(step.starts_on, years),
            "ends_on": _plus_years(step.ends_on, years),
        }
    )


def _plus_years(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
