"""Webhooks through the API: who may add, see, change and remove them, and what is refused."""

import json
from typing import TYPE_CHECKING

import pytest

from chalicelib.integrations.store import webhook_key
from chalicelib.spine import isolation
from chalicelib.spine.table import Item
from chalicelib.tenancy.rights import Role

if TYPE_CHECKING:
    from tests.integration.integrations.office import Office

URL = "https://crm.example.org/binome"


def test_a_webhook_is_added_with_its_secret(office: "Office") -> None:
    made = office.webhook(URL, "pair.launched", "pair.closed", territories=("R53",))

    assert made["secret"].startswith("whsec_")
    assert made == {
        "id": made["id"],
        "url": URL,
        "events": ["pair.launched", "pair.closed"],
        "territories": ["R53"],
        "active": True,
        "disabled_reason": None,
        "failing_since": None,
        "version": 1,
        "secret": made["secret"],
    }


def test_the_secret_is_never_shown_again(office: "Office") -> None:
    made = office.webhook(URL)
    path = f"/v1/webhooks/{made['id']}"

    answers = [
        office.call("GET", path),
        office.call("GET", "/v1/webhooks"),
        office.call("PATCH", path, {"version": 1, "active": False}),
    ]

    assert [status for status, _ in answers] == [200, 200, 200]
    assert "whsec_" not in json.dumps(answers)
    assert answers[1][1]["items"] == [{name: made[name] for name in made if name != "secret"}]


def test_the_secret_is_stored_sealed(office: "Office") -> None:
    made = office.webhook(URL)

    with isolation.acting_for(office.tenant):
        stored = [item.attribute_values for item in Item.query(webhook_key(office.tenant, made["id"]))]

    assert made["secret"] not in repr(stored)


def test_the_same_creation_sent_again_is_answered_alike(office: "Office") -> None:
    body = {"url": URL, "events": ["pair.launched"]}

    first = office.call("POST", "/v1/webhooks", body, Idempotency_Key="one")
    again = office.call("POST", "/v1/webhooks", body, Idempotency_Key="one")

    assert first[0] == 201
    assert again == first
    assert len(office.call("GET", "/v1/webhooks")[1]["items"]) == 1


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"events": ["pair.counts_changed"]}, "events.0", "'pair.counts_changed' is no event"),
        ({"events": ["*"]}, "events.0", "pair.launched, "),
        ({"events": []}, "events", "at least 1 item"),
        ({"url": "http://crm.example.org/"}, "url", "must start with https://"),
        ({"url": "https://10.0.0.1/"}, "url", "must name a public host"),
        ({"territories": ["R99"]}, "territories", "'R99' is no territory"),
        ({"secret": "whsec_mine"}, "secret", "unknown field"),
    ],
)
def test_what_is_not_acceptable_is_refused_by_name(
    office: "Office", changed: dict[str, object], field: str, said: str
) -> None:
    status, problem = office.call(
        "POST", "/v1/webhooks", {"url": URL, "events": ["pair.launched"], **changed}
    )

    assert status == 422
    assert [each["field"] for each in problem["errors"]] == [field]
    assert said in problem["errors"][0]["message"]


@pytest.mark.parametrize("territories", [[], ["FR"], ["R53"], ["D38", "D35"]])
def test_a_regional_key_adds_no_webhook_beyond_its_region(office: "Office", territories: list[str]) -> None:
    key = office.key_for(Role.INTEGRATOR, territories=("R84",))
    body = {"url": URL, "events": ["pair.launched"], "territories": territories}

    status, problem = office.call("POST", "/v1/webhooks", body, key=key)

    assert status == 422
    assert problem["errors"] == [
        {"field": "territories", "message": "name territories among those of this key: R84"}
    ]


def test_a_regional_key_manages_the_webhooks_of_its_region_alone(office: "Office") -> None:
    key = office.key_for(Role.INTEGRATOR, territories=("R84",))
    body = {"url": URL, "events": ["pair.launched"], "territories": ["D38"]}
    status, own = office.call("POST", "/v1/webhooks", body, key=key)
    national = office.webhook(URL)

    assert status == 201
    assert [each["id"] for each in office.call("GET", "/v1/webhooks", key=key)[1]["items"]] == [own["id"]]
    assert office.call("GET", f"/v1/webhooks/{own['id']}", key=key)[0] == 200
    _assert_hidden(office, national["id"], key)


def test_another_tenant_finds_nothing(office: "Office", elsewhere: "Office") -> None:
    made = office.webhook(URL)

    assert elsewhere.call("GET", "/v1/webhooks")[1]["items"] == []
    _assert_hidden(elsewhere, made["id"], elsewhere.key)


def _assert_hidden(office: "Office", webhook: str, key: str) -> None:
    path = f"/v1/webhooks/{webhook}"
    answers = [
        office.call("GET", path, key=key),
        office.call("PATCH", path, {"version": 1, "url": "https://evil.example.org/"}, key=key),
        office.call("DELETE", path, key=key),
        office.call("GET", f"{path}/deliveries", key=key),
        office.call("POST", f"{path}/deliveries/01JDB7Q4Z6Y0V3N8K5M2R9T1WX/retry", key=key),
    ]
    assert [status for status, _ in answers] == [404] * 5


@pytest.mark.parametrize("role", [Role.HEAD_OFFICE, Role.COORDINATOR, Role.AUDITOR])
def test_other_roles_may_not_manage_webhooks(office: "Office", role: Role) -> None:
    assert office.call("GET", "/v1/webhooks", key=office.key_for(role))[0] == 403


def test_a_change_from_an_old_version_is_refused(office: "Office") -> None:
    path = f"/v1/webhooks/{office.webhook(URL)['id']}"

    first = office.call("PATCH", path, {"version": 1, "events": ["pair.closed"]})
    late = office.call("PATCH", path, {"version": 1, "url": "https://other.example.org/"})

    assert first[0] == 200
    assert first[1]["events"] == ["pair.closed"]
    assert first[1]["url"] == URL
    assert first[1]["version"] == 2
    assert late[0] == 409
    assert late[1]["errors"][0]["field"] == "version"


def test_a_removed_webhook_is_gone_and_the_journal_says_so(office: "Office") -> None:
    path = f"/v1/webhooks/{office.webhook(URL)['id']}"

    assert office.call("DELETE", path) == (204, None)

    assert office.call("GET", path)[0] == 404
    assert office.call("DELETE", path)[0] == 404
    _, journal = office.call("GET", f"/v1/journal?subject={path.rpartition('/')[2]}")
    assert [(each["type"], each["data"]) for each in journal["items"]] == [
        ("webhook.changed", {"change": "removed"}),
        ("webhook.changed", {"change": "added"}),
    ]
