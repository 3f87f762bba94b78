"""A tenant with two programmes and a school, its people room served in process, and calls counted."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from secrets import token_hex, token_urlsafe
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.network import store as network
from chalicelib.network.store import Structure
from chalicelib.people import api, pages
from chalicelib.programmes import store as programmes
from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.schema import AgeRange, Programme, ProgrammeId
from chalicelib.spine import clock, isolation, table
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import MemberId, StructureId, TenantId
from chalicelib.spine.journal import EventItem, recorded
from chalicelib.spine.keys import journal_subject
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode
from chalicelib.spine.transaction import Create, transact
from chalicelib.tenancy import actions as members
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.identity.store import Membership
from chalicelib.tenancy.rights import Role
from chalicelib.tenancy.schema import MemberIn
from tests.apps import app_of
from tests.integration.people.cast import Api, Browser, Calls, GiveApi, GiveBrowser
from tests.mocked_aws import empty_tables, mocked_aws

_WORDS = {
    "mentor": "mentor",
    "mentors": "mentors",
    "mentee": "mentoré·e",
    "mentees": "mentoré·es",
    "pair": "binôme",
    "pairs": "binômes",
}


@pytest.fixture(scope="package")
def aws() -> Iterator[None]:
    """Give an AWS held in memory to all the tests of this room: each has a tenant of its own."""
    with mocked_aws():
        yield


@pytest.fixture
def tables(aws: None) -> None:
    """Give empty tables."""
    del aws
    empty_tables()


@pytest.fixture
def context(tables: None) -> Context:
    """Give the work of somebody in a tenant that no other test knows, now."""
    del tables
    return Context(TenantId(f"univ-{token_hex(4)}"), SYSTEM, clock.now())


@pytest.fixture
def tenant(context: Context) -> Iterator[TenantId]:
    """Make the tenant, a programme for adults, one for minors, and a school; stay in the tenant's scope."""
    tenant = context.tenant
    adults = Programme(
        id=ProgrammeId("campus"),
        name="Campus",
        format="hybrid",
        formats=("hybrid",),
        cadence=Cadence(every="week", hours=1),
        mentee_ages=AgeRange(min=18, max=30),
    )
    minors = {"id": ProgrammeId("ecole"), "name": "École", "mentee_ages": AgeRange(min=6, max=17)}
    school = Structure(
        StructureId("lycee-jean-moulin"),
        "Lycée Jean-Moulin",
        "school",
        TerritoryCode("D69"),
        independent=False,
    )
    with isolation.acting_for(tenant):
        writes = [
            tenants.new_tenant(context, "Université", _WORDS, 32),
            Create(programmes.built_programme(tenant, adults)),
            Create(programmes.built_programme(tenant, adults.model_copy(update=minors))),
            Create(network.built_structure(tenant, school)),
        ]
        transact(context, Event(EventType.TENANT_CREATED, tenant), writes)
        yield tenant


@pytest.fixture
def client(tenant: TenantId) -> Iterator[Client]:
    """Serve the room in process."""
    del tenant
    with Client(app_of(api.routes, pages.routes)) as opened:
        yield opened


@pytest.fixture
def api_as(client: Client, context: Context) -> GiveApi:
    """Give the API to a role, over territories, as a member where one is named."""

    def give(role: Role, *territories: str, member: str | None = None) -> Api:
        return Api(client, members.give_key(context, role.value, (role,), territories, member))

    return give


@pytest.fixture
def member(tenant: TenantId, context: Context) -> Callable[..., MemberId]:
    """Add a member to the tenant."""
    del tenant

    def add(role: Role, *territories: str) -> MemberId:
        given = MemberIn(name="Aïcha Benali", roles=[role], territories=list(territories))
        return members.add_member(context, given)

    return add


@pytest.fixture
def browser_as(tenant: TenantId, client: Client, member: Callable[..., MemberId]) -> GiveBrowser:
    """Give the console to a new member."""

    def sign_in(role: Role, *territories: str) -> Browser:
        secret = token_urlsafe(32)
        membership = Membership(tenant, member(role, *territories))
        identities.open_session(secret, membership, clock.now() + timedelta(hours=1))
        return Browser(client, secret)

    return sign_in


@pytest.fixture
def browser(browser_as: GiveBrowser) -> Browser:
    """Give the console to somebody who reaches the whole tenant."""
    return browser_as(Role.HEAD_OFFICE)


@pytest.fixture
def head_office(api_as: GiveApi) -> Api:
    """Give the API to somebody who reaches the whole tenant."""
    return api_as(Role.HEAD_OFFICE)


@pytest.fixture
def calls(tenant: TenantId) -> Iterator[Calls]:
    """Count the DynamoDB operations that reach the wire."""
    del tenant
    counted = Calls()

    def count(model: Any, **_: object) -> None:  # noqa: ANN401 - botocore hands an untyped operation model.
        counted.made.append(model.name)

    events = table.shared_client().meta.events
    events.register("before-call.dynamodb.*", count)
    yield counted
    events.unregister("before-call.dynamodb.*", count)


@pytest.fixture
def journal(tenant: TenantId) -> Callable[[str], list[Event]]:
    """Read the events of one subject, oldest first."""

    def read(subject: str) -> list[Event]:
        found = Item.by_subject.query(journal_subject(tenant, subject))
        return [recorded(item).event for item in found if isinstance(item, EventItem)]

    return read
