"""`wachbuch token create|revoke`."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("Personal tokens: who you are on a shared machine."))
    app.add_typer(group, name="token")

    @group.command(
        help=_(
            "Make a personal token for yourself; it is shown once. An admin can make one for somebody else.\n\n"
            "Example:\n\n  WACHBUCH_API_TOKEN=$(wachbuch token create) wachbuch chat"
        )
    )
    def create(
        person: Annotated[str, typer.Option(help=_("Somebody else's id in the policy."))] = "",
    ) -> None:
        from bot.commands.token_run import run_create

        run_create(person)

    @group.command(help=_("Revoke a token. It is read from standard input, so that no history keeps it."))
    def revoke() -> None:
        from bot.commands.token_run import run_revoke

        raise typer.Exit(int(run_revoke()))
