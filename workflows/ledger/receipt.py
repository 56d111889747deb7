"""Receipts: a piece of the log that people carry away in messages and comments."""

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from typing import Final

from workflows.ledger.errors import refuse

RECEIPT_BYTES: Final = 10
"""80 bits of the leaf. Fewer could be ground out by trying salts."""
_TEXT: Final = re.compile(r"#(0|[1-9][0-9]{0,18})·([A-Z2-7]{16})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Index and leaf prefix of one entry; printed as `#1234·K7QXK7QXK7QXK7QX`.

    `leaf` may be the whole leaf hash; only its first 80 bits are kept, so that printing and parsing are inverse.
    """

    index: int
    leaf: bytes

    def __post_init__(self) -> None:
        if self.index < 0:
            refuse("receipt index", "0 or more", self.index)
        if len(self.leaf) < RECEIPT_BYTES:
            refuse("receipt leaf", f"at least {RECEIPT_BYTES} bytes", f"{len(self.leaf)} bytes")
        object.__setattr__(self, "leaf", self.leaf[:RECEIPT_BYTES])

    def __str__(self) -> str:
        return f"#{self.index}·{b32encode(self.leaf).decode('ascii')}"

    @classmethod
    def parse(cls, text: str) -> "Receipt":
        """Read a receipt as people copy it: case and outer blanks do not matter. Broken for anything else."""
        found = _TEXT.fullmatch(text.strip().upper())
        if found is None:
            refuse("receipt", "#index·16 base32 characters", text)
        return cls(int(found[1]), b32decode(found[2]))

    def matches(self, leaf: bytes) -> bool:
        """Whether this is a receipt of the entry with that leaf hash (the index is for the caller to look up)."""
        return leaf[:RECEIPT_BYTES] == self.leaf
