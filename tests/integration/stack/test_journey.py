"""The journey, once per format, through the deployed API Gateway: from two people to a closed pair."""

import json
import re
from datetime import date, timedelta

import pytest

from chalicelib.spine.clock import stamp
from tests.integration.stack.cast import RHONE, Cast, Colleague, Followed, Programme
from tests.integration.stack.town import Town, days_ago, link_in, morning, night

FORMATS = ("in_person", "remote", "hybrid")
_PRESETS = {"in_person": "mentorat-presentiel", "remote": "mentorat-distanciel"}


@pytest.fixture(scope="module", params=FORMATS)
def programme(cast: Cast, request: pytest.FixtureRequest) -> Programme:
    """Give a programme of each format: two weekly ones of the preset, and a monthly one made here."""
    if request.param in _PRESETS:
        return cast.programme(_PRESETS[request.param])
    return cast.new_programme(
        "Mentorat hybride",
        format="hybrid",
        formats=["hybrid", "in_person", "remote"],
        cadence={"every": "month", "hours": 2},
        mentee_ages={"min": 10, "max": 20},
    )


@pytest.fixture
def camille(cast: Cast) -> Colleague:
    """Give a Camille who follows nobody yet."""
    return cast.hire("Camille Moreau", "coordinator", RHONE)


def test_a_mentor_and_a_mentee_become_a_launched_pair(camille: Colleague, programme: Programme) -> None:
    mentor, mentee = camille.meets("mentor", programme), camille.meets("mentee", programme)
    proposed = camille.proposes(mentor, mentee, programme).made()
    assert (proposed["stage"], proposed["colour"]) == ("proposed", None)
    assert proposed["territory"] == RHONE

    pair = Followed(camille, programme, mentor, mentee, proposed["id"])
    accepted = pair.changes(stage="accepted").made()
    launched = pair.changes(stage="active").made()

    assert accepted["stage"] == "accepted"
    assert (launched["stage"], launched["colour"]) == ("active", "green")
    assert launched["launched_on"] == str(days_ago(0))
    assert launched["counts"]["counts"] is True
    assert launched["counts"]["until"] == str(days_ago(0) + timedelta(days=42))
    assert _stages(pair) == {"paired"}


def test_silence_turns_a_pair_orange_then_red_and_reaches_further_each_time(
    town: Town, cast: Cast, camille: Colleague, programme: Programme
) -> None:
    launch = days_ago(programme.red + 5)
    pair = camille.launches(programme, launch)
    mentor = pair.mentor["email"]
    first, second, third = (launch + timedelta(days=days) for days in programme.ladder)
    assert programme.ladder[0] == programme.orange
    assert programme.ladder[-1] == programme.red

    town.tick(morning(first - timedelta(days=1)))
    assert pair.colour == "green"
    assert pair.reminders() == set()

    town.tick(night(first))
    assert pair.colour == "orange"
    assert town.mails(mentor) == []

    town.tick(morning(first))
    [mail] = town.mails(mentor)
    assert (mail.at, mail.tenant) == (_stamp(first), cast.tenant)
    assert pair.mentee["first_name"] in mail.subject
    assert town.mails(camille.email) == []
    assert pair.reminders() == {(1, "mentor", "mail", "sent")}

    town.tick(morning(second))
    assert [each.at for each in town.mails(mentor)] == [_stamp(first), _stamp(second)]
    assert [each.at for each in town.mails(camille.email)] == [_stamp(second)]
    assert pair.colour == "orange"

    town.tick(morning(third))
    assert pair.colour == "red"
    assert (len(town.mails(mentor)), len(town.mails(camille.email))) == (2, 1)
    assert pair.reminders() == {
        (1, "mentor", "mail", "sent"),
        (2, "mentor", "mail", "sent"),
        (2, "coordinator", "mail", "sent"),
        (3, "coordinator", "task", "task"),
    }
    assert _listed(camille, colour="red") == {pair.id}


