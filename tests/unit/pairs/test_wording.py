from datetime import date, timedelta

import pytest

from chalicelib.pairs import wording
from chalicelib.pairs.rules import Colour, Facts, Stage, Thresholds
from chalicelib.programmes.presets import tuto, univ

TODAY = date(2026, 11, 22)
WEEKLY = Thresholds(orange=14, red=28)


def pair(launched: int, met: int | None = None) -> Facts:
    days = () if met is None else (TODAY - timedelta(days=met),)
    return Facts(Stage.ACTIVE, True, True, TODAY - timedelta(days=launched), days)


@pytest.mark.parametrize(
    ("facts", "colour", "sentence"),
    [
        (pair(0), Colour.GREEN, "lancé aujourd'hui"),
        (pair(1), Colour.GREEN, "lancé il y a 1 jour"),
        (pair(40, met=0), Colour.GREEN, "séance aujourd'hui"),
        (pair(40, met=6), Colour.GREEN, "dernière séance il y a 6 jours"),
        (pair(16), Colour.ORANGE, "aucune séance depuis le lancement, il y a 16 jours (seuil : 14 jours)"),
        (pair(80, met=31), Colour.RED, "pas de séance depuis 31 jours (seuil : 28 jours)"),
        (pair(80, met=31), None, ""),
    ],
)
def test_a_colour_is_explained_in_a_sentence(facts: Facts, colour: Colour | None, sentence: str) -> None:
    assert wording.why(facts, colour, WEEKLY, TODAY).replace("\u00a0", " ") == sentence


@pytest.mark.parametrize(("step", "name"), [(0, "1re relance"), (1, "2e relance"), (2, "3e relance")])
def test_a_step_of_the_ladder_is_named_as_people_count(step: int, name: str) -> None:
    assert wording.reminder_step(step).replace("\u00a0", " ") == name


@pytest.mark.parametrize(
    ("to", "shown"),
    [
        ("mentor", "mentor"),
        ("coordinator:01JZWFMGJ0BBG5WDQVGP3ZE3ZE", "chargé·e de développement mentorat"),
        ("regional_referent:01JZWFMGJ0BBG5WDQVGP3ZE3ZE", "délégué·e régional·e"),
        ("guardian", "famille"),
        ("nobody", "personne à prévenir"),
    ],
)
def test_whom_a_reminder_is_for_is_said_in_the_tenants_words(to: str, shown: str) -> None:
    assert wording.recipient(to, univ.PRESET.words) == shown


def test_a_tenant_that_never_says_mentor_is_not_made_to() -> None:
    words = tuto.PRESET.words
    assert "mentor" not in " ".join(words.values())
    assert wording.recipient("mentor", words) == "parrain, marraine ou tuteur"
