"""The controls of ISO/IEC 27001:2022 (Annex A) and clauses that entries are evidence for, by what they are about."""

from typing import Final

ASSESS: Final = ("A.5.25",)
"""Assessment and decision on information security events."""
RESPOND: Final = ("A.5.26",)
"""Response to information security incidents."""
LEARN: Final = ("A.5.27",)
"""Learning from information security incidents."""
EVIDENCE: Final = ("A.5.28",)
"""Collection of evidence."""
AUTHORITIES: Final = ("A.5.5", "A.5.31")
"""Contact with authorities; legal, statutory, regulatory and contractual requirements."""
PRIVACY: Final = ("A.5.34",)
"""Privacy and protection of personal data."""
SEGREGATION: Final = ("A.5.3",)
"""Segregation of duties: second persons."""
ROLES: Final = ("A.5.2", "A.5.24")
"""Roles and responsibilities; planning and preparation of incident management."""
DRILL: Final = ("A.5.24",)
"""Incident management planning and preparation: drills."""
REPORT: Final = ("A.6.8",)
"""Information security event reporting."""
RECORDS: Final = ("A.5.33",)
"""Protection of records."""
ACCESS: Final = ("A.5.15",)
"""Access control: who may see a case."""
CORRECT: Final = ("A.5.27", "10.2")
"""Nonconformity and corrective action."""
LOG: Final = ("A.5.26", "A.8.15")
"""Response, and logging of what was done."""
CHANGE: Final = ("A.8.32",)
"""Change management: the link between an incident and a change."""
