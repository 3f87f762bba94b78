"""What comes in and goes out of this room."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.tenancy.bodies import Given, Shown
from chalicelib.tenancy.rights import Role

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Mail = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+$"
    ),
]


class MemberIn(Given):
    """A new member. `capacity`: pairs one may follow; the programme's ratio if unset."""

    name: Line
    email: Mail | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    roles: Annotated[list[Role], Field(min_length=1, max_length=8)]
    territories: Annotated[list[str], Field(max_length=40)] = Field(default_factory=list)
    structures: Annotated[list[str], Field(max_length=40)] = Field(default_factory=list)
    capacity: Annotated[int, Field(ge=0, le=1000)] | None = None


class MemberPatch(Given):
    """A change to a member; what is left out stays as it is."""

    version: int
    name: Line | None = None
    email: Mail | None = None
    roles: Annotated[list[Role], Field(min_length=1, max_length=8)] | None = None
    territories: Annotated[list[str], Field(max_length=40)] | None = None
    structures: Annotated[list[str], Field(max_length=40)] | None = None
    capacity: Annotated[int, Field(ge=0, le=1000)] | None = None


class MemberOut(Shown):
    """A member as colleagues see them; the mail address is told to those who manage members."""

    id: str
    name: str
    roles: list[Role]
    territories: list[str]
    structures: list[str]
    capacity: int | None
    email: str | None
    version: int
