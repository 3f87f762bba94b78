"""Field encryption, one key per tenant: what is read from the table or a backup says nothing.

Each tenant has data keys made by KMS, bound to the tenant by their encryption context and kept
wrapped in a table of their own outside backups, so that destroying them erases the tenant for good.
A ciphertext carries its key's version and is bound to tenant, item and field: it cannot be moved.
"""

import hmac
from base64 import b64decode, b64encode, urlsafe_b64encode
from enum import Enum
from functools import cache
from hashlib import sha256
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.spine import wrapped_keys
from chalicelib.spine.gateways import kms
from chalicelib.spine.ids import TenantId
from chalicelib.spine.settings import settings

_NONCE = 12


class Purpose(Enum):
    """What a key is for; each purpose has a key of its own."""

    DATA = "DATA"
    LOOKUP = "LOOKUP"
    SIGNING = "SIGNING"


#: The version new text is sealed with. A ciphertext that claims any other must find its key made.
CURRENT = 1

#: The platform's own identities (mail → memberships) are not a tenant's data.
PLATFORM = TenantId("")


def sealed(tenant: TenantId, item: str, field: str, text: str | None) -> str | None:
    """Encrypt one field of one item; nothing stays nothing."""
    if text is None:
        return None
    nonce = urandom(_NONCE)
    cipher = AESGCM(_key(tenant, Purpose.DATA, CURRENT))
    payload = nonce + cipher.encrypt(nonce, text.encode(), _binding(tenant, item, field))
    return f"{CURRENT}.{b64encode(payload).decode()}"


def opened(tenant: TenantId, item: str, field: str, sealed_text: str | None) -> str | None:
    """Decrypt one field. Raises ValueError when it belongs elsewhere or was tampered with."""
    if sealed_text is None:
        return None
    version, _, payload = sealed_text.partition(".")
    raw = b64decode(payload)
    cipher = AESGCM(_key(tenant, Purpose.DATA, int(version)))
    try:
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _binding(tenant, item, field)).decode()
    except InvalidTag as error:
        message = f"the field {field} was sealed for something else"
        raise ValueError(message) from error


def lookup(tenant: TenantId, field: str, normal: str) -> str:
    """Hash a normalised value under the tenant's key, for exact look-up without decryption."""
    key = _key(tenant, Purpose.LOOKUP, CURRENT)
    return hmac.new(key, f"{field}\n{normal}".encode(), sha256).hexdigest()[:32]


def signature(tenant: TenantId, purpose: str, message: str) -> str:
    """Sign a message for one purpose (a link, a cursor), as URL-safe text of 22 characters."""
    key = _key(tenant, Purpose.SIGNING, CURRENT)
    digest = hmac.new(key, f"{purpose}\n{message}".encode(), sha256).digest()[:16]
    return urlsafe_b64encode(digest).decode().rstrip("=")


def is_signed(tenant: TenantId, purpose: str, message: str, given: str) -> bool:
    """Tell whether a signature is ours, without saying by its timing how far it was right."""
    return hmac.compare_digest(signature(tenant, purpose, message).encode(), given.encode())


@cache
def _key(tenant: TenantId, purpose: Purpose, version: int) -> bytes:
    """Unwrap a key once per process: KMS is asked once per tenant and purpose, not per field."""
    name = f"{purpose.value}#{version}"
    wrapped = wrapped_keys.read(tenant, name)
    if wrapped is None and version == CURRENT:
        wrapped_keys.create(tenant, name, _new_wrapped(tenant))
        wrapped = wrapped_keys.read(tenant, name)
    if wrapped is None:
        message = f"the keys of tenant {tenant} are gone"
        raise LookupError(message)
    return kms().decrypt(CiphertextBlob=wrapped, EncryptionContext=_context(tenant))["Plaintext"]


def _new_wrapped(tenant: TenantId) -> bytes:
    made = kms().generate_data_key_without_plaintext(
        KeyId=settings().kms_key, KeySpec="AES_256", EncryptionContext=_context(tenant)
    )
    return made["CiphertextBlob"]


def _context(tenant: TenantId) -> dict[str, str]:
    return {"tenant": tenant or "platform"}


def _binding(tenant: TenantId, item: str, field: str) -> bytes:
    return f"{tenant}\n{item}\n{field}".encode()
