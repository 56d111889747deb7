"""Verification of the tree: gap-free indices, leaves, root, and what people carried away of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from workflows.ledger.errors import Broken
from workflows.ledger.merkle import Frontier
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import Check, Findings
from workflows.ledger.stored import StoredHead

BATCH: Final = 4096


@dataclass(frozen=True, slots=True)
class Anchor:
    """A size and root that somebody outside kept: a checkpoint, already checked for its signature."""

    size: int
    root: bytes


class TreeCheck:
    """Streams over (index, body, leaf) in the order of the index."""

    def __init__(self, findings: Findings, anchors: Iterable[Anchor], receipts: Iterable[Receipt]) -> None:
        self._findings = findings
        self._frontier = Frontier()
        self._pending: list[bytes] = []
        self._next = 0
        self._anchors: dict[int, set[bytes]] = defaultdict(set)
        for anchor in anchors:
            self._anchors[anchor.size].add(anchor.root)
        self._receipts: dict[int, list[Receipt]] = defaultdict(list)
        for receipt in receipts:
            self._receipts[receipt.index].append(receipt)

    def take(self, index: int, body: bytes, leaf: bytes) -> None:
        """Look at one row."""
        if index != self._next:
            self._findings.add(Check.INDICES, min(index, self._next), self._next, index)
        self._next = index + 1
        computed = sha256(b"\x00" + body).digest()
        if computed != leaf:
            self._findings.add(Check.LEAVES, index, computed.hex(), leaf.hex())
        self._pending.append(computed)
        if len(self._pending) >= BATCH or self._next in self._anchors:
            self._flush()
        if index in self._receipts:
            self._compare_receipts(index, computed)

    def finish(self, head: StoredHead) -> Frontier:
        """Compare with the head; returns what the rows themselves amount to."""
        self._flush()
        actual = self._frontier
        if actual.size != head.size:
            first = min(actual.size, head.size)
            self._findings.add(Check.HEAD, first, f"size {actual.size} (rows)", f"size {head.size}")
        self._compare_root(head)
        for size in sorted(self._anchors):
            roots = ", ".join(sorted(root.hex() for root in self._anchors[size]))
            found = "no such root" if size <= actual.size else f"only {actual.size} entries"
            self._findings.add(Check.CHECKPOINTS, min(size, actual.size), f"root {roots} at size {size}", found)
        for index, receipts in self._receipts.items():
            for receipt in receipts:
                self._findings.add(Check.RECEIPTS, index, receipt, "no such entry")
        return actual

    def _flush(self) -> None:
        self._frontier = self._frontier.extend(self._pending)
        self._pending.clear()
        size = self._frontier.size
        if size in self._anchors:
            wrong = self._anchors.pop(size) - {self._frontier.root()}
            for root in sorted(wrong):
                self._findings.add(Check.CHECKPOINTS, size - 1, f"root {root.hex()}", self._frontier.root().hex())

    def _compare_receipts(self, index: int, leaf: bytes) -> None:
        for receipt in self._receipts.pop(index):
            if not receipt.matches(leaf):
                self._findings.add(Check.RECEIPTS, index, receipt, Receipt(index, leaf))

    def _compare_root(self, head: StoredHead) -> None:
        """Name the first complete subtree that differs: the first bad entry is in it."""
        try:
            stored = Frontier.from_bytes(head.size, head.frontier)
        except Broken as error:
            self._findings.add(Check.ROOT, None, error.expected, error.found)
            return
        actual = self._frontier
        if stored == actual:
            return
        start, end = _first_difference(actual, stored)
        expected = f"{actual.root().hex()} (rows)"
        found = f"{stored.root().hex()}, first difference in entries {start} to {end - 1}"
        self._findings.add(Check.ROOT, start if actual.size == stored.size else None, expected, found)


def _first_difference(actual: Frontier, stored: Frontier) -> tuple[int, int]:
    """The range of the first complete subtree that differs; the whole log where the sizes do."""
    if actual.size == stored.size:
        start = 0
        for place, level in enumerate(_levels(actual.size)):
            if actual.hashes[place] != stored.hashes[place]:
                return start, start + (1 << level)
            start += 1 << level
    return 0, max(actual.size, stored.size)


def _levels(size: int) -> list[int]:
    """Heights of the complete subtrees of a tree, biggest first."""
    return [level for level in reversed(range(size.bit_length())) if size >> level & 1]
