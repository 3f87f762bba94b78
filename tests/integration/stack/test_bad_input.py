"""Bad input: refused with the field and what would be accepted, and nothing is half-written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.integration.stack.cast import RHONE, Cast, Colleague, Followed, Programme
from tests.integration.stack.town import Api, Holdings, Town, days_ago, link_in, morning

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Desk:
    """What stands before somebody errs: a pair launched ten days ago, and two people who wait."""

    camille: Colleague
    programme: Programme
    students: Programme
    pair: Followed
    mentor: dict[str, object]
    mentee: dict[str, object]

    @property
    def api(self) -> Api:
        """Give Camille's API."""
        return self.camille.api

    def person(self, **details: object) -> dict[str, object]:
        """Give what would add a mentee, but for what is said."""
        known = {
            "first_name": "Inès",
            "last_name": "Petit",
            "birth_date": "2012-05-04",
            "territory": RHONE,
            "programme": self.programme.id,
        }
        return {**known, **details}

    def session(self, **details: object) -> dict[str, object]:
        """Give what would report a session, but for what is said."""
        return {"on": str(days_ago(0)), "minutes": 60, "format": "in_person", **details}


@pytest.fixture(scope="module")
def desk(cast: Cast) -> Desk:
    """Prepare what the tests of this file err about."""
    camille, programme = cast.camille, cast.programme("mentorat-presentiel")
    ages = {"mentor_ages": {"min": 18, "max": 25}, "mentee_ages": {"min": 6, "max": 11}}
    return Desk(
        camille,
        programme,
        cast.new_programme("Étudiants et écoliers", **ages),
        camille.launches(programme, days_ago(10)),
        camille.meets("mentor", programme),
        camille.meets("mentee", programme),
    )


@pytest.fixture(scope="module")
def link(town: Town, desk: Desk) -> str:
    """Give the link of a mail to a mentor."""
    launch = days_ago(14)
    pair = desk.camille.launches(desk.programme, launch)
    town.tick(morning(launch + timedelta(days=14)))
    return link_in(town.mails(pair.mentor["email"])[0])


@pytest.fixture(scope="module")
def standing(town: Town, desk: Desk, link: str, cast: Cast) -> Holdings:
    """Give all that the organisation holds once this is prepared."""
    del desk, link
    return town.holdings(cast.tenant)


@pytest.fixture(autouse=True)
def nothing_is_written(town: Town, cast: Cast, standing: Holdings) -> Iterator[None]:
    """Make sure after each test that its refusals left nothing behind."""
    yield
    assert town.holdings(cast.tenant) == standing


def test_a_key_of_no_tenant_opens_nothing(desk: Desk) -> None:
    unknown = Api(desk.api.gateway, f"{desk.api.key[:-1]}x")

    accepted = unknown.post("/v1/pairs", {}).refused(401, "Authorization")

    assert "Bearer" in accepted


def test_a_link_of_an_unknown_tenant_opens_nothing(desk: Desk) -> None:
    link = "bm93aGVyZS4wMU04MlpBS1RRUzAwMDAwMDAwMDAwMDAwMC54LjQwMDAwMDAwMDA-AAAAAAAAAAAAAAAAAAAAAA"
    answer = desk.api.gateway.send("GET", f"/report/{link}")

    assert answer.status == 404


def test_an_unknown_territory_is_refused(desk: Desk) -> None:
    for code in ("D99", "R99", "Rhône"):
        for path in ("/v1/mentees", "/v1/mentors"):
            accepted = desk.api.post(path, desk.person(territory=code)).refused(422, "territory")
            assert "/v1/territories" in accepted
    desk.api.get("/v1/pairs", territory="D99").refused(422, "territory")
    proposed = desk.camille.proposes(desk.mentor, desk.mentee, desk.programme, territory="D99")
    assert "/v1/territories" in proposed.refused(422, "territory")


def test_an_unknown_postal_code_is_refused(desk: Desk) -> None:
    for code in ("99999", "00000", "6900"):
        desk.api.post("/v1/mentees", desk.person(postal_code=code)).refused(422, "postal_code")


