"""What every body of the API shares, coming in and going out.

A model works out how to read itself at its first use: a function that answers one route need not pay
for sixty of them at every cold start.
"""

from pydantic import BaseModel, ConfigDict


class Given(BaseModel):
    """A body that comes in: a field nobody knows is refused, never passed over."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Shown(BaseModel):
    """A body that goes out."""

    model_config = ConfigDict(defer_build=True)
