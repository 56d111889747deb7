"""All tables in one place, so that `METADATA` is complete for whoever imports this."""

from workflows.store.case_tables import CASE, SERIES
from workflows.store.edge_tables import FACT, INBOX, LINK
from workflows.store.job_table import JOB
from workflows.store.ledger_tables import DISCLOSURE, ENTRY, HEAD, LOG_ID
from workflows.store.metadata import METADATA
from workflows.store.people_tables import ERASURE, IDENTITY, PERSON, POLICY

__all__ = [
    "CASE",
    "DISCLOSURE",
    "ENTRY",
    "ERASURE",
    "FACT",
    "HEAD",
    "IDENTITY",
    "INBOX",
    "JOB",
    "LINK",
    "LOG_ID",
    "METADATA",
    "PERSON",
    "POLICY",
    "SERIES",
]
