"""Runs in the emulator's own environment: MiniStack, with two addresses of ours in front of it.

`/_binome/pending` counts what is still under way, so that nobody has to guess how long to wait;
`/_binome/save` saves the data at once, which MiniStack does by itself only when it stops.

It also mends what MiniStack does otherwise than AWS in things this application relies on. All of it
reads MiniStack's internals, whose version is pinned exactly in infra/locks/emulator.in.
"""

import ctypes
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ministack import app as emulator
from ministack.core import persistence
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import apigateway_v1, dynamodb, lambda_svc, sqs

# ruff: noqa: SLF001

_log = logging.getLogger("binome")

#: What queues of messages set aside for a person end with: nothing will ever read them.
_SET_ASIDE = "-failures"
#: How many calls of functions may run at one moment; the others wait. Each is a process of about
#: 80 MB, kept for a while, and MiniStack starts one more whenever all are busy.
_AT_ONCE = 4
_ANY_METHOD = "x-amazon-apigateway-any-method"

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_turn = threading.BoundedSemaphore(_AT_ONCE)
_emulator_app = emulator.app
_execute_function = lambda_svc._execute_function
_execute_in_worker = lambda_svc._execute_function_warm
_import_rest_api = apigateway_v1._import_rest_api


# ---- Our two addresses ----


async def answer_request(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer our own addresses and hand every other request to MiniStack."""
    path = scope.get("path")
    if scope["type"] == "http" and path == "/_binome/pending":
        await _answer(send, pending())
    elif scope["type"] == "http" and path == "/_binome/save":
        persistence.save_all(emulator._build_persistence_save_dict())
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
    queued = handed_out = 0
    for queue in list(sqs._queues.to_dict().values()):
        if str(queue.get("name", "")).endswith(_SET_ASIDE):
            continue
        for message in list(queue.get("messages") or []):
            if message.get("visible_at", 0) <= now:
                queued += 1
            elif message.get("receive_count", 0):
                handed_out += 1
    running, _ = lambda_svc.executions_in_flight()
    batches = sum(lambda_svc._esm_inflight.values())
    return {
        "stream": _unread(),
        "queued": queued,
        "running": max(running, batches),
        "retrying": handed_out if not batches else 0,
        "changes": dynamodb._stream_seq_counter,
    }


def _unread() -> int:
    """Count the changes that lie beyond where each function has read its stream."""
    unread = 0
    for account, region, mapping in lambda_svc._iter_all_esms():
        source = mapping.get("EventSourceArn", "")
        if ":dynamodb:" not in source:
            continue
        table = source.split("/stream/")[0].split("/")[-1]
        scope = {"account_id": account, "region": region}
        end = dynamodb.stream_end_position(table, **scope)
        start = dynamodb.stream_start_position(table, **scope)
        read = lambda_svc._dynamodb_stream_positions.get_scoped(account, region, mapping["UUID"], start)
        unread += max(0, end - max(read, start))
    return unread


# ---- What MiniStack does otherwise than AWS ----


def run_function(function: dict[str, Any], event: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Run a function; one that gives back records of a stream has them again.

    MiniStack honours `batchItemFailures` for queues alone and would take those records as read. Here
    the whole batch comes again: a failed call is what it repeats.
    """
    result: dict[str, Any] = _execute_function(function, event)
    body = result.get("body")
    records = event.get("Records") or [{}] if isinstance(event, dict) else [{}]
    from_stream = records[0].get("eventSource") == "aws:dynamodb"
    if from_stream and isinstance(body, dict) and body.get("batchItemFailures"):
        refused = {"errorType": "BatchItemFailures", "errorMessage": "records to be read again"}
        return {**result, "error": True, "body": refused}
    return result


def run_in_turn(function: dict[str, Any], event: Any, request: str) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Run a function when its turn comes, so that a burst does not take the whole machine.

    None of our functions calls another, so that none can wait for a turn that its caller holds.
    """
    with _turn:
        result: dict[str, Any] = _execute_in_worker(function, event, request)
        return result


def import_api(definition: dict[str, Any], base: dict[str, Any] | None = None) -> str:
    """Read an API's definition with its gateway responses and its `any` methods.

    MiniStack passes over both.
    """
    paths = {
        path: {("any" if method == _ANY_METHOD else method): each for method, each in methods.items()}
        for path, methods in (definition.get("paths") or {}).items()
    }
    api: str = _import_rest_api({**definition, "paths": paths}, base)
    responses = definition.get("x-amazon-apigateway-gateway-responses") or {}
    for kind, response in responses.items():
        apigateway_v1._put_gateway_response(api, kind, response)
    return api


def table_state() -> dict[str, Any]:
    """Give what is saved of the tables.

    MiniStack copies every item deeply first, which takes seconds; what we save is written out
    before anything else can run.
    """
    tables = AccountRegionScopedDict()
    for (account, region, name), table in dynamodb._tables.all_items():
        kept = {key: value for key, value in table.items() if key != dynamodb._INDEX_MEMBERS}
        tables.set_scoped(account, region, name, kept)
    return {
        "tables": tables,
        "tags": dynamodb._tags,
        "ttl_settings": dynamodb._ttl_settings,
        "pitr_settings": dynamodb._pitr_settings,
        "kinesis_destinations": dynamodb._kinesis_destinations,
        "contributor_insights": dynamodb._contributor_insights,
        "backups": dynamodb._backups,
        "resource_policies": dynamodb._resource_policies,
        "exports": dynamodb._exports,
        "imports": dynamodb._imports,
    }


def save_state(service: str, state: dict[str, Any]) -> None:
    """Write a service's state: in one piece, ten times as fast as MiniStack's piecemeal way."""
    file = Path(persistence.STATE_DIR) / f"{service}.json"
    draft = file.with_suffix(".draft")
    version = persistence._state_format_version(service)
    try:
        whole = {"__ministack_format__": version, "payload": state}
        draft.write_text(json.dumps(whole, default=persistence._json_default), encoding="utf-8")
        draft.replace(file)
    except (OSError, RuntimeError, TypeError, ValueError):
        # Whatever one service's trouble is, the others are still to be saved.
        _log.exception("%s was not saved", service)


def mend() -> None:
    """Put the functions above in the place of MiniStack's own."""
    emulator.app = answer_request
    lambda_svc._execute_function = run_function
    lambda_svc._execute_function_warm = run_in_turn
    apigateway_v1._import_rest_api = import_api
    apigateway_v1._OPENAPI_HTTP_METHODS.add("any")
    dynamodb.get_state = table_state
    persistence.save_state = save_state


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
    mend()
    unsaved = Path(os.environ["BINOME_UNSAVED"])
    unsaved.touch()
    # Saves everything before it returns; killed, it never does.
    emulator.main()
    unsaved.unlink()
