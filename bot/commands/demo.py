"""`wachbuch demo`: see it work in half a minute."""

from collections.abc import Callable
from typing import Annotated

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Watch an incident from report to closed and a pull request held and released, against a Slack and a GitHub"
            " that run on this machine only. Changes nothing of yours; ends by itself."
        )
    )
    def demo(
        as_json: Annotated[bool, typer.Option("--json", help=_("Print one JSON object per step."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.beside import run_beside

        run_beside("tests.demo", ["--json"] if as_json else [])
