"""The work of `wachbuch export`."""

import os
import sys
from pathlib import Path

from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.progress import working
from bot.commands.show import fail
from workflows.exporting import export_case
from workflows.ledger.export import export_text


def run(case: str, output: Path | None) -> None:
    """Write the export, whole or not at all."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    with database(opened) as store, working(_("Collecting proofs"), quiet=output is None):
        document = export_case(store, case, terminal_actor(opened, store))
    if document is None:
        fail(_("I cannot show anything on {case}.").format(case=case), code=Exit.FINDING)
    text = export_text(document)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        _write(output, text)
    except OSError as error:
        fail(_("{file} cannot be written.").format(file=output), error.strerror or "")
    sys.stdout.write(_("Written to {file}. Check it with: wachbuch verify {file}").format(file=output) + "\n")


def _write(output: Path, text: str) -> None:
    """Readable by its owner only: it holds names."""
    partial = output.with_name(output.name + ".part")
    try:
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        partial.replace(output)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