def test_a_mentor_reports_by_the_link_of_a_real_mail(
    town: Town, cast: Cast, camille: Colleague, programme: Programme
) -> None:
    launch = days_ago(programme.orange)
    pair = camille.launches(programme, launch)
    town.tick(morning(launch + timedelta(days=programme.orange)))
    link = link_in(town.mails(pair.mentor["email"])[0])
    report = {"on": str(days_ago(0)), "minutes": "45", "format": programme.format, "note": "Un bon moment."}
    before = town.holdings(cast.tenant)

    form = town.visit(link)
    assert form.status == 200
    assert pair.mentee["first_name"] in form.text
    assert pair.mentee["last_name"] not in form.text
    assert town.holdings(cast.tenant) == before

    without_rating = town.fill_in(link, **report)
    assert without_rating.status == 422
    assert "Choisissez une note de 1 à 5." in without_rating.text
    assert "Un bon moment." in without_rating.text
    assert town.holdings(cast.tenant) == before
    assert pair.colour == "orange"

    key = re.search(r'name="idempotency_key" value="([^"]+)"', form.text)
    assert key
    for _ in ("sent", "sent again by a second click"):
        assert town.fill_in(link, **report, rating="4", idempotency_key=key[1]).status == 200
    assert pair.colour == "green"
    assert pair.now()["last_session_on"] == str(days_ago(0))
    [session] = pair.sessions()
    assert (session["rating"], session["minutes"], session["note"]) == (4, 45, "Un bon moment.")


def test_a_session_cancels_what_was_due_and_a_new_silence_starts_from_the_first_step(
    town: Town, camille: Colleague, programme: Programme
) -> None:
    launch = days_ago(programme.orange + 5)
    pair = camille.launches(programme, launch)
    town.tick(morning(launch + timedelta(days=programme.orange)))
    assert pair.colour == "orange"
    pair.met(days_ago(programme.orange - 1)).made()
    mentor = pair.mentor["email"]

    town.tick(morning(days_ago(0)))
    assert pair.colour == "green"
    assert len(town.mails(mentor)) == 1

    town.tick(morning(days_ago(-1)))
    assert pair.colour == "orange"
    assert len(town.mails(mentor)) == 2
    assert town.mails(camille.email) == []


def test_a_launch_and_a_session_of_one_day_are_followed_by_a_silence_of_their_own(
    town: Town, cast: Cast, camille: Colleague
) -> None:
    """Time is moved ahead before the session is reported: requests keep the real clock."""
    programme = cast.programme("mentorat-presentiel")
    pair = camille.launches(programme, days_ago(0))
    ahead = morning(days_ago(-programme.orange))

    for mails in (1, 2, 3):
        town.tick(ahead)
        assert pair.colour == "orange"
        assert len(town.mails(pair.mentor["email"])) == mails
        assert pair.met(days_ago(0)).status == 201
        assert pair.colour == "green"


def test_after_a_late_launch_only_the_latest_step_is_taken_and_the_others_are_recorded(
    town: Town, camille: Colleague, programme: Programme
) -> None:
    pair = camille.launches(programme, days_ago(programme.ladder[1] + 1))
    assert pair.colour == "green"

    town.tick()

    assert pair.colour == "orange"
    assert pair.reminders() == {
        (1, "nobody", "mail", "skipped"),
        (2, "mentor", "mail", "sent"),
        (2, "coordinator", "mail", "sent"),
    }
    assert len(town.mails(pair.mentor["email"])) == 1
    assert len(town.mails(camille.email)) == 1


def test_a_pair_of_a_programme_added_a_moment_ago_is_followed_like_any_other(
    town: Town, cast: Cast, camille: Colleague
) -> None:
    """What follows pairs has just read the programmes, and may go on believing what it read."""
    camille.launches(cast.programme("mentorat-presentiel"), days_ago(15))
    town.tick()
    pair = camille.launches(cast.new_programme("Mentorat tout neuf"), days_ago(15))

    town.tick()

    assert pair.colour == "orange"
    assert pair.now()["counts"]["counts"] is True
    assert pair.reminders() == {(1, "mentor", "mail", "sent")}


