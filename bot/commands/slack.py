"""`wachbuch slack manifest`."""

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
