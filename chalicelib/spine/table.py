"""The domain table through PynamoDB, on one shared connection and one shared client."""

from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    Credentials,
    ReadOnlyCredentials,
)
from pynamodb.attributes import DiscriminatorAttribute, UnicodeAttribute
from pynamodb.connection.base import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.spine import isolation
from chalicelib.spine.gateways import tenant_credentials
from chalicelib.spine.settings import settings

if TYPE_CHECKING:
    from pynamodb.connection._botocore_private import BotocoreBaseClientPrivate


class ScopedCredentials(Credentials):
    """Credentials that are looked up at each signature: those of the tenant in scope.

    Without a scope there is no signature, so a forgotten `acting_for` cannot reach AWS at all.
    """

    def __init__(self) -> None:
        """Hold nothing: a placeholder access key satisfies botocore's check at construction."""
        super().__init__("scoped", "scoped")

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Give the credentials of the scope that is current at this very call."""
        return tenant_credentials(isolation.current().tenant)


class _ScopedProvider(CredentialProvider):
    """The only place this client looks for credentials."""

    METHOD = "binome-scope"

    def load(self) -> Credentials:
        return ScopedCredentials()


@cache
def shared_client() -> "BotocoreBaseClientPrivate":
    """Open the one DynamoDB client of this process.

    PynamoDB opens a client per model class (about 60 ms each); every model here uses this one. Its
    timeouts stay well under the 29 seconds of API Gateway.
    """
    session = botocore.session.get_session()
    session.register_component("credential_provider", CredentialResolver([_ScopedProvider()]))
    client: Any = session.create_client(
        "dynamodb",
        settings().region,
        config=Config(
            parameter_validation=False,
            connect_timeout=1,
            read_timeout=3,
            max_pool_connections=16,
            retries={"total_max_attempts": 4, "mode": "standard"},
        ),
    )
    client.meta.events.register_first("provide-client-params.dynamodb.*", _guarded)
    return client  # type: ignore[no-any-return]


def _guarded(params: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401 - botocore hands an untyped operation model.
    isolation.guard(params, model.name)


class SharedConnection(Connection):
    """A PynamoDB connection that uses the shared client instead of opening its own."""

    @property
    def client(self) -> "BotocoreBaseClientPrivate":
        """Give the shared, guarded client."""
        return shared_client()


class ByTenant(GlobalSecondaryIndex["Item"]):
    """Everything of one kind in a tenant, in the order screens show it."""

    class Meta:
        """Index settings."""

        index_name = "by_tenant"
        projection = AllProjection()

    tenant_key = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class ByRegion(GlobalSecondaryIndex["Item"]):
    """Everything of one kind in a region."""

    class Meta:
        """Index settings."""

        index_name = "by_region"
        projection = AllProjection()

    region_key = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class ByDepartment(GlobalSecondaryIndex["Item"]):
    """Everything of one kind in a département."""

    class Meta:
        """Index settings."""

        index_name = "by_department"
        projection = AllProjection()

    department_key = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class ByMember(GlobalSecondaryIndex["Item"]):
    """Everything of one kind that one coordinator follows."""

    class Meta:
        """Index settings."""

        index_name = "by_member"
        projection = AllProjection()

    member_key = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class ByStructure(GlobalSecondaryIndex["Item"]):
    """Everything of one kind in a local structure."""

    class Meta:
        """Index settings."""

        index_name = "by_structure"
        projection = AllProjection()

    structure_key = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class ByProgramme(GlobalSecondaryIndex["Item"]):
    """Everything of one kind in a programme."""

    class Meta:
        """Index settings."""

        index_name = "by_programme"
        projection = AllProjection()

    programme_key = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class BySubject(GlobalSecondaryIndex["Item"]):
    """The journal of one subject."""

    class Meta:
        """Index settings."""

        index_name = "by_subject"
        projection = AllProjection()

    subject_key = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class Due(GlobalSecondaryIndex["Item"]):
    """The agenda: sparse, eight fixed shards, sorted by when an entry is due."""

    class Meta:
        """Index settings."""

        index_name = "due"
        projection = AllProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class Item(Model):
    """What every item of the domain table has. Rooms add a subclass per kind in their store.

    The indexes stand here, on the base, so that they share the connection's description of the
    table; an item appears in an index when it carries the index's key.
    """

    class Meta:
        """Table settings."""

        table_name = settings().table
        region = settings().region

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    rank = UnicodeAttribute(null=True)
    tenant_key = UnicodeAttribute(null=True)
    region_key = UnicodeAttribute(null=True)
    department_key = UnicodeAttribute(null=True)
    member_key = UnicodeAttribute(null=True)
    structure_key = UnicodeAttribute(null=True)
    programme_key = UnicodeAttribute(null=True)
    subject_key = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)

    by_tenant = ByTenant()
    by_region = ByRegion()
    by_department = ByDepartment()
    by_member = ByMember()
    by_structure = ByStructure()
    by_programme = ByProgramme()
    by_subject = BySubject()
    due = Due()

    @classmethod
    def _get_connection(cls) -> TableConnection:
        return _domain_connection()


@cache
def _domain_connection() -> TableConnection:
    connection = super(Item, Item)._get_connection()
    shared = SharedConnection(region=settings().region)
    shared.add_meta_table(connection.get_meta_table())
    connection.connection = shared
    return connection
