"""Pairs, their sessions and contacts, as they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.expressions.update import Action

from chalicelib.pairs.rules import Facts, Stage
from chalicelib.spine import encryption, keys
from chalicelib.spine.clock import stamp
from chalicelib.spine.errors import NotFound
from chalicelib.spine.events import Dimensions
from chalicelib.spine.ids import PairId, TenantId, day_in
from chalicelib.spine.table import Item
from chalicelib.spine.territories import (
    TerritoryCode,
    region_of,
    territory,
)
from chalicelib.spine.transaction import Change, Create

#: Lists show what needs somebody first: running pairs by colour, then those on their way.
_STAGE_ORDER = ("active", "accepted", "proposed", "paused", "closing", "closed")
_COLOUR_ORDER = ("red", "orange", "green")


class PairItem(Item, discriminator="pair"):
    """A pair. `session_days` are days since the launch, so that two years fit in a line.

    `silence` numbers its silences, which a session ends; `ladder_done` counts the reminders of this one.
    """

    mentor = UnicodeAttribute()
    mentee = UnicodeAttribute()
    programme = UnicodeAttribute()
    coordinator = UnicodeAttribute(null=True)
    territory = UnicodeAttribute(null=True)
    structure = UnicodeAttribute(null=True)
    stage = UnicodeAttribute()
    stage_dates = JSONAttribute()
    colour = UnicodeAttribute(null=True)
    since = UnicodeAttribute()
    launched_on = UnicodeAttribute(null=True)
    launched_under = UnicodeAttribute(null=True)
    session_days = UnicodeAttribute(null=True)
    age_accepted = BooleanAttribute()
    counting = BooleanAttribute()
    silence = NumberAttribute(default=0)
    ladder_done = NumberAttribute(default=0)
    on_list_since = UnicodeAttribute(null=True)
    last_contact_on = UnicodeAttribute(null=True)
    closed_on = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    override_sealed = UnicodeAttribute(null=True)
    version = VersionAttribute()

    @property
    def id(self) -> PairId:
        """Give the pair's id."""
        return PairId(self.pk.rpartition("#")[2])


class SessionItem(Item, discriminator="pair_session"):
    """A session, as it was reported. Free text is sealed."""

    on = UnicodeAttribute()
    minutes = NumberAttribute()
    format = UnicodeAttribute()
    rating = NumberAttribute(null=True)
    problem_sealed = UnicodeAttribute(null=True)
    note_sealed = UnicodeAttribute(null=True)
    reported_at = UnicodeAttribute()
    reported_by = UnicodeAttribute()


class ContactItem(Item, discriminator="pair_contact"):
    """An exchange between the team and somebody of the pair."""

    on = UnicodeAttribute()
    whom = UnicodeAttribute()
    channel = UnicodeAttribute()
    reached = BooleanAttribute()
    note_sealed = UnicodeAttribute(null=True)
    noted_by = UnicodeAttribute()


class ClosureItem(Item, discriminator="pair_closure"):
    """The closing review of a pair."""

    on = UnicodeAttribute()
    mentor_rating = NumberAttribute(null=True)
    mentee_rating = NumberAttribute(null=True)
    note_sealed = UnicodeAttribute(null=True)


class PairOfPersonItem(Item, discriminator="pair_of_person"):
    """That a person is in a pair: filed under the person, so that their pairs are one Query."""

    pair = UnicodeAttribute()


@dataclass(frozen=True)
class Place:
    """Where a pair belongs, for lists, rights and figures."""

    territory: TerritoryCode | None
    structure: str | None
    coordinator: str | None
    programme: str


@dataclass(frozen=True)
class History:
    """A pair with all that is filed under it, from one Query."""

    pair: PairItem
    sessions: list[SessionItem]
    contacts: list[ContactItem]
    others: list[Item]


def pair_key(tenant: TenantId, pair: str) -> str:
    """Give the partition of a pair and of all that belongs to it."""
    return keys.subject(tenant, "PAIR", pair)


def pair(tenant: TenantId, pair_id: str, *, consistent: bool = False) -> PairItem:
    """Read a pair. Raises NotFound."""
    try:
        return PairItem.get(pair_key(tenant, pair_id), keys.SELF, consistent_read=consistent)
    except PairItem.DoesNotExist:
        raise NotFound.of("pair", "no such pair") from None


def history(tenant: TenantId, pair_id: str) -> History:
    """Read a pair and all that is filed under it. Raises NotFound."""
    found = list(Item.query(pair_key(tenant, pair_id), page_size=500, scan_index_forward=False))
    pairs = [item for item in found if isinstance(item, PairItem)]
    if not pairs:
        raise NotFound.of("pair", "no such pair")
    return History(
        pair=pairs[0],
        sessions=[item for item in found if isinstance(item, SessionItem)],
        contacts=[item for item in found if isinstance(item, ContactItem)],
        others=[item for item in found if not isinstance(item, PairItem | SessionItem | ContactItem)],
    )


def filed_under(tenant: TenantId, person: str, pair_id: str) -> PairOfPersonItem:
    """Build the entry of a pair among a person's pairs."""
    return PairOfPersonItem(keys.subject(tenant, "PERSON", person), f"PAIR#{pair_id}", pair=pair_id)


def pairs_of_person(tenant: TenantId, person: str) -> list[str]:
    """Give the ids of every pair a person was ever in."""
    found = PairOfPersonItem.query(
        keys.subject(tenant, "PERSON", person), range_key_condition=Item.sk.startswith("PAIR#")
    )
    return [item.pair for item in found]


