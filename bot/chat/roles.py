"""Roles in a case, by every word that people type for them."""

from collections.abc import Mapping
from typing import Final

from config.policy.ids import CaseRole

CASE_ROLES: Final = (CaseRole.LEAD, CaseRole.SCRIBE, CaseRole.TECHNICAL_LEAD, CaseRole.COMMUNICATIONS, CaseRole.NAMED)
"""Roles that people give each other in a case."""
ROLE_WORDS: Final[Mapping[str, CaseRole]] = {
    **{one.value: one for one in CASE_ROLES},
    "leitung": CaseRole.LEAD,
    "vorfallsleitung": CaseRole.LEAD,
    "incident lead": CaseRole.LEAD,
    "protokoll": CaseRole.SCRIBE,
    "technik": CaseRole.TECHNICAL_LEAD,
    "technical": CaseRole.TECHNICAL_LEAD,
    "technical lead": CaseRole.TECHNICAL_LEAD,
    "technische leitung": CaseRole.TECHNICAL_LEAD,
    "kommunikation": CaseRole.COMMUNICATIONS,
    "benannt": CaseRole.NAMED,
}
"""Folded, in both languages, whichever the reader's is."""
