"""The French of this room: stages, colours and reasons as screens and mails say them."""

from collections.abc import Mapping
from datetime import date

from chalicelib.pairs.rules import (
    BreakOffReason,
    Colour,
    Counts,
    Facts,
    Outcome,
    Reason,
    Stage,
    Thresholds,
    silence,
)

STAGES = {
    Stage.PROPOSED: "proposé",
    Stage.ACCEPTED: "accepté",
    Stage.ACTIVE: "en cours",
    Stage.PAUSED: "en pause",
    Stage.CLOSING: "bilan de clôture",
    Stage.CLOSED: "clos",
}
COLOURS = {Colour.GREEN: "vert", Colour.ORANGE: "orange", Colour.RED: "rouge"}
OUTCOMES = {
    Outcome.COMPLETED: "Mené à son terme",
    Outcome.GOALS_REACHED: "Objectifs atteints",
    Outcome.BROKEN_OFF: "Interrompu",
}
BREAK_OFF_REASONS = {
    BreakOffReason.MOVED: "Déménagement",
    BreakOffReason.NO_NEWS: "Plus de nouvelles",
    BreakOffReason.MISMATCH: "Ne se convenaient pas",
    BreakOffReason.UNSAFE: "Mise en danger",
    BreakOffReason.OTHER: "Autre raison",
}
FORMATS = {"in_person": "en présence", "remote": "à distance", "hybrid": "en partie à distance"}
REASONS = {
    Reason.NOT_LAUNCHED: ("the pair is not launched", "pas encore lancé"),
    Reason.NOT_DECLARED: (
        "the programme is not declared to the plan",
        "programme non déclaré au plan",
    ),
    Reason.AGE: ("the mentee's age is outside 6 to 30", "âge hors des 6 à 30 ans du plan"),
    Reason.GAP: (
        "more than 42 days between two sessions: reporting a session held in between repairs it",
        "plus de 42 jours entre deux séances ; déclarer une séance tenue entre-temps le répare",
    ),
    Reason.TOO_SHORT: ("closed before six months", "clos avant six mois"),
}


#: What became of a reminder.
REMINDERS = {
    "sent": "envoyée",
    "sending": "en cours d'envoi",
    "skipped": "non envoyée : une étape plus récente l'a remplacée",
    "task": "à appeler : inscrit dans la liste «\u00a0À faire\u00a0»",
    "no_address": "non envoyée : pas d'adresse, à appeler",
    "refused": "non envoyée : adresse refusée, à corriger",
}


def reminder_step(step: int) -> str:
    """Name a step of the ladder, counted from 0: "1re relance", "2e relance"."""
    return f"{step + 1}{'e' if step else 're'}\u00a0relance"


def recipient(to: str, words: Mapping[str, str]) -> str:
    """Say whom a reminder is for, from the key of the register, in the tenant's own words."""
    kind = to.partition(":")[0]
    others = {"guardian": "famille", "nobody": "personne à prévenir"}
    return others.get(kind) or words.get(kind, kind)


def why(facts: Facts, colour: Colour | None, thresholds: Thresholds, today: date) -> str:
    """Say in words why a pair has its colour: "pas de séance depuis 23 jours, attendu 14"."""
    if colour is None:
        return ""
    days = silence(facts, today)
    since = "séance" if facts.session_days else "séance depuis le lancement,"
    if colour is Colour.GREEN:
        if not facts.session_days:
            return f"lancé il y a {_days(days)}" if days else "lancé aujourd'hui"
        return f"dernière séance il y a {_days(days)}" if days else "séance aujourd'hui"
    expected = thresholds.orange if colour is Colour.ORANGE else thresholds.red
    if not facts.session_days:
        return f"aucune {since} il y a {_days(days)} (seuil\u00a0: {_days(expected)})"
    return f"pas de {since} depuis {_days(days)} (seuil\u00a0: {_days(expected)})"


def _days(count: int) -> str:
    return f"{count}\u00a0jour{'s' if count > 1 else ''}"


def french_reasons(counted: Counts) -> list[str]:
    """Give the reasons why a pair does not count, for screens."""
    return [REASONS[reason][1] for reason in counted.reasons]


def english_reasons(counted: Counts) -> list[str]:
    """Give the reasons why a pair does not count, for the API."""
    return [REASONS[reason][0] for reason in counted.reasons]
