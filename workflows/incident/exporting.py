"""Giving a case out: whoever may see it may, in every state, and it is recorded (A.5.33, A.5.15)."""

from workflows.decisions import Reason
from workflows.exported import CaseExported
from workflows.incident.export_commands import ExportCase
from workflows.incident.situation import Proposal


def export_case(proposal: Proposal, command: ExportCase) -> tuple[Reason, ...]:
    """Who gets what, and what for."""
    proposal.add(CaseExported(form=command.form, purpose=command.purpose.strip() or None))
    return ()
