"""What a warm list request costs this processor, beside a bare route that makes the same Query.

No engine answers: the transport of both clients gives back, at once, the answer that the engine gave
to the very same request before. Both are called as Lambda calls them, with API Gateway's event.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from chalice.app import Chalice

from chalicelib.spine import keys, table, wrapped_keys
from chalicelib.spine.gateways import kms
from chalicelib.spine.settings import settings
from infra.bench.office import Office
from infra.bench.pairing import median_ratio
from infra.bench.table import Line

MOST = 2.0
_ROUNDS = 20
_REQUESTS = 8
_PAGE = 25
_SUCCESS = 200


class Recorded:
    """A transport that lets each request through once, then gives its answer back itself."""

    def __init__(self) -> None:
        """Know no answer yet."""
        self._answers: dict[object, bytes] = {}
        self._asked: object = None

    @contextmanager
    def of(self, client: Any) -> Iterator[None]:  # noqa: ANN401 - boto3 makes its clients at run time.
        """Stand between a client and its service."""
        events = client.meta.events
        events.register("before-send.*", self._answer)
        events.register("response-received.*", self._remember)
        try:
            yield
        finally:
            events.unregister("before-send.*", self._answer)
            events.unregister("response-received.*", self._remember)

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        self._asked = (request.headers["X-Amz-Target"], request.body)
        body = self._answers.get(self._asked)
        if body is None:
            return None
        raw: Any = _Raw(body)
        return AWSResponse(request.url, _SUCCESS, HTTPHeaders(), raw)

    def _remember(self, response_dict: dict[str, Any], **_: object) -> None:
        if response_dict["status_code"] == _SUCCESS:
            self._answers.setdefault(self._asked, response_dict["body"])


class _Raw(BytesIO):
    """A body as urllib3 streams it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def warm_lists(application: Chalice, office: Office, key: str) -> Iterator[Line]:
    """Measure lists of 25, nothing but their Query left to ask; those of people open sealed fields."""
    for kind in ("pair", "mentor"):
        ratio = _ratio(application, office, key, kind)
        yield Line(
            f"CPU of a warm list of {_PAGE} {kind}s, engine excluded",
            f"≤ {MOST:g} × a bare route",
            f"× {ratio:.2f}",
            ratio <= MOST,
        )


def _ratio(application: Chalice, office: Office, key: str, kind: str) -> float:
    recorded = Recorded()
    client: Any = boto3.client("dynamodb")
    bare = _bare(client, keys.collection(office.tenant, kind.upper()))
    ours = _cpu(application, _event(f"/v1/{kind}s", key))
    theirs = _cpu(bare, _event("/bare", key))
    # What a process asks once, such as its tenant's keys, is asked before anything is recorded.
    ours()
    with ExitStack() as transports:
        for each in (client, table.shared_client(), wrapped_keys._client(), kms()):  # noqa: SLF001 - no other seam.
            transports.enter_context(recorded.of(each))
        ours(), theirs()
        return median_ratio(ours, theirs, _ROUNDS)


def _bare(client: Any, key: str) -> Chalice:  # noqa: ANN401 - likewise.
    """Make an application with one route that makes the Query of the list and returns its items."""
    bare = Chalice("bare")

    @bare.route("/bare")
    def page() -> dict[str, object]:
        found = client.query(
            TableName=settings().table,
            IndexName="by_tenant",
            KeyConditionExpression="tenant_key = :key",
            ExpressionAttributeValues={":key": {"S": key}},
            Limit=_PAGE,
        )
        return {"items": found["Items"], "next": found.get("LastEvaluatedKey")}

    return bare


def _cpu(application: Chalice, event: dict[str, object]) -> Callable[[], float]:
    """Give a measure of the processor's time for some requests."""

    def ask() -> None:
        answer = application(event, None)
        if answer["statusCode"] != _SUCCESS:
            message = f"the list answered {answer['statusCode']}: {answer['body'][:300]}"
            raise RuntimeError(message)

    def measure() -> float:
        started = time.process_time()
        for _ in range(_REQUESTS):
            ask()
        return time.process_time() - started

    return measure


def _event(path: str, key: str) -> dict[str, object]:
    """Give the event that API Gateway sends for a GET."""
    return {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        "headers": {"authorization": f"Bearer {key}", "content-type": "application/json"},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": path,
            "httpMethod": "GET",
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": None,
        "isBase64Encoded": False,
    }
