"""`wachbuch gate enforce|observe`."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("The gates of a repository: observe first, then enforce."))
    app.add_typer(group, name="gate")

    @group.command(
        help=_(
            "Let the gate hold from now on; recorded.\n\n"
            "Example:\n\n  wachbuch gate enforce example/shop --reason 'tried for two weeks'"
        )
    )
    def enforce(
        repository: Annotated[str, typer.Argument(help=_("The repository, as owner/name."))],
        reason: Annotated[str, typer.Option(help=_("Why now."))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.gate_run import run_mode

        raise typer.Exit(int(run_mode(repository, reason, enforce=True, as_json=as_json)))

    @group.command(help=_("Only observe again: verdicts are shown and hold nothing; recorded, with the reason."))
    def observe(
        repository: Annotated[str, typer.Argument(help=_("The repository, as owner/name."))],
        reason: Annotated[str, typer.Option(help=_("Why."))],
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.gate_run import run_mode

        raise typer.Exit(int(run_mode(repository, reason, enforce=False, as_json=as_json)))
