"""Reading the journal from the table's stream: at least once, in batches, tenant by tenant."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.spine import counting, isolation
from chalicelib.spine.ids import TenantId
from chalicelib.spine.journal import EventItem, Recorded, recorded

logger = logging.getLogger(__name__)

Publish = Callable[[Sequence[Recorded]], object]


def read(records: Sequence[Mapping[str, Any]], publish: Publish) -> dict[str, list[dict[str, str]]]:
    """Count the events of a batch and publish them; give the earliest record to read again.

    One tenant's failure holds back its own records, and those that follow in the shard: everything
    downstream recognises an event it has seen, so that reading again is harmless.
    """
    by_tenant: dict[TenantId, list[tuple[str, Recorded]]] = defaultdict(list)
    for record in records:
        image = record["dynamodb"].get("NewImage")
        if image is None or image.get("kind", {}).get("S") != "event" or "seeded" in image:
            continue
        item = EventItem()
        item.from_dynamodb_dict(dict(image))
        each = recorded(item)
        by_tenant[each.tenant].append((record["dynamodb"]["SequenceNumber"], each))
    failed: list[str] = []
    for tenant, numbered in by_tenant.items():
        events = [each for _, each in numbered]
        try:
            with isolation.acting_for(tenant):
                counting.count(tenant, events)
                publish(events)
        except Exception:
            logger.exception("%d events of %s are read again", len(events), tenant)
            failed.append(numbered[0][0])
    earliest = min(failed, key=lambda number: (len(number), number), default=None)
    return {"batchItemFailures": [{"itemIdentifier": earliest}] if earliest else []}
