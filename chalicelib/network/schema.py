"""What comes in and goes out of this room."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.tenancy.bodies import Given, Shown

StructureKind = Literal["antenna", "school", "company", "university", "care", "town_hall", "network_member"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)]
Yes = Annotated[bool, Field(strict=True)]


class TerritoryOut(Shown):
    """A level of the map; `school_zone` (A, B or C) is known of départements alone."""

    code: str
    name: str
    level: str
    parent: str | None
    time_zone: str
    school_zone: str | None


class StructureIn(Given):
    """A new structure. The people of an `independent` one are invisible above it."""

    name: Name
    kind: StructureKind
    territory: Code
    independent: Yes = False


class StructurePatch(Given):
    """A change to a structure; what is left out stays as it is."""

    version: Annotated[int, Field(ge=1)]
    name: Name | None = None
    kind: StructureKind | None = None
    territory: Code | None = None
    independent: Yes | None = None


class StructureOut(Shown):
    """A local member of a network, an antenna, a school or a company."""

    id: str
    name: str
    kind: str
    territory: str
    independent: bool
    version: int
