"""The JSON API in tests, called with one key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - a test picks what it looks at.
        """Read the body as JSON."""
        return json.loads(self.text)

    @property
    def fields(self) -> set[str]:
        """Give the fields that a problem names."""
        return {each["field"] for each in self.json["errors"]}


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
        return Answer(response.status_code, response.body.decode())
