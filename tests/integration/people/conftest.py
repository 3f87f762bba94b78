"""A tenant with a programme of each age range, its people room served in process, and calls counted."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from chalice import Chalice
from chalice.test import Client
from moto import mock_aws

os.environ.setdefault("BINOME_STAGE", "local")
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-3")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
os.environ.setdefault("BINOME_KMS_KEY", "alias/binome")

from chalicelib.network import store as network
from chalicelib.network.store import Structure
from chalicelib.people import api, pages
from chalicelib.programmes import store as programmes
from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.schema import AgeRange, Programme, ProgrammeId
from chalicelib.spine import clock, encryption, gateways, isolation, rendering, wrapped_keys
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.ids import MemberId, StructureId, TenantId
from chalicelib.spine.journal import Event, EventItem, EventType, recorded
from chalicelib.spine.settings import settings
from chalicelib.spine.table import Item, shared_client
from chalicelib.spine.territories import TerritoryCode
from chalicelib.spine.transaction import Create, transact
from chalicelib.tenancy import actions as members
from chalicelib.tenancy import authentication, cookies
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.identity.store import Membership
from chalicelib.tenancy.rights import Role
from chalicelib.tenancy.schema import MemberIn

TENANT = TenantId("univ")
WORDS = {
    "mentor": "mentor",
    "mentors": "mentors",
    "mentee": "mentoré·e",
    "mentees": "mentoré·es",
    "pair": "binôme",
    "pairs": "binômes",
}


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    text: str
    headers: Mapping[str, Any]

    @property
    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.text)

    @property
    def fields(self) -> set[str]:
        """Give the fields that a problem names."""
        return {each["field"] for each in self.json["errors"]}


@dataclass
class Calls:
    """The DynamoDB operations sent since the last reset."""

    made: list[str] = field(default_factory=list)

    def reset(self) -> None:
        """Forget what was sent so far."""
        self.made.clear()


@dataclass(frozen=True)
class Api:
    """The JSON API, called with one key."""

    client: Client
    key: str

    def get(self, path: str, **query: str) -> Answer:
        """Read."""
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """Create."""
        return self._send("POST", path, body, headers)

    def patch(self, path: str, body: object) -> Answer:
        """Change."""
        return self._send("PATCH", path, body)

    def _send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
        payload = b"" if body is None else json.dumps(body).encode()
        response = self.client.http.request(method, path, sent, payload)
        return Answer(response.status_code, response.body.decode(), response.headers)


@dataclass(frozen=True)
class Browser:
    """The console, visited by one signed-in member."""

    client: Client
    session: str

    def get(self, path: str) -> Answer:
        """Visit a page."""
        return self._send("GET", path, b"", {})

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, urlencode(form).encode(), kind)

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        cookie = cookies.written(cookies.SESSION, self.session, 3600).partition(";")[0]
        sent = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", **headers}
        response = self.client.http.request(method, path, sent, body)
        return Answer(response.status_code, response.body.decode(), response.headers)


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    """Give every test empty tables and a key service of its own."""
    caches = (
        encryption._key,
        gateways.kms,
        shared_client,
        wrapped_keys._client,
    )
    with mock_aws():
        for each in caches:
            each.cache_clear()
        for believed in (authentication._keys, tenants._believed, programmes._believed):
            believed.clear()
        kms = boto3.client("kms", region_name="eu-west-3")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/binome", TargetKeyId=key)
        _create_tables()
        # The console gives these to every template; here the room stands alone.
        environment = rendering._environment()
        environment.globals.setdefault("asset", lambda name: f"/static/{name}")
        environment.globals.setdefault("new_key", lambda: token_urlsafe(12))
        yield
        for each in caches:
            each.cache_clear()


@pytest.fixture
def context(aws: None) -> Context:
    """Give the work of somebody in the tenant, now."""
    return Context(TENANT, SYSTEM, clock.now())


@pytest.fixture(autouse=True)
def tenant(context: Context) -> Iterator[None]:
    """Make the tenant, two programmes and a structure, and stay in its scope."""
    with isolation.acting_for(TENANT):
        adults = Programme(
            id=ProgrammeId("campus"),
            name="Campus",
            format="hybrid",
            formats=("hybrid",),
            cadence=Cadence(every="week", hours=1),
            mentee_ages=AgeRange(min=18, max=30),
        )
        young = adults.model_copy(
            update={"id": ProgrammeId("ecole"), "name": "École", "mentee_ages": AgeRange(min=6, max=17)}
        )
        school = Structure(
            StructureId("lycee-jean-moulin"), "Lycée Jean-Moulin", "school", TerritoryCode("D69"), False
        )
        event = Event(EventType.TENANT_CREATED, TENANT)
        writes = [
            tenants.new_tenant(context, "Université", WORDS, 32),
            *(Create(programmes.built_programme(TENANT, each)) for each in (adults, young)),
            Create(network.built_structure(TENANT, school)),
        ]
        transact(context, event, writes)
        yield


@pytest.fixture
def client(tenant: None) -> Iterator[Client]:
    """Serve the room in process."""
    app = Chalice("binome")
    app.register_blueprint(api.routes)
    app.register_blueprint(pages.routes)
    with Client(app) as opened:
        yield opened


GiveApi = Callable[..., Api]
GiveBrowser = Callable[..., Browser]


@pytest.fixture
def api_as(client: Client, context: Context) -> GiveApi:
    """Give the API to a role, over territories, as a member where one is named."""

    def give(role: Role, *territories: str, member: str | None = None) -> Api:
        return Api(client, members.give_key(context, role.value, (role,), territories, member))

    return give


@pytest.fixture
def member(context: Context) -> Callable[..., MemberId]:
    """Add a member to the tenant."""

    def add(role: Role, *territories: str) -> MemberId:
        given = MemberIn(name="Alice Martin", roles=[role], territories=list(territories))
        return members.add_member(context, given)

    return add


@pytest.fixture
def browser_as(client: Client, member: Callable[..., MemberId]) -> GiveBrowser:
    """Give the console to a new member."""

    def sign_in(role: Role, *territories: str) -> Browser:
        secret = token_urlsafe(32)
        membership = Membership(TENANT, member(role, *territories))
        identities.open_session(secret, membership, datetime.now(UTC) + timedelta(hours=1))
        return Browser(client, secret)

    return sign_in


@pytest.fixture
def alice(api_as: GiveApi) -> Api:
    """Give the API to the head office, which reaches the whole tenant."""
    return api_as(Role.HEAD_OFFICE)


@pytest.fixture
def calls(tenant: None) -> Calls:
    """Count the DynamoDB operations that reach the wire."""
    counted = Calls()

    def count(model: Any, **_: object) -> None:
        counted.made.append(model.name)

    shared_client().meta.events.register("before-call.dynamodb.*", count)
    return counted


@pytest.fixture
def journal(tenant: None) -> Callable[[str], list[Event]]:
    """Read the events of one subject, oldest first."""

    def read(subject: str) -> list[Event]:
        found = Item.by_subject.query(f"T#{TENANT}#SUBJECT#{subject}")
        return [recorded(item).event for item in found if isinstance(item, EventItem)]

    return read


def _create_tables() -> None:
    indexes = {
        "by_tenant": "tenant_key",
        "by_region": "region_key",
        "by_department": "department_key",
        "by_member": "member_key",
        "by_structure": "structure_key",
        "by_programme": "programme_key",
        "by_subject": "subject_key",
    }
    client = boto3.client("dynamodb", region_name="eu-west-3")
    names = ["pk", "sk", "rank", *indexes.values()]
    client.create_table(
        TableName=settings().table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=_key("pk", "sk"),
        GlobalSecondaryIndexes=[
            {"IndexName": name, "KeySchema": _key(key, "rank"), "Projection": {"ProjectionType": "ALL"}}
            for name, key in indexes.items()
        ],
    )
    client.create_table(
        TableName=settings().keys_table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=_key("pk", "sk"),
    )


def _key(first: str, second: str) -> list[Any]:
    return [{"AttributeName": first, "KeyType": "HASH"}, {"AttributeName": second, "KeyType": "RANGE"}]
