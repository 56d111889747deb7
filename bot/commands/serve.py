"""`wachbuch serve`: the service."""

from collections.abc import Callable

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Start the service: Slack, webhooks, messages, timers. Says what is connected and what is missing."
            " Ends cleanly with Ctrl-C or SIGTERM."
        )
    )
    def serve() -> None:
        from bot.commands.serve_run import run

        raise typer.Exit(int(run()))
