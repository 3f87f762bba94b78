"""What a list of people is narrowed to, read from a query: unknown values are refused by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalicelib.network import store as network
from chalicelib.people.names import KEY_LENGTH, folded
from chalicelib.people.rules import STAGE_LABELS, Stage
from chalicelib.programmes import store as programmes
from chalicelib.spine.errors import FieldProblem, Invalid, NotFound
from chalicelib.spine.ids import TenantId
from chalicelib.spine.territories import FRANCE, TerritoryCode, territory

FILTERS: Final = ("stage", "territory", "programme", "structure", "q")

#: Longer than any id of ours; longer text is no id, and no key of the table either.
LONGEST_ID: Final = 64
_LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None and the empty text narrow nothing."""

    stage: Stage | None = None
    territory: TerritoryCode | None = None
    programme: str | None = None
    structure: str | None = None
    name: str = ""


def wanted(tenant: TenantId, query: Callable[[str], str | None]) -> Wanted:
    """Read the filters of a list. Raises Invalid with every value that is not known here."""
    given = {name: value for name in FILTERS if (value := query(name))}
    programme, structure, name = given.get("programme"), given.get("structure"), given.get("q", "")
    problems = [
        _stage_problem(given.get("stage")),
        _territory_problem(given.get("territory")),
        None if programme is None else programme_problem(tenant, programme),
        None if structure is None else structure_problem(tenant, structure),
        _name_problem(name),
    ]
    Invalid.when(problem for problem in problems if problem)
    code = given.get("territory")
    return Wanted(
        stage=Stage(given["stage"]) if "stage" in given else None,
        territory=None if code is None or code == FRANCE else TerritoryCode(code),
        programme=programme,
        structure=structure,
        name=name,
    )


def programme_problem(tenant: TenantId, programme: str) -> FieldProblem | None:
    """Refuse a programme that the tenant does not have."""
    try:
        if len(programme) <= LONGEST_ID:
            programmes.programme(tenant, programme)
            return None
    except NotFound:
        pass
    return unknown_programme()


def unknown_programme() -> FieldProblem:
    """Say which programmes are accepted."""
    return FieldProblem(
        "programme",
        "no such programme: give an id of /v1/programmes",
        "Choisissez un programme de la liste.",
    )


def structure_problem(tenant: TenantId, structure: str) -> FieldProblem | None:
    """Refuse a structure that the tenant does not have."""
    try:
        if len(structure) <= LONGEST_ID:
            network.structure(tenant, structure)
            return None
    except NotFound:
        pass
    return FieldProblem(
        "structure",
        "no such structure: give an id of /v1/structures",
        "Choisissez une structure de la liste.",
    )


def _stage_problem(stage: str | None) -> FieldProblem | None:
    if stage is None or stage in set(Stage):
        return None
    return FieldProblem(
        "stage",
        f"give one of {', '.join(Stage)}",
        f"Choisissez une étape : {', '.join(label.lower() for label in STAGE_LABELS.values())}.",
    )


def _territory_problem(code: str | None) -> FieldProblem | None:
    if code is None or territory(code) is not None:
        return None
    return FieldProblem(
        "territory",
        "no such territory: give a code of /v1/territories such as R84 or D69",
        "Choisissez un territoire de la liste.",
    )


def _name_problem(text: str) -> FieldProblem | None:
    letters = folded(text).replace(" ", "")
    if not text or (len(letters) >= KEY_LENGTH and len(text) <= _LONGEST_NAME):
        return None
    return FieldProblem(
        "q",
        f"give {KEY_LENGTH} letters or more of a first or last name, {_LONGEST_NAME} characters at most",
        f"Tapez au moins {KEY_LENGTH} lettres d'un prénom ou d'un nom.",
    )
