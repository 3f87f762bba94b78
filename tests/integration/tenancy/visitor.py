"""Somebody in front of the console: a browser, the mailbox, and a clock that waits to be moved."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Self
from urllib.parse import urlencode

from chalice.app import Chalice
from chalice.test import Client, HTTPResponse
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.spine import clock
from tests.mocked_aws import REGION

_FORM = "application/x-www-form-urlencoded"


class Moment:
    """A clock that stands still until it is moved."""

    _days = count()

    def __init__(self) -> None:
        """Begin on a morning that no other test has seen."""
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC) + timedelta(days=next(self._days))
        self._pinned = ExitStack()

    def __enter__(self) -> Self:
        """Live at this moment."""
        self._pinned.enter_context(clock.at(self.now))
        return self

    def __exit__(self, *_: object) -> None:
        """Live at the present again."""
        self._pinned.close()

    def passes(self, **length: int) -> None:
        """Let time pass."""
        self._pinned.close()
        self.now += timedelta(**length)
        self._pinned.enter_context(clock.at(self.now))


class Page:
    """What came back: a page or a redirection."""

    def __init__(self, answer: HTTPResponse) -> None:
        self.status = answer.status_code
        self.headers = {name.lower(): value for name, value in answer.headers.items()}
        self.location = str(self.headers.get("location", ""))
        self.text = answer.body.decode()

    @property
    def cookies(self) -> list[str]:
        """Give the cookies it sets, as written."""
        found: str | list[str] = self.headers.get("set-cookie", [])
        return list(found) if isinstance(found, list) else [str(found)]


class Browser:
    """A browser with its own cookies, which says where its requests come from and follows nothing."""

    def __init__(self, app: Chalice) -> None:
        self.jar: dict[str, str] = {}
        self._http = Client(app).http

    def get(self, path: str) -> Page:
        """Open a page."""
        return self.sent("GET", path, {}, b"")

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> Page:
        """Send a form of this site."""
        said = {"content-type": _FORM, "sec-fetch-site": "same-origin", **(headers or {})}
        return self.sent("POST", path, said, urlencode(fields).encode())

    def sent(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Page:
        """Send a request as written, with the cookies at hand."""
        held = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        said = {"host": "127.0.0.1:8000", **headers, **({"cookie": held} if held else {})}
        page = Page(self._http.request(method, path, headers=said, body=body))
        for cookie in page.cookies:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0]
            self.jar.pop(name, None)
            if value:
                self.jar[name] = value
        return page

    def sign_in(self, address: str, onward: str = "") -> Page:
        """Ask for a code, read it in the mailbox and type it."""
        self.post("/sign-in", email=address, next=onward)
        return self.post("/sign-in/code", code=last_code())


def mailbox() -> list[Any]:
    """Give every message sent so far."""
    sent: list[Any] = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    return sent


def last_code() -> str:
    """Read the six digits of the last message."""
    found = re.search(r"\b\d{6}\b", mailbox()[-1].body)
    assert found is not None
    return found[0]
