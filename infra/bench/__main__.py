"""`make bench`: measure, print the table, and end with status 1 when a budget is exceeded."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from secrets import token_urlsafe

from chalice.test import Client

from app import JOBS, app
from chalicelib.spine import clock, isolation
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.ids import MemberId, TenantId
from chalicelib.tenancy import actions
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.identity.store import Membership
from chalicelib.tenancy.rights import Role
from infra.bench import changes, cloud, dashboard, imports, office, processor, reads, stack, ticks
from infra.bench.door import Door
from infra.bench.office import Office
from infra.bench.table import Line, exceeded, printed
from infra.problems import Problem

_NOTES = """
Calls are those that reach DynamoDB from the application, called in process as API Gateway calls it, on
tables of the embedded AWS. Units are worked out from the sizes of the items that came back, what a filter
left out included; "shown" is what reading nothing but the items of the answer would take, by the same kind
of read (and, under a pair, the pair itself, read for the right to see it). Where a line stands for
several, it is the dearest. CPU is user and system time, A B A B, the median of the ratios; the warm lists
get recorded answers at once instead of an engine's, the bare route returns what boto3's client gives it.
The dashboard's counters are what the product's own deltas make of so many lives of pairs, over all 101
départements; what a tick finds due are silent pairs, which turn orange and whose mentors are written to.
"""


def main() -> int:
    """Measure everything, and give the exit status."""
    lines: list[Line] = []
    try:
        for line in _measured():
            lines.append(line)
            _tell(f"measured: {line.what}")
    except Problem as problem:
        sys.stderr.write(f"\nbinome: {problem}\n")
        return 1
    over = exceeded(lines)
    named = "; ".join(each.what for each in over)
    _tell("")
    print(f"{printed(lines)}\n{_NOTES}\n{len(over)} over budget{': ' if over else ''}{named}")
    return 1 if over else 0


def _tell(doing: str) -> None:
    """Say on a terminal how far it is, in one line that the next one covers."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{doing}")
        sys.stderr.flush()


def _measured() -> Iterator[Line]:
    yield imports.application()
    yield stack.package()
    with cloud.running():
        yield from _counted()
    yield stack.memory()


def _counted() -> Iterator[Line]:
    """Give what is counted on the tables of one emulator, each part on what the ones before left."""
    tenant, now = TenantId("bench"), clock.now()
    with isolation.acting_for(tenant):
        opened = office.opened(tenant, now)
    with Client(app) as client:
        key = _key(opened, Role.ADMINISTRATOR)
        door = _door(client, key)
        yield reads.first_page(door, opened)
        yield from reads.authentications(key, _session(opened))
        yield from reads.by_id(door, opened)
        yield from reads.pages(door, opened)
        yield from reads.own_pages(_viewers(client, opened))
        yield from changes.changes(door, opened)
        yield from reads.other_pages(door, opened)
        yield from dashboard.lines(client)
        yield from processor.warm_lists(app, opened, key)
    yield from ticks.lines(opened, JOBS)


def _viewers(client: Client, opened: Office) -> dict[str, Door]:
    region = _key(opened, Role.REGIONAL_REFERENT, "R84")
    alone = _key(opened, Role.COORDINATOR, member=opened.coordinator)
    both = _key(opened, Role.COORDINATOR, "D69", member=opened.coordinator)
    return {
        "a référent of a region": _door(client, region),
        "a coordinator": _door(client, alone),
        "a coordinator of pairs and of a département": _door(client, both),
    }


def _door(client: Client, key: str) -> Door:
    return Door(client, {"Authorization": f"Bearer {key}"})


def _key(opened: Office, role: Role, *territories: str, member: str | None = None) -> str:
    context = Context(opened.tenant, SYSTEM, clock.now())
    with isolation.acting_for(opened.tenant):
        return actions.give_key(context, "banc", (role,), territories, member)


def _session(opened: Office) -> str:
    """Sign a member in, as of a mail address; the platform's own key for these is made here too."""
    membership = Membership(opened.tenant, MemberId(opened.coordinator))
    identities.keep_membership("camille@banc.example", membership)
    secret = token_urlsafe(32)
    identities.open_session(secret, membership, clock.now() + timedelta(hours=1))
    return secret


if __name__ == "__main__":
    sys.exit(main())
