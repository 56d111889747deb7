"""Everything a live database can be checked for: the log in itself, then the case rows against the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from workflows.casecheck import CaseFinding, check_cases
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import LogReport
from workflows.ledger.verify import verify_log
from workflows.store.store import Store

MOST_CASE_FINDINGS: Final = 100


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
    """Check a database in one consistent picture. Never raises for what is stored: whatever is wrong is a finding."""
    with store.reading() as reads:
        log = verify_log(reads.entries(), reads.head(), reads.disclosures(), deep=deep, receipts=receipts)
        rows = list(reads.all_cases())
        found = check_cases(reads.entries(), reads.disclosures(), rows)
        cases = tuple(islice(found, MOST_CASE_FINDINGS))
    return Verification(log, cases, len(rows))
