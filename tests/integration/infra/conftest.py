"""The administration commands and the demonstration, on an AWS held in memory."""

from argparse import Namespace
from collections.abc import Callable, Iterator

import pytest

from infra import administration
from tests.mocked_aws import mocked_aws

Command = Callable[..., int]


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """Give an empty platform to the tests of one file."""
    with mocked_aws():
        yield


@pytest.fixture
def tenant_create(aws: None) -> Command:
    """Give `binome tenant create`."""
    del aws

    def create(tenant: str, **options: str) -> int:
        given: dict[str, str | None] = {"name": None, "preset": None, "email": None, **options}
        return administration.tenant_create(Namespace(tenant=tenant, **given))

    return create


@pytest.fixture
def key_create(aws: None) -> Command:
    """Give `binome key create`."""
    del aws

    def create(tenant: str, role: str, *territories: str, member: str | None = None) -> int:
        given = Namespace(tenant=tenant, role=role, territory=list(territories), member=member)
        return administration.key_create(given)

    return create
