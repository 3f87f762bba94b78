"""Several people at the same moment: each function of theirs is a process of its own on the embedded AWS."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from tests.integration.stack.cast import RHONE, Cast, Colleague, Programme
from tests.integration.stack.town import Answer, days_ago

#: A race is run so often: one alone may have been no race at all.
RACES = 3


@pytest.fixture(scope="module")
def programme(cast: Cast) -> Programme:
    """Give a programme."""
    return cast.programme("mentorat-presentiel")


def at_once(*requests: Callable[[], Answer]) -> list[Answer]:
    """Send requests at the same moment; give the answers in the order of the requests."""
    start = Barrier(len(requests))

    def send(request: Callable[[], Answer]) -> Answer:
        start.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as senders:
        return list(senders.map(send, requests))


def _statuses(answers: Sequence[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


@pytest.mark.parametrize("race", range(RACES))
def test_of_two_pairs_for_the_last_place_of_a_mentor_one_is_made(
    cast: Cast, programme: Programme, race: int
) -> None:
    del race
    camille = cast.camille
    mentor = camille.meets("mentor", programme)
    waiting = [camille.meets("mentee", programme) for _ in range(2)]

    answers = at_once(*(partial(camille.proposes, mentor, mentee, programme) for mentee in waiting))

    assert _statuses(answers) == {201: 1, 422: 1}
    next(answer for answer in answers if answer.status == 422).refused(422, "mentor")
    made = next(answer for answer in answers if answer.status == 201).json
    stages = [camille.api.get(f"/v1/mentees/{each['id']}").made()["stage"] for each in waiting]
    assert sorted(stages) == ["available", "paired"]
    assert stages[[each["id"] for each in waiting].index(made["mentee"])] == "paired"


@pytest.mark.parametrize("race", range(RACES))
def test_of_two_pairs_for_one_mentee_one_is_made(cast: Cast, programme: Programme, race: int) -> None:
    del race
    camille = cast.camille
    mentee = camille.meets("mentee", programme)
    mentors = [camille.meets("mentor", programme) for _ in range(2)]

    answers = at_once(*(partial(camille.proposes, mentor, mentee, programme) for mentor in mentors))

    assert _statuses(answers) == {201: 1, 422: 1}
    next(answer for answer in answers if answer.status == 422).refused(422, "mentee")
    stages = [camille.api.get(f"/v1/mentors/{each['id']}").made()["stage"] for each in mentors]
    assert sorted(stages) == ["available", "paired"]


def test_of_several_pairs_for_the_last_place_of_a_caseload_one_is_made(cast: Cast) -> None:
    small = cast.new_programme("Un seul binôme", caseload_ratio=1)
    camille = cast.hire("Camille Moreau", "coordinator", RHONE)
    mentors = [camille.meets("mentor", small) for _ in range(3)]
    mentees = [camille.meets("mentee", small) for _ in range(3)]

    answers = at_once(
        *(partial(camille.proposes, *people, small) for people in zip(mentors, mentees, strict=True))
    )

    assert _statuses(answers) == {201: 1, 422: 2}
    assert len(camille.api.items("/v1/pairs", coordinator=camille.id)) == 1


@pytest.mark.parametrize("race", range(RACES))
def test_five_sessions_reported_at_once_are_all_kept(cast: Cast, programme: Programme, race: int) -> None:
    del race
    pair = cast.camille.launches(programme, days_ago(20))

    answers = at_once(*(partial(pair.met, days_ago(days), rating=days) for days in range(1, 6)))

    assert _statuses(answers) == {201: 5}
    assert [each["rating"] for each in pair.sessions()] == [1, 2, 3, 4, 5]
    assert pair.now()["last_session_on"] == str(days_ago(1))
    reported = [each for each in pair.events(cast.helene) if each == "session.reported"]
    assert len(reported) == 5


@pytest.mark.parametrize("race", range(RACES))
def test_a_request_sent_three_times_at_once_with_one_key_makes_one_pair(
    cast: Cast, programme: Programme, race: int
) -> None:
    camille: Colleague = cast.camille
    body = {
        "mentor": camille.meets("mentor", programme)["id"],
        "mentee": camille.meets("mentee", programme)["id"],
        "programme": programme.id,
        "coordinator": camille.id,
        "launched_on": str(days_ago(0)),
    }
    key = f"{body['mentor']}-{race}"

    answers = at_once(*(lambda: camille.api.post("/v1/pairs", body, idempotency_key=key) for _ in range(3)))

    assert _statuses(answers) == {201: 3}
    assert len({answer.json["id"] for answer in answers}) == 1
    repeated = camille.api.post("/v1/pairs", body, idempotency_key=key).made()
    assert repeated["id"] == answers[0].json["id"]
    other = {**body, "launched_on": str(days_ago(1))}
    camille.api.post("/v1/pairs", other, idempotency_key=key).refused(409, "Idempotency-Key")


@pytest.mark.parametrize("race", range(RACES))
def test_of_two_changes_from_one_version_one_is_saved(cast: Cast, programme: Programme, race: int) -> None:
    del race
    pair = cast.camille.launches(programme, days_ago(5))
    path, version = f"/v1/pairs/{pair.id}", pair.now()["version"]

    answers = at_once(
        lambda: cast.camille.api.patch(path, {"version": version, "stage": "paused"}),
        lambda: cast.rachid.api.patch(path, {"version": version, "stage": "closing"}),
    )

    assert _statuses(answers) == {200: 1, 409: 1}
    next(answer for answer in answers if answer.status == 409).refused(409, "version")
    saved = next(answer for answer in answers if answer.status == 200).json
    assert pair.now() == saved
    assert saved["version"] == version + 1


def test_a_session_and_a_closure_at_once_both_stand(cast: Cast, programme: Programme) -> None:
    pair = cast.camille.launches(programme, days_ago(20))

    session, closure = at_once(lambda: pair.met(days_ago(2)), pair.closes)

    assert session.status == 201
    assert closure.status in {201, 409}
    if closure.status == 409:
        closure.refused(409, "version")
        pair.closes().made()
    assert pair.now()["stage"] == "closed"
    assert pair.now()["last_session_on"] == str(days_ago(2))
    mentor = cast.camille.api.get(f"/v1/mentors/{pair.mentor['id']}").made()
    assert mentor["stage"] == "available"
    assert pair.now()["counts"]["until"] is None
