"""`wachbuch export --case`: a case with everything an auditor needs to check it without us."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Export a case as JSON: its entries with inclusion proofs, its disclosed names and texts, the root.\n\n"
            "That it was exported, by whom and what for, is recorded before.\n\n"
            "Examples:\n\n  wachbuch export --case INC-2026-0042 -o case.json --purpose audit\n\n"
            "  wachbuch verify case.json"
        )
    )
    def export(
        case: Annotated[str, typer.Option(help=_("Number of the case."))],
        purpose: Annotated[
            str, typer.Option("--purpose", help=_("What it is for; it stands in the record of the export."))
        ] = "",
        output: Annotated[
            Path | None, typer.Option("--output", "-o", help=_("File to write; else standard output."))
        ] = None,
    ) -> None:
        from bot.commands.export_run import run

        run(case, output, purpose)
