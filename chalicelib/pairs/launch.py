"""Bringing a pair to a stage, and launching it: what proposing and changing a pair share."""

from datetime import date

from chalicelib.pairs import changes
from chalicelib.pairs.rules import Colour, Stage
from chalicelib.pairs.store import PairItem
from chalicelib.programmes import store as programmes
from chalicelib.programmes.schema import Programme
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Invalid, NotFound


def programme_of(context: Context, programme_id: str) -> Programme:
    """Read a programme that was named in a request. Raises Invalid when there is none."""
    try:
        return programmes.programme(context.tenant, programme_id)
    except NotFound:
        raise Invalid.of(
            "programme",
            "no such programme: give an id of /v1/programmes",
            "Choisissez un programme de la liste.",
        ) from None


def launched(context: Context, item: PairItem, programme: Programme, on: date) -> None:
    """Make a pair active from a day on. A launch in the past is green until the next tick looks."""
    today = changes.today_of(context, item)
    if on > today:
        raise Invalid.of(
            "launched_on",
            f"the launch is in the future: give a day up to {today}",
            "Le lancement ne peut pas être dans le futur.",
        )
    at_stage(item, Stage.ACTIVE, on)
    item.launched_on = on.isoformat()
    item.colour = Colour.GREEN.value
    item.counting = programme.declared and item.age_accepted
    agreement = programmes.current_agreement(context.tenant, on) if programme.declared else None
    item.launched_under = agreement[0] if agreement else None


def at_stage(item: PairItem, stage: Stage, on: date) -> None:
    """Put a pair at a stage from a day on; only an active pair keeps a colour."""
    item.stage = stage.value
    item.stage_dates = {**item.stage_dates, stage.value: on.isoformat()}
    item.since = on.isoformat()
    if stage is not Stage.ACTIVE:
        item.colour = None
