"""An AWS held in memory, a tenant on it, and receivers that really listen."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest
import yaml
from chalice.test import Client
from moto import mock_aws

from chalicelib.integrations.api import routes
from chalicelib.spine import encryption, gateways, table, transaction, wrapped_keys
from chalicelib.spine.settings import settings
from tests.apps import app_of
from tests.integration.integrations.office import Office, Receiver

REGION = "eu-west-3"
_TEMPLATE = Path(__file__).parents[3] / "infra" / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Reads the template; what CloudFormation would work out is read as nothing."""


_Loader.add_multi_constructor("!", lambda *_: None)


@pytest.fixture(scope="module")
def cloud() -> Iterator[None]:
    """Hold the tables, the key and the queue in memory for the tests of one file."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
            environment.delenv(name)
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.setenv("BINOME_STAGE", "local")
        environment.setenv("BINOME_KMS_KEY", boto3.client("kms").create_key()["KeyMetadata"]["KeyId"])
        queue = boto3.client("sqs").create_queue(QueueName="binome-webhooks")
        environment.setenv("BINOME_WEBHOOK_QUEUE_URL", queue["QueueUrl"])
        _create_tables()
        _forget_clients()
        yield
    _forget_clients()


def _create_tables() -> None:
    resources = yaml.load(_TEMPLATE.read_text(encoding="utf-8"), _Loader)["Resources"]  # noqa: S506 - a SafeLoader.
    for name in ("DomainTable", "WrappedKeysTable"):
        properties: dict[str, Any] = resources[name]["Properties"]
        wanted = ("TableName", "BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
        boto3.client("dynamodb").create_table(**{key: properties[key] for key in wanted if key in properties})


def _forget_clients() -> None:
    """Forget what a process keeps of one AWS: it must not be met again in another."""
    # Private, since nothing but a test ever lives twice.
    caches = (
        settings,
        encryption._key,
        gateways.kms,
        gateways.queues,
        table.shared_client,
        table._domain_connection,
        transaction._connection,
        wrapped_keys._client,
    )
    for each in caches:
        each.cache_clear()


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
