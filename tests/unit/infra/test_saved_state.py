import json
from pathlib import Path

import pytest

from infra.problems import Problem
from infra.saved_state import make_ready

POSITIONS = {
    "payload": {"functions": {"data": {"tick": 1}}, "dynamodb_stream_positions": {"data": {"a": 40}}}
}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def write(file: Path, content: object) -> bytes:
    file.write_text(json.dumps(content), encoding="utf-8")
    return file.read_bytes()


def deployment(status: str) -> dict[str, object]:
    return {"payload": {"stacks": {"data": {"binome": {"StackStatus": status, "Parameters": ["kept"]}}}}}


@pytest.mark.parametrize(
    "left", [b"", b'{"payload": {"tables": {"bin', b"\x00\x00\x00", b"\xff\xfe"], ids=repr
)
def test_a_truncated_saved_state_is_refused_by_name_and_left_as_it_is(state: Path, left: bytes) -> None:
    damaged = state / "dynamodb.json"
    damaged.write_bytes(left)

    with pytest.raises(Problem) as refused:
        make_ready(state)

    told = str(refused.value)
    assert told.startswith(f"{damaged} is damaged")
    assert f"Put back a copy of {state.parent}, or delete that folder" in told
    assert "\n" not in told
    assert damaged.read_bytes() == left


def test_nothing_is_mended_beside_a_damaged_file(state: Path) -> None:
    before = write(state / "lambda.json", POSITIONS)
    (state / "sqs.json").write_bytes(b"{")

    with pytest.raises(Problem, match=r"sqs\.json"):
        make_ready(state)

    assert (state / "lambda.json").read_bytes() == before


def test_a_first_run_has_no_saved_state_and_that_is_fine(tmp_path: Path) -> None:
    make_ready(tmp_path / "new" / "state")

    assert list((tmp_path / "new" / "state").iterdir()) == []


def test_stream_positions_are_reset_and_the_functions_stay(state: Path) -> None:
    write(state / "lambda.json", POSITIONS)

    make_ready(state)

    assert json.loads((state / "lambda.json").read_bytes()) == {
        "payload": {"functions": {"data": {"tick": 1}}, "dynamodb_stream_positions": {"data": {}}}
    }
    assert [file.name for file in state.iterdir()] == ["lambda.json"]


@pytest.mark.parametrize("payload", [{}, {"dynamodb_stream_positions": {"data": {}}}])
def test_a_state_without_stream_positions_is_not_written_again(
    state: Path, payload: dict[str, object]
) -> None:
    before = write(state / "lambda.json", {"payload": payload})

    make_ready(state)

    assert (state / "lambda.json").read_bytes() == before


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_IN_PROGRESS"])
def test_a_first_deployment_that_was_cut_off_begins_again_from_nothing(state: Path, status: str) -> None:
    write(state / "cloudformation.json", deployment(status))
    write(state / "dynamodb.json", {"payload": {}})

    make_ready(state)

    assert list(state.iterdir()) == []


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_FAILED", "UPDATE_ROLLBACK_IN_PROGRESS"])
def test_a_later_deployment_that_was_cut_off_keeps_the_data_and_can_be_updated(
    state: Path, status: str
) -> None:
    write(state / "cloudformation.json", deployment(status))
    data = write(state / "dynamodb.json", {"payload": {"tables": "full"}})

    make_ready(state)

    mended = json.loads((state / "cloudformation.json").read_bytes())
    assert mended == deployment("UPDATE_ROLLBACK_COMPLETE")
    assert (state / "dynamodb.json").read_bytes() == data


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_deployment_that_was_done_is_left_as_it_is(state: Path, status: str) -> None:
    before = write(state / "cloudformation.json", deployment(status))

    make_ready(state)

    assert (state / "cloudformation.json").read_bytes() == before
