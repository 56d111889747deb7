"""Work that follows when a case that was given out as files may be seen by fewer people."""

from collections.abc import Iterator
from typing import Final

from config.policy.ids import Visibility
from workflows.incident.state import IncidentCase
from workflows.workflow import Effect

RECLAIM: Final = "slack.reclaim"
"""Take back the files that somebody got, where they may not have them any more; `no`: one of their exports, from 0."""


def reclaims(before: IncidentCase, after: IncidentCase, version: int) -> Iterator[Effect]:
    """One for each person who got files of a case that is confidential now: one that fails holds back no other.

    Who may see it is asked when the job runs.
    """
    if after.visibility is Visibility.TEAM or _open_to(before) == _open_to(after):
        return
    receivers = {export.by: no for no, export in enumerate(after.exports)}
    for by, no in receivers.items():
        mark = f"{RECLAIM}:{after.id}:{by}"
        yield Effect(RECLAIM, mark, f"{mark}:{version}", {"case": str(after.id), "no": no})


def _open_to(case: IncidentCase) -> tuple[object, ...]:
    """Who may see it follows from these."""
    return (case.visibility, case.roles, case.concerns_dpo, case.awaits_management)
