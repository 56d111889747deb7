"""`wachbuch doctor`: is everything well?"""

from collections.abc import Callable
from typing import Annotated

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Look at the whole installation, beside the running service or without it: what is not well, why it"
            " matters, what to do. Changes nothing. Ends with 0 well, 1 something found, 3 it cannot run."
        )
    )
    def doctor(
        page: Annotated[  # noqa: FBT002 a flag
            bool,
            typer.Option("--page", help=_("Call the pager as well, once, as a test: whoever is on call is woken.")),
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.doctor_run import run

        raise typer.Exit(int(run(as_json=as_json, page=page)))
