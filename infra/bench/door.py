"""The application called in process, as API Gateway calls it: with a key, or signed in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client

_FAILED = 400


@dataclass(frozen=True)
class Door:
    """The routes, visited by one caller; `headers` say who."""

    client: Client
    headers: Mapping[str, str]

    def get(self, path: str, **query: str) -> str:
        """Read; give the body. Raises RuntimeError on a refusal: there would be nothing to measure."""
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def read(self, path: str, **query: str) -> Any:  # noqa: ANN401 - a measure picks what it looks at.
        """Read JSON."""
        return json.loads(self.get(path, **query))

    def write(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - likewise.
        """Send JSON; give the JSON that comes back."""
        return json.loads(self.send(method, path, json.dumps(body).encode()))

    def send(self, method: str, path: str, payload: bytes = b"") -> str:
        """Send a body as it is. Raises RuntimeError on a refusal."""
        kind = {"Content-Type": "application/json"}
        response = self.client.http.request(method, path, {**kind, **self.headers}, payload)
        text = response.body.decode()
        if response.status_code >= _FAILED:
            message = f"{method} {path} answered {response.status_code}: {text[:300]}"
            raise RuntimeError(message)
        return text
