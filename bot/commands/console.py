"""`wachbuch console login|logout`."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("The console in the browser: get in, and end sessions."))
    app.add_typer(group, name="console")

    @group.command(
        help=_(
            "Print a link that signs you in to the console. It holds ten minutes, works once, and is for you alone.\n\n"
            "Examples:\n\n  wachbuch console login\n\n  WACHBUCH_API_TOKEN=wbk_… wachbuch console login --json"
        )
    )
    def login(
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.console_run import run_login

        raise typer.Exit(int(run_login(as_json=as_json)))

    @group.command(
        help=_(
            "End all your sessions in the console, and take back links that were not used. An admin can do it for "
            "somebody else.\n\nExamples:\n\n  wachbuch console logout\n\n  wachbuch console logout --person jana"
        )
    )
    def logout(
        person: Annotated[str, typer.Option(help=_("Somebody else's id."))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.console_run import run_logout

        raise typer.Exit(int(run_logout(person, as_json=as_json)))
