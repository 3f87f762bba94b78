"""A browser in front of the whole back office; without a browser, the folder is skipped in one line."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect, sync_playwright

from tests.browser.office import Office, opened

_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: Nothing is fetched from anywhere by the browser itself.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 780}
#: A machine that does other things beside may take its time over a page, in milliseconds.
_PATIENCE = 15_000

#: Opens a window that knows nobody. Scripts are off unless asked for; `phone` makes it a small screen.
Visitor = Callable[..., Page]
#: Signs a member in, in a window of their own, and gives it.
SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_runtest_setup() -> None:
    """Skip every test of this folder where there is no browser, in one line: skipped here, they are one."""
    if _installed() is None:
        pytest.skip("!!! NO CHROMIUM: NOTHING WAS TRIED IN A BROWSER. `make browser` installs it. !!!")


def _installed() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_installed(), args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open the back office with the demonstration, once for all."""
    with opened(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """Keep the session of each member: a code is asked for once, as people do in a morning."""
    return {}


@pytest.fixture
def visitor(chromium: Browser, office: Office) -> Iterator[Visitor]:
    """Open windows that know nobody, each with its own cookies."""
    contexts = []

    def open_window(
        *, phone: bool = False, script: bool = False, session: StorageState | None = None
    ) -> Page:
        context = chromium.new_context(
            base_url=office.url,
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=script,
            locale="fr-FR",
            storage_state=session,
        )
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(office: Office, visitor: Visitor, sessions: dict[str, StorageState]) -> SignIn:
    """Sign members in: with the code they receive, then with the session they have."""

    def signed_in(member: dict[str, Any], *, phone: bool = False, script: bool = False) -> Page:
        address = member["email"]
        if address not in sessions:
            page = visitor()
            page.goto("/sign-in")
            page.get_by_label("Votre adresse mail").fill(address)
            page.get_by_role("button", name="Recevoir un code").click()
            page.get_by_label("Code à six chiffres").fill(office.code_for(address))
            page.get_by_role("button", name="Entrer").click()
            expect(page.locator("form[action='/sign-out']").first).to_be_attached()
            sessions[address] = page.context.storage_state()
        page = visitor(phone=phone, script=script, session=sessions[address])
        page.goto("/")
        return page

    return signed_in
