"""Commands about giving an incident out."""

from dataclasses import dataclass

from workflows.commands import Command
from workflows.exported import ExportForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCase(Command):
    """Get the case out of here, for a purpose (A.5.33). What leaves, leaves after this is recorded."""

    form: ExportForm
    purpose: str = ""
