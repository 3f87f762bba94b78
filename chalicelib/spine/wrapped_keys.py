"""The table of wrapped keys: small, outside backups, reached by the encryption alone."""

from functools import cache
from typing import TYPE_CHECKING

from chalicelib.spine import gateways
from chalicelib.spine.ids import TenantId
from chalicelib.spine.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@cache
def _client() -> "DynamoDBClient":
    opened: DynamoDBClient = gateways.client("dynamodb")
    return opened


def read(tenant: TenantId, name: str) -> bytes | None:
    """Read a wrapped key, for sure: a key made a moment ago must be found."""
    answer = _client().get_item(
        TableName=settings().keys_table, Key=_address(tenant, name), ConsistentRead=True
    )
    item = answer.get("Item")
    return bytes(item["wrapped"]["B"]) if item else None


def create(tenant: TenantId, name: str, wrapped: bytes) -> None:
    """Keep a new wrapped key; when another process made one first, that one stays."""
    client = _client()
    try:
        client.put_item(
            TableName=settings().keys_table,
            Item={**_address(tenant, name), "wrapped": {"B": wrapped}},
            ConditionExpression="attribute_not_exists(pk)",
        )
    except client.exceptions.ConditionalCheckFailedException:
        return


def _address(tenant: TenantId, name: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"K#{tenant or 'platform'}"}, "sk": {"S": name}}
