"""Who follows a pair: a place in a caseload, within the ratio or beyond it with a reason."""

from chalicelib.network import store as network
from chalicelib.pairs.rules import Stage
from chalicelib.pairs.store import PairItem
from chalicelib.programmes.schema import Programme
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Conflict, Forbidden, Invalid, NotFound, Overridable
from chalicelib.spine.transaction import Write
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.rights import Right, Viewer


def overriding(viewer: Viewer, reason: str | None) -> bool:
    """Tell whether a rule of the programme is lifted with a reason. Raises Forbidden for who may not."""
    if reason is None:
        return False
    if not viewer.may(Right.RULES_OVERRIDE):
        raise Forbidden.of(
            "override_reason",
            "your roles may not lift a rule of the programme: ask a référent or the head office",
            "Seule une référence régionale ou la tête de réseau peut lever cette règle.",
        )
    return True


def caseload_taken(context: Context, coordinator: str, programme: Programme, *, lifted: bool) -> Write:
    """Give the write that takes a place in a caseload, within the ratio unless it is lifted.

    The ratio is the programme's, or the member's own capacity where that is smaller. Raises Invalid
    for somebody who is no member; the write refuses with Overridable.
    """
    try:
        member = tenancy.member(context.tenant, coordinator)
    except NotFound:
        raise Invalid.of(
            "coordinator", "no such member: give an id of /v1/members", "Choisissez dans la liste."
        ) from None
    most = programme.caseload_ratio
    if member.capacity is not None:
        most = min(most, member.capacity)
    full = Overridable.of(
        "coordinator",
        f"{member.name} already follows {most} pairs, which is the ratio: choose another coordinator, "
        "or give an override_reason if you may",
        f"{member.name} suit déjà {most} binômes, la limite : choisissez quelqu'un d'autre.",
    )
    return network.caseload_taken(context.tenant, coordinator, None if lifted else most, full)


def handed_over(  # noqa: PLR0913 - a handover has two coordinators, a programme and a permission.
    context: Context,
    before: PairItem,
    after: PairItem,
    coordinator: str,
    programme: Programme,
    *,
    lifted: bool,
) -> list[Write]:
    """Put another coordinator on a pair, and give the writes that move its place between caseloads."""
    if before.stage == Stage.CLOSED:
        raise Conflict.of("coordinator", "the pair is closed", "Ce binôme est clos.")
    after.coordinator = coordinator
    writes = [caseload_taken(context, coordinator, programme, lifted=lifted)]
    if before.coordinator:
        writes.append(network.caseload_freed(context.tenant, before.coordinator))
    return writes
