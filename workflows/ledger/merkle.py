"""The Merkle tree of RFC 9162, section 2.1: hashes, and the compact form that appending needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from workflows.ledger.errors import refuse

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """The leaf of an entry: SHA-256(0x00 ‖ body)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the complete subtrees of a log, biggest first: all that appending and the root need."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def push(self, leaf: bytes) -> "Frontier":
        """The frontier after one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """The frontier after these leaf hashes, in order."""
        stack = list(self.hashes)
        size = self.size
        for leaf in leaves:
            node, filled = leaf, size
            while filled & 1:
                node = sha256(b"\x01" + stack.pop() + node).digest()
                filled >>= 1
            stack.append(node)
            size += 1
        return Frontier(size, tuple(stack))

    def root(self) -> bytes:
        """The tree head over all leaves (of the empty tree: SHA-256 of nothing)."""
        if not self.hashes:
            return EMPTY_ROOT
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = node_hash(left, node)
        return node

    def to_bytes(self) -> bytes:
        """The stored form: the hashes one after the other."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, blob: bytes) -> "Frontier":
        """Read the stored form. Broken when the number of hashes does not fit the size."""
        if size < 0:
            refuse("log size", "0 or more", size)
        if len(blob) != HASH_BYTES * size.bit_count():
            refuse(f"frontier of {size} entries", f"{HASH_BYTES * size.bit_count()} bytes", f"{len(blob)} bytes")
        return cls(size, tuple(blob[at : at + HASH_BYTES] for at in range(0, len(blob), HASH_BYTES)))


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    return Frontier().extend(leaves).root()
