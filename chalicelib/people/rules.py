"""The decisions on people: ages, the funnel from lead to available, readiness for a pair. Pure.

A decision that can refuse gives the `FieldProblem` to show, or None when nothing stands against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from chalicelib.spine.errors import FieldProblem

#: French civil code, article 388.
MAJORITY_AGE: Final = 18

EARLIEST_BIRTH_DATE: Final = date(1900, 1, 1)


class Stage(StrEnum):
    """Where a person stands, in the order of the funnel."""

    LEAD = "lead"
    CONTACTED = "contacted"
    INFORMATION_MEETING = "information_meeting"
    INTERVIEW = "interview"
    CHECKS = "checks"
    AVAILABLE = "available"
    PAIRED = "paired"
    LEFT = "left"


class LeavingReason(StrEnum):
    """Why a person left the funnel."""

    NO_NEWS = "no_news"
    NO_TIME = "no_time"
    MOVED = "moved"
    NOT_INTERESTED = "not_interested"
    WAITED_TOO_LONG = "waited_too_long"
    FOUND_ELSEWHERE = "found_elsewhere"
    GUARDIAN_REFUSED = "guardian_refused"
    OUTSIDE_CRITERIA = "outside_criteria"
    CHECKS_FAILED = "checks_failed"
    UNSAFE = "unsafe"
    COMPLETED = "completed"
    OTHER = "other"


class Source(StrEnum):
    """How a person came to the organisation."""

    EVENT = "event"
    DIGITAL_CAMPAIGN = "digital_campaign"
    PLATFORM = "platform"
    PARTNER = "partner"
    WORD_OF_MOUTH = "word_of_mouth"
    OTHER_PROGRAMME = "other_programme"
    OTHER = "other"


STAGE_LABELS: Final[Mapping[Stage, str]] = {
    Stage.LEAD: "Coupon",
    Stage.CONTACTED: "Contact pris",
    Stage.INFORMATION_MEETING: "Réunion d'information",
    Stage.INTERVIEW: "Entretien",
    Stage.CHECKS: "Vérifications et formation",
    Stage.AVAILABLE: "Disponible",
    Stage.PAIRED: "En binôme",
    Stage.LEFT: "Sorti du parcours",
}
LEAVING_REASON_LABELS: Final[Mapping[LeavingReason, str]] = {
    LeavingReason.NO_NEWS: "Plus de nouvelles",
    LeavingReason.NO_TIME: "Manque de disponibilité",
    LeavingReason.MOVED: "Déménagement",
    LeavingReason.NOT_INTERESTED: "Ne souhaite plus participer",
    LeavingReason.WAITED_TOO_LONG: "Attente trop longue",
    LeavingReason.FOUND_ELSEWHERE: "A trouvé un autre accompagnement",
    LeavingReason.GUARDIAN_REFUSED: "Refus du représentant légal",
    LeavingReason.OUTSIDE_CRITERIA: "Hors des critères du programme",
    LeavingReason.CHECKS_FAILED: "Vérifications non satisfaisantes",
    LeavingReason.UNSAFE: "Situation à risque",
    LeavingReason.COMPLETED: "Parcours terminé",
    LeavingReason.OTHER: "Autre raison",
}
SOURCE_LABELS: Final[Mapping[Source, str]] = {
    Source.EVENT: "Événement",
    Source.DIGITAL_CAMPAIGN: "Campagne numérique",
    Source.PLATFORM: "Plateforme",
    Source.PARTNER: "Partenaire",
    Source.WORD_OF_MOUTH: "Bouche-à-oreille",
    Source.OTHER_PROGRAMME: "Autre programme",
    Source.OTHER: "Autre",
}

_RANK: Final[Mapping[Stage, int]] = {stage: rank for rank, stage in enumerate(Stage)}


@dataclass(frozen=True)
class JudicialRecord:
    """The check of a mentor's judicial record; without `expires_on` it does not expire."""

    done_on: date
    expires_on: date | None = None


