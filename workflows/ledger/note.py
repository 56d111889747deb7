"""C2SP signed notes with Ed25519: text that carries signatures by named keys (c2sp.org/signed-note)."""

import binascii
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflows.ledger.errors import Broken

ED25519: Final = 0x01
MOST_BYTES: Final = 1_000_000
MOST_SIGNATURES: Final = 100
_KEY_ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_MARK: Final = "— "
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME: Final = re.compile(r"[^\s+]+")
_KEY_ID_HEX: Final = re.compile(r"[0-9a-f]{8}", re.ASCII)
_PRIVATE: Final = "PRIVATE+KEY+"


class NoteError(Broken):
    """No signed note, no key, or a signature that is not by its key. The only error of this module."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key it claims, and the bytes after the key id."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_MARK}{self.name} {b64encode(self.key_id + self.signature).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read: the text (with its last newline), signatures checked with a known key, and the others."""

    text: str
    verified: tuple[Signature, ...]
    unverified: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under its name; written `name+keyid+base64` (a vkey)."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256 over name and key, as signature lines carry them."""
        return sha256(self.name.encode() + b"\n" + bytes((ED25519,)) + self.key).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes((ED25519,)) + self.key).decode('ascii')}"

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read a vkey. NoteError when it is none, has another algorithm, or its id does not fit its key."""
        verifier = cls(*_key_parts(vkey))
        if f"+{verifier.key_id.hex()}+" != vkey[len(verifier.name) :][:10]:
            raise NoteError("verifier key", f"key id {verifier.key_id.hex()}", vkey)
        return verifier

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether the signature is by this key over this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode("utf-8"))
        except (InvalidSignature, ValueError):  # ValueError: bytes that are no point of the curve
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under its name; written `PRIVATE+KEY+name+keyid+base64`. Never shown by repr."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        """The public key."""
        return Verifier(self.name, self._key().public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """This key's signature over a text."""
        return Signature(self.name, self.verifier.key_id, self._key().sign(text.encode("utf-8")))

    def export(self) -> str:
        """The private key as text, to be stored outside the database, readable by nobody else."""
        encoded = b64encode(bytes((ED25519,)) + self.seed).decode("ascii")
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, skey: str) -> "Signer":
        """Read what `export` wrote. The error says nothing of the key itself."""
        if not skey.startswith(_PRIVATE):
            raise NoteError("signer key", f"{_PRIVATE}name+id+base64", "something else")
        try:
            signer = cls(*_key_parts(skey.removeprefix(_PRIVATE)))
        except NoteError:
            raise NoteError("signer key", f"{_PRIVATE}name+id+base64", "something else") from None
        if signer.export() != skey:
            raise NoteError("signer key", f"key id {signer.verifier.key_id.hex()}", "another one")
        return signer

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def sign_note(text: str, signers: Sequence[Signer], keep: Sequence[Signature] = ()) -> str:
    """The signed note: the text, signatures that stand already, then one by each signer."""
    if not _decode(text).endswith("\n"):
        raise NoteError("note text", "lines that end in a newline", text)
    if any(_NAME.fullmatch(signer.name) is None for signer in signers):
        raise NoteError("key name", "no blank and no +", [signer.name for signer in signers])
    signatures = [*keep, *(signer.sign(text) for signer in signers)]
    return text + "\n" + "".join(f"{signature}\n" for signature in signatures)


def open_note(message: str | bytes, verifiers: Sequence[Verifier]) -> Note:
    """Read a note. NoteError: malformed, a wrong signature by a known key, or no signature by a known key at all."""
    text, signatures = parse_note(message)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    if len(known) != len(set(verifiers)):
        raise NoteError("verifiers", "no two keys with one name and id", len(verifiers))
    verified: dict[tuple[str, bytes], Signature] = {}
    unverified: dict[Signature, None] = {}
    for signature in signatures:
        claimed = (signature.name, signature.key_id)
        if claimed not in known:
            unverified[signature] = None
        elif claimed not in verified:
            if not known[claimed].verifies(text, signature.signature):
                raise NoteError("note", f"a signature by {signature.name}", "a signature that does not verify")
            verified[claimed] = signature
    if not verified:
        raise NoteError("note", f"a signature by one of {sorted(verifier.name for verifier in verifiers)}", "none")
    return Note(text, tuple(verified.values()), tuple(unverified))


def parse_note(message: str | bytes) -> tuple[str, tuple[Signature, ...]]:
    """Text and signature lines of a note, nothing verified."""
    source = _decode(message)
    text, separator, block = source.rpartition("\n\n")
    if not separator or not block.endswith("\n"):
        raise NoteError("note", "text, an empty line, signature lines", source)
    lines = block[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteError("note", f"at most {MOST_SIGNATURES} signatures", len(lines))
    return text + "\n", tuple(_signature(line) for line in lines)


def _decode(message: str | bytes) -> str:
    try:
        data = message.encode("utf-8") if isinstance(message, str) else message
        source = data.decode("utf-8")
    except UnicodeError as error:
        raise NoteError("note", "UTF-8", str(error)) from error
    if len(data) > MOST_BYTES:
        raise NoteError("note", f"at most {MOST_BYTES} bytes", len(data))
    if _CONTROL.search(source):
        raise NoteError("note", "no control characters", source)
    return source


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or _NAME.fullmatch(name) is None:
        raise NoteError("signature line", f"{_MARK}name base64", line)
    data = _base64(encoded)
    if len(data) <= _KEY_ID_BYTES:
        raise NoteError("signature", f"more than {_KEY_ID_BYTES} bytes", len(data))
    return Signature(name, data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:])


def _key_parts(text: str) -> tuple[str, bytes]:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    if _NAME.fullmatch(name) is None or _KEY_ID_HEX.fullmatch(key_id) is None:
        raise NoteError("key", "name+id+base64", text)
    data = _base64(encoded)
    if len(data) != 1 + _KEY_BYTES or data[0] != ED25519:
        raise NoteError("key", f"Ed25519 with {_KEY_BYTES} bytes", f"algorithm {data[:1].hex()}, {len(data) - 1} bytes")
    return name, data[1:]


def _base64(text: str) -> bytes:
    """Standard base64 in its one spelling: else a note could be altered without its signature noticing."""
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise NoteError("base64", "standard base64", str(error)) from error
    if b64encode(data).decode("ascii") != text:
        raise NoteError("base64", "its canonical spelling", text)
    return data
