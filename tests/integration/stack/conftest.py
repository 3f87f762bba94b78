"""The stack, really deployed on the embedded AWS for the tests of this folder, and the cast."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import local_stack
from infra.data_folder import DataFolder
from tests.integration.stack.cast import Cast, open_organisation
from tests.integration.stack.town import Api, Gateway, Town

_SET_ASIDE = ("DueFailures", "WebhookFailures", "JournalFailures")


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Deploy the stack in a folder of its own, without demonstration, where only tests move time.

    It lives as long as this folder's tests and no longer: its workers are real processes. At its end
    nothing may have been set aside as undone, and it must have saved its data.
    """
    folder = DataFolder(tmp_path_factory.mktemp("stack"))
    port = _free_port()
    folder.remember_port(port)
    address = f"http://binome.localhost:{port}"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATA_DIR", str(folder.path))
        with local_stack.running(folder, address, ticks=False) as stack:
            # What runs in this process, `binome key create` for one, works on this very stack.
            for name, value in stack.environment().items():
                environment.setenv(name, value)
            _forget_everything()
            yield Town(stack, Gateway(stack.deployment.api_url))
            stack.settle()
            undone = {each: _messages(stack, each) for each in _SET_ASIDE}
            assert not any(undone.values()), undone
        assert not folder.unsaved.exists(), "the emulator ended without saving"
    _forget_everything()


@pytest.fixture(scope="module")
def cast(town: Town) -> Cast:
    """Open an organisation for one file's tests."""
    return open_organisation(town)


@pytest.fixture(scope="package")
def stranger(town: Town) -> Api:
    """Give the API to the head office of another organisation, which must see nothing of the cast."""
    town.binome("tenant", "create", "tuto")
    return town.key("tuto", "head_office")


def _messages(stack: local_stack.LocalStack, queue: str) -> int:
    found = stack.deployment.client("sqs").get_queue_attributes(
        QueueUrl=stack.deployment.physical_id(queue), AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _forget_everything() -> None:
    """Forget what this process keeps of another AWS: clients, settings, opened keys, what was believed."""
    for name, module in list(sys.modules.items()):
        if not name.startswith("chalicelib."):
            continue
        for kept_as, kept in list(vars(module).items()):
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
            elif isinstance(kept, dict) and kept_as in {"_believed", "_keys", "_known_members"}:
                kept.clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.emulator)