def test_closure_frees_the_mentor_the_mentee_and_the_caseload(
    town: Town, camille: Colleague, programme: Programme
) -> None:
    pair = camille.launches(programme, days_ago(programme.ladder[1]))
    assert _caseload(camille) == 1

    closed = pair.closes().made()

    assert (closed["stage"], closed["colour"], closed["outcome"]) == ("closed", None, "goals_reached")
    assert _caseload(camille) == 0
    assert _stages(pair) == {"available"}
    town.tick()
    assert pair.reminders() == set()
    # A mentor of one place and a mentee of one pair can be brought together again.
    assert camille.proposes(pair.mentor, pair.mentee, programme).status == 201
    assert _caseload(camille) == 1


def test_a_full_caseload_is_lifted_with_a_reason_by_whoever_may(
    cast: Cast, camille: Colleague, programme: Programme
) -> None:
    small = cast.new_programme(
        f"Petit {programme.format} {camille.id}",
        format=programme.format,
        formats=[programme.format],
        caseload_ratio=1,
    )
    first = camille.launches(small, days_ago(0))
    mentor, mentee = camille.meets("mentor", small), camille.meets("mentee", small)
    reason = {"override_reason": "Une collègue est absente jusqu'à lundi."}

    accepted = camille.proposes(mentor, mentee, small).refused(422, "coordinator")
    assert "1 pairs" in accepted
    assert "override_reason" in accepted
    camille.proposes(mentor, mentee, small, **reason).refused(403, "override_reason")
    assert _caseload(camille) == 1

    helene = Colleague(camille.id, "Hélène", "", cast.helene)
    lifted = helene.proposes(mentor, mentee, small, **reason, launched_on=days_ago(0)).made()

    assert (lifted["stage"], lifted["coordinator"]) == ("active", camille.id)
    assert _caseload(camille) == 2
    assert _listed(camille) == {first.id, lifted["id"]}


def test_the_commands_move_time_and_read_the_mailbox(town: Town, cast: Cast, camille: Colleague) -> None:
    launch = days_ago(14)
    pair = camille.launches(cast.programme("mentorat-distanciel"), launch)

    due = town.binome("tick", "--at", morning(days_ago(0)).isoformat())

    assert int(due.removesuffix(" due")) >= 1
    since = morning(days_ago(0)).isoformat()
    messages = json.loads(town.binome("outbox", "--json", "--since", since))
    [mail] = [each for each in messages if each["to"] == pair.mentor["email"]]
    assert mail.keys() == {"at", "tenant", "channel", "to", "subject", "text"}
    assert (mail["at"], mail["tenant"], mail["channel"]) == (_stamp(days_ago(0)), cast.tenant, "mail")
    assert cast.tenant in town.binome("tenant", "list")


def test_a_link_that_is_too_old_or_was_tampered_with_opens_nothing(
    town: Town, cast: Cast, camille: Colleague
) -> None:
    programme = cast.programme("mentorat-presentiel")
    launch = days_ago(70)
    pair = camille.launches(programme, launch)
    town.tick(morning(launch + timedelta(days=14)))
    link = link_in(town.mails(pair.mentor["email"])[0])
    report = {"on": str(days_ago(0)), "minutes": "60", "format": "in_person", "rating": "5"}
    before = town.holdings(cast.tenant)

    assert town.visit(link).status == 410
    assert town.fill_in(link, **report).status == 410
    forged = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert town.visit(forged).status == 404
    assert town.fill_in(forged, **report).status == 404
    assert town.holdings(cast.tenant) == before


def _stages(pair: Followed) -> set[str]:
    """Give where the two people of a pair stand."""
    api = pair.by.api
    mentor = api.get(f"/v1/mentors/{pair.mentor['id']}").made()
    mentee = api.get(f"/v1/mentees/{pair.mentee['id']}").made()
    return {mentor["stage"], mentee["stage"]}


def _caseload(camille: Colleague) -> int:
    """Give how many pairs she follows, by her own figures."""
    rows = camille.api.get("/v1/monitoring/caseload").made()["items"]
    [pairs] = [int(row["pairs"]) for row in rows if row["member"] == camille.id]
    return pairs


def _listed(camille: Colleague, **filters: str) -> set[str]:
    """Give the ids of the pairs she follows."""
    return {each["id"] for each in camille.api.items("/v1/pairs", coordinator=camille.id, **filters)}


def _stamp(day: date) -> str:
    return stamp(morning(day))
