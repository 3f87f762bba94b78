"""The state the emulator saved: checked and put right before it starts on it again."""

import json
import shutil
from pathlib import Path
from typing import Any

from infra.problems import Problem

_STANDS = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})


def make_ready(folder: Path) -> None:
    """Check and mend the saved state in a folder; an absent one is fine.

    Raises Problem when a file is damaged: the emulator would start without it and then save its
    emptiness over what was there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.glob("*.json")):
        try:
            json.loads(file.read_bytes())
        except (OSError, ValueError) as error:
            message = (
                f"{file} is damaged ({error}). Put back a copy of {folder.parent}, "
                "or delete that folder to start again with the demonstration data."
            )
            raise Problem(message) from error
    _finish_deployment(folder)
    _forget_stream_positions(folder / "lambda.json")


def _finish_deployment(folder: Path) -> None:
    """Deal with a deployment that was cut off: nothing will ever finish it.

    A first one is begun again from nothing, since no data were entered before it was done. A later
    one leaves the stack as it is, ready to be updated again.
    """
    file = folder / "cloudformation.json"
    if not file.exists():
        return
    state = json.loads(file.read_bytes())
    for stack in state["payload"]["stacks"]["data"].values():
        if stack["StackStatus"] in _STANDS:
            continue
        if stack["StackStatus"].startswith(("CREATE", "ROLLBACK")):
            shutil.rmtree(folder)
            folder.mkdir()
            return
        if stack["StackStatus"].startswith("UPDATE"):
            stack["StackStatus"] = "UPDATE_ROLLBACK_COMPLETE"
            _write(file, state)


def _forget_stream_positions(file: Path) -> None:
    """Read the table's stream from its start.

    The emulator saves how far each function has read a stream, but not the stream itself: after a
    restart the stream is empty, the saved position lies beyond its end, and the next changes would
    be skipped until as many had been written again.
    """
    if not file.exists():
        return
    state = json.loads(file.read_bytes())
    positions = state.get("payload", {}).get("dynamodb_stream_positions")
    if positions and positions.get("data"):
        positions["data"] = {}
        _write(file, state)


def _write(file: Path, state: dict[str, Any]) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.replace(file)
