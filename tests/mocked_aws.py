"""An AWS held in memory, for tests of single calls: our two tables and a key, then nothing left of it.

What depends on concurrency, on the stream or on retries is tested on the emulator instead.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from chalicelib.programmes import store as programmes
from chalicelib.spine import encryption, gateways, mail, table, transaction, wrapped_keys
from chalicelib.spine.settings import settings
from chalicelib.tenancy import authentication
from chalicelib.tenancy import store as tenants

REGION = "eu-west-3"
_TEMPLATE = Path(__file__).parents[1] / "infra" / "template.yaml"
_OF_A_TABLE = ("TableName", "BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")


class _Loader(yaml.SafeLoader):
    """Reads the template; what CloudFormation would work out is read as nothing."""


_Loader.add_multi_constructor("!", lambda *_: None)


@contextmanager
def mocked_aws() -> Iterator[None]:
    """Give a key service, a queue and a mail identity, on the local stage, and empty tables."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
            environment.delenv(name)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "test")
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.setenv("BINOME_STAGE", "local")
        environment.setenv("BINOME_KMS_KEY", boto3.client("kms").create_key()["KeyMetadata"]["KeyId"])
        queue = boto3.client("sqs").create_queue(QueueName="binome-webhooks")
        environment.setenv("BINOME_WEBHOOK_QUEUE_URL", queue["QueueUrl"])
        boto3.client("ses").verify_domain_identity(Domain="binome.example")
        _forget_everything()
        for each in _described():
            boto3.client("dynamodb").create_table(**each)
        yield
    _forget_everything()


def empty_tables() -> None:
    """Empty the tables: moto copies a whole table at each transaction, so a full one is slow."""
    client = boto3.client("dynamodb")
    for each in _described():
        client.delete_table(TableName=each["TableName"])
        client.create_table(**each)
    _forget_everything()


@cache
def _described() -> list[dict[str, Any]]:
    """Read the two tables as the template that goes to AWS describes them."""
    resources = yaml.load(_TEMPLATE.read_text(encoding="utf-8"), _Loader)["Resources"]  # noqa: S506 - a SafeLoader.
    found: list[dict[str, Any]] = [
        resources[name]["Properties"] for name in ("DomainTable", "WrappedKeysTable")
    ]
    return [{key: each[key] for key in _OF_A_TABLE if key in each} for each in found]


def _forget_everything() -> None:
    """Forget what a process keeps of one AWS: it must not be met again in another."""
    # Private, since nothing but a test ever lives twice.
    caches = (
        settings,
        encryption._key,
        gateways.kms,
        gateways.queues,
        mail._client,
        table.shared_client,
        table._domain_connection,
        transaction._connection,
        wrapped_keys._client,
    )
    for each in caches:
        each.cache_clear()
    for believed in (
        authentication._keys,
        tenants._believed,
        tenants._known_members,
        programmes._believed,
    ):
        believed.clear()
