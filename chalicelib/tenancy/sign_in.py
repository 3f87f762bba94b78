"""Signing in without a password: a six-digit code by mail, typed in the browser that asked for it.

Whoever asks sees the same answers whether the address is known or not, and costs about the same
work: what differs is only who receives the mail.
"""

import ipaddress
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from chalicelib.spine import encryption, isolation
from chalicelib.spine.encryption import PLATFORM
from chalicelib.spine.errors import FieldProblem, Invalid, NotFound, TooMany
from chalicelib.spine.mail import Mail, NotSent, send
from chalicelib.spine.rendering import render_mail
from chalicelib.spine.settings import settings
from chalicelib.tenancy import store
from chalicelib.tenancy.identity import sign_in_store
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.identity.sign_in_store import Choice, NewCode
from chalicelib.tenancy.identity.store import Membership

logger = logging.getLogger(__name__)

CODE_LIVES = timedelta(minutes=10)
SESSION_LIVES = timedelta(hours=12)
TRIES = 5
MOST_PER_ADDRESS = 10
MOST_PER_SOURCE = 20
#: Where the code of an unknown address goes on AWS: SES takes it like any other, and keeps it.
_NOBODY = "success@simulator.amazonses.com"
_LONGEST_PATH = 500
_LONGEST_ADDRESS = 254
# Before the @ ASCII alone: it is all the mail service takes, and a letter that only looks like
# another must not stand for it.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[^@\s<>()\[\]\",;:\\]+\.[^@\s<>()\[\]\",;:\\]+")


@dataclass(frozen=True)
class Opening:
    """A tenant that a proven address opens, with what the choice shows of it: `roles` are words."""

    membership: Membership
    tenant_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """Where a browser goes next, with its new secret: of a session, or of a choice still to make."""

    secret: str
    is_session: bool
    path: str


def ask_code(address: str, next_path: str, source: str, now: datetime) -> str:
    """Send a code to an address if it is a member's; give the secret of the asking browser.

    `source` is the network address of the asker. Raises Invalid for what is no address, and TooMany,
    for known and unknown alike.
    """
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise Invalid(
            FieldProblem(
                "email",
                "give one mail address such as prenom.nom@exemple.fr",
                "Donnez une adresse complète, par exemple prenom.nom@exemple.fr.",
            )
        )
    source_hash = hashed_source(source)
    _count(_per_source(source_hash), MOST_PER_SOURCE, now)
    mail_hash = identities.mail_hash(address)
    _count(_per_address(mail_hash), MOST_PER_ADDRESS, now)
    browser = secrets.token_urlsafe(32)
    code = f"{secrets.randbelow(10**6):06}"
    expires = now + CODE_LIVES
    new = NewCode(address, code, source_hash, local_path(next_path), TRIES, now, expires)
    sign_in_store.keep_code(browser, new)
    _send_code(address, code, identities.memberships(mail_hash), now)
    return browser


def type_code(browser: str, code: str, former_session: str, now: datetime) -> Entry:
    """Exchange the right code for a session, or for a choice when the address opens several tenants.

    Raises Invalid when the code is wrong and Conflict when none waits in this browser any more.
    """
    proof = sign_in_store.spend_try(browser, code, now)
    found = openings(proof.mail_hash) if proof else []
    if proof is None or not found:
        raise Invalid(
            FieldProblem(
                "code",
                "this is not the code that was sent",
                "Ce code ne correspond pas au dernier que vous avez reçu.",
            )
        )
    identities.give_back(_per_source(proof.source_hash), proof.asked)
    identities.give_back(_per_address(proof.mail_hash), proof.asked)
    if len(found) == 1:
        return _session(browser, found[0].membership, former_session, proof.next_path, now)
    secret = secrets.token_urlsafe(32)
    sign_in_store.keep_choice(secret, Choice(proof.mail_hash, proof.next_path), now + CODE_LIVES)
    sign_in_store.forget(browser)
    return Entry(secret, is_session=False, path="/sign-in/tenant")


def choose(browser: str, tenant_id: str, former_session: str, now: datetime) -> Entry:
    """Open a session in one of the tenants a proven address opens.

    Raises NotFound when this browser has no choice to make, or not that one.
    """
    choice = sign_in_store.find_choice(browser, now)
    for opening in openings(choice.mail_hash) if choice else []:
        if choice and opening.membership.tenant == tenant_id:
            return _session(browser, opening.membership, former_session, choice.next_path, now)
    raise NotFound.of("tenant_id", "choose one of the tenants that were offered")


