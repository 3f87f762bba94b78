"""Decisions about webhooks: when to try again, what an answer means, how a message is signed.

They follow the Standard Webhooks specification. Messages are signed by its own library,
`standardwebhooks`, which since 1.1 is one module of 4 kB without a dependency (1.0 brought an HTTP
client along, hence the lower bound in the requirements).
"""

import re
from base64 import b64encode
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from standardwebhooks import Webhook

from chalicelib.spine.errors import FieldProblem

#: How long to wait before each attempt, the first included: the specification's own schedule,
#: 75 hours 35 minutes 5 seconds in all.
ATTEMPT_DELAYS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)

#: Jitter lengthens a wait by at most this share of it, so that the messages a receiver missed
#: during an outage do not all come back in the same second.
LONGEST_JITTER = 0.1

#: A receiver may ask for a pause, not for the message to be forgotten.
LONGEST_RETRY_AFTER = timedelta(hours=24)

#: A receiver that has failed for so long is disabled and its owner told.
FAILING_BEFORE_DISABLED = timedelta(days=5)

#: Only here, and only where the stage allows it, may a receiver listen without TLS.
LOOPBACK = "127.0.0.1"

#: The territory code of the whole country, which holds what happens in no region as well.
WHOLE_COUNTRY = "FR"

SECRET_PREFIX = "whsec_"  # noqa: S105 - the specification's mark of a secret, not one.
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
LONGEST_URL = 2048
HTTPS_PORT = 443
FIRST_UNPRIVILEGED_PORT, LAST_PORT = 1024, 65535

_PRINTABLE_ASCII = re.compile(r"[!-\[\]-~]+")
_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_SECONDS = re.compile(r"[0-9]{1,9}")

# `ipaddress` alone does not tell what may be called: on Python 3.11 `is_global` is true for NAT64,
# 6to4, site-local, SRv6 and some documentation addresses. IPv6 is therefore what IANA allocates to
# the public internet (2000::/3) less the special blocks inside it (Teredo, ORCHID and benchmarks in
# 2001::/23, then documentation, 6to4, documentation); IPv4 adds protocol assignments and the 6to4
# relay.
_IPV6_PUBLIC = IPv6Network("2000::/3")
_IPV6_SPECIAL = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")),
)
_IPV4_SPECIAL = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))


class Outcome(StrEnum):
    """What one attempt came to."""

    DELIVERED = "delivered"
    FAILED = "failed"
    GONE = "gone"


def judge(status: int) -> Outcome:
    """Tell what an HTTP status means; 0 stands for an attempt that got no answer.

    Any 2xx is a delivery. A redirect is a failure: the owner changes the address instead. 410 says
    that the receiver wants nothing more, and disables it at once.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome.DELIVERED
    return Outcome.GONE if status == HTTPStatus.GONE else Outcome.FAILED


def next_attempt_at(
    attempt: int,
    failed_at: datetime,
    retry_after: int | None,
    jitter: float,
) -> datetime | None:
    """Give the moment of the next attempt, or None when the schedule is used up.

    `attempt` numbers the one that failed, from 1. `retry_after` is in seconds, as the receiver
    asked: it can lengthen the planned wait, up to 24 hours, never shorten it. `jitter` is drawn by
    the caller in [0, 1). Raises ValueError for figures outside these ranges.
    """
    if attempt < 1 or not 0 <= jitter < 1:
        message = f"attempt {attempt} counts from 1 and jitter {jitter} lies in [0, 1)"
        raise ValueError(message)
    if attempt >= len(ATTEMPT_DELAYS):
        return None
    asked = timedelta(seconds=min(retry_after or 0, LONGEST_RETRY_AFTER.total_seconds()))
    return failed_at + max(ATTEMPT_DELAYS[attempt], asked) * (1 + LONGEST_JITTER * jitter)


def parse_retry_after(retry_after: str | None, answered_on: str | None) -> int | None:
    """Read a `Retry-After` header as seconds; None when it is absent or unreadable.

    The header may hold a date instead of seconds. It is then compared with the `Date` header of the
    same answer, so that a receiver whose clock is wrong still gets the pause it meant.
    """
    text = (retry_after or "").strip()
    if _SECONDS.fullmatch(text):
        return int(text)
    until, answered = _http_date(text), _http_date(answered_on or "")
    if until is None or answered is None:
        return None
    return max(0, int((until - answered).total_seconds()))


def _http_date(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def should_disable(first_failure_at: datetime | None, now: datetime) -> bool:
    """Tell whether a receiver has failed without a break for five days.

    `first_failure_at` is the first failure since the last delivery, None where there is none.
    """
    return first_failure_at is not None and now - first_failure_at >= FAILING_BEFORE_DISABLED


def wants(
    subscribed_events: Collection[str],
    territories: Collection[str],
    event_type: str,
    event_region: str | None,
    event_department: str | None,
) -> bool:
    """Tell whether a webhook is to hear of an event.

    Without territories it hears of all of them. With some, an event that happened in none of them,
    or in no territory at all, is kept from it: what cannot be placed is not sent to whom may see
    one place only.
    """
    if event_type not in subscribed_events:
        return False
    if not territories or WHOLE_COUNTRY in territories:
        return True
    return any(place in territories for place in (event_region, event_department) if place)


def new_secret(random: bytes) -> str:
    """Write random bytes as a signing secret, `whsec_` and base64.

    Raises ValueError unless there are 24 to 64 bytes, as the specification wants.
    """
    if not SHORTEST_SECRET <= len(random) <= LONGEST_SECRET:
        message = f"a secret takes {SHORTEST_SECRET} to {LONGEST_SECRET} bytes, not {len(random)}"
        raise ValueError(message)
    return SECRET_PREFIX + b64encode(random).decode("ascii")


def signed_headers(
    message_id: str,
    sent_at: datetime,
    body: bytes,
    secrets: Sequence[str],
) -> dict[str, str]:
    """Give the headers of one attempt at sending a message.

    `message_id` stays the same over all attempts, `sent_at` is this attempt's moment by the wall
    clock: receivers refuse a message five minutes off. Every secret signs, newest first, so that a
    receiver may change over while two are valid. `body` is UTF-8 and is sent byte for byte. Raises
    ValueError without a secret, for a moment without a time zone, and for an id holding a full stop
    (the signed text is split at full stops).
    """
    if not secrets or sent_at.tzinfo is None or "." in message_id:
        message = "signing takes a secret, a moment with its time zone, an id without full stop"
        raise ValueError(message)
    # The library reads any moment as if it were in UTC.
    moment, text = sent_at.astimezone(UTC), body.decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Binome-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, moment, text) for secret in secrets),
    }


def public_address(text: str) -> str | None:
    """Give the address to connect to, or None unless it is global unicast.

    An IPv4 address mapped into IPv6 is unwrapped and judged, and called, as IPv4.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if address.version == 6:  # noqa: PLR2004 - the version of the protocol.
        if address.ipv4_mapped is None:
            public = address in _IPV6_PUBLIC and address.scope_id is None
            special = any(address in block for block in _IPV6_SPECIAL)
            return str(address) if public and address.is_global and not special else None
        address = address.ipv4_mapped
    return str(address) if _is_public_ipv4(address) else None


