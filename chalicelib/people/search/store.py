"""The search by name: small entries under the first three letters of each part of a name.

An entry is filed in the transaction that changes its person. It holds what tells, before anybody is
loaded, whether the person is asked for and within a territory or a structure; the stage and the
portfolio move too often for that, and are looked up.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from pynamodb.attributes import UnicodeAttribute

from chalicelib.people.filters import Wanted
from chalicelib.people.names import KEY_LENGTH, folded, name_matches, search_keys, search_prefixes
from chalicelib.people.person import Kind, Person, visible
from chalicelib.people.store import PersonItem, people, shown
from chalicelib.spine import encryption, keys, paging
from chalicelib.spine.errors import Invalid
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.territories import TerritoryCode, covers
from chalicelib.spine.transaction import Remove, Replace
from chalicelib.tenancy.rights import Reach, in_reach

#: Entries read under three letters for one page when more letters were typed: about 100 kB.
_ENTRIES = 500


class NameItem(Item, discriminator="name"):
    """One part of the name of one person."""

    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    territory = UnicodeAttribute(null=True)
    structure = UnicodeAttribute(null=True)
    programme = UnicodeAttribute()


@dataclass(frozen=True)
class _Asked:
    """A search: what is asked for, and by whom."""

    tenant: TenantId
    kind: Kind
    reach: Reach
    wanted: Wanted

    def cursor(self, position: str) -> str:
        """Give the token of the next page: encrypted, since a position may hold the name of anybody."""
        text = encryption.sealed(self.tenant, self._listed, "cursor", position) or ""
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def opened(self, cursor: str | None) -> str:
        """Give the position a token stands for. Raises Invalid when it is not one of this search."""
        if not cursor:
            return ""
        try:
            text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
            # Ours begin with the version of the key: a forged version must never make a key.
            if text.startswith("1."):
                return encryption.opened(self.tenant, self._listed, "cursor", text) or ""
        except ValueError:
            pass
        raise Invalid.of("cursor", "the cursor is not one that this list gave: use the `next` of a page")

    @property
    def _listed(self) -> str:
        return f"{self.kind} {folded(self.wanted.name)}"


@dataclass(frozen=True)
class _Found:
    """Somebody who may be shown, at their place in the order of the search."""

    position: str
    person_id: str
    person: Person | None = None


def built_entries(tenant: TenantId, person: Person) -> list[NameItem]:
    """Build the entries of a person: one for each part of the name, six at most."""
    return [
        NameItem(
            keys.subject(tenant, "NAME", letters),
            _position(person),
            first_name=person.first_name,
            last_name=person.last_name,
            territory=person.territory,
            structure=person.structure,
            programme=person.programme,
        )
        for letters in search_prefixes(person.first_name, person.last_name)
    ]


def new_entries(tenant: TenantId, person: Person) -> list[Replace]:
    """Give the writes that file a new person."""
    return [Replace(entry) for entry in built_entries(tenant, person)]


def changed_entries(tenant: TenantId, before: Person, after: Person) -> list[Remove | Replace]:
    """Give the writes that file a changed person anew: none when nothing an entry holds has changed."""
    old = {(entry.pk, entry.sk): entry for entry in built_entries(tenant, before)}
    new = {(entry.pk, entry.sk): entry for entry in built_entries(tenant, after)}
    removed = [Remove(entry) for address, entry in old.items() if address not in new]
    written = [
        Replace(entry)
        for address, entry in new.items()
        if address not in old or entry.attribute_values != old[address].attribute_values
    ]
    return [*removed, *written]


def search(
    tenant: TenantId, kind: Kind, reach: Reach, wanted: Wanted, window: paging.Window
) -> paging.Page[Person]:
    """Read a page of the people within a reach whose names begin like `wanted.name`, by last name.

    One call for the entries and one for the people; one more for whoever has a portfolio, which is
    read whole since it is small. When all the words typed are shorter than three letters, there are
    up to three calls for the entries. Raises Invalid for a cursor of another search.
    """
    asked = _Asked(tenant, kind, reach, wanted)
    found, horizon = _candidates(asked, asked.opened(window.cursor), window.limit)
    considered = found[: window.limit]
    missing = [each.person_id for each in considered if each.person is None]
    loaded = people(tenant, missing) if missing else {}
    persons = [each.person or loaded.get(each.person_id) for each in considered]
    items = [person for person in persons if person and _is_wanted(person, reach, wanted)]
    reached = considered[-1].position if len(found) > len(considered) else horizon
    return paging.Page(items, asked.cursor(reached) if reached else None)


def _candidates(asked: _Asked, after: str, limit: int) -> tuple[list[_Found], str | None]:
    """Give who may be shown, in order, as far as was read; and how far that is when there is more."""
    reach, name = asked.reach, asked.wanted.name
    entries: dict[str, _Found] = {}
    horizon: str | None = None
    if reach.whole_tenant or reach.territories or reach.structures:
        for letters in search_keys(name):
            read, reached = _entries(asked, letters, after, _depth(name, limit))
            horizon = min(filter(None, (horizon, reached)), default=None)
            entries |= {
                entry.sk: _Found(entry.sk, entry.sk.rpartition("#")[2])
                for entry in read
                if _may_be_wanted(entry, reach, asked.wanted)
            }
    if reach.portfolio is not None:
        for person in _portfolio(asked, reach.portfolio):
            position = _position(person)
            if position > after and name_matches(name, person.first_name, person.last_name):
                entries[position] = _Found(position, person.id, person)
    in_order = sorted(entries.values(), key=lambda each: each.position)
    return [each for each in in_order if horizon is None or each.position <= horizon], horizon


def _entries(asked: _Asked, letters: str, after: str, depth: int) -> tuple[list[NameItem], str | None]:
    """Read entries under some letters, in one call; and the last place read when there is more."""
    partition = keys.subject(asked.tenant, "NAME", letters)
    result = NameItem.query(
        partition,
        range_key_condition=Item.sk.startswith(f"{asked.kind}#"),
        page_size=depth,
        last_evaluated_key={"pk": {"S": partition}, "sk": {"S": after}} if after else None,
    )
    pages = result.page_iter
    read = [NameItem.from_raw_data(raw) for raw in next(pages)["Items"]]
    more = pages.last_evaluated_key
    return read, str(more["sk"]["S"]) if more else None


def _depth(name: str, limit: int) -> int:
    """Give how many entries to read for a page: as many as shown when every entry is a match."""
    return limit if len(folded(name)) <= KEY_LENGTH else _ENTRIES


def _portfolio(asked: _Asked, member: str) -> Iterator[Person]:
    key = keys.collection(asked.tenant, asked.kind.upper(), member)
    found = Item.by_member.query(key, page_size=_ENTRIES)
    return (shown(item) for item in found if isinstance(item, PersonItem))


def _may_be_wanted(entry: NameItem, reach: Reach, wanted: Wanted) -> bool:
    code = TerritoryCode(entry.territory) if entry.territory else None
    return (
        name_matches(wanted.name, entry.first_name, entry.last_name)
        and in_reach(reach, code, entry.structure, None)
        and _fits(code, entry.structure, entry.programme, wanted)
    )


def _is_wanted(person: Person, reach: Reach, wanted: Wanted) -> bool:
    """Decide on the person as they are now: an entry read a moment ago may be of another day."""
    return (
        visible(reach, person)
        and wanted.stage in {None, person.stage}
        and name_matches(wanted.name, person.first_name, person.last_name)
        and _fits(person.territory, person.structure, person.programme, wanted)
    )


def _fits(code: TerritoryCode | None, structure: str | None, programme: str | None, wanted: Wanted) -> bool:
    if wanted.territory is not None and (code is None or not covers((wanted.territory,), code)):
        return False
    return wanted.structure in {None, structure} and wanted.programme in {None, programme}


def _position(person: Person) -> str:
    """Give a person's place in the order of a search: their kind, then the last and the first name."""
    return f"{person.kind}#{folded(f'{person.last_name} {person.first_name}')}#{person.id}"
