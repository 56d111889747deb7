"""The work of `wachbuch export`."""

import sys
from pathlib import Path

from bot.commands.giving import nothing, record, written
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.progress import working
from workflows.exported import ExportForm
from workflows.exporting import export_case
from workflows.ledger.export import export_text
from workflows.queries import Queries


def run(number: str, output: Path | None, purpose: str) -> None:
    """Write the export, whole or not at all, after it is on record."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    with database(opened) as store:
        viewer = terminal_actor(opened, store)
        case = Queries(store).case(number, viewer)
        if case is None:
            nothing(opened, number)
        with written(opened, output) as file:
            record(opened, store, viewer, case, ExportForm.PROOF, purpose)
            with working(_("Collecting proofs"), quiet=output is None):
                document = export_case(store, number, viewer)
            if document is None:
                nothing(opened, number)
            file.write(export_text(document))
    if output is not None:
        sys.stdout.write(_("Written to {file}. Check it with: wachbuch verify {file}").format(file=output) + "\n")