def age_on(birth_date: date, day: date) -> int:
    """Give the age in completed years on `day`; born on 29 February, one ages on 1 March of common years."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def is_minor(birth_date: date, day: date) -> bool:
    """Tell whether the person is under 18 on `day`."""
    return age_on(birth_date, day) < MAJORITY_AGE


def birth_date_problem(birth_date: date, today: date, *, field: str = "birth_date") -> FieldProblem | None:
    """Refuse a birth date before 1900 or in the future."""
    if EARLIEST_BIRTH_DATE <= birth_date <= today:
        return None
    return FieldProblem(
        field,
        f"give a date from {EARLIEST_BIRTH_DATE} to today ({today})",
        f"Indiquez une date entre le {EARLIEST_BIRTH_DATE:%d/%m/%Y} et aujourd'hui ({today:%d/%m/%Y}).",
    )


def stage_problem(
    current: Stage | None, wanted: Stage, leaving_reason: LeavingReason | None
) -> FieldProblem | None:
    """Refuse a move that nobody may make by hand; `current` is None for a person being created.

    Steps may be skipped and taken back. `paired` comes and goes with a pair's launch and closure
    alone, and leaving needs its reason. Asking for the current stage changes nothing and is accepted.
    """
    if Stage.PAIRED in {current, wanted} and current is not wanted:
        return _paired_by_hand(wanted)
    if wanted is Stage.LEFT and leaving_reason is None:
        labels = ", ".join(label.lower() for label in LEAVING_REASON_LABELS.values())
        return FieldProblem(
            "leaving_reason",
            f"say why the person left: {', '.join(LeavingReason)}",
            f"Indiquez pourquoi la personne est partie : {labels}.",
        )
    if wanted is not Stage.LEFT and leaving_reason is not None:
        return FieldProblem(
            "leaving_reason",
            "accepted only with the stage left",
            "Une raison de départ ne se donne qu'à une personne sortie du parcours.",
        )
    return None


def dates_after_move(stage_dates: Mapping[Stage, date], to: Stage, day: date) -> dict[Stage, date]:
    """Give the dates of the steps that stand once a person is at `to`, reached on `day`.

    Going back keeps the dates of the steps up to `to`, its own included, and drops the later ones:
    a wrong click undone leaves no trace here (the journal remembers it). After a closure, whoever
    waits for a new pair starts again from `{Stage.AVAILABLE: day}`, which is a new wait.
    """
    standing = {stage: on for stage, on in stage_dates.items() if _RANK[stage] <= _RANK[to]}
    return {**standing, to: standing.get(to, day)}


def waiting_days(stage_dates: Mapping[Stage, date], today: date, *, until: Stage = Stage.PAIRED) -> int:
    """Give the days from the first step to `until` (or to leaving), or to `today` for who still waits.

    "Temps de flottement" (INJEP 2024): beyond 15 days young people are lost. With
    `until=Stage.AVAILABLE` it is the part that the organisation's own intake takes.
    """
    if not stage_dates:
        return 0
    end = min((on for stage, on in stage_dates.items() if _RANK[stage] >= _RANK[until]), default=today)
    return max(0, (end - min(stage_dates.values())).days)


def training_missing_hours(training_hours: float, required: float) -> float:
    """Give the hours of training that the mentor still lacks, 0 when none."""
    return max(0.0, required - training_hours)


def check_problem(
    judicial_record: JudicialRecord | None,
    *,
    minor_mentee: bool,
    on: date,
    field: str = "checks.judicial_record",
) -> FieldProblem | None:
    """Refuse a mentor for a minor without a valid check of the judicial record (AAP criterion 5).

    The day of `expires_on` is the last valid one.
    """
    if not minor_mentee:
        return None
    if judicial_record is None or judicial_record.done_on > on:
        return FieldProblem(
            field,
            f"the mentee is a minor: the mentor's judicial record must have been checked by {on}",
            "Le jeune est mineur : le casier judiciaire du mentor doit avoir été vérifié "
            f"au plus tard le {on:%d/%m/%Y}.",
        )
    expires_on = judicial_record.expires_on
    if expires_on is not None and expires_on < on:
        return FieldProblem(
            field,
            "the mentee is a minor: renew the check of the mentor's judicial record, "
            f"which expired on {expires_on}",
            "Le jeune est mineur et la vérification du casier judiciaire du mentor a expiré "
            f"le {expires_on:%d/%m/%Y} : renouvelez-la.",
        )
    return None


def guardian_problem(
    birth_date: date | None, *, has_guardian: bool, on: date, field: str = "guardian"
) -> FieldProblem | None:
    """Refuse a minor without a legal guardian, whose consent is needed before any session (French law).

    An unknown birth date is not a problem here: the programme's age limits ask for it.
    """
    if has_guardian or birth_date is None or not is_minor(birth_date, on):
        return None
    return FieldProblem(
        field,
        "the mentee is a minor: give the legal guardian as {first_name, last_name, email, phone}",
        "Le jeune est mineur : indiquez son représentant légal (prénom, nom, e-mail ou téléphone).",
    )


def _paired_by_hand(wanted: Stage) -> FieldProblem:
    """Say how `paired` is reached or left, since it is not by changing the stage."""
    if wanted is Stage.PAIRED:
        return FieldProblem(
            "stage",
            "paired is set when a pair is launched; accepted by hand: "
            + ", ".join(stage for stage in Stage if stage is not Stage.PAIRED),
            "L'étape « En binôme » vient du lancement d'un binôme : choisissez une autre étape "
            "ou lancez le binôme.",
        )
    return FieldProblem(
        "stage",
        "the person is in a pair: close the pair first, its closure changes the stage",
        "Cette personne est en binôme : clôturez d'abord le binôme, la clôture change l'étape.",
    )
