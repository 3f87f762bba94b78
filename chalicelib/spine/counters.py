"""Counters as they are stored: the figures of every place, in one complete set per generation."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.spine import keys
from chalicelib.spine.figures import FIGURES
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item


class CounterItem(Item, discriminator="counter"):
    """The figures of one place: `level` is TERRITORY, COORDINATOR, STRUCTURE or PROGRAMME."""

    level = UnicodeAttribute()
    place = UnicodeAttribute()
    pairs = NumberAttribute(default=0)
    places = NumberAttribute(default=0)
    green = NumberAttribute(default=0)
    orange = NumberAttribute(default=0)
    red = NumberAttribute(default=0)
    paused = NumberAttribute(default=0)
    counting = NumberAttribute(default=0)
    waiting = NumberAttribute(default=0)
    launched = NumberAttribute(default=0)
    mentee_lead = NumberAttribute(default=0)
    mentee_contacted = NumberAttribute(default=0)
    mentee_information_meeting = NumberAttribute(default=0)
    mentee_interview = NumberAttribute(default=0)
    mentee_checks = NumberAttribute(default=0)
    mentee_available = NumberAttribute(default=0)
    mentee_paired = NumberAttribute(default=0)
    mentee_left = NumberAttribute(default=0)
    mentor_lead = NumberAttribute(default=0)
    mentor_contacted = NumberAttribute(default=0)
    mentor_information_meeting = NumberAttribute(default=0)
    mentor_interview = NumberAttribute(default=0)
    mentor_checks = NumberAttribute(default=0)
    mentor_available = NumberAttribute(default=0)
    mentor_paired = NumberAttribute(default=0)
    mentor_left = NumberAttribute(default=0)

    def figures(self) -> dict[str, int]:
        """Give the figures by name, as whole numbers."""
        return {name: int(getattr(self, name) or 0) for name in FIGURES}


class GenerationItem(Item, discriminator="generation"):
    """Which generation is read, and which one is being built from what moment on."""

    current = NumberAttribute(default=1)
    building = NumberAttribute(null=True)
    marked_from = UnicodeAttribute(null=True)


def read_level(tenant: TenantId, level: str) -> dict[str, dict[str, int]]:
    """Read the figures of every place of a level, `{place: {figure: number}}`.

    Two calls whatever the number of pairs: the generation, and one Query of the level.
    """
    generation = int(generation_of(tenant).current)
    found = CounterItem.query(
        counters_of(tenant, generation),
        range_key_condition=Item.sk.startswith(f"{level}#"),
        page_size=1000,
    )
    return {item.place: item.figures() for item in found}


def counters_of(tenant: TenantId, generation: int) -> str:
    """Give the partition of one generation of a tenant's counters."""
    return f"{keys.tenant_prefix(tenant)}COUNTERS#{generation}"


def generation_of(tenant: TenantId, *, consistent: bool = False) -> GenerationItem:
    """Read which generation is current; the first one where nothing was ever rebuilt."""
    partition = keys.subject(tenant, "COUNTERS", "GENERATION")
    try:
        return GenerationItem.get(partition, keys.SELF, consistent_read=consistent)
    except GenerationItem.DoesNotExist:
        return GenerationItem(partition, keys.SELF, current=1)
