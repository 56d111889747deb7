"""`wachbuch migrate`: create the tables or bring them up to date."""

from collections.abc import Callable
from typing import Annotated

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Create the database, or bring it up to date. On SQLite the file is copied first and “serve” does this by"
            " itself; on PostgreSQL it is done on purpose, as the owner of the tables"
            " (WACHBUCH_MIGRATION_DATABASE_URL)."
        )
    )
    def migrate(
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.migrate_run import run

        run(as_json=as_json)
