"""C2SP checkpoints: origin, size and root of a log as the text of a signed note (c2sp.org/tlog-checkpoint)."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workflows.ledger.errors import Broken, refuse
from workflows.ledger.merkle import HASH_BYTES
from workflows.ledger.note import Signer, Verifier, open_note, sign_note

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: this many entries, this root."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            refuse("checkpoint origin", "one line", self.origin)
        if self.size < 0 or len(self.root) != HASH_BYTES:
            refuse("checkpoint", f"a size and {HASH_BYTES} bytes of root", f"{self.size}, {len(self.root)} bytes")

    def to_text(self) -> str:
        """Three lines. Extension lines are never written."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode('ascii')}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text; extension lines of other logs are passed over. Broken when it is no checkpoint."""
        lines = text.split("\n")
        if len(lines) <= _LINES or lines[-1] or not all(lines[:-1]):
            refuse("checkpoint", "origin, size and root, a line each", text)
        origin, size, root = lines[:_LINES]
        if _SIZE.fullmatch(size) is None:
            refuse("checkpoint size", "a decimal number", size)
        return cls(origin, int(size), _root(root))

    def sign(self, signers: Sequence[Signer]) -> str:
        """The checkpoint as a signed note."""
        return sign_note(self.to_text(), signers)

    @classmethod
    def open(cls, message: str | bytes, verifiers: Sequence[Verifier]) -> "Checkpoint":
        """The checkpoint in a note that the log signed with one of these keys. NoteError or Broken otherwise.

        The log's key bears the name of its origin; a witness' signature alone is not enough.
        """
        note = open_note(message, verifiers)
        checkpoint = cls.parse(note.text)
        names = {signature.name for signature in note.verified}
        if checkpoint.origin not in names:
            refuse("checkpoint", f"a signature by {checkpoint.origin}", sorted(names))
        return checkpoint


def _root(text: str) -> bytes:
    try:
        root = b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Broken("checkpoint root", "base64", str(error)) from error
    if len(root) != HASH_BYTES or b64encode(root).decode("ascii") != text:
        refuse("checkpoint root", f"base64 of {HASH_BYTES} bytes", text)
    return root
