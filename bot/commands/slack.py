"""`wachbuch slack`: the app manifest, and building afterwards what cases lack in Slack."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("Connect Slack."))
    app.add_typer(group, name="slack")

    @group.callback()
    def slack() -> None:
        pass

    @group.command(
        help=_(
            "Print the app manifest to paste at api.slack.com/apps (“From a manifest”): by Socket Mode, which needs no"
            " public address, or over HTTP with --url.\n\n"
            "Examples:\n\n  wachbuch slack manifest\n\n  wachbuch slack manifest --url https://wachbuch.example.org"
        )
    )
    def manifest(
        url: Annotated[str, typer.Option(help=_("Public address of this service, for Slack over HTTP."))] = "",
    ) -> None:
        from bot.commands.slack_run import run_manifest

        run_manifest(url)

    @group.command(
        help=_(
            "Build what open incidents lack in Slack: threads, channels, topics, invitations, pinned summaries,"
            " announcements, bookmarks. For cases from a time without Slack, and where something was deleted there."
            " Can be repeated; what is there stays. The running service does it.\n\n"
            "Examples:\n\n  wachbuch slack resync\n\n  wachbuch slack resync INC-2026-0042\n\n"
            "  wachbuch slack resync --wait 0 --json"
        )
    )
    def resync(
        case: Annotated[str, typer.Argument(help=_("Only this incident; without it every open one."))] = "",
        wait: Annotated[int, typer.Option(min=0, max=3600, help=_("Watch it for so many seconds."))] = 60,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.slack_resync_run import run_resync

        raise typer.Exit(int(run_resync(case, wait, as_json=as_json)))
