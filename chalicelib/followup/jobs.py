"""What the agenda runs for a pair: its turns of colour and of counting, then its reminders."""

import logging
from datetime import timedelta

from chalicelib.followup.actions import AnotherRunSends, take_step
from chalicelib.pairs import changes, rules
from chalicelib.pairs import store as pairs
from chalicelib.pairs.rules import DueStep, Stage
from chalicelib.pairs.store import PairItem
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine import agenda, clock
from chalicelib.spine.agenda import Entry
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.errors import NotFound, StaleVersion
from chalicelib.spine.territories import TerritoryCode, time_zone
from chalicelib.spine.transaction import Require, Technical, technical_write

logger = logging.getLogger(__name__)

#: More turns than a pair can take in one run: a run that does not end is a fault, not a reason to
#: go on.
_MOST_TURNS = 12


def follow_pair(entry: Entry) -> None:
    """Bring one pair up to date with the present moment, and put its next moment on the agenda.

    The pair is read again before each turn: somebody may have reported a session meanwhile, and
    then what was due is due no more.
    """
    context = Context(entry.tenant, SYSTEM, clock.now())
    for _ in range(_MOST_TURNS):
        try:
            pair = pairs.pair(entry.tenant, entry.subject, consistent=True)
        except NotFound:
            technical_write(Technical.AGENDA_CLAIM, [agenda.cancel(entry.partition, entry.job)])
            return
        programme = programmes.programme(entry.tenant, pair.programme)
        try:
            if not _turn(context, pair, programme):
                return
        except StaleVersion:
            continue
        except AnotherRunSends:
            return
    message = f"pair {entry.subject} never comes to rest"
    raise RuntimeError(message)


def _turn(context: Context, pair: PairItem, programme: Programme) -> bool:
    """Do the next thing that is due for a pair; False when nothing is, and its agenda is set."""
    if changes.let_time_pass(context, pair, programme):
        return True
    due = reminder_due(context, pair, programme)
    if due is not None:
        take_step(context, pair, programme, due)
        return True
    unchanged = Require(pair, pairs.PairItem.version == pair.version, StaleVersion.of_subject())
    technical_write(
        Technical.AGENDA_CLAIM, [changes.next_follow_up(context.tenant, pair, programme), unchanged]
    )
    return False


def reminder_due(context: Context, pair: PairItem, programme: Programme) -> DueStep | None:
    """Tell which step of the ladder is due at this moment of the pair's own day."""
    if pair.stage != Stage.ACTIVE:
        return None
    code = TerritoryCode(pair.territory) if pair.territory else None
    local = context.now.astimezone(time_zone(code))
    day = local.date() if local.time() >= rules.MORNING else local.date() - timedelta(days=1)
    facts = pairs.facts(pair, declared=programme.declared)
    return rules.due_step(changes.ladder(programme), int(pair.ladder_done), rules.silence(facts, day))
