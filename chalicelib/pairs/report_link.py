"""The personal link of a mentor's session report: signed, expiring, and good for one pair.

A mentor has no account. The link opens a form; opening it changes nothing, so that a mail scanner
that follows links reports no session.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.spine import isolation
from chalicelib.spine.encryption import is_signed, signature
from chalicelib.spine.errors import NotFound
from chalicelib.spine.ids import TenantId, is_tenant_id, is_ulid
from chalicelib.spine.settings import settings

#: Long enough for somebody who reads mail once a month.
VALID = timedelta(days=45)
_PURPOSE = "session-report"


@dataclass(frozen=True)
class ReportLink:
    """Who may report, about which pair, until when (seconds since 1970)."""

    tenant: TenantId
    pair: str
    person: str
    expires_at: int

    def is_expired(self, now: datetime) -> bool:
        """Tell whether the link is too old to be used."""
        return now.timestamp() > self.expires_at


def report_url(tenant: TenantId, pair: str, person: str, now: datetime) -> str:
    """Make the address of a report form, in the scope of its tenant."""
    message = f"{tenant}.{pair}.{person}.{int((now + VALID).timestamp())}"
    body = urlsafe_b64encode(message.encode()).decode().rstrip("=")
    return f"{settings().public_url}/report/{body}-{signature(tenant, _PURPOSE, message)}"


def read_link(token: str) -> ReportLink:
    """Read a link back. Raises NotFound for any that is not ours, whatever is wrong with it."""
    nothing = NotFound.of("link", "this link is not one of ours", "Ce lien est incomplet.")
    body, given = token[:-23], token[-22:]
    try:
        message = urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
        tenant, pair, person, expires = message.split(".")
        expires_at = int(expires)
    except ValueError:
        raise nothing from None
    if token[-23:-22] != "-" or not (is_tenant_id(tenant) and is_ulid(pair)):
        raise nothing
    # The tenant is only believed once its own key has proved it.
    with isolation.acting_for(TenantId(tenant)):
        try:
            genuine = is_signed(TenantId(tenant), _PURPOSE, message, given)
        except LookupError:
            genuine = False
    if not genuine:
        raise nothing
    return ReportLink(TenantId(tenant), pair, person, expires_at)
