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
from chalicelib.spine.wire import ItemParserFactory

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
    session.register_component("response_parser_factory", ItemParserFactory())
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


def _index(name: str, hash_name: str, range_name: str = "rank") -> GlobalSecondaryIndex["Item"]:
    """Make one of the table's indexes: two text keys, and every attribute of the items it holds.

    PynamoDB wants a class per index; eight that differ by a name would say the same thing eight times.
    """
    attributes = {
        "Meta": type("Meta", (), {"index_name": name, "projection": AllProjection()}),
        hash_name: UnicodeAttribute(hash_key=True),
        range_name: UnicodeAttribute(range_key=True),
    }
    made: GlobalSecondaryIndex[Item] = type(f"Index_{name}", (GlobalSecondaryIndex,), attributes)()
    return made


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

    #: Everything of one kind in a tenant, a region, a département, a coordinator's portfolio, a
    #: structure, a programme; the journal of one subject. In the order screens show it.
    by_tenant = _index("by_tenant", "tenant_key")
    by_region = _index("by_region", "region_key")
    by_department = _index("by_department", "department_key")
    by_member = _index("by_member", "member_key")
    by_structure = _index("by_structure", "structure_key")
    by_programme = _index("by_programme", "programme_key")
    by_subject = _index("by_subject", "subject_key")
    #: The agenda: sparse, eight fixed shards, sorted by when an entry is due.
    due = _index("due", "due_shard", "due_at")

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
