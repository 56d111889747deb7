"""Giving a change out: whoever may see it may, in every state, and it is recorded (A.5.33)."""

from workflows.change.commands import ExportChange
from workflows.change.rules.draft import Draft
from workflows.decisions import Reason
from workflows.exported import CaseExported


def export_change(draft: Draft, command: ExportChange) -> tuple[Reason, ...]:
    """Who gets what, and what for."""
    draft.add(CaseExported(form=command.form, purpose=command.purpose.strip() or None))
    return ()
