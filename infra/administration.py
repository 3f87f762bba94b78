"""What `binome` does to the data: open tenants, give keys, count figures again.

Each function takes the parsed arguments and gives the exit status: 2, with one line on the error
stream, for what the person at the keyboard can put right.
"""

import argparse
import sys
from dataclasses import replace

from chalicelib.network.actions import add_structure
from chalicelib.network.schema import StructureIn
from chalicelib.programmes import presets
from chalicelib.programmes import store as programmes
from chalicelib.programmes.agreements import moved_to
from chalicelib.programmes.presets import TenantPreset
from chalicelib.spine import clock, counting, isolation
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.errors import Refusal
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import TenantId, is_tenant_id
from chalicelib.spine.transaction import Create, transact
from chalicelib.tenancy import actions as tenancy
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.identity import register
from chalicelib.tenancy.identity.register import Registered
from chalicelib.tenancy.requests import validated
from chalicelib.tenancy.rights import Reach, Role
from chalicelib.tenancy.schema import MemberIn

_REFUSED = 2


def tenant_create(arguments: argparse.Namespace) -> int:
    """Open a tenant for a lauréat: its programmes, agreement and structures, and its journal.

    `tenant` is a preset's key, a lauréat's name or any identifier; `preset` names another preset to
    start from, `name` what the tenant is called, `email` its first administrator.
    """
    if arguments.preset and presets.preset(arguments.preset.lower()) is None:
        known = ", ".join(each.key for each in presets.all_presets())
        return _refused(f"no preset {arguments.preset!r}: give one of {known}")
    preset = _preset(arguments)
    if not is_tenant_id(preset.key):
        return _refused(
            f"{preset.key or arguments.tenant!r} cannot name a tenant: "
            "give 2 to 40 small letters, digits and hyphens, starting with a letter"
        )
    tenant = TenantId(preset.key)
    if tenant in register.tenants():
        return _refused(f"there is a tenant {tenant} already")
    try:
        administrator = _administrator(arguments.email)
    except Refusal as refusal:
        return _refused(f"--email: {refusal.detail}")
    context = Context(tenant, SYSTEM, clock.now())
    entry = Registered(tenant, preset.name, context.now, complete=False)
    register.keep(entry)
    with isolation.acting_for(tenant):
        _open(context, preset)
        if administrator is not None:
            tenancy.add_member(context, administrator)
    register.keep(replace(entry, complete=True))
    sys.stdout.write(f"{tenant}\n")
    return 0


def tenant_list(_: argparse.Namespace) -> int:
    """Print the tenants: identifier, day of opening, name."""
    for each in register.tenants().values():
        unfinished = "" if each.complete else "  (unfinished)"
        sys.stdout.write(f"{each.id:<20}  {each.opened_at:%Y-%m-%d}  {each.name}{unfinished}\n")
    return 0


def key_create(arguments: argparse.Namespace) -> int:
    """Make an API key with a role over territories, as a member if one is named; print it alone."""
    roles = {role.value: role for role in Role}
    role = roles.get(arguments.role)
    if role is None:
        return _refused(f"no role {arguments.role!r}: give one of {', '.join(sorted(roles))}")
    known = register.tenants()
    if arguments.tenant not in known:
        return _refused(f"no tenant {arguments.tenant!r}: give one of {', '.join(known) or '(none yet)'}")
    tenant = TenantId(arguments.tenant)
    context = Context(tenant, SYSTEM, clock.now())
    with isolation.acting_for(tenant):
        try:
            secret = tenancy.give_key(
                context, f"clé {role.value}", (role,), tuple(arguments.territory or ()), arguments.member
            )
        except Refusal as refusal:
            return _refused(refusal.detail)
    sys.stdout.write(f"{secret}\n")
    return 0


def rebuild_counters(arguments: argparse.Namespace) -> int:
    """Add every figure up anew from the journal, of one tenant or of all."""
    known = register.tenants()
    wanted = [TenantId(arguments.tenant)] if arguments.tenant else list(known)
    for tenant in wanted:
        if tenant not in known:
            return _refused(f"no tenant {tenant!r}: give one of {', '.join(known) or '(none yet)'}")
        with isolation.acting_for(tenant):
            done = counting.rebuild(tenant, clock.now())
        sys.stdout.write(f"{tenant}: {done['events']} events counted\n")
    return 0


def tenant_export(_: argparse.Namespace) -> int:
    """Say that a tenant cannot be exported yet."""
    return _refused("`tenant export` comes with a later version; nothing was written")


def tenant_restore(_: argparse.Namespace) -> int:
    """Say that a tenant cannot be restored yet."""
    return _refused("`tenant restore` comes with a later version; nothing was changed")


def tenant_erase(_: argparse.Namespace) -> int:
    """Say that a tenant cannot be erased yet."""
    return _refused("`tenant erase` comes with a later version; nothing was erased")


def _preset(arguments: argparse.Namespace) -> TenantPreset:
    """Find what a tenant starts with: its own preset, that of a lauréat's name, or the standard one."""
    given = arguments.tenant.strip()
    own = presets.preset(given.lower())
    if own is None:
        names = {presets.key_of(each.name): each.name for each in presets.funded_organisations()}
        own = presets.standard(names.get(presets.key_of(given), given))
        # An identifier that was given as such is kept, whatever the name would make of it.
        own = replace(own, key=given if is_tenant_id(given) else own.key)
    other = presets.preset(arguments.preset.lower()) if arguments.preset else None
    chosen = replace(other, key=own.key, name=own.name) if other else own
    return replace(chosen, name=arguments.name.strip()) if arguments.name else chosen


def _administrator(email: str | None) -> MemberIn | None:
    if not email:
        return None
    return validated(MemberIn, {"name": "Administration", "email": email, "roles": [Role.ADMINISTRATOR]})


def _open(context: Context, preset: TenantPreset) -> None:
    """Write what a tenant starts with; what a person sees of it is complete or absent."""
    main = preset.programmes[0]
    items = [
        counting.journal_starts(context.tenant, context.now),
        *(programmes.built_programme(context.tenant, each) for each in preset.programmes),
    ]
    if preset.agreement is not None:
        agreement = moved_to(preset.agreement, clock.today())
        items.append(programmes.built_agreement(context.tenant, agreement))
    opened = tenants.new_tenant(context, preset.name, preset.words, main.caseload_ratio)
    event = Event(EventType.TENANT_CREATED, context.tenant)
    transact(context, event, [opened, *(Create(item) for item in items)])
    for each in preset.structures:
        given = StructureIn(
            name=each.name, kind=each.kind, territory=each.territory, independent=each.independent
        )
        add_structure(context, Reach(whole_tenant=True), given)


def _refused(why: str) -> int:
    sys.stderr.write(f"binome: {why}\n")
    return _REFUSED
