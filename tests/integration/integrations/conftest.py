"""An AWS held in memory, a tenant on it, and receivers that really listen."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.integrations.api import routes
from chalicelib.spine import gateways
from tests.apps import app_of
from tests.integration.integrations.office import Office, Receiver
from tests.mocked_aws import mocked_aws


@pytest.fixture(scope="module")
def cloud() -> Iterator[None]:
    """Hold an AWS in memory for the tests of one file."""
    with mocked_aws():
        yield


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Offer a receiver that ends with the test."""
    listening = Receiver()
    thread = Thread(target=listening.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listening
    listening.server.shutdown()
    thread.join()
    listening.server.server_close()


@pytest.fixture(scope="module")
def client(cloud: None) -> Iterator[Client]:
    """Serve the room's routes in process."""
    del cloud
    with Client(app_of(routes)) as serving:
        yield serving


@pytest.fixture
def asked(cloud: None) -> Iterator[list[dict[str, Any]]]:
    """Note what is put on the queue."""
    del cloud
    entries: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_: object) -> None:
        entries.extend(params["Entries"])

    events = gateways.queues().meta.events
    events.register("provide-client-params.sqs.SendMessageBatch", note)
    yield entries
    events.unregister("provide-client-params.sqs.SendMessageBatch", note)


@pytest.fixture
def office(client: Client, asked: list[dict[str, Any]]) -> Office:
    """Offer a new tenant."""
    return Office(client, asked)


@pytest.fixture
def elsewhere(client: Client, asked: list[dict[str, Any]]) -> Office:
    """Offer another tenant, which must see nothing of the first."""
    return Office(client, asked)