def choices(browser: str, now: datetime) -> list[Opening]:
    """Give the tenants this browser may choose from; none when it has proven no address."""
    choice = sign_in_store.find_choice(browser, now)
    return openings(choice.mail_hash) if choice else []


def openings(mail_hash: str) -> list[Opening]:
    """Give the tenants a proven address opens, by name, each once; those it has left are passed over."""
    found: dict[str, Opening] = {}
    for membership in identities.memberships(mail_hash):
        with isolation.acting_for(membership.tenant):
            try:
                tenant = store.tenant(membership.tenant)
                member = store.member(membership.tenant, membership.member)
            except NotFound:
                continue
        roles = tuple(tenant.role_word(role) for role in member.roles)
        found.setdefault(membership.tenant, Opening(membership, tenant.name, roles))
    return sorted(found.values(), key=lambda each: each.tenant_name.casefold())


def sign_out(session: str) -> None:
    """End a session, if it is one."""
    if session:
        identities.close_session(session)


def local_path(text: str) -> str:
    """Let through a path of ours to go on to after signing in; anything else becomes the home page.

    Refused: another site in any spelling a browser would follow (`//…`, a backslash, a scheme, a
    control character that browsers drop), and the sign-in itself.
    """
    ordinary = text.isascii() and text.isprintable() and " " not in text and "\\" not in text
    if not ordinary or not text.startswith("/") or len(text) > _LONGEST_PATH:
        return "/"
    try:
        read = urlsplit(text)
    except ValueError:
        return "/"
    elsewhere = read.scheme or read.netloc or text.startswith(("//", "/sign-in", "/sign-out"))
    return "/" if elsewhere else text


def seconds_left_in_hour(now: datetime) -> int:
    """Give the seconds after which attempts are counted anew."""
    return 3600 - now.minute * 60 - now.second


def hashed_source(source: str) -> str:
    """Hash where a request came from; one household or office of IPv6 is one source (its /64)."""
    try:
        read = ipaddress.ip_address(source)
    except ValueError:
        return encryption.lookup(PLATFORM, "source", "unknown")
    if read.version == 6:  # noqa: PLR2004 - the version of the protocol.
        source = str(ipaddress.ip_network((read, 64), strict=False))
    return encryption.lookup(PLATFORM, "source", source)


def _per_source(source_hash: str) -> str:
    return f"SIGN-IN-FROM#{source_hash}"


def _per_address(mail_hash: str) -> str:
    return f"SIGN-IN-AS#{mail_hash}"


def _count(what: str, most: int, now: datetime) -> None:
    """Count an attempt to sign in.

    One that ends in a session is given back, since it was honest: an office behind one address may
    hold more people than the limit.
    """
    if not identities.attempt(what, most, now):
        raise TooMany(
            FieldProblem("email", "too many codes were asked for: try again within the hour"),
            retry_after=seconds_left_in_hour(now),
        )


def _send_code(address: str, code: str, known: list[Membership], now: datetime) -> None:
    subject, text = render_mail("tenancy/mail_code.txt", {"first_name": "", "code": code})
    if not known and settings().is_local:
        return
    tenants = {each.tenant for each in known}
    mail = Mail(
        tenant=tenants.pop() if len(tenants) == 1 else PLATFORM,
        sender="Binôme",
        to=address if known else _NOBODY,
        subject=subject,
        text=text,
        tags={"what": "sign-in-code"},
    )
    try:
        send(mail, now)
    except (NotSent, ValueError):
        # Told to nobody but the logs: the answer must not say whether there was anybody to write to.
        logger.exception("a sign-in code was not sent")


def _session(
    browser: str, membership: Membership, former_session: str, next_path: str, now: datetime
) -> Entry:
    """Open a session under a new secret; what led to it, and the session before it, are over."""
    secret = secrets.token_urlsafe(32)
    identities.open_session(secret, membership, now + SESSION_LIVES)
    sign_in_store.forget(browser)
    sign_out(former_session)
    return Entry(secret, is_session=True, path=next_path)
