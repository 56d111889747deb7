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

    @group.command(
        name="list",
        help=_(
            "Counts by state, and the jobs that were given up; with a filter, the jobs that fit it.\n\n"
            "Examples:\n\n  wachbuch jobs list\n\n  wachbuch jobs list --state ready --kind slack.post"
        ),
    )
    def list_jobs(
        state: Annotated[str, typer.Option(help=_("Only these: ready, running, done, cancelled, dead."))] = "",
        kind: Annotated[str, typer.Option(help=_("Only of this kind, such as slack.post."))] = "",
        limit: Annotated[int, typer.Option(min=1, max=1000, help=_("At most so many."))] = 50,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.jobs_run import Wanted, run_list

        raise typer.Exit(int(run_list(Wanted(state, kind, limit), as_json=as_json)))

    @group.command(help=_("Everything about one job."))
    def show(
        job: Annotated[int, typer.Argument(help=_("The number that “jobs list” shows."))],
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.jobs_run import run_show

        raise typer.Exit(int(run_show(job, as_json=as_json)))

    @group.command(
        help=_(
            "Give a job that was given up all its tries again, or all of them.\n\n"
            "Examples:\n\n  wachbuch jobs requeue 42\n\n  wachbuch jobs requeue --all --kind slack.post"
        )
    )
    def requeue(
        job: Annotated[int | None, typer.Argument(help=_("The number that “jobs list” shows."))] = None,
        every: Annotated[bool, typer.Option("--all", help=_("All that were given up."))] = False,  # noqa: FBT002 a flag
        kind: Annotated[str, typer.Option(help=_("Only of this kind, such as slack.post."))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.jobs_requeue_run import run_requeue

        raise typer.Exit(int(run_requeue(job, kind, every=every, as_json=as_json)))