def test_an_age_outside_the_programme_is_refused(desk: Desk) -> None:
    accepted = desk.api.post("/v1/mentees", desk.person(birth_date="1980-01-01")).refused(422, "birth_date")
    assert "10 to 20" in accepted
    child = desk.person(birth_date="2015-01-01")
    assert "18 or more" in desk.api.post("/v1/mentors", child).refused(422, "birth_date")


def test_a_pair_whose_ages_are_outside_its_programme_is_refused(desk: Desk) -> None:
    proposed = desk.camille.proposes(desk.mentor, desk.mentee, desk.students)

    assert "18 to 25" in proposed.refused(422, "mentor")
    assert "6 to 11" in proposed.refused(422, "mentee")


def test_a_launch_in_the_future_is_refused(desk: Desk) -> None:
    proposed = desk.camille.proposes(desk.mentor, desk.mentee, desk.programme, launched_on=days_ago(-1))

    assert f"up to {days_ago(0)}" in proposed.refused(422, "launched_on")


def test_a_mentor_at_capacity_is_refused(desk: Desk) -> None:
    proposed = desk.camille.proposes(desk.pair.mentor, desk.mentee, desk.programme)

    assert "capacity" in proposed.refused(422, "mentor")


def test_a_second_pair_for_a_mentee_is_refused(desk: Desk) -> None:
    proposed = desk.camille.proposes(desk.mentor, desk.pair.mentee, desk.programme)

    assert "close it first" in proposed.refused(422, "mentee")


@pytest.mark.parametrize("name", ["mentor", "mentee", "coordinator", "programme"])
def test_a_pair_of_somebody_unknown_is_refused(desk: Desk, name: str) -> None:
    proposed = {
        "mentor": desk.mentor["id"],
        "mentee": desk.mentee["id"],
        "programme": desk.programme.id,
        "coordinator": desk.camille.id,
    }

    desk.api.post("/v1/pairs", {**proposed, name: "01ARZ3NDEKTSV4RRFFQ69G5FAV"}).refused(422, name)


def test_a_session_before_the_launch_is_refused(desk: Desk) -> None:
    reported = desk.api.post(f"/v1/pairs/{desk.pair.id}/sessions", desk.session(on=str(days_ago(11))))

    assert f"from {days_ago(10)} to {days_ago(0)}" in reported.refused(422, "on")


def test_a_session_in_the_future_is_refused(desk: Desk) -> None:
    reported = desk.api.post(f"/v1/pairs/{desk.pair.id}/sessions", desk.session(on=str(days_ago(-1))))

    assert f"from {days_ago(10)} to {days_ago(0)}" in reported.refused(422, "on")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("on", "hier"),
        ("on", "2026-02-30"),
        ("minutes", 0),
        ("minutes", -60),
        ("minutes", 1e99),
        ("minutes", None),
        ("format", "remote"),
        ("format", "telepathy"),
        ("rating", 6),
        ("rating", 0),
        ("note", "x" * 2001),
    ],
)
def test_a_session_that_says_the_impossible_is_refused(desk: Desk, name: str, value: object) -> None:
    reported = desk.api.post(f"/v1/pairs/{desk.pair.id}/sessions", desk.session(**{name: value}))

    reported.refused(422, name)


def test_a_stale_version_is_refused(desk: Desk, cast: Cast) -> None:
    version = desk.pair.now()["version"] - 1
    pair = desk.api.patch(f"/v1/pairs/{desk.pair.id}", {"version": version, "stage": "paused"})
    assert "read the subject again" in pair.refused(409, "version")
    mentor = {"version": desk.pair.mentor["version"], "first_name": "Autre"}
    desk.api.patch(f"/v1/mentors/{desk.pair.mentor['id']}", mentor).refused(409, "version")
    cast.helene.patch(f"/v1/members/{desk.camille.id}", {"version": 9, "name": "Autre"}).refused(
        409, "version"
    )
    programme = {"version": 9, "caseload_ratio": 5}
    cast.helene.patch(f"/v1/programmes/{desk.programme.id}", programme).refused(409, "version")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"pair"',
        b'{"minutes": NaN}',
        b'{"note": "\\ud800"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=["nothing", "cut-short", "a-list", "null", "a-text", "NaN", "half-a-character", "no-text", "deep"],
)
def test_malformed_json_is_refused(desk: Desk, raw: bytes) -> None:
    for path in ("/v1/pairs", f"/v1/pairs/{desk.pair.id}/sessions", "/v1/mentors"):
        assert "JSON" in desk.api.send("POST", path, raw).refused(400, "body")


