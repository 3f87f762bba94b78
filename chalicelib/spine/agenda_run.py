"""One run of the agenda: find what is due, take each entry, do its job.

A run never remembers anything: what it does not finish is still due at the end of its lease. With
little due it works at once; with much it hands batches to a queue, so that a tick stays short.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from chalicelib.spine import agenda, clock, isolation
from chalicelib.spine.agenda import Entry
from chalicelib.spine.clock import stamp
from chalicelib.spine.gateways import queues
from chalicelib.spine.ids import TenantId
from chalicelib.spine.settings import settings

logger = logging.getLogger(__name__)

#: Up to this many entries a tick works itself: a call through a queue would only cost time.
AT_ONCE = 50
_BATCH = 10

Job = Callable[[Entry], None]


def tick(now: datetime, jobs: Mapping[str, Job]) -> dict[str, int]:
    """Do, or hand to the queue, everything that is due. Gives `{"due": …, "done": …, "queued": …}`."""
    due = agenda.due(now)
    first = list(islice(due, AT_ONCE + 1))
    if len(first) <= AT_ONCE:
        return {"due": len(first), "done": take(first, now, jobs), "queued": 0}
    queued = 0
    batch: list[Entry] = []
    for entry in _chained(first, due):
        batch.append(entry)
        if len(batch) == _BATCH:
            queued += _hand_over(batch, now)
            batch = []
    queued += _hand_over(batch, now)
    return {"due": queued, "done": 0, "queued": queued}


def take(entries: Iterable[Entry], now: datetime, jobs: Mapping[str, Job]) -> int:
    """Take entries one by one; one that fails is logged, stays on the agenda and stops no other."""
    done = 0
    for entry in entries:
        with clock.at(now), isolation.acting_for(entry.tenant):
            try:
                if agenda.claim(entry, now):
                    jobs[entry.job](entry)
                    done += 1
            except Exception:
                logger.exception("job %s failed; it is due again after its lease", entry.job)
    return done


def take_message(body: str, jobs: Mapping[str, Job]) -> int:
    """Take a batch that a tick handed to the queue."""
    read = json.loads(body)
    entries = [Entry(**{**each, "tenant": TenantId(each["tenant"])}) for each in read["entries"]]
    return take(entries, clock.moment(read["at"]), jobs)


def _hand_over(batch: list[Entry], now: datetime) -> int:
    if batch:
        body = json.dumps({"at": stamp(now), "entries": [asdict(entry) for entry in batch]})
        queues().send_message(QueueUrl=settings().due_queue_url, MessageBody=body)
    return len(batch)


def _chained(first: list[Entry], rest: Iterable[Entry]) -> Iterable[Entry]:
    yield from first
    yield from rest
