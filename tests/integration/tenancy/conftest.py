"""An application with the sign-in and one page behind it, on a mocked AWS, and a browser to visit it."""

from collections.abc import Iterator, Sequence

import pytest
from chalice.app import Blueprint, Chalice, Response

from chalicelib.spine import clock, isolation, transaction
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import TenantId
from chalicelib.tenancy import actions, pages, store
from chalicelib.tenancy.rights import Right, Role
from chalicelib.tenancy.schema import MemberIn
from chalicelib.tenancy.screens import Visit, page_route, redirect
from tests.apps import app_of
from tests.integration.tenancy.visitor import Browser, Moment, mailbox
from tests.mocked_aws import mocked_aws

_WORDS = {
    "mentor": "mentor",
    "mentors": "mentors",
    "mentee": "mentoré·e",
    "mentees": "mentoré·es",
    "pair": "binôme",
    "pairs": "binômes",
    "coordinator": "coordination",
}


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """Give an AWS held in memory to the tests of one file."""
    with mocked_aws():
        yield


@pytest.fixture(scope="module")
def organisations(aws: None) -> None:
    """Give two tenants; Aïcha works in both, Paul in the first, and Nora audits the second."""
    del aws
    _tenant("univ", "Université solidaire", [("Aïcha Benali", "aicha@exemple.fr", Role.COORDINATOR)])
    _tenant("tema", "Institut Témoin", [("Aïcha Benali", "aicha@exemple.fr", Role.HEAD_OFFICE)])
    _member(TenantId("univ"), "Paul Lemoine", "paul@exemple.fr", Role.COORDINATOR)
    _member(TenantId("tema"), "Nora Petit", "nora@exemple.fr", Role.AUDITOR)


def _tenant(tenant_id: str, name: str, members: Sequence[tuple[str, str, Role]]) -> None:
    tenant = TenantId(tenant_id)
    with isolation.acting_for(tenant):
        context = Context(tenant, SYSTEM, clock.now())
        created = store.new_tenant(context, name, _WORDS, 32)
        transaction.transact(context, Event(EventType.TENANT_CREATED, tenant), [created])
    for each in members:
        _member(tenant, *each)


def _member(tenant: TenantId, name: str, address: str, role: Role) -> None:
    with isolation.acting_for(tenant):
        given = MemberIn(name=name, email=address, roles=[role])
        actions.add_member(Context(tenant, SYSTEM, clock.now()), given)


@pytest.fixture(scope="module")
def app(organisations: None) -> Chalice:
    """Give an application with the sign-in, one page for every member and one for some."""
    del organisations
    behind = Blueprint(__name__)

    @page_route(behind, "/pairs")
    def show(visit: Visit) -> Response:
        return visit.page("console/help.html", {"programmes": []})

    @page_route(behind, "/pairs", method="POST", right=Right.PAIRS_WRITE)
    def change(visit: Visit) -> Response:
        del visit
        return redirect("/pairs?done=pair_changed")

    return app_of(pages.routes, behind)


@pytest.fixture
def moment(app: Chalice) -> Iterator[Moment]:
    """Give the clock, on a day of its own: what other tests did there is long past."""
    del app
    mailbox().clear()
    with Moment() as hands:
        yield hands


@pytest.fixture
def browser(app: Chalice, moment: Moment) -> Browser:
    """Give a browser that has never been here."""
    del moment
    return Browser(app)


@pytest.fixture
def other_browser(app: Chalice, moment: Moment) -> Browser:
    """Give another browser."""
    del moment
    return Browser(app)
