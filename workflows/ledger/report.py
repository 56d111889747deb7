"""What a verification says: findings with stable names, counts, and what was not proven."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MOST_FINDINGS: Final = 100
"""Findings kept per check; all are counted."""


class Check(StrEnum):
    """The checks, by stable names. Texts for people are made where they are shown."""

    INDICES = "indices"
    LEAVES = "leaves"
    ROOT = "root"
    HEAD = "head"
    BODIES = "bodies"
    COPIES = "copies"
    ORIGIN = "origin"
    TIMESTAMPS = "timestamps"
    CASE_SEQ = "case_seq"
    DISCLOSURES = "disclosures"
    ERASURES = "erasures"
    POLICIES = "policies"
    CHECKPOINTS = "checkpoints"
    RECEIPTS = "receipts"
    PROOFS = "proofs"
    FORM = "form"


class NotProven(StrEnum):
    """What an intact result still leaves open."""

    NO_CHECKPOINT = "no_checkpoint"
    """Nobody outside vouched for this root: log and head could have been rewritten together."""
    NEWEST_ENTRIES = "newest_entries"
    """Entries after the last checkpoint could have been cut or replaced."""
    CANONICAL_BYTES = "canonical_bytes"
    """Bodies were not read field by field (`deep` does)."""
    CONTENT = "content"
    """That what was recorded is true, and that everything was recorded."""
    CASE_COMPLETE = "case_complete"
    """That a case has no later entries than those shown."""
    WITHHELD = "withheld"
    """Some fields were not handed out; nothing tells whether they still exist."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction. `index` is the entry it shows at, None where it is about the whole log."""

    check: Check
    index: int | None
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class LogReport:
    """Result of a verification.

    `counts` has the number of findings per check that ran (0: the check held), `findings` the first of each.
    `disclosed`, `erased` and `withheld` count fields.
    """

    size: int
    root: bytes
    findings: tuple[Finding, ...]
    counts: Mapping[Check, int]
    not_proven: tuple[NotProven, ...]
    disclosed: int = 0
    erased: int = 0
    withheld: int = 0

    @property
    def intact(self) -> bool:
        """Whether no check found anything."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """The lowest index that a finding names; None when there is none.

        The root names the start of a range only, so it counts where nothing names an entry.
        """
        named = [(finding.check is Check.ROOT, finding.index) for finding in self.findings if finding.index is not None]
        return min(named, default=(True, None))[1]


@dataclass(slots=True)
class Findings:
    """Collects findings while a log streams by."""

    counts: Counter[Check] = field(default_factory=Counter)
    kept: list[Finding] = field(default_factory=list)

    def add(self, check: Check, index: int | None, expected: object, found: object) -> None:
        """Count a finding, and keep it when it is among the first of its check."""
        self.counts[check] += 1
        if self.counts[check] <= MOST_FINDINGS:
            self.kept.append(Finding(check, index, str(expected), str(found)))

    def over(self, checks: tuple[Check, ...]) -> Mapping[Check, int]:
        """The counts of these checks."""
        return {check: self.counts[check] for check in checks}
