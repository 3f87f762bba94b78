"""HTML pages and mails from the rooms' templates: a template of the room `pairs` is `pairs/list.html`."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from chalicelib.spine.assets import asset
from chalicelib.spine.clock import PARIS

if TYPE_CHECKING:
    from jinja2 import Environment

_ROOMS = Path(__file__).parent.parent
_MONTHS = [
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
]


def render(template: str, context: Mapping[str, object]) -> str:
    """Render a template by name; an undefined name in it is a fault, never a blank."""
    return environment().get_template(template).render(context)


def render_mail(template: str, context: Mapping[str, object]) -> tuple[str, str]:
    """Render the text of a mail; give its subject, which is the template's first line, and its body."""
    subject, _, body = render(template, context).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def new_key() -> str:
    """Draw the key that makes a form, sent twice by a double click, one request."""
    return token_urlsafe(18)


@cache
def environment() -> "Environment":
    """Give the one Jinja environment. Its templates call `asset` and `new_key` beside the filters."""
    # Imported at the first page: most functions show none, and it would be a tenth of their cold start.
    from jinja2 import (  # noqa: PLC0415
        Environment,
        FileSystemLoader,
        PrefixLoader,
        StrictUndefined,
        select_autoescape,
    )

    rooms = {folder.parent.name: FileSystemLoader(folder) for folder in sorted(_ROOMS.glob("*/templates"))}
    made = Environment(
        loader=PrefixLoader(rooms),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(day=day, short_day=short_day, number=number)
    made.globals.update(asset=asset, new_key=new_key)
    return made


def _calendar_day(value: date | datetime | str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value.astimezone(PARIS).date() if isinstance(value, datetime) else value


def day(value: date | datetime | str | None) -> str:
    """Write a day as people read it: `22 novembre 2026`, `1er mai 2026`."""
    if value is None:
        return ""
    read = _calendar_day(value)
    ordinal = "1er" if read.day == 1 else str(read.day)
    return f"{ordinal}\u00a0{_MONTHS[read.month - 1]} {read.year}"


def short_day(value: date | datetime | str | None) -> str:
    """Write a day shortly: `22/11/2026`."""
    return "" if value is None else f"{_calendar_day(value):%d/%m/%Y}"


def number(value: int | None) -> str:
    """Write a whole number with the thin spaces French readers expect: `22 000`."""
    return "" if value is None else f"{value:,}".replace(",", "\u202f")
