"""What happens, and what it weighs: the events of the journal, before they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EventType(StrEnum):
    """Every event. Those in PUBLIC are offered to webhooks; the others feed counters and audit."""

    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_STAGE_CHANGED = "person.stage_changed"
    PERSON_ERASED = "person.erased"
    PAIR_PROPOSED = "pair.proposed"
    PAIR_ACCEPTED = "pair.accepted"
    PAIR_LAUNCHED = "pair.launched"
    PAIR_TURNED_GREEN = "pair.turned_green"
    PAIR_TURNED_ORANGE = "pair.turned_orange"
    PAIR_TURNED_RED = "pair.turned_red"
    PAIR_COUNTS_CHANGED = "pair.counts_changed"
    PAIR_PAUSED = "pair.paused"
    PAIR_RESUMED = "pair.resumed"
    PAIR_REASSIGNED = "pair.reassigned"
    PAIR_CLOSING = "pair.closing"
    PAIR_CLOSED = "pair.closed"
    PAIR_CONTACTED = "pair.contacted"
    SESSION_REPORTED = "session.reported"
    REMINDER_SENT = "reminder.sent"
    MEMBER_CHANGED = "member.changed"
    IMPORT_FINISHED = "import.finished"
    PROGRAMME_CHANGED = "programme.changed"
    STRUCTURE_CHANGED = "structure.changed"
    WEBHOOK_CHANGED = "webhook.changed"
    TENANT_CREATED = "tenant.created"
    KEY_CHANGED = "key.changed"


PUBLIC = frozenset(
    {
        EventType.PERSON_CREATED,
        EventType.PERSON_STAGE_CHANGED,
        EventType.PERSON_ERASED,
        EventType.PAIR_PROPOSED,
        EventType.PAIR_LAUNCHED,
        EventType.PAIR_TURNED_GREEN,
        EventType.PAIR_TURNED_ORANGE,
        EventType.PAIR_TURNED_RED,
        EventType.PAIR_PAUSED,
        EventType.PAIR_RESUMED,
        EventType.PAIR_REASSIGNED,
        EventType.PAIR_CLOSED,
        EventType.SESSION_REPORTED,
        EventType.REMINDER_SENT,
        EventType.MEMBER_CHANGED,
        EventType.IMPORT_FINISHED,
    }
)


@dataclass(frozen=True)
class Dimensions:
    """What a subject weighs in the figures, at one moment.

    An event carries them *before and after*, so that its effect on every counter can be told from
    the event alone and no order between events is assumed. `places` are a member's places.
    `launched_under` is the agreement under which a pair was launched, where it counts as launched.
    """

    of: str
    stage: str | None = None
    colour: str | None = None
    counts: bool = False
    territory: str | None = None
    structure: str | None = None
    coordinator: str | None = None
    programme: str | None = None
    launched_under: str | None = None
    places: int = 0


@dataclass(frozen=True)
class Event:
    """One change. `data` holds ids and codes, never a name or an address.

    `created` is the id of what the change made when it is not the subject itself (a session).
    """

    type: EventType
    subject: str
    before: Dimensions | None = None
    after: Dimensions | None = None
    data: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    created: str | None = None