def _is_public_ipv4(address: IPv4Address) -> bool:
    special = address.is_multicast or address.is_reserved
    return address.is_global and not special and not any(address in b for b in _IPV4_SPECIAL)


def url_problem(url: str, *, allow_loopback: bool) -> FieldProblem | None:
    """Tell what is wrong with a receiver's address, as far as no name need be resolved.

    `allow_loopback` is true on the local stage alone: `http://127.0.0.1` then passes too. A host
    that passes may still resolve to a private address, which is judged at each attempt.
    """
    if len(url) > LONGEST_URL or not _PRINTABLE_ASCII.fullmatch(url):
        return _NOT_PRINTABLE
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS_PORT
    except ValueError:
        return _BAD_HOST
    loopback = allow_loopback and parts.scheme == "http" and parts.hostname == LOOPBACK
    checks = (
        ("@" in parts.netloc, _HOLDS_CREDENTIALS),
        ("#" in url, _HOLDS_FRAGMENT),
        (not loopback and parts.scheme != "https", _NOT_HTTPS),
        (not loopback and not _is_public_host(parts), _BAD_HOST),
        (not loopback and port != HTTPS_PORT and port < FIRST_UNPRIVILEGED_PORT, _BAD_PORT),
    )
    return next((problem for broken, problem in checks if broken), None)


def _is_public_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    # A domain's last label starts with a letter, which leaves out every spelling of an IPv4 address
    # that resolvers understand besides the usual one (2130706433, 0x7f.1, 127.1).
    return public_address(host) is not None or _DOMAIN.fullmatch(host) is not None


def _problem(message: str, french: str) -> FieldProblem:
    return FieldProblem("url", message, french)


_NOT_PRINTABLE = _problem(
    f"must be at most {LONGEST_URL} characters of ASCII without spaces or backslashes;"
    " write accented domains in their xn-- form and encode other characters with %",
    f"L'adresse compte au plus {LONGEST_URL} caractères, sans accent, espace ni barre inverse ;"
    " un domaine accentué s'écrit sous sa forme xn--.",
)
_NOT_HTTPS = _problem(
    "must start with https://",
    "L'adresse doit commencer par https://.",
)
_HOLDS_CREDENTIALS = _problem(
    "must not hold a user name or a password; check the webhook's signature instead",
    "L'adresse ne doit contenir ni identifiant ni mot de passe : vérifiez plutôt la signature.",
)
_HOLDS_FRAGMENT = _problem(
    "must not hold a fragment (what follows #)",
    "L'adresse ne doit pas contenir de fragment (ce qui suit #).",
)
_BAD_HOST = _problem(
    "must name a public host, such as https://crm.example.org/binome",
    "L'adresse doit désigner un serveur public, par exemple https://crm.example.org/binome.",
)
_BAD_PORT = _problem(
    f"must use port {HTTPS_PORT}, or one from {FIRST_UNPRIVILEGED_PORT} to {LAST_PORT}",
    f"Le port doit être {HTTPS_PORT}, ou compris entre {FIRST_UNPRIVILEGED_PORT} et {LAST_PORT}.",
)
