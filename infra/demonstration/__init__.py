"""The demonstration: the eight structures of the report as tenants, with invented people.

What they are and do comes from the report; names, addresses and days are drawn from a fixed seed and
told relative to the day of the load, so that every screen shows something true to life.
"""

import logging
from dataclasses import replace

from chalicelib.spine import bulk, clock, counting, isolation
from chalicelib.spine.ids import TenantId
from chalicelib.tenancy.identity import register
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.identity.register import Registered
from chalicelib.tenancy.identity.store import Membership
from chalicelib.tenancy.screens import ROLE_LABELS
from infra.demonstration.ledger import Ledger
from infra.demonstration.portraits import PORTRAITS, Portrait
from infra.demonstration.story import Story, begun, told

__all__ = ["load", "sign_ins"]

logger = logging.getLogger(__name__)


def load() -> list[str]:
    """Load the tenants that are not there yet, and give the lines that tell how to sign in.

    A load that was cut short is taken up again from the moment it first told the story from, so that
    it writes the same items.
    """
    there = register.tenants()
    for portrait in PORTRAITS:
        tenant = TenantId(portrait.preset.key)
        entry = there.get(tenant) or Registered(tenant, portrait.preset.name, clock.now(), complete=False)
        if not entry.complete:
            register.keep(entry)
            count = _load_one(portrait, entry)
            register.keep(replace(entry, complete=True))
            logger.info("%s: %d items", tenant, count)
    return _lines()


def sign_ins() -> list[tuple[str, str, str]]:
    """Give a tenant, a role and a mail address for every member of the demonstration."""
    return [
        (story.ledger.tenant, role.value, colleague.email)
        for story in (_begun(portrait) for portrait in PORTRAITS)
        for colleague in story.team.colleagues
        for role in colleague.member.roles
    ]


def _load_one(portrait: Portrait, entry: Registered) -> int:
    story = begun(Ledger(entry.id, entry.opened_at), portrait)
    with isolation.acting_for(entry.id):
        told(story)
        count = bulk.load(story.ledger.items)
        counting.rebuild(entry.id, clock.now())
    for colleague in story.team.colleagues:
        identities.keep_membership(colleague.email, Membership(entry.id, colleague.member.id))
    return count


def _begun(portrait: Portrait) -> Story:
    return begun(Ledger(TenantId(portrait.preset.key), clock.now()), portrait)


def _lines() -> list[str]:
    """Write a sign-in for each role, then one for each tenant."""
    every = sign_ins()
    roles: dict[str, tuple[str, str]] = {}
    for tenant, role, email in every:
        roles.setdefault(role, (tenant, email))
    labels = {role.value: label for role, label in ROLE_LABELS.items()}
    administrators = [(tenant, email) for tenant, role, email in every if role == "administrator"]
    return [
        "Sign in with one of these addresses; `binome outbox` shows the code that is sent.",
        *(f"  {labels[role]:<22} {email}" for role, (_, email) in roles.items()),
        "The administrators of the other tenants:",
        *(f"  {tenant:<22} {email}" for tenant, email in administrators[1:]),
    ]
