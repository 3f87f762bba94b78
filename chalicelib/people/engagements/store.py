"""What ties people to pairs: a mentor's places and a mentee's one bond, hot facts without a version.

They stand beside the person, so that launching a pair never collides with somebody editing the sheet.
"""

from collections.abc import Iterable

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.people.person import person_key
from chalicelib.spine.errors import FieldProblem, Invalid
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Accumulate, Create, Remove

_PLACES = "PLACES"
_BOND = "BOND"


class PlacesItem(Item, discriminator="places"):
    """How many places of a mentor are taken: a hot fact beside the mentor, without a version."""

    taken = NumberAttribute(default=0)


class BondItem(Item, discriminator="bond"):
    """The one pair a mentee has: it stands as long as the pair does."""

    pair = UnicodeAttribute()


def place_taken(tenant: TenantId, mentor_id: str, most: int) -> Accumulate:
    """Give the write that takes one of a mentor's places, of which fewer than `most` must be taken."""
    condition = PlacesItem.taken < most
    if most > 0:
        condition = PlacesItem.taken.does_not_exist() | condition
    refusal = Invalid(
        FieldProblem(
            "mentor",
            f"this mentor already follows {most}: choose another or raise the capacity",
            f"Toutes ses places sont prises ({most}) : choisissez quelqu'un d'autre ou augmentez "
            "le nombre de places sur sa fiche.",
        )
    )
    return Accumulate(
        PlacesItem(person_key(tenant, mentor_id), _PLACES), [PlacesItem.taken.add(1)], condition, refusal
    )


def place_freed(tenant: TenantId, mentor_id: str) -> Accumulate:
    """Give the write that frees one of a mentor's places.

    It has no condition: the versioned pair in the same transaction already makes sure that a pair
    frees its place once, and closing a pair must never depend on a figure.
    """
    return Accumulate(PlacesItem(person_key(tenant, mentor_id), _PLACES), [PlacesItem.taken.add(-1)])


def open_places(tenant: TenantId, mentor_id: str) -> int:
    """Give how many of a mentor's places are taken now, for sure; 0 where none ever was."""
    try:
        item = PlacesItem.get(person_key(tenant, mentor_id), _PLACES, consistent_read=True)
    except PlacesItem.DoesNotExist:
        return 0
    return int(item.taken or 0)


def places_taken(tenant: TenantId, mentor_ids: Iterable[str]) -> dict[str, int]:
    """Give how many places of several mentors are taken, in one call per hundred; 0 where unknown."""
    wanted = set(mentor_ids)
    found = PlacesItem.batch_get([(person_key(tenant, each), _PLACES) for each in wanted])
    taken = {item.pk.rpartition("#")[2]: int(item.taken or 0) for item in found}
    return {each: taken.get(each, 0) for each in wanted}


def bond_made(tenant: TenantId, mentee_id: str, pair_id: str) -> Create:
    """Give the write that binds a mentee to their one pair."""
    refusal = Invalid(
        FieldProblem(
            "mentee",
            "this mentee already has a pair: close it first",
            "Cette personne a déjà un binôme : clôturez-le d'abord.",
        )
    )
    return Create(built_bond(tenant, mentee_id, pair_id), refusal)


def bond_ended(tenant: TenantId, mentee_id: str) -> Remove:
    """Give the write that sets a mentee free for another pair."""
    return Remove(BondItem(person_key(tenant, mentee_id), _BOND))


def bond_of(tenant: TenantId, mentee_id: str) -> str | None:
    """Give the id of the pair a mentee has now, if any."""
    try:
        return BondItem.get(person_key(tenant, mentee_id), _BOND).pair
    except BondItem.DoesNotExist:
        return None


def built_bond(tenant: TenantId, mentee_id: str, pair_id: str) -> BondItem:
    """Build the item of a bond."""
    return BondItem(person_key(tenant, mentee_id), _BOND, pair=pair_id)


def built_places(tenant: TenantId, mentor_id: str, taken: int) -> PlacesItem:
    """Build the item of places that are known already: a load of data, a restore."""
    return PlacesItem(person_key(tenant, mentor_id), _PLACES, taken=taken)
