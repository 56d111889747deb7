"""The Merkle tree of RFC 9162, section 2.1: hashes, the compact form that appending needs, proofs and their checks."""

from collections.abc import Iterable, Mapping, Sequence
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


class Tree:
    """All complete subtrees over some leaf hashes, built once (one hash per leaf); a proof then takes O(log² n)."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.size = len(leaves)
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves (None: all)."""
        size = self.size if size is None else size
        _check_range("tree size", size, 0, self.size)
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """The audit path of a leaf in the tree of `size` leaves, from the leaf upwards (RFC 9162, 2.1.3.1)."""
        size = self.size if size is None else size
        _check_range("tree size", size, 1, self.size)
        _check_range("leaf index", index, 0, size - 1)
        path: list[bytes] = []
        low, high = 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._subtree(middle, high))
                high = middle
            else:
                path.append(self._subtree(low, middle))
                low = middle
        return tuple(reversed(path))

    def consistency_proof(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """The proof that the first `old` leaves are a prefix of the first `new` (RFC 9162, 2.1.4.1)."""
        new = self.size if new is None else new
        _check_range("new size", new, 1, self.size)
        _check_range("old size", old, 1, new)
        path: list[bytes] = []
        low, high = 0, new
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._subtree(middle, high))
                high = middle
            else:
                path.append(self._subtree(low, middle))
                low = middle
        if low:
            path.append(self._subtree(low, high))
        return tuple(reversed(path))

    def _subtree(self, low: int, high: int) -> bytes:
        """The hash over leaves `low` to `high - 1`, a range that RFC 9162 splits the tree into."""
        width = high - low
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._levels[level][low >> level]
        middle = low + _split(width)
        return node_hash(self._subtree(low, middle), self._subtree(middle, high))


def inclusion_proof(leaves: Sequence[bytes], index: int, size: int) -> tuple[bytes, ...]:
    """The audit path of one leaf in the tree over the first `size` leaf hashes. Several proofs: use `Tree`."""
    _check_range("tree size", size, 1, len(leaves))
    return Tree(leaves[:size]).inclusion_proof(index)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves that this leaf hash stands at `index` of the tree (RFC 9162, 2.1.3.2).

    Size and root must come together, from one checkpoint: a path may fit the same root under a similar size.
    """
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    node, here, last = leaf, index, size - 1
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            node = node_hash(step, node)
            while here and not here & 1:
                here >>= 1
                last >>= 1
        else:
            node = node_hash(node, step)
        here >>= 1
        last >>= 1
    return last == 0 and node == root


def consistency_proof(leaves: Sequence[bytes], old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree of `new` leaves extends the one of `old` leaves; 1 ≤ old ≤ new."""
    _check_range("new size", new, 1, len(leaves))
    return Tree(leaves[:new]).consistency_proof(old)


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the newer tree extends the older one (RFC 9162, 2.1.4.2). From the empty tree nothing can be proven."""
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0 or not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    here, last = old - 1, new - 1
    while here & 1:
        here >>= 1
        last >>= 1
    old_node = new_node = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old_node = node_hash(step, old_node)
            new_node = node_hash(step, new_node)
            while here and not here & 1:
                here >>= 1
                last >>= 1
        else:
            new_node = node_hash(new_node, step)
        here >>= 1
        last >>= 1
    return last == 0 and old_node == old_root and new_node == new_root


@dataclass(frozen=True, slots=True)
class ProofBundle:
    """Audit paths of several leaves in one tree."""

    size: int
    root: bytes
    proofs: Mapping[int, tuple[bytes, ...]]


def proof_bundle(leaves: Sequence[bytes], indices: Iterable[int]) -> ProofBundle:
    """The paths of these leaves in the tree over all the given leaf hashes."""
    tree = Tree(leaves)
    return ProofBundle(tree.size, tree.root(), {index: tree.inclusion_proof(index) for index in indices})


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(element) == HASH_BYTES for element in hashes)


def _check_range(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        refuse(what, f"{least} to {most}", value)
