"""The work of `wachbuch report case`."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bot.casefile.data import case_data
from bot.casefile.reading import CaseFile, read_casefile
from bot.casefile.report import case_report
from bot.commands.exits import Exit
from bot.commands.giving import nothing, record, written
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import fail
from bot.moment import real_moment
from config.i18n import Translator
from workflows.exported import ExportForm
from workflows.incident.state import IncidentCase
from workflows.queries import Queries

CASE_FORMS: Final[Mapping[str, Callable[[CaseFile, Translator], str]]] = {
    "md": case_report,
    "json": lambda file, _texts: case_data(file),
}


def run_case(number: str, form: str, output: Path | None, purpose: str) -> None:
    """Write the report of an incident, whole or not at all, after it is on record."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    if form not in CASE_FORMS:
        fail(_("“{form}” is not a format.").format(form=form),
             _("Expected one of: {known}").format(known=", ".join(CASE_FORMS)), code=Exit.USAGE)  # fmt: skip
    with database(opened) as store:
        viewer = terminal_actor(opened, store)
        case = Queries(store).case(number, viewer)
        if case is None:
            nothing(opened, number)
        if not isinstance(case, IncidentCase):
            fail(_("{case} is a change; a report is made of incidents.").format(case=number),
                 then=_("Its entries: wachbuch export --case {case}").format(case=number), code=Exit.USAGE)  # fmt: skip
        with written(opened, output) as file:
            record(opened, store, viewer, case, ExportForm.REPORT, purpose)
            read = read_casefile(store, opened.policy.policy, number, viewer, real_moment().now())
            if not isinstance(read, CaseFile):
                nothing(opened, number)
            file.write(CASE_FORMS[form](read, opened.texts))
    if output is not None:
        sys.stdout.write(_("Written to {file}.").format(file=output) + "\n")
