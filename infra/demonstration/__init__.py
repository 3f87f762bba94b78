"""The demonstration: the eight structures of the report as tenants, with invented people.

What they are and do comes from the report; names, addresses and days are drawn from a fixed seed and
told relative to the day of the load, so that every screen shows something true to life.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from chalicelib.spine import bulk, clock, counting, isolation
from chalicelib.spine.ids import TenantId
from chalicelib.tenancy.identity import register
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.identity.register import Registered
from chalicelib.tenancy.identity.store import Membership
from chalicelib.tenancy.rights import ROLE_WORDS
from infra.demonstration.ledger import Ledger
from infra.demonstration.portraits import PORTRAITS, Portrait
from infra.demonstration.story import Story, begun, told

__all__ = ["load", "sign_ins"]

logger = logging.getLogger(__name__)
_AT_ONCE = 3


def load() -> list[str]:
    """Load the tenants that are not there yet, and give the lines that tell how to sign in.

    A load that was cut short is taken up again from the moment it first told the story from, so that
    it writes the same items.
    """
    there = register.tenants()
    now = clock.now()
    entries = [
        there.get(TenantId(each.preset.key))
        or Registered(TenantId(each.preset.key), each.preset.name, now, complete=False)
        for each in PORTRAITS
    ]
    # Several at once: one is invented here while the database writes another.
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        list(workers.map(_load_one, PORTRAITS, entries))
    return _lines()


def sign_ins() -> list[tuple[str, str, str]]:
    """Give a tenant, a role and a mail address for every member of the demonstration."""
    return [
        (story.ledger.tenant, role.value, colleague.email)
        for story in (_begun(portrait) for portrait in PORTRAITS)
        for colleague in story.team.colleagues
        for role in colleague.member.roles
    ]


def _load_one(portrait: Portrait, entry: Registered) -> None:
    if entry.complete:
        return
    register.keep(entry)
    story = begun(Ledger(entry.id, entry.opened_at), portrait)
    with isolation.acting_for(entry.id):
        told(story)
        count = bulk.load(story.ledger.items)
        counting.rebuild(entry.id, clock.now())
    for colleague in story.team.colleagues:
        identities.keep_membership(colleague.email, Membership(entry.id, colleague.member.id))
    register.keep(replace(entry, complete=True))
    logger.info("%s: %d items", entry.id, count)


def _begun(portrait: Portrait) -> Story:
    return begun(Ledger(TenantId(portrait.preset.key), clock.now()), portrait)


def _lines() -> list[str]:
    """Write a sign-in for each role, then one for each tenant."""
    every = sign_ins()
    roles: dict[str, tuple[str, str]] = {}
    for tenant, role, email in every:
        roles.setdefault(role, (tenant, email))
    labels = {role.value: label for role, label in ROLE_WORDS.items()}
    administrators = [(tenant, email) for tenant, role, email in every if role == "administrator"]
    return [
        "Sign in with one of these addresses; `binome outbox` shows the code that is sent.",
        *(f"  {labels[role]:<30} {email}" for role, (_, email) in roles.items()),
        "The administrators of the other tenants:",
        *(f"  {tenant:<30} {email}" for tenant, email in administrators[1:]),
    ]
