"""Verification of a stored log: one pass over the entries and, beside them, their disclosures."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from workflows.ledger.errors import Broken
from workflows.ledger.fieldcheck import FieldCheck
from workflows.ledger.fields import format_time
from workflows.ledger.kinds import EntryKind
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import Check, Findings, LogReport, NotProven
from workflows.ledger.skeleton import FIRST_SEQ, Skeleton
from workflows.ledger.stored import StoredDisclosure, StoredEntry, StoredHead
from workflows.ledger.treecheck import Anchor, TreeCheck

TREE_CHECKS: Final = (Check.INDICES, Check.LEAVES, Check.ROOT, Check.HEAD, Check.CHECKPOINTS, Check.RECEIPTS)
_KINDS: Final = frozenset(kind.value for kind in EntryKind)
LOG_CHECKS: Final = (
    *TREE_CHECKS,
    Check.BODIES,
    Check.COPIES,
    Check.ORIGIN,
    Check.TIMESTAMPS,
    Check.CASE_SEQ,
    Check.DISCLOSURES,
    Check.ERASURES,
)


def verify_tree(
    rows: Iterable[tuple[int, bytes, bytes]],
    head: StoredHead,
    *,
    anchors: Iterable[Anchor] = (),
    receipts: Iterable[Receipt] = (),
) -> LogReport:
    """The shallow check over (index, body, leaf), ordered by index: indices, leaves, root; hashing only."""
    findings = Findings()
    kept = tuple(anchors)
    tree = TreeCheck(findings, kept, receipts)
    for index, body, leaf in rows:
        tree.take(index, body, leaf)
    end = tree.finish(head)
    open_points = (*_open_points(end.size, kept), NotProven.CANONICAL_BYTES, NotProven.CONTENT)
    return LogReport(end.size, end.root(), tuple(findings.kept), findings.over(TREE_CHECKS), open_points)


def verify_log(
    entries: Iterable[StoredEntry],
    head: StoredHead,
    disclosures: Iterable[StoredDisclosure],
    *,
    deep: bool = False,
    anchors: Iterable[Anchor] = (),
    receipts: Iterable[Receipt] = (),
    policies: Mapping[str, str] | None = None,
) -> LogReport:
    """Every check over a log. Both streams must be ordered by index; neither is held in memory.

    Beside the tree: copies against bodies, times that never decrease, a case's entries without gap, disclosures
    against digests, and missing ones against the entries that erased them. `deep` also reads each body field by field
    against the allow-list and its canonical bytes, and opens each disclosure. `anchors` and `receipts` are what was
    kept outside. `policies` (hash → source, None: not compared) must hold each policy that an entry names, unaltered.
    Never raises for what is stored: whatever is wrong is a finding.
    """
    findings = Findings()
    kept = tuple(anchors)
    tree = TreeCheck(findings, kept, receipts)
    content = _ContentCheck(findings, disclosures, deep=deep)
    for entry in entries:
        tree.take(entry.index, entry.body, entry.leaf)
        content.take(entry)
    end = tree.finish(head)
    content.finish(head)
    if policies is not None:
        content.compare_policies(policies)
    checks = LOG_CHECKS if policies is None else (*LOG_CHECKS, Check.POLICIES)
    canonical = () if deep else (NotProven.CANONICAL_BYTES,)
    return LogReport(
        size=end.size,
        root=end.root(),
        findings=tuple(findings.kept),
        counts=findings.over(checks),
        not_proven=(*_open_points(end.size, kept), *canonical, NotProven.CONTENT),
        disclosed=content.fields.disclosed,
        erased=content.fields.erased,
    )


def _open_points(size: int, anchors: tuple[Anchor, ...]) -> tuple[NotProven, ...]:
    if not anchors:
        return (NotProven.NO_CHECKPOINT,)
    return () if max(anchor.size for anchor in anchors) >= size else (NotProven.NEWEST_ENTRIES,)


class _ContentCheck:
    """What the bodies say, against the columns and against each other."""

    def __init__(self, findings: Findings, disclosures: Iterable[StoredDisclosure], *, deep: bool) -> None:
        self.fields = FieldCheck(findings, disclosures, deep=deep)
        self._findings = findings
        self._deep = deep
        self._last_ts = ""
        self._origin: str | None = None
        self._seqs: dict[str, int] = {}
        self._cited: dict[str, int] = {}

    def take(self, entry: StoredEntry) -> None:
        body = self._read(entry)
        digests = body.get("_sd", {})
        self.fields.take(entry.index, digests if isinstance(digests, dict) else {})
        if not body:
            return
        if body.get("kind") not in _KINDS:
            self._findings.add(Check.BODIES, entry.index, "a known kind of entry", body.get("kind"))
        self._cited.setdefault(str(body.get("policy")), entry.index)
        self._compare_copies(entry, body)
        self._compare_order(entry.index, body)
        if body.get("kind") == EntryKind.LEDGER_ERASED:
            data = body.get("data")
            self.fields.take_erasure(entry.index, data.get("targets") if isinstance(data, dict) else None)

    def finish(self, head: StoredHead) -> None:
        self.fields.finish()
        last_ts = format_time("last ts", head.last_ts) if head.last_ts else ""
        if self._last_ts and last_ts != self._last_ts:
            self._findings.add(Check.HEAD, None, f"last ts {self._last_ts} (rows)", f"last ts {last_ts}")
        if self._origin is not None and head.origin not in {None, self._origin}:
            self._findings.add(Check.ORIGIN, None, f"head of {self._origin}", head.origin)

    def compare_policies(self, policies: Mapping[str, str]) -> None:
        """Each policy that an entry names is stored, and each stored one is what its hash says."""
        for digest, index in self._cited.items():
            if digest not in policies:
                self._findings.add(Check.POLICIES, index, f"policy {digest} stored", "none")
        for digest, source in policies.items():
            found = sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
            if found != digest:
                self._findings.add(Check.POLICIES, self._cited.get(digest), f"policy {digest}", found)

    def _read(self, entry: StoredEntry) -> dict[str, Any]:
        try:
            body = json.loads(entry.body)
        except (ValueError, RecursionError) as error:
            self._findings.add(Check.BODIES, entry.index, "JSON", error)
            return {}
        if not isinstance(body, dict) or not body:
            self._findings.add(Check.BODIES, entry.index, "an object with the keys of an entry", body)
            return {}
        if self._deep:
            self._read_strictly(entry)
        return body

    def _read_strictly(self, entry: StoredEntry) -> None:
        try:
            Skeleton.from_bytes(entry.body)
        except Broken as error:
            self._findings.add(Check.BODIES, entry.index, f"{error.what}: {error.expected}", error.found)

    def _compare_copies(self, entry: StoredEntry, body: Mapping[str, Any]) -> None:
        copies = (
            ("id", str(entry.entry_id)),
            ("ts", format_time("ts", entry.ts)),
            ("kind", entry.kind),
            ("case", str(entry.case) if entry.case else None),
            ("seq", entry.seq),
        )
        for key, copy in copies:
            if body.get(key) != copy:
                self._findings.add(Check.COPIES, entry.index, f"{key} {body.get(key)}", copy)

    def _compare_order(self, index: int, body: Mapping[str, Any]) -> None:
        ts, origin, case, seq = str(body.get("ts")), body.get("origin"), body.get("case"), body.get("seq")
        if ts < self._last_ts:  # one fixed form in UTC, hence ordered as text
            self._findings.add(Check.TIMESTAMPS, index, f"not before {self._last_ts}", ts)
        self._last_ts = ts
        if self._origin is None:
            self._origin = str(origin)
        if origin != self._origin:
            self._findings.add(Check.ORIGIN, index, self._origin, origin)
        if case is None:
            return
        due = self._seqs.get(str(case), FIRST_SEQ - 1) + 1
        if seq != due:
            self._findings.add(Check.CASE_SEQ, index, f"{due} in case {case}", seq)
        self._seqs[str(case)] = seq if isinstance(seq, int) else due
