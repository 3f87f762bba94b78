"""Who calls the people room in these tests: an API key, a signed-in member; and what reaches DynamoDB."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client

from chalicelib.tenancy import cookies


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    text: str
    headers: Mapping[str, Any]

    @property
    def json(self) -> Any:  # noqa: ANN401 - each test knows the shape it asked for.
        """Read the body as JSON."""
        return json.loads(self.text)

    @property
    def fields(self) -> set[str]:
        """Give the fields that a problem names."""
        return {each["field"] for each in self.json["errors"]}


@dataclass
class Calls:
    """The DynamoDB operations sent since the last reset."""

    made: list[str] = field(default_factory=list)

    def reset(self) -> None:
        """Forget what was sent so far."""
        self.made.clear()


@dataclass(frozen=True)
class Api:
    """The JSON API, called with one key."""

    client: Client
    key: str

    def get(self, path: str, **query: str) -> Answer:
        """Read."""
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """Create."""
        return self._send("POST", path, body, headers)

    def patch(self, path: str, body: object) -> Answer:
        """Change."""
        return self._send("PATCH", path, body)

    def _send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
        payload = b"" if body is None else json.dumps(body).encode()
        response = self.client.http.request(method, path, sent, payload)
        return Answer(response.status_code, response.body.decode(), response.headers)


@dataclass(frozen=True)
class Browser:
    """The console, visited by one signed-in member."""

    client: Client
    session: str

    def get(self, path: str) -> Answer:
        """Visit a page."""
        return self._send("GET", path, b"", {})

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, urlencode(form).encode(), kind)

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        cookie = cookies.written(cookies.SESSION, self.session, 3600).partition(";")[0]
        sent = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", **headers}
        response = self.client.http.request(method, path, sent, body)
        return Answer(response.status_code, response.body.decode(), response.headers)


GiveApi = Callable[..., Api]
GiveBrowser = Callable[..., Browser]