def pairs_by_id(tenant: TenantId, wanted: Sequence[str]) -> list[PairItem]:
    """Read several pairs, in one call per hundred."""
    return list(PairItem.batch_get([(pair_key(tenant, each), keys.SELF) for each in wanted]))


def session_address(pair_id: str, session_id: str) -> str:
    """Give where a session is filed: its id holds its day. Raises ValueError for what is no id of ours."""
    return f"{pair_id}/SESSION#{day_in(session_id).isoformat()}#{session_id}"


def session(tenant: TenantId, address: str) -> SessionItem:
    """Read a session by `<pair>/<sort key>`."""
    pair_id, _, sort = address.partition("/")
    return SessionItem.get(pair_key(tenant, pair_id), sort, consistent_read=True)


def contact(tenant: TenantId, address: str) -> ContactItem:
    """Read an exchange by `<pair>/<sort key>`."""
    pair_id, _, sort = address.partition("/")
    return ContactItem.get(pair_key(tenant, pair_id), sort, consistent_read=True)


def place(item: PairItem) -> Place:
    """Tell where a pair belongs."""
    code = TerritoryCode(item.territory) if item.territory else None
    return Place(code, item.structure, item.coordinator, item.programme)


def facts(item: PairItem, *, declared: bool) -> Facts:
    """Tell what the rules need to know of a pair."""
    launched = _day(item.launched_on)
    offsets = item.session_days.split(",") if item.session_days else []
    days = tuple(launched + timedelta(days=int(each)) for each in offsets) if launched else ()
    return Facts(
        stage=Stage(item.stage),
        declared=declared,
        age_accepted=item.age_accepted,
        launched_on=launched,
        session_days=days,
        closed_on=_day(item.closed_on),
    )


def weight(item: PairItem) -> Dimensions:
    """Tell what a pair weighs in the figures as it stands."""
    return Dimensions(
        of="pair",
        stage=item.stage,
        colour=item.colour,
        counts=item.counting,
        territory=item.territory,
        structure=item.structure,
        coordinator=item.coordinator,
        programme=item.programme,
        launched_under=item.launched_under,
    )


def written_days(launched_on: date, days: Sequence[date]) -> str:
    """Write session days as days since the launch, in order, each once."""
    return ",".join(str((day - launched_on).days) for day in sorted(set(days)))


def filed(item: PairItem, tenant: TenantId) -> PairItem:
    """Set the index keys of a pair from what it says of itself, and give it back."""
    kind = "PAIR"
    code = TerritoryCode(item.territory) if item.territory else None
    region = region_of(code) if code else None
    known = territory(code) if code else None
    department = code if known and known.level == "department" else None
    item.tenant_key = keys.collection(tenant, kind)
    item.region_key = keys.collection(tenant, kind, region) if region else None
    item.department_key = keys.collection(tenant, kind, department) if department else None
    item.member_key = keys.collection(tenant, kind, item.coordinator) if item.coordinator else None
    item.structure_key = keys.collection(tenant, kind, item.structure) if item.structure else None
    item.programme_key = keys.collection(tenant, kind, item.programme)
    item.rank = f"{rank_prefix(item.stage, item.colour)}{item.since}#{item.id}"
    return item


def rank_prefix(stage: str | None, colour: str | None = None) -> str:
    """Give the beginning of the ranks of a stage, or of a colour of the active pairs."""
    if stage is None:
        return rank_prefix(Stage.ACTIVE, colour) if colour else ""
    ordered = f"{_STAGE_ORDER.index(stage) + 1}-{stage}#"
    if colour is None:
        return ordered if stage == Stage.ACTIVE else f"{ordered}-#"
    return f"{ordered}{_COLOUR_ORDER.index(colour) + 1}-{colour}#"


def saved(item: PairItem, before: PairItem, tenant: TenantId, now: datetime) -> Change:
    """Give the write that brings a pair from the state it was read in to a new one.

    Only what changed is written, so that an index whose key did not change is not touched.
    """
    if item.stage != before.stage or item.colour != before.colour:
        item.since = stamp(now)[:10]
    filed(item, tenant)
    actions: list[Action] = []
    for name, attribute in PairItem.get_attributes().items():
        if name in {"pk", "sk", "kind", "version"}:
            continue
        value = getattr(item, name)
        if value == getattr(before, name):
            continue
        actions.append(attribute.remove() if value is None else attribute.set(value))
    return Change(before, actions)


def copied(item: PairItem) -> PairItem:
    """Give a copy to change, keeping the one that was read to compare with."""
    copy = PairItem(item.pk, item.sk)
    for name in PairItem.get_attributes():
        setattr(copy, name, getattr(item, name))
    return copy


def new_session(tenant: TenantId, session: SessionItem, problem: str | None, note: str | None) -> Create:
    """Give the write of a session, its free text sealed."""
    binding = f"{session.pk}|{session.sk}"
    session.problem_sealed = encryption.sealed(tenant, binding, "problem", problem)
    session.note_sealed = encryption.sealed(tenant, binding, "note", note)
    return Create(session)


def opened_text(tenant: TenantId, item: SessionItem | ContactItem | ClosureItem, field: str) -> str | None:
    """Open the free text of a session (`problem`, `note`), of a contact or of a closing review (`note`)."""
    sealed = getattr(item, f"{field}_sealed", None)
    return encryption.opened(tenant, f"{item.pk}|{item.sk}", field, sealed)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