def test_an_unknown_field_is_refused(desk: Desk, cast: Cast) -> None:
    session = desk.session(raiting=4)
    assert "unknown field" in desk.api.post(f"/v1/pairs/{desk.pair.id}/sessions", session).refused(
        422, "raiting"
    )
    desk.api.post("/v1/mentees", desk.person(tenant="tuto")).refused(422, "tenant")
    pair = {"mentor": desk.mentor["id"], "mentee": desk.mentee["id"], "programme": desk.programme.id}
    desk.api.post("/v1/pairs", {**pair, "colour": "green"}).refused(422, "colour")
    desk.api.patch(f"/v1/pairs/{desk.pair.id}", {"version": 1, "colour": "red"}).refused(422, "colour")
    member = {"name": "Zoé", "roles": ["coordinator"], "is_admin": True}
    cast.helene.post("/v1/members", member).refused(422, "is_admin")


def test_a_body_over_a_megabyte_is_refused(desk: Desk) -> None:
    raw = json.dumps(desk.session(note="x" * _MEGABYTE)).encode()

    for path in (f"/v1/pairs/{desk.pair.id}/sessions", "/v1/mentors", "/v1/pairs"):
        desk.api.send("POST", path, raw).refused(413, "body")


def test_a_body_of_another_type_is_refused(desk: Desk) -> None:
    sent = desk.api.send("POST", "/v1/pairs", b"<pair/>", Content_Type="application/xml")

    assert "application/json" in sent.refused(415, "Content-Type")


def test_a_method_or_an_address_that_does_not_exist_is_refused(desk: Desk) -> None:
    desk.api.get("/v1/nothing").refused(404, "path")
    desk.api.get(f"/v1/pairs/{desk.pair.id}/nothing").refused(404, "path")
    desk.api.get("/v1/pairs/01ARZ3NDEKTSV4RRFFQ69G5FAV").refused(404, "pair")
    assert "PATCH" in desk.api.send("DELETE", f"/v1/pairs/{desk.pair.id}").refused(405, "method")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1e2", "٣"])
def test_a_page_of_an_impossible_size_is_refused(desk: Desk, limit: str) -> None:
    assert "1 to 100" in desk.api.get("/v1/pairs", limit=limit).refused(422, "limit")


def test_a_closure_that_says_too_little_or_the_impossible_is_refused(desk: Desk) -> None:
    path = f"/v1/pairs/{desk.pair.id}/closure"
    assert "moved" in desk.api.post(path, {"outcome": "broken_off"}).refused(422, "reason")
    desk.api.post(path, {"outcome": "completed", "on": str(days_ago(11))}).refused(422, "on")
    desk.api.post(path, {"outcome": "completed", "on": str(days_ago(-1))}).refused(422, "on")
    desk.api.post(path, {"outcome": "vanished"}).refused(422, "outcome")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("rating", "", "Choisissez une note de 1 à 5."),
        ("rating", "9", "trop grand"),
        ("on", "", "nécessaire"),
        ("on", str(days_ago(30)), "avant le lancement"),
        ("on", str(days_ago(-1)), "dans le futur"),
        ("minutes", "beaucoup", "nombre entier"),
        ("format", "remote", "séances de cette forme"),
    ],
)
def test_a_report_that_is_refused_comes_back_filled_in(
    link: str, town: Town, name: str, value: str, said: str
) -> None:
    good = {"on": str(days_ago(0)), "minutes": "55", "format": "in_person", "rating": "4"}

    answer = town.fill_in(link, **{**good, "note": "Tout va bien.", name: value})

    assert answer.status == 422
    assert said in answer.text
    assert "Tout va bien." in answer.text
