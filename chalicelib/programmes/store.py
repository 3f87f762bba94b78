"""Programmes and agreements, as they are stored."""

import time
from dataclasses import dataclass
from datetime import date

from pynamodb.attributes import UnicodeAttribute, VersionAttribute

from chalicelib.programmes.agreements import in_agreement
from chalicelib.programmes.schema import Agreement, Programme
from chalicelib.spine import keys, paging
from chalicelib.spine.errors import NotFound
from chalicelib.spine.ids import TenantId
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Change

#: How long a process may believe what it read of programmes and agreements, in seconds. Decisions
#: on a pair read its programme anew; only what decorates lists and figures is believed.
BELIEVED = 30.0


class ProgrammeItem(Item, discriminator="programme"):
    """A programme: its whole configuration as JSON, which only this room reads."""

    body = UnicodeAttribute()
    version = VersionAttribute()


class AgreementItem(Item, discriminator="agreement"):
    """An agreement with the state. Its id is its first day: two never begin on one day."""

    body = UnicodeAttribute()


@dataclass(frozen=True)
class _Believed:
    """What was read of a tenant, and until when it is believed."""

    programmes: dict[str, Programme]
    agreements: dict[str, Agreement]
    until: float


_believed: dict[TenantId, _Believed] = {}


def programme(tenant: TenantId, programme_id: str, *, consistent: bool = False) -> Programme:
    """Read a programme; `consistent` right after a change of it. Raises NotFound."""
    return shown(programme_item(tenant, programme_id, consistent=consistent))


def programme_item(tenant: TenantId, programme_id: str, *, consistent: bool = False) -> ProgrammeItem:
    """Read a programme's item, to change it. Raises NotFound."""
    try:
        return ProgrammeItem.get(_programme_key(tenant, programme_id), keys.SELF, consistent_read=consistent)
    except ProgrammeItem.DoesNotExist:
        raise NotFound.of("programme", "no such programme: /v1/programmes lists them") from None


def programmes(tenant: TenantId) -> list[Programme]:
    """Read every programme, by name; a tenant has a few."""
    found = Item.by_tenant.query(keys.collection(tenant, "PROGRAMME"), page_size=100)
    return [shown(item) for item in found if isinstance(item, ProgrammeItem)]


def programmes_page(tenant: TenantId, window: paging.Window) -> paging.Page[Programme]:
    """Read a page of the programmes, by name."""
    source = paging.Source(Item.by_tenant, keys.collection(tenant, "PROGRAMME"))
    return paging.page(tenant, ProgrammeItem, [source], window).map(shown)


def known_programmes(tenant: TenantId, *wanted: str) -> dict[str, Programme]:
    """Give the programmes by id as this process knows them, at most 30 seconds old.

    They are read anew when one that is `wanted` by its id is not among them: another process may have
    just added it.
    """
    if not _known(tenant).programmes.keys() >= set(wanted):
        forget(tenant)
    return _known(tenant).programmes


def agreements(tenant: TenantId) -> dict[str, Agreement]:
    """Read the agreements by id, the earliest first."""
    found = AgreementItem.query(_agreements_key(tenant), page_size=100)
    return {item.sk: Agreement.model_validate_json(item.body) for item in found}


def current_agreement(tenant: TenantId, day: date) -> tuple[str, Agreement] | None:
    """Give the agreement that holds a day, with its id, at most 30 seconds old; None outside of all."""
    for identity, agreement in _known(tenant).agreements.items():
        if in_agreement(agreement, day):
            return identity, agreement
    return None


def forget(tenant: TenantId) -> None:
    """Stop believing what was read of a tenant: this process has just changed it."""
    _believed.pop(tenant, None)


def shown(item: ProgrammeItem) -> Programme:
    """Give the programme that an item holds, at the item's version."""
    read = Programme.model_validate_json(item.body)
    return read.model_copy(update={"version": int(item.version or 1)})


def built_programme(tenant: TenantId, each: Programme) -> ProgrammeItem:
    """Build the item of a programme."""
    return ProgrammeItem(
        _programme_key(tenant, each.id),
        keys.SELF,
        tenant_key=keys.collection(tenant, "PROGRAMME"),
        rank=_rank(each),
        body=_written(each),
    )


def changed_programme(item: ProgrammeItem, each: Programme) -> Change:
    """Give the write that brings a programme to a new state, from the version it was read at."""
    return Change(item, [ProgrammeItem.body.set(_written(each)), Item.rank.set(_rank(each))])


def built_agreement(tenant: TenantId, each: Agreement) -> AgreementItem:
    """Build the item of an agreement."""
    return AgreementItem(_agreements_key(tenant), agreement_id(each), body=each.model_dump_json())


def agreement_id(each: Agreement) -> str:
    """Give the id of an agreement: its first day, `2026-01-01`."""
    return each.starts_on.isoformat()


def _known(tenant: TenantId) -> _Believed:
    held = _believed.get(tenant)
    if held is None or held.until <= time.monotonic():
        held = _Believed(
            {each.id: each for each in programmes(tenant)}, agreements(tenant), time.monotonic() + BELIEVED
        )
        _believed[tenant] = held
    return held


def _written(each: Programme) -> str:
    return each.model_dump_json(exclude={"version"})


def _rank(each: Programme) -> str:
    return f"{each.name.casefold()}#{each.id}"


def _programme_key(tenant: TenantId, programme_id: str) -> str:
    return keys.subject(tenant, "PROGRAMME", programme_id)


def _agreements_key(tenant: TenantId) -> str:
    return keys.subject(tenant, "AGREEMENT", "ALL")
