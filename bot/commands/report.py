"""`wachbuch report`: what the incidents of a period taught, and the report of one of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("Reports for the information security officer."))
    app.add_typer(group, name="report")

    @group.callback()
    def report() -> None:
        pass

    @group.command(
        help=_(
            "Lessons learned of a period: causes, what worked, what did not, actions and their effect, recurrence,"
            " times. Nobody is named.\n\n"
            "Examples:\n\n  wachbuch report lessons --from 2026-07-01 --to 2026-09-30\n\n"
            "  wachbuch report lessons --from 2026-01-01 --to 2026-12-31 --format csv"
        )
    )
    def lessons(
        start: Annotated[str, typer.Option("--from", help=_("First day, YYYY-MM-DD."))],
        end: Annotated[str, typer.Option("--to", help=_("Last day, YYYY-MM-DD."))],
        form: Annotated[str, typer.Option("--format", help=_("md, csv or json."))] = "md",
    ) -> None:
        from bot.commands.report_run import run_lessons

        raise typer.Exit(int(run_lessons(start, end, form)))

    @group.command(
        help=_(
            "The report of one incident: facts, times, phases, timeline, evidence, duties, lessons, receipts; also of"
            " an open one. It holds names: that it was made, by whom and what for, is recorded before.\n\n"
            "Examples:\n\n  wachbuch report case INC-2026-0042 -o report.md --purpose audit\n\n"
            "  wachbuch report case INC-2026-0042 --format json"
        )
    )
    def case(
        number: Annotated[str, typer.Argument(help=_("Number of the case."))],
        form: Annotated[str, typer.Option("--format", help=_("md or json."))] = "md",
        purpose: Annotated[
            str, typer.Option("--purpose", help=_("What it is for; it stands in the record of the export."))
        ] = "",
        output: Annotated[
            Path | None, typer.Option("--output", "-o", help=_("File to write; else standard output."))
        ] = None,
    ) -> None:
        from bot.commands.report_case_run import run_case

        run_case(number, form, output, purpose)
