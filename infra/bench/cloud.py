"""The embedded AWS for the length of a measure: tables, a key, queues, and no function that reacts.

Without functions nothing but what is measured reads or writes, and no other process takes its time.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import yaml

from chalicelib.spine.settings import settings
from infra import emulator
from infra.data_folder import DataFolder

_TEMPLATE = Path(emulator.__file__).with_name("template.yaml")
_CREATED_WITH = ("TableName", "BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")


class _Loader(yaml.SafeLoader):
    """Reads the template; what CloudFormation would work out is read as nothing."""


_Loader.add_multi_constructor("!", lambda *_: None)


@contextmanager
def running() -> Iterator[None]:
    """Run the emulator on a folder of its own, with this process set up as one of its functions.

    Raises Problem when the emulator is not installed or does not start.
    """
    with tempfile.TemporaryDirectory(prefix="binome-bench-") as path:
        machine = emulator.start(DataFolder(Path(path)))
        try:
            _enter(machine.endpoint)
            yield
        finally:
            machine.stop()


def _enter(endpoint: str) -> None:
    """Make the resources of the template that are called here, and see them as a function does."""
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint,
        AWS_DEFAULT_REGION=emulator.REGION,
        AWS_REGION=emulator.REGION,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106 - the emulator asks for any.
        BINOME_STAGE="local",
        BINOME_PUBLIC_URL="http://127.0.0.1:8000",
    )
    resources: dict[str, Any] = yaml.load(_TEMPLATE.read_bytes(), _Loader)["Resources"]  # noqa: S506 - a SafeLoader.
    tables = boto3.client("dynamodb")
    for name in ("DomainTable", "WrappedKeysTable"):
        wanted = resources[name]["Properties"]
        tables.create_table(**{key: wanted[key] for key in _CREATED_WITH if key in wanted})
    boto3.client("sesv2").create_email_identity(EmailIdentity="binome.example")
    queues = boto3.client("sqs")
    os.environ.update(
        BINOME_KMS_KEY=boto3.client("kms").create_key()["KeyMetadata"]["KeyId"],
        BINOME_DUE_QUEUE_URL=queues.create_queue(QueueName="binome-due")["QueueUrl"],
        BINOME_WEBHOOK_QUEUE_URL=queues.create_queue(QueueName="binome-webhooks")["QueueUrl"],
    )
    # They were read when the application was imported, before there was anything to see.
    settings.cache_clear()
