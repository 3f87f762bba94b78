"""A tenant whose programmes are served in process."""

from collections.abc import Callable, Iterator
from secrets import token_hex

import pytest
from chalice.test import Client

from chalicelib.programmes.api import routes
from chalicelib.spine import clock, isolation
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import TenantId
from chalicelib.spine.transaction import transact
from chalicelib.tenancy import actions as members
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.rights import Role
from tests.apps import app_of
from tests.integration.api import Api
from tests.mocked_aws import mocked_aws

GiveApi = Callable[..., Api]


@pytest.fixture(scope="package")
def client() -> Iterator[Client]:
    """Serve the room's routes on an AWS held in memory."""
    with mocked_aws(), Client(app_of(routes)) as opened:
        yield opened


@pytest.fixture
def context(client: Client) -> Iterator[Context]:
    """Give the work of somebody in a tenant that no other test knows; stay in its scope."""
    del client
    context = Context(TenantId(f"univ-{token_hex(4)}"), SYSTEM, clock.now())
    with isolation.acting_for(context.tenant):
        created = tenants.new_tenant(context, "Université", {}, 32)
        transact(context, Event(EventType.TENANT_CREATED, context.tenant), [created])
        yield context


@pytest.fixture
def api_as(client: Client, context: Context) -> GiveApi:
    """Give the API to a role, over territories."""

    def give(role: Role, *territories: str) -> Api:
        return Api(client, members.give_key(context, role.value, (role,), territories, None))

    return give


@pytest.fixture
def head_office(api_as: GiveApi) -> Api:
    """Give the API to somebody who reaches the whole tenant."""
    return api_as(Role.HEAD_OFFICE)
