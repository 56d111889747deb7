"""Salted commitments (RFC 9901, section 4.2): the hashed entry holds a digest, the erasable value lies beside it."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from workflows.ledger.canonical import Json, canonical, parse_value
from workflows.ledger.errors import Broken, refuse

SALT_BYTES: Final = 16
"""128 bits, as RFC 9901 section 9.3 recommends: without the salt, a digest of a short value cannot be guessed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A disclosure, read."""

    salt: bytes
    name: str
    value: Json


def make(salt: bytes, name: str, value: Json) -> str:
    """The disclosure of a field: base64url of `[salt, name, value]`. Broken for a short salt or a value not JSON."""
    if len(salt) < SALT_BYTES:
        refuse("salt", f"at least {SALT_BYTES} bytes", f"{len(salt)} bytes")
    return _encode(canonical([_encode(salt), name, value]))


def digest(disclosure: str) -> str:
    """What the entry holds instead: base64url of SHA-256 over the ASCII of the disclosure, not over what it holds."""
    try:
        hashed = sha256(disclosure.encode("ascii")).digest()
    except UnicodeEncodeError as error:
        raise Broken("disclosure", "ASCII", str(error)) from error
    return urlsafe_b64encode(hashed)[:-1].decode("ascii")


def open_disclosure(disclosure: str) -> Opened:
    """Read a disclosure. Broken when it is none."""
    match parse_value(_decode(disclosure)):
        case [str(salt), str(name), value]:
            return Opened(_salt(salt), name, value)
        case other:
            return refuse("disclosure", "[salt, name, value]", type(other).__name__)


def _salt(text: str) -> bytes:
    salt = _decode(text)
    if len(salt) < SALT_BYTES:
        refuse("salt", f"at least {SALT_BYTES} bytes", f"{len(salt)} bytes")
    return salt


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    try:
        data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Broken("base64url", "base64url without padding", str(error)) from error
    if _encode(data) != text:
        refuse("base64url", "base64url without padding", "another spelling")
    return data
