"""Runs in the emulator's own environment: MiniStack with two addresses of ours in front.

`GET /_binome/pending` counts what is still under way, so that nobody has to guess how long to wait;
`POST /_binome/save` saves the data at once, which the emulator does by itself only when it stops.

It reads MiniStack's internals, whose version is pinned exactly in infra/locks/emulator.in.
"""

import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ministack import app as emulator
from ministack.core.persistence import save_all
from ministack.services import dynamodb, lambda_svc, sqs

#: What queues of messages set aside for a person end with: nothing will ever read them.
_SET_ASIDE = "-failures"

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_emulator_app = emulator.app


async def _with_our_addresses(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope.get("path")
    if scope["type"] == "http" and path == "/_binome/pending":
        await _answer(send, pending())
    elif scope["type"] == "http" and path == "/_binome/save":
        save_all(emulator._build_persistence_save_dict())  # noqa: SLF001
        await _answer(send, {})
    else:
        await _emulator_app(scope, receive, send)


async def _answer(send: Send, content: dict[str, int]) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def pending() -> dict[str, int]:
    """Count what is under way.

    `stream`: changes no function has read yet. `queued`: messages that could be handed out now.
    `running`: functions at work. `retrying`: messages that failed and wait to be handed out again.
    `changes`: how many changes of the tables this process has seen.
    """
    now = time.time()
    queued = retrying = 0
    for queue in list(sqs._queues.to_dict().values()):  # noqa: SLF001
        if str(queue.get("name", "")).endswith(_SET_ASIDE):
            continue
        for message in list(queue.get("messages") or []):
            if message.get("visible_at", 0) <= now:
                queued += 1
            elif message.get("receive_count", 0):
                retrying += 1
    running, _ = lambda_svc.executions_in_flight()
    batches = sum(lambda_svc._esm_inflight.values())  # noqa: SLF001
    return {
        "stream": _unread(),
        "queued": queued,
        "running": max(running, batches),
        "retrying": max(0, retrying - batches),
        "changes": dynamodb._stream_seq_counter,  # noqa: SLF001
    }


def _unread() -> int:
    """Count the changes that lie beyond where each function has read its stream."""
    unread = 0
    for account, region, mapping in lambda_svc._iter_all_esms():  # noqa: SLF001
        source = mapping.get("EventSourceArn", "")
        if ":dynamodb:" not in source:
            continue
        table = source.split("/stream/")[0].split("/")[-1]
        scope = {"account_id": account, "region": region}
        end = dynamodb.stream_end_position(table, **scope)
        start = dynamodb.stream_start_position(table, **scope)
        positions = lambda_svc._dynamodb_stream_positions  # noqa: SLF001
        read = positions.get_scoped(account, region, mapping["UUID"], start)
        unread += max(0, end - max(read, start))
    return unread


def _end_with_parent() -> None:
    """Stop as if told to when whoever started us dies, even by kill -9; then the data are saved.

    Linux alone has this. Elsewhere the next run ends us before it starts.
    """
    if sys.platform != "linux":
        return
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
    if os.getppid() == 1:
        sys.exit("binome: the run that started this emulator is gone already")


if __name__ == "__main__":
    _end_with_parent()
    emulator.app = _with_our_addresses
    unsaved = Path(os.environ["BINOME_UNSAVED"])
    unsaved.touch()
    # Saves everything before it returns; killed, it never does.
    emulator.main()
    unsaved.unlink()
