"""Two counts look alike: entries of a case on its timeline, and receipts of the whole ledger. Either names an entry."""

import re
from collections.abc import Mapping
from typing import Final

from bot.chat.port import Queries
from workflows.workflow import Case

FIELD: Final = "corrects"
NAMES_ENTRY: Final = re.compile(r"^(?:#?\d{1,9}|#\d{1,9}·[a-z2-7]{16})$", re.ASCII | re.IGNORECASE)
"""`4`, an entry of the case; `#5·K7QX…` or `#5`, a receipt."""
_NONE: Final = "-"
"""No number: a receipt of another case, or one that never was, names no entry of this one."""


def by_entry(values: Mapping[str, str], queries: Queries, case: Case | None) -> Mapping[str, str]:
    """The answers, with the entry of the case where its receipt was given."""
    named = values.get(FIELD, "").strip()
    if case is None or not named.startswith("#") or not NAMES_ENTRY.match(named):
        return values
    found = (item.seq for item, receipt in queries.recorded(case) if _is(named.upper(), str(receipt)))
    return {**values, FIELD: str(next(found, _NONE))}


def _is(named: str, receipt: str) -> bool:
    return named in (receipt, receipt.partition("·")[0])
