"""Walking through the console as somebody who opens one page of each kind that links lead to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page

_IDENTITY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_LINKS = "links => links.map(link => link.getAttribute('href'))"


@dataclass(frozen=True)
class Seen:
    """A page that was opened: its address, the page it was linked from, its answer and its words."""

    path: str
    linked_from: str
    status: int
    text: str


def walk(page: Page, *starts: str) -> Iterator[Seen]:
    """Open one page of each kind reachable from some pages, breadth first; it stays open meanwhile.

    Two addresses are of one kind when they differ in identities and queries alone.
    """
    waiting = [(start, "the menu") for start in starts]
    known = {kind_of(start) for start in starts}
    while waiting:
        path, linked_from = waiting.pop(0)
        answer = page.goto(path)
        assert answer is not None
        text = f"{page.title()}\n{page.locator('body').text_content()}"
        links = page.locator("a[href]").evaluate_all(_LINKS)
        yield Seen(path, linked_from, answer.status, text)
        for href in links:
            if href.startswith(("/", "?")) and not href.startswith("/static/"):
                onward = href if href.startswith("/") else f"{urlsplit(path).path}{href}"
                if kind_of(onward) not in known:
                    known.add(kind_of(onward))
                    waiting.append((onward, path))


def kind_of(path: str) -> str:
    """Give what is the same in the addresses of all pages of a kind."""
    return _IDENTITY.sub("{id}", urlsplit(path).path)
