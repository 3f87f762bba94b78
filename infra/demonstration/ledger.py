"""What is being invented for one tenant: its items, their ids, and the journal of how they came."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from faker import Faker
from ulid import ULID

from chalicelib.spine import journal
from chalicelib.spine.clock import PARIS
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.events import Event
from chalicelib.spine.ids import ActorId, TenantId
from chalicelib.spine.table import Item

#: A tenant of the demonstration has existed for this long.
HISTORY = timedelta(days=500)


@dataclass
class Ledger:
    """The items of a tenant, in the making.

    Everything drawn comes from one seed, ids included, so that a load that was cut short is taken up
    again by writing the same items. `now` is the moment the demonstration is told from; the last
    thing told happened the day before.
    """

    tenant: TenantId
    now: datetime
    items: list[Item] = field(default_factory=list)
    draw: random.Random = field(init=False)
    invent: Faker = field(init=False)

    def __post_init__(self) -> None:
        """Seed what draws."""
        self.draw = random.Random(f"binome {self.tenant}")  # noqa: S311 - invented people, no secret.
        self.invent = Faker("fr_FR")
        self.invent.seed_instance(f"binome {self.tenant}")

    @property
    def today(self) -> date:
        """Give the day the demonstration is told on."""
        return self.now.astimezone(PARIS).date()

    @property
    def opened_on(self) -> date:
        """Give the day the tenant began."""
        return self.today - HISTORY

    def at(self, day: date) -> datetime:
        """Give a working hour of a day, some minutes of it drawn."""
        minutes = self.draw.randrange(9 * 60)
        return datetime.combine(day, time(9), PARIS) + timedelta(minutes=minutes)

    def happens(self, share: float) -> bool:
        """Draw whether something happens that happens so often, from 0 to 1."""
        return self.draw.random() < share

    def id(self, moment: datetime) -> str:
        """Draw a ULID whose order follows a moment."""
        milliseconds = int(moment.timestamp() * 1000)
        return str(ULID.from_bytes(milliseconds.to_bytes(6, "big") + self.draw.randbytes(10)))

    def file(self, *items: Item) -> None:
        """Keep items to be loaded."""
        self.items.extend(items)

    def tell(self, moment: datetime, *events: Event, actor: str = SYSTEM) -> None:
        """Write what one transaction would have written into the journal."""
        context = Context(self.tenant, ActorId(actor), moment)
        for order, event in enumerate(events):
            entry = journal.entry(context, event, order, seeded=True)
            # The journal draws its own ids; these must be the same when the load is repeated.
            entry.sk = entry.rank = self.id(moment + timedelta(milliseconds=order))
            self.items.append(entry)
