"""The steps of a sign-in, kept for the browser that takes them: a code that waits, then a choice.

Nothing here is told to the browser but the secret of its cookie, under whose hash a step is filed.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.spine import encryption, isolation, keys
from chalicelib.spine.clock import moment, stamp
from chalicelib.spine.encryption import PLATFORM
from chalicelib.spine.errors import Conflict
from chalicelib.spine.table import Item
from chalicelib.spine.transaction import Change, Create, Remove, Technical, technical_write
from chalicelib.tenancy.identity.store import hashed, mail_hash


class CodeItem(Item, discriminator="sign_in_code"):
    """A six-digit code waiting to be typed in the browser that asked for it."""

    mail_hash = UnicodeAttribute()
    mail_sealed = UnicodeAttribute()
    code_hash = UnicodeAttribute()
    source_hash = UnicodeAttribute()
    next_path = UnicodeAttribute()
    asked_at = UnicodeAttribute()
    tries_left = NumberAttribute()
    used = BooleanAttribute(null=True)
    expires_at = NumberAttribute()


class ChoiceItem(Item, discriminator="sign_in_choice"):
    """A proven address that opens several tenants, until one is chosen."""

    mail_hash = UnicodeAttribute()
    next_path = UnicodeAttribute()
    expires_at = NumberAttribute()


@dataclass(frozen=True)
class NewCode:
    """What is kept of a code that was asked for. `source_hash` is of where it was asked from."""

    address: str
    code: str
    source_hash: str
    next_path: str
    tries: int
    asked: datetime
    expires: datetime


@dataclass(frozen=True)
class Waiting:
    """What a browser may be shown of the code it waits for."""

    address: str
    tries_left: int


@dataclass(frozen=True)
class Proof:
    """What the right code proves: whose address it is, and what was asked for and when."""

    mail_hash: str
    source_hash: str
    next_path: str
    asked: datetime


@dataclass(frozen=True)
class Choice:
    """A proven address that has yet to say which tenant it wants."""

    mail_hash: str
    next_path: str


def keep_code(browser: str, new: NewCode) -> None:
    """Keep a code for the browser that asked for it; the address is sealed, the code hashed."""
    partition = _code_key(browser)
    item = CodeItem(
        partition,
        keys.SELF,
        mail_hash=mail_hash(new.address),
        mail_sealed=encryption.sealed(PLATFORM, partition, "mail", new.address),
        code_hash=hashed(f"{browser}\n{new.code}"),
        source_hash=new.source_hash,
        next_path=new.next_path,
        asked_at=stamp(new.asked),
        tries_left=new.tries,
        expires_at=int(new.expires.timestamp()),
    )
    with isolation.acting_as_system():
        technical_write(Technical.SIGN_IN, [Create(item)])


def waiting(browser: str, now: datetime) -> Waiting | None:
    """Find the code a browser waits for; None when there is none, or it expired or was used."""
    with isolation.acting_as_system():
        try:
            item = CodeItem.get(_code_key(browser), keys.SELF, consistent_read=True)
        except CodeItem.DoesNotExist:
            return None
    if item.used or item.expires_at <= now.timestamp():
        return None
    address = encryption.opened(PLATFORM, item.pk, "mail", item.mail_sealed)
    return Waiting(address or "", int(item.tries_left))


def spend_try(browser: str, code: str, now: datetime) -> Proof | None:
    """Try a code: give what it proves, or None when it is wrong.

    Each try is paid for before it is looked at, so that trying at once from many places gains
    nothing, and the right code works once. Raises Conflict when no code waits here, it expired, or
    its tries are spent.
    """
    item = CodeItem(_code_key(browser), keys.SELF)
    none_waits = Conflict(detail="no code waits for this browser")
    unused = CodeItem.used.does_not_exist()
    open_still = unused & (CodeItem.tries_left > 0) & (CodeItem.expires_at > int(now.timestamp()))
    pay = Change(item, [CodeItem.tries_left.add(-1)], condition=open_still, refusal=none_waits)
    with isolation.acting_as_system():
        technical_write(Technical.SIGN_IN, [pay])
        kept = CodeItem.get(item.pk, item.sk, consistent_read=True)
        if not hmac.compare_digest(kept.code_hash, hashed(f"{browser}\n{code}")):
            return None
        use = Change(item, [CodeItem.used.set(True)], condition=unused, refusal=none_waits)
        technical_write(Technical.SIGN_IN, [use])
    return Proof(kept.mail_hash, kept.source_hash, kept.next_path, moment(kept.asked_at))


def keep_choice(browser: str, choice: Choice, expires: datetime) -> None:
    """Keep a choice to be made, for the browser that proved the address."""
    item = ChoiceItem(
        _choice_key(browser),
        keys.SELF,
        mail_hash=choice.mail_hash,
        next_path=choice.next_path,
        expires_at=int(expires.timestamp()),
    )
    with isolation.acting_as_system():
        technical_write(Technical.SIGN_IN, [Create(item)])


def find_choice(browser: str, now: datetime) -> Choice | None:
    """Find the choice a browser has to make; None when there is none or it expired."""
    with isolation.acting_as_system():
        try:
            item = ChoiceItem.get(_choice_key(browser), keys.SELF, consistent_read=True)
        except ChoiceItem.DoesNotExist:
            return None
    return None if item.expires_at <= now.timestamp() else Choice(item.mail_hash, item.next_path)


def forget(browser: str) -> None:
    """Forget every step of a browser's sign-in."""
    with isolation.acting_as_system():
        code, choice = CodeItem(_code_key(browser), keys.SELF), ChoiceItem(_choice_key(browser), keys.SELF)
        technical_write(Technical.SIGN_IN, [Remove(code), Remove(choice)])


def _code_key(browser: str) -> str:
    return f"G#CODE#{hashed(browser)}"


def _choice_key(browser: str) -> str:
    return f"G#CHOICE#{hashed(browser)}"
