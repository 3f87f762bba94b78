"""The other AWS services behind the spine: one client each, opened at first use.

Through botocore itself. What boto3 puts around it, resources and transfers of files, is used by nothing
here, and importing it would add a tenth to every cold start.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials

from chalicelib.spine.ids import TenantId
from chalicelib.spine.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

_TIMEOUTS = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})
_EARLY = timedelta(minutes=5)


def client(service: str, config: Config | None = None) -> Any:  # noqa: ANN401 - botocore makes its clients at run time.
    """Open a client of an AWS service, with the function's own credentials."""
    return _session().create_client(service, region_name=settings().region, config=config)


@cache
def kms() -> "KMSClient":
    """Open the client of the key service."""
    opened: KMSClient = client("kms", _TIMEOUTS)
    return opened


@cache
def queues() -> "SQSClient":
    """Open the client of the queues."""
    opened: SQSClient = client("sqs", _TIMEOUTS)
    return opened


@cache
def _security_tokens() -> "STSClient":
    opened: STSClient = client("sts", _TIMEOUTS)
    return opened


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


_issued: dict[TenantId | None, tuple[ReadOnlyCredentials, datetime]] = {}
_issuing = Lock()


def tenant_credentials(tenant: TenantId | None) -> ReadOnlyCredentials:
    """Give the credentials of one tenant, or the function's own for the platform's keys.

    On AWS a tenant's come from STS with the tenant as session tag; the policy of that role allows
    the leading keys of the tag alone. On the local stage, which checks no IAM, they are fixed.
    """
    if settings().is_local:
        return ReadOnlyCredentials("test", "test", None)
    if tenant is None:
        own = _session().get_credentials()
        if own is None:
            message = "this function has no credentials of its own"
            raise RuntimeError(message)
        return own.get_frozen_credentials()
    with _issuing:
        held = _issued.get(tenant)
        if held is None or held[1] - _EARLY < datetime.now(UTC):
            held = _assume(tenant)
            _issued[tenant] = held
        return held[0]


def _assume(tenant: TenantId) -> tuple[ReadOnlyCredentials, datetime]:
    answer = _security_tokens().assume_role(
        RoleArn=settings().tenant_role,
        RoleSessionName=f"tenant-{tenant}",
        Tags=[{"Key": "tenant", "Value": tenant}],
        DurationSeconds=3600,
    )["Credentials"]
    credentials = ReadOnlyCredentials(
        answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"]
    )
    return credentials, answer["Expiration"]
