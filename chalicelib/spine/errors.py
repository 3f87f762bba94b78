"""The few refusals of the product, raised where a rule is, mapped to HTTP in one place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field, and what would be accepted, in English.

    `french` is the same sentence for screens; without one, screens show a general French sentence.
    """

    field: str
    message: str
    french: str | None = None


class Refusal(Exception):
    """Something a person asked for and may not have; always a 4xx, never a fault of ours."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "Bad request"
    french_title: ClassVar[str] = "Demande refusée"

    def __init__(self, *problems: FieldProblem, detail: str | None = None) -> None:
        """Carry one problem per field at fault."""
        self.problems = problems
        self.detail = detail or "; ".join(problem.message for problem in problems) or self.title
        super().__init__(self.detail)

    @classmethod
    def of(cls, name: str, message: str, french: str | None = None) -> "Refusal":
        """Refuse for a single field."""
        return cls(FieldProblem(name, message, french))

    @classmethod
    def when(cls, problems: Iterable[FieldProblem]) -> None:
        """Raise with every problem found; do nothing when there is none."""
        found = tuple(problems)
        if found:
            raise cls(*found)


class Invalid(Refusal):
    """The request is understood and its content is not acceptable."""

    status = 422
    title = "The request is not acceptable"
    french_title = "Certaines réponses sont à corriger"


class Overridable(Invalid):
    """A rule of the programme forbids it, unless somebody entitled gives an `override_reason`."""

    title = "A rule of the programme forbids this; an override_reason may lift it"
    french_title = "Une règle du programme s'y oppose"


class Malformed(Refusal):
    """The request cannot be read at all (broken JSON, wrong type of document)."""

    title = "The request cannot be read"


class Unauthenticated(Refusal):
    """Nobody knows who asks."""

    status = 401
    title = "Sign in or give an API key"
    french_title = "Connectez-vous pour continuer"


class Forbidden(Refusal):
    """The asker may see this and may not do that to it."""

    status = 403
    title = "You may not do this"
    french_title = "Vous n'avez pas le droit de faire cela"


class NotFound(Refusal):
    """It does not exist, or the asker may not know that it does."""

    status = 404
    title = "Nothing here"
    french_title = "Cette page n'existe pas"


class Conflict(Refusal):
    """The subject changed meanwhile, or is not in a state where this is possible."""

    status = 409
    title = "This conflicts with what stands"
    french_title = "La situation a changé entre-temps"


class StaleVersion(Conflict):
    """Somebody saved another version first; nothing typed is lost, the form comes back."""

    title = "Another version was saved meanwhile"
    french_title = "Quelqu'un a enregistré une autre version entre-temps"

    @classmethod
    def of_subject(cls) -> "StaleVersion":
        """Refuse a change made from an old version."""
        return cls(
            FieldProblem(
                "version",
                "the version is not the current one: read the subject again and send its version",
                "Ces informations ont changé entre-temps : vérifiez puis enregistrez de nouveau.",
            )
        )


class TooLarge(Refusal):
    """The body is larger than what is accepted."""

    status = 413
    title = "The body is too large"


class UnsupportedType(Refusal):
    """The body is of a type that this route does not read."""

    status = 415
    title = "This type of body is not accepted"


class TooMany(Refusal):
    """A limit of attempts was passed; `retry_after` is in seconds."""

    status = 429
    title = "Too many attempts"
    french_title = "Trop de tentatives : patientez un peu"

    def __init__(self, *problems: FieldProblem, retry_after: int, detail: str | None = None) -> None:
        """Say when the next attempt will be heard."""
        super().__init__(*problems, detail=detail)
        self.retry_after = retry_after


class IsolationBreach(RuntimeError):
    """Our own code reached for data outside its scope. A fault, never shown in words."""


@dataclass(frozen=True)
class Unfinished:
    """What a person typed and what was refused, so that a form comes back filled in."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[FieldProblem, ...] = ()

    def messages(self) -> dict[str, str]:
        """Give one French sentence per field for the form."""
        return {
            problem.field: problem.french or "Cette réponse n'est pas acceptée." for problem in self.problems
        }
