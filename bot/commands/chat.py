"""`wachbuch chat`: the same commands as in Slack, in the terminal."""

from collections.abc import Callable
from typing import Annotated

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Work incidents and changes in the terminal: the commands of Slack, without Slack. Ends with Ctrl-D.\n\n"
            "Examples:\n\n  wachbuch chat\n\n  wachbuch chat incident status\n\n  wachbuch chat vorfall liste"
        ),
        context_settings={"ignore_unknown_options": True},
    )
    def chat(
        words: Annotated[list[str] | None, typer.Argument(help=_("One command; without it, a conversation."))] = None,
    ) -> None:
        from bot.commands.chat_run import run

        raise typer.Exit(int(run(" ".join(words or ()))))
