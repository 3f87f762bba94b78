"""The map, seen from the network: one definition, kept in the spine because rights stand on it."""

from chalicelib.spine.territories import (
    FRANCE,
    Level,
    Territory,
    TerritoryCode,
    covers,
    department_of_postal_code,
    departments_of,
    region_of,
    regions,
    territories,
    territory,
    time_zone,
)

__all__ = [
    "FRANCE",
    "Level",
    "Territory",
    "TerritoryCode",
    "covers",
    "department_of_postal_code",
    "departments_of",
    "region_of",
    "regions",
    "territories",
    "territory",
    "time_zone",
]
