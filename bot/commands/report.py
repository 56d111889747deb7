"""`wachbuch report lessons`: what the incidents of a period taught."""

from collections.abc import Callable
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
