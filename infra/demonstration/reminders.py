"""What the ladder has sent for an invented pair in its present silence, as the register keeps it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from chalicelib.followup import store as followup
from chalicelib.followup.store import Occasion
from chalicelib.pairs import changes, rules, store
from chalicelib.pairs.store import PairItem
from chalicelib.programmes.schema import Programme
from chalicelib.spine.clock import PARIS
from chalicelib.spine.events import Event, EventType
from infra.demonstration.ledger import Ledger


def file_reminders(
    ledger: Ledger, item: PairItem, programme: Programme, reminded: Sequence[tuple[date, int]]
) -> None:
    """Write the steps taken, each with its day, into the register and into the journal.

    Everybody invented has an address, so every mail was sent.
    """
    facts = store.facts(item, declared=programme.declared)
    if facts.reference is None:
        return
    weight = store.weight(item)
    for day, step in reminded:
        wanted = programme.reminders[step]
        status = "task" if wanted.channel == "task" else "sent"
        moment = min(datetime.combine(day, rules.MORNING, PARIS) + timedelta(minutes=5), ledger.now)
        events: list[Event] = []
        for to in wanted.to:
            named = f"{to}:{item.coordinator}" if to == "coordinator" and status == "sent" else to
            occasion = Occasion(item, facts.reference, step, named, wanted.channel)
            ledger.file(followup.built(ledger.tenant, occasion, status, moment))
            data = {"step": step, "to": to, "channel": wanted.channel, "status": status}
            events.append(changes.event(EventType.REMINDER_SENT, item, weight, weight, data))
        ledger.tell(moment, *events)
