"""The journal through the API: who reads what of it, in which order."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.spine import clock
from chalicelib.spine.events import Event, EventType
from chalicelib.tenancy.rights import Role

if TYPE_CHECKING:
    from tests.integration.integrations.office import Office


def test_it_is_read_newest_first_month_after_month(office: "Office") -> None:
    now = clock.now()
    office.journal_starts(timedelta(days=70))
    told = []
    for ago in (62, 61, 31, 0):
        with clock.at(now - timedelta(days=ago)):
            told.append(office.recorded(Event(EventType.PROGRAMME_CHANGED, "PROGRAMME")).id)

    read: list[str] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        status, page = office.call("GET", f"/v1/journal?limit=1{cursor and '&cursor=' + cursor}")
        assert status == 200
        read += [each["id"] for each in page["items"] if each["type"] == "programme.changed"]
        cursor = page["next"]
        pages += 1
        assert pages < 30

    assert read == told[::-1]


def test_an_event_says_what_when_and_by_whom(office: "Office") -> None:
    event = office.recorded(Event(EventType.PROGRAMME_CHANGED, "PROGRAMME", data={"change": "added"}))

    _, page = office.call("GET", "/v1/journal?subject=PROGRAMME")

    [entry] = page["items"]
    assert clock.moment(entry.pop("at")) == event.at
    assert entry == {
        "id": event.id,
        "type": "programme.changed",
        "actor": "system",
        "subject": "PROGRAMME",
        "data": {"change": "added"},
    }
    assert page["next"] is None


def test_it_is_read_by_month_and_by_subject_within_a_month(office: "Office") -> None:
    now = clock.now()
    with clock.at(now - timedelta(days=31)):
        earlier = office.recorded(Event(EventType.PROGRAMME_CHANGED, "PROGRAMME"))
    office.recorded(Event(EventType.PROGRAMME_CHANGED, "PROGRAMME"))
    month = f"{earlier.at:%Y-%m}"

    by_month = office.call("GET", f"/v1/journal?month={month}")[1]
    by_both = office.call("GET", f"/v1/journal?month={month}&subject=PROGRAMME")[1]

    assert [each["id"] for each in by_month["items"]] == [earlier.id]
    assert [each["id"] for each in by_both["items"]] == [earlier.id]


@pytest.mark.parametrize("month", ["2026-13", "2026", "november", "2026-11-02"])
def test_a_month_that_is_none_is_refused(office: "Office", month: str) -> None:
    status, problem = office.call("GET", f"/v1/journal?month={month}")

    assert status == 422
    assert problem["errors"] == [{"field": "month", "message": "give a month as YYYY-MM, such as 2026-11"}]


@pytest.mark.parametrize(
    "cursor", ["nothing", "2026-11~nothing", "~nothing", "2026-11~e30.AAAAAAAAAAAAAAAAAAAAAA"]
)
def test_a_cursor_of_nobody_is_refused(office: "Office", cursor: str) -> None:
    assert office.call("GET", f"/v1/journal?cursor={cursor}")[0] == 422


def test_another_tenant_reads_nothing_of_it(office: "Office", elsewhere: "Office") -> None:
    event = office.recorded(Event(EventType.PROGRAMME_CHANGED, "PROGRAMME"))

    assert elsewhere.call("GET", "/v1/journal?subject=PROGRAMME")[1]["items"] == []
    assert event.id not in [each["id"] for each in elsewhere.call("GET", "/v1/journal")[1]["items"]]


def test_whoever_reaches_a_region_reads_what_happened_there(office: "Office") -> None:
    key = office.key_for(Role.HEAD_OFFICE, territories=("R53",))
    breton = office.pair_launched("D35")
    office.pair_launched("D69")
    office.pair_launched(None)

    _, page = office.call("GET", "/v1/journal", key=key)

    assert [each["id"] for each in page["items"]] == [breton.id]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REGIONAL_REFERENT, Role.INTEGRATOR, Role.AUDITOR])
def test_other_roles_may_not_read_it(office: "Office", role: Role) -> None:
    assert office.call("GET", "/v1/journal", key=office.key_for(role))[0] == 403
