"""The queue of deliveries. It holds ids alone: what a message says is read when it is sent."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil

from chalicelib.spine import gateways
from chalicelib.spine.ids import EventId, TenantId, WebhookId
from chalicelib.spine.settings import settings

#: The queue holds a message back for so long and no longer; later attempts go on the agenda.
LONGEST_DELAY = timedelta(minutes=15)
_AT_ONCE = 10


@dataclass(frozen=True)
class AttemptRequest:
    """That an attempt at a delivery is to be made, numbered from 1: each number is made once."""

    tenant: TenantId
    webhook: WebhookId
    delivery: EventId
    attempt: int


def ask(requests: Sequence[AttemptRequest], delay: timedelta = timedelta(0)) -> None:
    """Ask for attempts, after a delay of at most 15 minutes.

    Raises RuntimeError when the queue did not take them all; asking again does no harm.
    """
    seconds = max(0, ceil(delay.total_seconds()))
    for start in range(0, len(requests), _AT_ONCE):
        answer = gateways.queues().send_message_batch(
            QueueUrl=settings().webhook_queue_url,
            Entries=[
                {"Id": str(place), "MessageBody": json.dumps(asdict(each)), "DelaySeconds": seconds}
                for place, each in enumerate(requests[start : start + _AT_ONCE])
            ],
        )
        if answer.get("Failed"):
            message = f"the queue refused {len(answer['Failed'])} messages"
            raise RuntimeError(message)


def read(body: str) -> AttemptRequest:
    """Read a request back from the body of a message of ours."""
    given = json.loads(body)
    return AttemptRequest(
        TenantId(given["tenant"]), WebhookId(given["webhook"]), EventId(given["delivery"]), given["attempt"]
    )
