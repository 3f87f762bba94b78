"""A receiver of webhooks: a real HTTP server on this machine, which believes signed messages alone."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    """One message, as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Give the id that stays the same over all attempts."""
        return self.headers["webhook-id"]

    @property
    def type(self) -> str:
        """Give the type of the event."""
        return str(json.loads(self.body)["type"])

    def verified(self, secret: str) -> dict[str, Any]:
        """Give the message as the specification's own library verified it; raises when it did not."""
        return dict(Webhook(secret).verify(self.body, self.headers))


@dataclass
class Receiver:
    """Keeps what it is sent and answers 204, or first what a test told it to."""

    messages: list[Received] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen on a port of this machine."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.messages.append(Received(headers, body))
                status, extra = receiver.answers.pop(0) if receiver.answers else (204, {})
                self.send_response(status)
                for name, value in {**extra, "Content-Length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Give where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}/binome"

    def about(self, *subjects: str) -> list[Received]:
        """Give the messages about some subjects, in the order they came."""
        return [each for each in self.messages if json.loads(each.body)["data"]["id"] in subjects]
