"""What comes in and goes out about people. A rule that needs the day or the tenant is in `rules.py`.

An error raised here carries its French sentence in the `french` entry of its context.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from chalicelib.people.contact_details import checked_email, normal_postal_code
from chalicelib.people.names import checked_name
from chalicelib.people.rules import JudicialRecord, LeavingReason, Source, Stage
from chalicelib.programmes.schema import ProgrammeId
from chalicelib.spine.errors import FieldProblem
from chalicelib.spine.ids import PersonId, StructureId
from chalicelib.spine.territories import TerritoryCode

_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DERIVED: Final = "Derived from the postal code when absent."
_TERRITORY: Final = re.compile(r"D(?:\d{2,3}|2[AB])|R\d{2}", re.ASCII)


def _refusal(problem: FieldProblem) -> PydanticCustomError:
    return PydanticCustomError(
        "not_acceptable", "{message}", {"message": problem.message, "french": problem.french or ""}
    )


def _by(rule: Callable[[str], str | FieldProblem]) -> AfterValidator:
    """Hold a text to one of our rules; pydantic itself names the field."""

    def held(text: str) -> str:
        result = rule(text)
        if isinstance(result, FieldProblem):
            raise _refusal(result)
        return result

    return AfterValidator(held)


def _blank_is_none(value: object) -> object:
    """Take the empty text that forms and spreadsheets send for "nothing"."""
    return None if isinstance(value, str) and not value.strip() else value


def _never_null(value: object) -> object:
    """Refuse null for what a person always has; a field left out is not validated and changes nothing."""
    if value is None:
        message = "may not be empty: leave it out to keep what stands"
        raise _refusal(FieldProblem("", message, "Cette réponse est nécessaire."))
    return value


def _only_iso_dates(value: object) -> object:
    """Refuse numbers, which pydantic would read as seconds since 1970 (Excel exports day numbers)."""
    if isinstance(value, str) and _ISO_DATE.fullmatch(value.strip()):
        return value
    # A datetime is a date too, with a time that would be lost.
    if value is None or type(value) is date:
        return value
    message = "give a date as YYYY-MM-DD, such as 2009-04-23"
    raise _refusal(FieldProblem("", message, "Indiquez une date, par exemple 23/04/2009."))


def _territory_code(text: str) -> str | FieldProblem:
    """Accept what could be a code; whether it exists is known by the network room."""
    code = text.strip().upper()
    if _TERRITORY.fullmatch(code):
        return code
    return FieldProblem(
        "territory",
        "give the code of a department (D93) or of a region (R11); /v1/territories lists them",
        "Choisissez un département ou une région.",
    )


_BlankIsNone = BeforeValidator(_blank_is_none)
_NeverNull = BeforeValidator(_never_null)

PersonName = Annotated[str, _by(checked_name)]
Territory = Annotated[TerritoryCode, _by(_territory_code)]
Day = Annotated[date, BeforeValidator(_only_iso_dates)]
Programme = Annotated[ProgrammeId, Field(min_length=1, max_length=64)]
OptionalDay = Annotated[Day | None, _BlankIsNone]
OptionalEmail = Annotated[Annotated[str, _by(checked_email)] | None, _BlankIsNone]
#: Normalised by the action (`normal_phone`), which knows the person's territory.
OptionalPhone = Annotated[Annotated[str, StringConstraints(max_length=60)] | None, _BlankIsNone]
OptionalTerritory = Annotated[Territory | None, _BlankIsNone]
OptionalPostalCode = Annotated[Annotated[str, _by(normal_postal_code)] | None, _BlankIsNone]
OptionalStructure = Annotated[Annotated[StructureId, Field(max_length=64)] | None, _BlankIsNone]
OptionalSource = Annotated[Source | None, _BlankIsNone]
OptionalReason = Annotated[LeavingReason | None, _BlankIsNone]
OptionalYesNo = Annotated[bool | None, _BlankIsNone]
ShortText = Annotated[Annotated[str, StringConstraints(max_length=500)] | None, _BlankIsNone]
LongText = Annotated[Annotated[str, StringConstraints(max_length=5000)] | None, _BlankIsNone]
#: Pairs that a mentor may follow at once; 0 for a mentor who takes a break.
Capacity = Annotated[int, Field(ge=0, le=50)]
Hours = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class Body(BaseModel):
    """What every shape here has in common: unknown fields are refused, values do not change."""

    # Built on first use: a function that handles no person does not pay for it at its cold start.
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


class JudicialRecordBody(Body):
    """The check of a mentor's judicial record; `expires_on` is its last valid day."""

    done_on: Day
    expires_on: OptionalDay = None

    @field_validator("expires_on")
    @classmethod
    def _expires_after_it_was_done(cls, expires_on: date | None, info: ValidationInfo) -> date | None:
        done_on: date | None = info.data.get("done_on")
        if expires_on is not None and done_on is not None and expires_on < done_on:
            message = f"give a date from done_on ({done_on}) on"
            french = f"La vérification ne peut expirer avant d'avoir été faite, le {done_on:%d/%m/%Y}."
            raise _refusal(FieldProblem("expires_on", message, french))
        return expires_on

    def fact(self) -> JudicialRecord:
        """Give what the rules work on."""
        return JudicialRecord(self.done_on, self.expires_on)


