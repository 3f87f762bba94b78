"""The demonstration: what was loaded is what the product itself would have written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.network.store import all_structures, caseloads
from chalicelib.pairs import changes, rules
from chalicelib.pairs import store as pairs
from chalicelib.pairs.store import PairItem, PairOfPersonItem, SessionItem
from chalicelib.people import store as people
from chalicelib.people.engagements.store import BondItem, PlacesItem
from chalicelib.people.person import Person, dimensions
from chalicelib.people.search.store import NameItem, built_entries
from chalicelib.people.store import PersonItem
from chalicelib.programmes import rules as programme_rules
from chalicelib.programmes import store as programmes
from chalicelib.spine import agenda, clock, isolation
from chalicelib.spine.agenda import AgendaItem
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.counters import read_level
from chalicelib.spine.events import Dimensions, Event, EventType
from chalicelib.spine.figures import folded
from chalicelib.spine.ids import TenantId
from chalicelib.spine.journal import EventItem
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Replace
from chalicelib.tenancy import actions as members
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.identity import register
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.rights import Role
from infra import demonstration
from infra.demonstration import story
from infra.demonstration.ledger import Ledger
from infra.demonstration.portraits import PORTRAITS
from tests.mocked_aws import mocked_aws

# One tenant with fewer pairs keeps the load short: moto is slow with batches.
TENANT = TenantId("aidfirst")
LOADED = replace({each.preset.key: each for each in PORTRAITS}["aidfirst"], pairs=24)


@pytest.fixture(scope="module")
def items() -> Iterator[list[Item]]:
    """Load one tenant through the whole path, stay in its scope, and give what was written."""
    with mocked_aws(), pytest.MonkeyPatch.context() as narrowed:
        narrowed.setattr(demonstration, "PORTRAITS", (LOADED,))
        demonstration.load()
        opened_at = register.tenants()[TENANT].opened_at
        with isolation.acting_for(TENANT):
            retold = story.begun(Ledger(TENANT, opened_at), LOADED)
            story.told(retold)
            yield retold.ledger.items


@pytest.fixture(scope="module")
def stored(items: list[Item]) -> list[PairItem]:
    """Give the pairs as they are read back."""
    del items
    return [item for item in _all("PAIR") if isinstance(item, PairItem)]


@pytest.fixture(scope="module")
def everybody(items: list[Item]) -> dict[str, Person]:
    """Give the people as they are read back, by id."""
    del items
    found = [
        people.shown(item) for item in (*_all("MENTOR"), *_all("MENTEE")) if isinstance(item, PersonItem)
    ]
    return {each.id: each for each in found}


def _all(kind: str) -> list[Item]:
    return list(Item.by_tenant.query(f"T#{TENANT}#{kind}"))


def test_figures_from_the_journal_equal_figures_counted_from_what_stands(
    stored: list[PairItem], everybody: dict[str, Person]
) -> None:
    weights: list[Dimensions] = [pairs.weight(item) for item in stored]
    weights += [dimensions(each) for each in everybody.values()]
    ratio = tenants.tenant(TENANT).caseload_ratio
    weights += [members.weight(each, ratio) for each in tenants.all_members(TENANT)]
    standing = folded(Event(EventType.TENANT_CREATED, "", after=weight) for weight in weights)

    levels = ["TERRITORY", "STRUCTURE", "COORDINATOR", "PROGRAMME"]
    levels += [
        f"LAUNCHED#{agreement}#{level}" for agreement in programmes.agreements(TENANT) for level in levels
    ]
    counted = {
        (level, place): {name: figure for name, figure in figures.items() if figure}
        for level in levels
        for place, figures in read_level(TENANT, level).items()
        if any(figures.values())
    }
    assert counted == {place: figures for place, figures in standing.items() if figures}


def test_the_first_tick_finds_nothing_to_put_right(stored: list[PairItem]) -> None:
    context = Context(TENANT, SYSTEM, register.tenants()[TENANT].opened_at)
    for item in stored:
        programme = programmes.known_programmes(TENANT)[item.programme]
        facts = pairs.facts(item, declared=programme.declared)
        today = changes.today_of(context, item)
        colour = rules.colour(facts, changes.thresholds(programme), today)
        assert item.colour == (colour.value if colour else None)
        assert item.counting == (facts.stage in rules.RUNNING and rules.counts(facts, today).counts)
    assert list(agenda.due(context.now)) == []


def test_every_running_pair_has_its_next_moment_on_the_agenda(
    items: list[Item], stored: list[PairItem]
) -> None:
    there = {item.pk: item.due_at for item in items if isinstance(item, AgendaItem)}
    wanted = {}
    for item in stored:
        programme = programmes.known_programmes(TENANT)[item.programme]
        write = changes.next_follow_up(TENANT, item, programme)
        if isinstance(write, Replace):
            wanted[item.pk] = write.item.due_at
    assert there == wanted


def test_places_bonds_and_caseloads_are_those_of_the_open_pairs(
    items: list[Item], stored: list[PairItem]
) -> None:
    still_open = [item for item in stored if item.stage != rules.Stage.CLOSED]
    taken = {item.pk.rpartition("#")[2]: item.taken for item in items if isinstance(item, PlacesItem)}
    bonds = {item.pk.rpartition("#")[2]: item.pair for item in items if isinstance(item, BondItem)}
    followed = Counter(str(item.coordinator) for item in still_open)

    assert taken == Counter(item.mentor for item in still_open)
    assert bonds == {item.mentee: item.id for item in still_open}
    assert caseloads(TENANT, followed) == followed


def test_who_is_in_an_open_pair_is_paired_and_nobody_else(
    stored: list[PairItem], everybody: dict[str, Person]
) -> None:
    paired = {each.id for each in everybody.values() if each.stage == "paired"}

    assert paired == {
        person for item in stored if item.stage != "closed" for person in (item.mentor, item.mentee)
    }


def test_every_pair_is_found_from_both_its_people(items: list[Item], stored: list[PairItem]) -> None:
    filed = {(item.pk.rpartition("#")[2], item.pair) for item in items if isinstance(item, PairOfPersonItem)}

    assert filed == {(person, item.id) for item in stored for person in (item.mentor, item.mentee)}


def test_every_person_is_found_by_their_name(items: list[Item], everybody: dict[str, Person]) -> None:
    filed = {(item.pk, item.sk) for item in items if isinstance(item, NameItem)}
    wanted = {(entry.pk, entry.sk) for each in everybody.values() for entry in built_entries(TENANT, each)}

    assert filed == wanted


def test_everybody_is_of_an_age_that_the_programme_takes(everybody: dict[str, Person]) -> None:
    for each in everybody.values():
        contact = people.contact(TENANT, each)
        assert contact.birth_date is not None
        programme = programmes.known_programmes(TENANT)[each.programme]
        created = clock.moment(each.created_at).date()
        assert programme_rules.age_problem(programme, each.kind, contact.birth_date, created) is None
        is_minor_mentee = each.kind == "mentee" and programme_rules.age_on(contact.birth_date, created) < 18
        assert not is_minor_mentee or contact.guardian is not None


def test_sessions_are_filed_on_the_days_that_their_pair_counts(
    items: list[Item], stored: list[PairItem]
) -> None:
    held: dict[str, list[str]] = {}
    for item in items:
        if isinstance(item, SessionItem):
            held.setdefault(item.pk, []).append(item.on)
    for item in stored:
        days = pairs.facts(item, declared=True).session_days
        assert [day.isoformat() for day in days] == sorted(held.get(item.pk, []))


def test_every_role_is_there_and_can_sign_in(items: list[Item]) -> None:
    del items
    there = {role for each in tenants.all_members(TENANT) for role in each.roles}
    assert there == set(Role) - {Role.INTEGRATOR}
    assert any(
        len(each.territories) == 2
        for each in tenants.all_members(TENANT)
        if Role.REGIONAL_REFERENT in each.roles
    )
    for tenant, _, address in demonstration.sign_ins():
        if tenant == TENANT:
            assert [each.tenant for each in identities.memberships(identities.mail_hash(address))] == [TENANT]


def test_the_stream_passes_over_every_event_that_was_loaded(items: list[Item]) -> None:
    events = [item for item in items if isinstance(item, EventItem)]

    assert events
    assert all(item.seeded for item in events)


def test_the_day_of_the_load_lies_within_the_agreement(items: list[Item]) -> None:
    del items
    assert programmes.current_agreement(TENANT, clock.today()) is not None
    assert all_structures(TENANT)


def test_a_load_that_was_cut_short_is_taken_up_with_the_same_items(items: list[Item]) -> None:
    entry = register.tenants()[TENANT]
    again = story.begun(Ledger(TENANT, entry.opened_at), LOADED)
    story.told(again)

    assert [(item.pk, item.sk) for item in again.ledger.items] == [(item.pk, item.sk) for item in items]


def test_a_second_start_loads_nothing(items: list[Item], monkeypatch: pytest.MonkeyPatch) -> None:
    del items
    monkeypatch.setattr(demonstration, "PORTRAITS", (LOADED,))
    before = register.tenants()

    with clock.at(clock.now() + timedelta(days=3)):
        lines = demonstration.load()

    assert register.tenants() == before
    assert any("@aidfirst.example" in line for line in lines)
