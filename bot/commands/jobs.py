"""`wachbuch jobs`: what waits, what was given up, and giving it another try."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("Background work: messages, verdicts, timers."))
    app.add_typer(group, name="jobs")

    @group.command(name="list", help=_("Counts by state, and the jobs that were given up."))
    def list_jobs(
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.jobs_run import run_list

        raise typer.Exit(int(run_list(as_json=as_json)))

    @group.command(
        help=_("Give a job that was given up all its tries again.\n\nExample:\n\n  wachbuch jobs requeue 42")
    )
    def requeue(
        job: Annotated[int, typer.Argument(help=_("The number that “jobs list” shows."))],
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.jobs_run import run_requeue

        raise typer.Exit(int(run_requeue(job, as_json=as_json)))