class ChecksBody(Body):
    """What is checked of a mentor before a pair."""

    judicial_record: JudicialRecordBody | None = None
    charter: bool = False


class GuardianBody(Body):
    """The legal guardian of a minor."""

    first_name: PersonName
    last_name: PersonName
    email: OptionalEmail = None
    phone: OptionalPhone = None


class PersonIn(Body):
    """What creates a mentor or a mentee; several people may share an e-mail address."""

    first_name: PersonName
    last_name: PersonName
    email: OptionalEmail = None
    phone: OptionalPhone = None
    birth_date: OptionalDay = None
    postal_code: OptionalPostalCode = None
    territory: OptionalTerritory = Field(default=None, description=_DERIVED)
    programme: Programme
    stage: Stage = Stage.LEAD
    leaving_reason: OptionalReason = Field(default=None, description="Required with the stage left alone.")
    structure: OptionalStructure = None
    source: OptionalSource = None
    disability: ShortText = None
    note: LongText = None


class MentorIn(PersonIn):
    """What creates a mentor."""

    capacity: Capacity = 1
    training_hours: Hours = 0
    checks: ChecksBody = ChecksBody()


class MenteeIn(PersonIn):
    """What creates a mentee, who is always somewhere: by territory or by postal code."""

    # Overridden to be checked even when absent; `postal_code` is declared before and read already.
    territory: OptionalTerritory = Field(default=None, validate_default=True, description=_DERIVED)
    guardian: GuardianBody | None = None
    in_care: OptionalYesNo = None

    @field_validator("territory")
    @classmethod
    def _somewhere(cls, territory: str | None, info: ValidationInfo) -> str | None:
        # A postal code that was refused is absent from `data`, and already has its own error.
        if territory is None and info.data.get("postal_code", "refused") is None:
            message = "give the territory (such as D93 or R11) or the postal_code of the mentee"
            french = "Indiquez le code postal ou le département du jeune."
            raise _refusal(FieldProblem("territory", message, french))
        return territory


class PersonPatch(Body):
    """What changes a person: the fields given, and no other; null empties those that may be empty."""

    version: int = Field(ge=1)
    first_name: Annotated[PersonName | SkipJsonSchema[None], _NeverNull] = None
    last_name: Annotated[PersonName | SkipJsonSchema[None], _NeverNull] = None
    email: OptionalEmail = None
    phone: OptionalPhone = None
    birth_date: OptionalDay = None
    postal_code: OptionalPostalCode = None
    territory: OptionalTerritory = None
    programme: Annotated[Programme | SkipJsonSchema[None], _NeverNull] = None
    stage: Annotated[Stage | SkipJsonSchema[None], _NeverNull] = None
    leaving_reason: OptionalReason = None
    structure: OptionalStructure = None
    source: OptionalSource = None
    disability: ShortText = None
    note: LongText = None

    def changes(self) -> dict[str, object]:
        """Give the fields that were sent, by name, as validated; `version` is not one of them."""
        return {name: getattr(self, name) for name in sorted(self.model_fields_set - {"version"})}


class MentorPatch(PersonPatch):
    """What changes a mentor; `checks` replaces all the checks."""

    capacity: Annotated[Capacity | SkipJsonSchema[None], _NeverNull] = None
    training_hours: Annotated[Hours | SkipJsonSchema[None], _NeverNull] = None
    checks: Annotated[ChecksBody | SkipJsonSchema[None], _NeverNull] = None


class MenteePatch(PersonPatch):
    """What changes a mentee, whose territory may not be emptied; `guardian` replaces the whole."""

    territory: Annotated[Territory | SkipJsonSchema[None], _NeverNull, _BlankIsNone] = None
    guardian: GuardianBody | None = None
    in_care: OptionalYesNo = None


class PersonOut(Body):
    """What everybody who may see a person gets."""

    id: PersonId
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birth_date: date | None
    territory: TerritoryCode | None
    postal_code: str | None
    programme: ProgrammeId
    stage: Stage
    leaving_reason: LeavingReason | None
    structure: StructureId | None
    source: Source | None
    disability: str | None
    note: str | None
    stage_dates: dict[Stage, date]
    created_at: datetime
    version: int


class MentorOut(PersonOut):
    """A mentor."""

    capacity: int
    training_hours: float
    checks: ChecksBody


class MenteeOut(PersonOut):
    """A mentee."""

    guardian: GuardianBody | None
    in_care: bool | None
