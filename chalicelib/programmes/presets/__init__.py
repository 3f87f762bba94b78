"""The eight structures of the report as tenants ready to start, and a standard one for the others.

A preset is a starting point: once a tenant exists, its administrator changes everything on screen.
"""

from chalicelib.programmes.presets import (
    aidfirst,
    coaching,
    educatio,
    inclusive,
    infancia,
    tema,
    tuto,
    univ,
)
from chalicelib.programmes.presets.model import (
    FundedOrganisation,
    StructureExample,
    StructureKind,
    TenantPreset,
)
from chalicelib.programmes.presets.standard import funded_organisations, key_of, standard

__all__ = [
    "FundedOrganisation",
    "StructureExample",
    "StructureKind",
    "TenantPreset",
    "all_presets",
    "funded_organisations",
    "key_of",
    "preset",
    "standard",
]

_PRESETS = (
    univ.PRESET,
    inclusive.PRESET,
    tema.PRESET,
    coaching.PRESET,
    educatio.PRESET,
    aidfirst.PRESET,
    infancia.PRESET,
    tuto.PRESET,
)


def all_presets() -> tuple[TenantPreset, ...]:
    """Return the presets of the eight structures, in the report's order."""
    return _PRESETS


def preset(key: str) -> TenantPreset | None:
    """Return the preset of that key, or None when there is none."""
    return next((each for each in _PRESETS if each.key == key), None)
