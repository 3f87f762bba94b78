"""What the API takes for a new programme and for a change of one: a programme with parts left out.

Both shapes are made from `Programme`, so that a field added there can be given and changed at once.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from chalicelib.programmes.schema import Programme

_ID = r"^[0-9A-Za-z][0-9A-Za-z-]{0,39}$"


class _Given(BaseModel):
    """A field given as null is null, which some fields accept; one left out stays as it is."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


def _shape(name: str, text: str, *, required: frozenset[str], **others: Any) -> type[BaseModel]:  # noqa: ANN401 - pydantic's field definitions.
    """Make a shape of the programme's fields, all of which may be left out but the required ones."""
    fields: dict[str, Any] = {}
    for field_name, field in Programme.model_fields.items():
        kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        if field_name in required:
            fields[field_name] = (kind, ...)
        elif field_name not in {"id", "version"}:
            fields[field_name] = (kind | None, None)
    return create_model(name, __base__=_Given, __doc__=text, __module__=__name__, **fields, **others)


ProgrammeIn = _shape(
    "ProgrammeIn",
    "A new programme. What is left out takes the product's defaults; `id` is drawn.",
    required=frozenset({"name", "format"}),
    id=(Annotated[str, Field(pattern=_ID)] | None, None),
)
ProgrammePatch = _shape(
    "ProgrammePatch",
    "A change of a programme: the fields given, each replaced whole.",
    required=frozenset(),
    version=(Annotated[int, Field(strict=True, ge=1)], ...),
)
