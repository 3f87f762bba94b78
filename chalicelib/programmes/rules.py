"""What makes a programme possible, who it may take, and which day belongs to which agreement.

Nothing here raises: a refusal is a list of problems, each naming its field and what would be
accepted, in English for the API and in French for the screens. Fields are paths inside the refused
object, with dots and positions: `reminders.1.to`.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from chalicelib.programmes.cadence import default_ladder, default_thresholds
from chalicelib.programmes.schema import AgeRange, PersonKind, Programme
from chalicelib.spine.errors import FieldProblem

__all__ = [
    "PLAN_MIN_DURATION_MONTHS",
    "age_gap_problem",
    "age_on",
    "age_problem",
    "default_ladder",
    "default_thresholds",
    "problems",
    "with_de",
]

# "Pendant au moins 6 mois": call for projects, criterion 5.
PLAN_MIN_DURATION_MONTHS = 6
_SCHOOL_YEAR_MONTHS = 10
_BEST_RATING = 5
_ELIDED = tuple("aàâeéèêiîoôuœ")
_STAFF = frozenset({"coordinator", "regional_referent", "structure"})


def problems(programme: Programme) -> list[FieldProblem]:
    """Return everything that makes a programme impossible; an empty list accepts it."""
    return [
        *_blank_texts(programme),
        *_too_small(programme),
        *_format_problems(programme),
        *_cadence_problems(programme),
        *_duration_problems(programme),
        *_phase_problems(programme),
        *_threshold_problems(programme),
        *_ladder_problems(programme),
        *_age_problems("mentee_ages", programme.mentee_ages),
        *_age_problems("mentor_ages", programme.mentor_ages),
        *_follow_up_problems(programme),
    ]


def age_on(birth_date: date, on: date) -> int:
    """Return the age in completed years; somebody born on 29 February ages on 1 March."""
    before_birthday = (on.month, on.day) < (birth_date.month, birth_date.day)
    return on.year - birth_date.year - before_birthday


def age_problem(programme: Programme, kind: PersonKind, birth_date: date, on: date) -> FieldProblem | None:
    """Return why a person of that birth date may not join on that day, or None."""
    if birth_date > on:
        return FieldProblem(
            "birth_date",
            "must be in the past",
            "La date de naissance doit être passée.",
        )
    ages = programme.mentor_ages if kind == "mentor" else programme.mentee_ages
    age = age_on(birth_date, on)
    too_young = ages.min is not None and age < ages.min
    too_old = ages.max is not None and age > ages.max
    if not (too_young or too_old):
        return None
    word = programme.wording.mentor if kind == "mentor" else programme.wording.mentee
    english, french = _ages_in_words(ages)
    return FieldProblem(
        "birth_date",
        f"the age of a {kind} in this programme must be {english} on {on.isoformat()}",
        f"Âge attendu ({word}) : {french} au {on:%d/%m/%Y}.",
    )


def age_gap_problem(programme: Programme, mentor_birth: date, mentee_birth: date) -> FieldProblem | None:
    """Return why two people are too far apart in age for the programme, or None.

    Ten years and a day are more than ten years. The message gives no age, since whoever sees one
    of the two people may have no right to the other.
    """
    limit = programme.max_age_gap_years
    if limit is None:
        return None
    elder, younger = sorted((mentor_birth, mentee_birth))
    beyond = (younger.month, younger.day) > (elder.month, elder.day)
    if younger.year - elder.year + beyond <= limit:
        return None
    words = programme.wording
    return FieldProblem(
        "mentee",
        f"mentor and mentee must be at most {limit} years apart in this programme",
        f"L'écart d'âge ({words.mentor}, {words.mentee}) ne doit pas dépasser {limit} ans.",
    )


def with_de(word: str) -> str:
    """Return a French word after "de", elided where it must be: "d'accompagnement"."""
    return f"d'{word}" if word.lower().startswith(_ELIDED) else f"de {word}"


def _ages_in_words(ages: AgeRange) -> tuple[str, str]:
    """Return an age range in English and in French; both ends are included."""
    if ages.min is None:
        return f"{ages.max} or less", f"{ages.max} ans ou moins"
    if ages.max is None:
        return f"{ages.min} or more", f"{ages.min} ans ou plus"
    return f"{ages.min} to {ages.max}", f"de {ages.min} à {ages.max} ans"


def _blank_texts(programme: Programme) -> Iterator[FieldProblem]:
    texts = {"name": programme.name}
    texts |= {f"wording.{field}": word for field, word in programme.wording}
    texts |= {f"phases.{i}.name": phase.name for i, phase in enumerate(programme.phases)}
    texts |= {f"closure.criteria.{i}": text for i, text in enumerate(programme.closure.criteria)}
    for field, text in texts.items():
        if not text.strip():
            yield FieldProblem(
                field,
                "must not be empty: a text of 1 to 80 characters is accepted",
                "À renseigner : un texte de 1 à 80 caractères.",
            )


def _too_small(programme: Programme) -> Iterator[FieldProblem]:
    """Yield the figures that are nought where the programme needs one at least."""
    training = programme.training
    plan = programme.contact_plan
    figures: dict[str, float | None] = {
        "duration_months": programme.duration_months,
        "orange_after_days": programme.orange_after_days,
        "caseload_ratio": programme.caseload_ratio,
        "mentees_per_mentor": programme.mentees_per_mentor,
        "max_waiting_days": programme.max_waiting_days,
        "training.half_days": training.half_days,
        "training.modules": training.modules,
        "training.cycles_per_year": training.cycles_per_year,
        "training.smallest_group": training.smallest_group,
        "contact_plan.first_after_days": plan.first_after_days if plan else None,
        "contact_plan.every_days": plan.every_days if plan else None,
    }
    figures |= {f"phases.{i}.months": phase.months for i, phase in enumerate(programme.phases)}
    for field, figure in figures.items():
        if figure is not None and figure < 1:
            yield FieldProblem(field, "must be 1 or more", "Doit être de 1 ou plus.")


def _format_problems(programme: Programme) -> Iterator[FieldProblem]:
    if not programme.formats:
        yield FieldProblem(
            "formats",
            "must hold one format at least: in_person, remote or hybrid",
            "Choisir au moins un format : présentiel, distanciel ou hybride.",
        )
    elif programme.format not in programme.formats:
        yield FieldProblem(
            "format",
            f"must be one of formats: {', '.join(programme.formats)}",
            "Doit être l'un des formats permis aux séances.",
        )
    if len(set(programme.formats)) < len(programme.formats):
        yield FieldProblem(
            "formats",
            "must hold each format once",
            "Chaque format ne doit figurer qu'une fois.",
        )


def _cadence_problems(programme: Programme) -> Iterator[FieldProblem]:
    cadence = programme.cadence
    if cadence.every == "on_request":
        if cadence.hours is not None or cadence.hours_at_most is not None:
            yield FieldProblem(
                "cadence.hours",
                "must be left out when sessions are on request",
                "À laisser vide quand les séances ont lieu à la demande.",
            )
        return
    if not cadence.hours:
        yield FieldProblem(
            "cadence.hours",
            f"must be more than 0 hours a {cadence.every}, or the cadence be on_request",
            "Doit dépasser 0 heure, ou les séances avoir lieu à la demande.",
        )
    elif cadence.hours_at_most is not None and cadence.hours_at_most < cadence.hours:
        yield FieldProblem(
            "cadence.hours_at_most",
            f"must be {cadence.hours:g} hours (cadence.hours) or more",
            f"Doit être d'au moins {_comma(cadence.hours)} h, le minimum de la cadence.",
        )


def _duration_problems(programme: Programme) -> Iterator[FieldProblem]:
    months = programme.duration_months
    if months is None:
        if not programme.school_year:
            yield FieldProblem(
                "duration_months",
                "must be a number of months, or school_year be true",
                "Donner un nombre de mois, ou choisir l'année scolaire.",
            )
        return
    if programme.declared and months < PLAN_MIN_DURATION_MONTHS:
        yield FieldProblem(
            "duration_months",
            f"must be {PLAN_MIN_DURATION_MONTHS} months or more in a declared programme (plan, criterion 5)",
            f"Doit être d'au moins {PLAN_MIN_DURATION_MONTHS} mois pour être déclaré à l'État "
            "(critère 5 du plan).",
        )
    limit = programme.renewal.up_to_months
    if limit is not None and limit < months:
        yield FieldProblem(
            "renewal.up_to_months",
            f"must be {months} months (duration_months) or more",
            f"Doit être d'au moins {months} mois, la durée prévue.",
        )


def _phase_problems(programme: Programme) -> Iterator[FieldProblem]:
    available = programme.duration_months
    if programme.school_year:
        available = max(available or 0, _SCHOOL_YEAR_MONTHS)
    used = sum(phase.months for phase in programme.phases)
    if available is not None and used > available:
        yield FieldProblem(
            "phases",
            f"must last {available} months in all or less, not {used}",
            f"Doivent durer {available} mois au plus en tout, et non {used}.",
        )
    names = Counter(phase.name.casefold() for phase in programme.phases)
    if any(times > 1 for times in names.values()):
        yield FieldProblem("phases", "must each have a different name", "Doivent porter des noms différents.")


def _threshold_problems(programme: Programme) -> Iterator[FieldProblem]:
    orange = programme.orange_after_days
    if programme.red_after_days <= orange:
        yield FieldProblem(
            "red_after_days",
            f"must be {orange + 1} days or more, after orange_after_days ({orange})",
            f"Doit être d'au moins {orange + 1} jours, après le seuil orange ({orange}).",
        )


def _ladder_problems(programme: Programme) -> Iterator[FieldProblem]:
    """Two steps on one day would be two messages for one thing: the ladder must climb."""
    before = 0
    for i, step in enumerate(programme.reminders):
        if step.after_days <= before:
            yield FieldProblem(
                f"reminders.{i}.after_days",
                f"must be {before + 1} days or more, after the step before",
                f"Doit être d'au moins {before + 1} jours, après l'étape précédente.",
            )
        before = max(before, step.after_days)
        if not step.to or len(set(step.to)) < len(step.to):
            yield FieldProblem(
                f"reminders.{i}.to",
                "must hold one recipient at least, each once",
                "Choisir au moins un destinataire, chacun une fois.",
            )
        elif step.channel == "task" and not _STAFF.issuperset(step.to):
            yield FieldProblem(
                f"reminders.{i}.to",
                "a task must go to coordinator, regional_referent or structure only",
                "Une tâche ne peut être confiée qu'à l'équipe, au référent régional ou à la structure.",
            )


def _age_problems(field: str, ages: AgeRange) -> Iterator[FieldProblem]:
    if ages.min is not None and ages.max is not None and ages.max < ages.min:
        yield FieldProblem(
            f"{field}.max",
            f"must be {ages.min} ({field}.min) or more",
            f"Doit être d'au moins {ages.min} ans, l'âge minimum.",
        )


def _follow_up_problems(programme: Programme) -> Iterator[FieldProblem]:
    alert = programme.alert_rating_below
    if alert is not None and not 1 < alert <= _BEST_RATING:
        yield FieldProblem(
            "alert_rating_below",
            f"must be from 2 to {_BEST_RATING}: ratings go from 1 to {_BEST_RATING}",
            f"Doit être de 2 à {_BEST_RATING} : les notes vont de 1 à {_BEST_RATING}.",
        )
    plan = programme.contact_plan
    if plan and not (plan.people and (plan.first_after_days or plan.every_days)):
        yield FieldProblem(
            "contact_plan",
            "must name one person at least, and first_after_days, every_days or both",
            "Choisir au moins une personne, et un premier contact, un rythme ou les deux.",
        )


def _comma(figure: float) -> str:
    """Write a figure the French way."""
    return f"{figure:g}".replace(".", ",")
