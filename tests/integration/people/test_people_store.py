"""What the pairs above may put into their own transactions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.people import store
from chalicelib.people.person import person_key
from chalicelib.people.rules import Stage
from chalicelib.spine import clock
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.errors import Conflict, Invalid, NotFound
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import MemberId, TenantId
from chalicelib.spine.transaction import Write, transact
from tests.integration.people.cast import Api

ALICE = MemberId("01ARZ3NDEKTSV4RRFFQ69G5FAV")


def at(tenant: TenantId, day: int = 22) -> Context:
    return Context(tenant, SYSTEM, datetime(2026, 11, day, 9, tzinfo=UTC))


def commit(tenant: TenantId, *writes: Write) -> None:
    transact(at(tenant), Event(EventType.PAIR_LAUNCHED, "pair"), writes)


@pytest.fixture
def mentee(head_office: Api) -> str:
    """Add a mentee who has been available since the first of November."""
    sent = {"first_name": "Léo", "last_name": "Petit", "programme": "campus", "territory": "D69"}
    with clock.at(datetime(2026, 11, 1, 9, tzinfo=UTC)):
        return str(head_office.post("/v1/mentees", {**sent, "stage": "available"}).json["id"])


def test_a_pair_moves_its_mentee_and_tells_before_and_after(tenant: TenantId, mentee: str) -> None:
    before = store.person(tenant, mentee, "mentee")

    write, event = store.moved(at(tenant), before, "paired", ALICE)
    transact(at(tenant), event, [write])

    after = store.person(tenant, mentee, consistent=True)
    assert after == replace(
        before,
        stage=Stage.PAIRED,
        stage_dates={"available": "2026-11-01", "paired": "2026-11-22"},
        followed_by=ALICE,
        version=2,
    )
    assert event.type is EventType.PERSON_STAGE_CHANGED
    assert event.before is not None
    assert event.after is not None
    assert (event.before.stage, event.after.stage) == ("available", "paired")
    assert event.after.coordinator == ALICE


def test_after_a_pair_a_new_wait_begins_and_nobody_follows(tenant: TenantId, mentee: str) -> None:
    write, event = store.moved(at(tenant), store.person(tenant, mentee), "paired", ALICE)
    transact(at(tenant), event, [write])

    paired = store.person(tenant, mentee, consistent=True)
    write, event = store.moved(at(tenant, 25), paired, "available", None)
    transact(at(tenant, 25), event, [write])

    free = store.person(tenant, mentee, consistent=True)
    assert free.stage_dates == {"available": "2026-11-25"}
    assert free.followed_by is None
    item = store.PersonItem.get(person_key(tenant, mentee), "#")
    assert item.member_key is None
    assert item.rank == f"6-available#2026-11-25#{mentee}"


def test_a_form_saved_meanwhile_does_not_stop_a_launch_and_a_move_does(
    tenant: TenantId, mentee: str, head_office: Api
) -> None:
    read = store.person(tenant, mentee)
    head_office.patch(f"/v1/mentees/{mentee}", {"version": 1, "note": "called"})
    write, event = store.moved(at(tenant), read, "paired", ALICE)
    transact(at(tenant), event, [write])

    with pytest.raises(Conflict) as refusal:
        transact(at(tenant), event, [write])

    assert refusal.value.problems[0].field == "mentee"
    after = store.person(tenant, mentee, consistent=True)
    assert store.contact(tenant, after).note == "called"
    assert after.version == 3


def test_a_form_opened_before_the_launch_is_stale(tenant: TenantId, mentee: str, head_office: Api) -> None:
    write, event = store.moved(at(tenant), store.person(tenant, mentee), "paired", ALICE)
    transact(at(tenant), event, [write])

    answer = head_office.patch(f"/v1/mentees/{mentee}", {"version": 1, "stage": "contacted"})

    assert answer.status == 409


def test_a_mentor_takes_as_many_pairs_as_they_have_places(tenant: TenantId) -> None:
    for _ in range(2):
        commit(tenant, store.place_taken(tenant, "m", 2))

    with pytest.raises(Invalid) as refusal:
        commit(tenant, store.place_taken(tenant, "m", 2))

    assert refusal.value.problems[0].field == "mentor"
    assert store.open_places(tenant, "m") == 2
    commit(tenant, store.place_freed(tenant, "m"))
    assert store.open_places(tenant, "m") == 1
    commit(tenant, store.place_taken(tenant, "m", 2))


def test_a_mentor_without_places_takes_nobody(tenant: TenantId) -> None:
    with pytest.raises(Invalid):
        commit(tenant, store.place_taken(tenant, "m", 0))

    assert store.open_places(tenant, "m") == 0


def test_a_mentee_has_one_pair_at_a_time(tenant: TenantId) -> None:
    commit(tenant, store.bond_made(tenant, "n", "pair-1"))

    with pytest.raises(Invalid) as refusal:
        commit(tenant, store.bond_made(tenant, "n", "pair-2"))

    assert refusal.value.problems[0].field == "mentee"
    assert store.bond_of(tenant, "n") == "pair-1"
    commit(tenant, store.bond_ended(tenant, "n"))
    assert store.bond_of(tenant, "n") is None
    commit(tenant, store.bond_made(tenant, "n", "pair-2"))


def test_several_people_are_read_at_once_and_the_unknown_left_out(tenant: TenantId, mentee: str) -> None:
    assert set(store.people(tenant, [mentee, mentee, "nobody"])) == {mentee}
    assert store.people(tenant, []) == {}


def test_a_mentee_is_no_mentor(tenant: TenantId, mentee: str) -> None:
    with pytest.raises(NotFound):
        store.person(tenant, mentee, "mentor")

    assert store.name_of(store.person(tenant, mentee)) == "Léo Petit"
