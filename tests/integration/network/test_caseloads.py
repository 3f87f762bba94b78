"""A coordinator's caseload: a hot fact with a limit."""

import pytest

from chalicelib.network import store
from chalicelib.spine import bulk
from chalicelib.spine.context import Context
from chalicelib.spine.errors import Overridable
from chalicelib.spine.transaction import Technical, Write, technical_write

FULL = Overridable.of("coordinator", "already follows as many pairs as the ratio")


def commit(write: Write) -> None:
    # Any technical reason will do: the caseload alone is looked at here, not the pair.
    technical_write(Technical.LIMIT, [write])


def taken(context: Context, member: str, most: int | None, times: int = 1) -> None:
    for _ in range(times):
        commit(store.caseload_taken(context.tenant, member, most, FULL))


def test_a_caseload_fills_up_to_its_limit_and_no_further(context: Context) -> None:
    taken(context, "aicha", 2, times=2)

    with pytest.raises(Overridable, match="already follows"):
        taken(context, "aicha", 2)

    assert store.caseloads(context.tenant, ["aicha"]) == {"aicha": 2}


def test_without_a_limit_nothing_refuses(context: Context) -> None:
    taken(context, "aicha", 1)
    taken(context, "aicha", None)

    assert store.caseloads(context.tenant, ["aicha"]) == {"aicha": 2}


def test_a_pair_that_ends_makes_room_for_another(context: Context) -> None:
    taken(context, "aicha", 1)
    commit(store.caseload_freed(context.tenant, "aicha"))

    taken(context, "aicha", 1)

    assert store.caseloads(context.tenant, ["aicha"]) == {"aicha": 1}


def test_nobody_takes_a_pair_where_none_may_be_followed(context: Context) -> None:
    with pytest.raises(Overridable):
        taken(context, "aicha", 0)


def test_who_never_followed_a_pair_follows_none(context: Context) -> None:
    taken(context, "aicha", 5)

    assert store.caseloads(context.tenant, ["aicha", "paul"]) == {"aicha": 1, "paul": 0}


def test_a_caseload_that_is_known_already_is_read_like_one_that_was_taken(context: Context) -> None:
    bulk.load([store.built_caseload(context.tenant, "aicha", 31)])

    taken(context, "aicha", 32)

    with pytest.raises(Overridable):
        taken(context, "aicha", 32)
