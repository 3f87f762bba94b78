"""A tenant seen from outside and from inside, and a receiver of its webhooks."""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from chalice.test import Client
from standardwebhooks import Webhook

from chalicelib.integrations import jobs
from chalicelib.pairs import store as pairs
from chalicelib.pairs.store import PairItem
from chalicelib.spine import clock, isolation, keys
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.counting import journal_starts
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import TenantId
from chalicelib.spine.journal import EventItem, Recorded, recorded
from chalicelib.spine.transaction import Create, Write, transact
from chalicelib.tenancy.actions import give_key
from chalicelib.tenancy.rights import Role

_numbers = count(1)


class Receiver:
    """Listens on 127.0.0.1, keeps what it is sent, and answers what a test told it to, then 204."""

    def __init__(self) -> None:
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.messages.append(({k.lower(): v for k, v in self.headers.items()}, body))
                status, headers, text = receiver.answers.pop(0) if receiver.answers else (204, {}, b"")
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(text))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def answer(self, status: int, text: str = "", **headers: str) -> None:
        """Give this answer to the next message."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, named, text.encode()))

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """Give every message, as the specification's own library verified it."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.messages]


class Office:
    """A tenant of its own, seen through its API and through what its table and queue hold."""

    def __init__(self, client: Client, asked: list[dict[str, Any]]) -> None:
        self.tenant = TenantId(f"essai-{next(_numbers)}")
        self._client = client
        self._asked = asked
        self.key = self.key_for(Role.ADMINISTRATOR)

    def context(self) -> Context:
        return Context(self.tenant, SYSTEM, clock.now())

    def key_for(self, *roles: Role, territories: tuple[str, ...] = ()) -> str:
        with isolation.acting_for(self.tenant):
            return give_key(self.context(), "test", roles, territories, None)

    def call(
        self, method: str, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Ask the API as a key; give the status and what was answered."""
        sent = {"Authorization": f"Bearer {key or self.key}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = b"" if body is None else json.dumps(body).encode()
        answer = self._client.http.request(method, path, headers=sent, body=raw)
        return answer.status_code, json.loads(answer.body) if answer.body else None

    def webhook(self, url: str, *events: str, territories: tuple[str, ...] = ()) -> dict[str, Any]:
        """Add a webhook and give it, with its secret."""
        body = {"url": url, "events": events or ("pair.launched",), "territories": territories}
        status, made = self.call("POST", "/v1/webhooks", body)
        assert status == 201, made
        return dict(made)

    def deliveries(self, webhook: dict[str, Any]) -> list[dict[str, Any]]:
        """Give a webhook's deliveries, newest first."""
        status, answer = self.call("GET", f"/v1/webhooks/{webhook['id']}/deliveries")
        assert status == 200, answer
        return list(answer["items"])

    def recorded(self, event: Event, *writes: Write) -> Recorded:
        """Commit an event with its writes, and give it as the stream would."""
        context = self.context()
        with isolation.acting_for(self.tenant):
            identity = transact(context, event, writes)
            return recorded(EventItem.get(keys.journal_month(self.tenant, context.now), identity))

    def pair_launched(self, territory: str | None = "D35", *, stored: bool = True) -> Recorded:
        """Launch a pair out of thin air, and give the event."""
        identity = f"PAIR{next(_numbers)}"
        pair = PairItem(
            pairs.pair_key(self.tenant, identity),
            keys.SELF,
            mentor="MENTOR",
            mentee="MENTEE",
            programme="PROGRAMME",
            coordinator="COORDINATOR",
            territory=territory,
            stage="active",
            stage_dates={"active": "2026-11-02"},
            colour="green",
            since="2026-11-02",
            launched_on="2026-11-02",
            age_accepted=True,
            counting=True,
        )
        event = Event(EventType.PAIR_LAUNCHED, identity, None, pairs.weight(pair), {"mentor": "MENTOR"})
        return self.recorded(event, *([Create(pairs.filed(pair, self.tenant))] if stored else []))

    def publish(self, *events: Recorded) -> None:
        """Hand events to the room, as the stream does."""
        with isolation.acting_for(self.tenant):
            jobs.publish(events)

    def asked(self) -> list[tuple[str, int]]:
        """Give what was put on the queue since the last time: bodies and delays in seconds."""
        taken = [(each["MessageBody"], each["DelaySeconds"]) for each in self._asked]
        self._asked.clear()
        return taken

    def deliver(self) -> list[int]:
        """Deliver what was put on the queue, once each, whatever its delay; give the delays."""
        taken = self.asked()
        for body, _ in taken:
            jobs.deliver(body)
        return [delay for _, delay in taken]

    def journal_starts(self, ago: timedelta) -> None:
        """Let the tenant's journal have begun some time ago."""
        start = journal_starts(self.tenant, datetime.now(UTC) - ago)
        self.recorded(Event(EventType.TENANT_CREATED, self.tenant), Create(start))
