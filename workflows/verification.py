"""Everything a live database can be checked for: the log in itself, then the case rows against the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from workflows.casecheck import CaseFinding, check_cases
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import Check, Finding, LogReport, NotProven
from workflows.ledger.verify import verify_log
from workflows.store.store import Store

MOST_CASE_FINDINGS: Final = 100
MISTYPED: Final = (ValueError, TypeError, AttributeError, OverflowError)
"""What reading a value of an impossible type ends in."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: in the log by itself, and where case rows say anything else (the first hundred places)."""

    log: LogReport
    cases: tuple[CaseFinding, ...]
    case_count: int

    @property
    def intact(self) -> bool:
        """Whether neither the log nor any case row shows a contradiction."""
        return self.log.intact and not self.cases


def verify_store(store: Store, *, deep: bool = False, receipts: Iterable[Receipt] = ()) -> Verification:
    """Check a database in one consistent picture. Whatever is stored wrongly is a finding.

    Raises Unavailable, StoreRefused when the database cannot be read at all.
    """
    try:
        return _verify(store, receipts, deep=deep)
    except MISTYPED as error:
        return Verification(_mistyped(error), (), 0)


def _verify(store: Store, receipts: Iterable[Receipt], *, deep: bool) -> Verification:
    with store.reading() as reads:
        log = verify_log(
            reads.entries(), reads.head(), reads.disclosures(),
            deep=deep, receipts=receipts, policies=reads.policy_texts(),
        )  # fmt: skip
        rows = list(reads.all_cases())
        found = check_cases(reads.entries(), reads.disclosures(), rows)
        cases = tuple(islice(found, MOST_CASE_FINDINGS))
    return Verification(log, cases, len(rows))


def _mistyped(error: Exception) -> LogReport:
    """SQLite keeps whatever is put into a column; a value of another type than its column's was never written by us."""
    finding = Finding(Check.COPIES, None, "values of the types of their columns", type(error).__name__)
    return LogReport(0, b"", (finding,), {Check.COPIES: 1}, tuple(NotProven))
