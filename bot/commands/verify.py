"""`wachbuch verify`: is the ledger intact, and do the cases say what it says?"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Verify the ledger: indices, hashes, root, copies, times, disclosures, and every case against its entries."
            " Also verifies a file made by “wachbuch export”.\n\n"
            "Exit codes: 0 intact, 1 tampered, 2 unreadable, 3 intact but weak.\n\n"
            "Examples:\n\n  wachbuch verify\n\n  wachbuch verify case.json\n\n  wachbuch verify --receipt '#12·K7QX…'"
        )
    )
    def verify(
        file: Annotated[Path | None, typer.Argument(help=_("An exported file; without it, the live database."))] = None,
        receipt: Annotated[
            list[str] | None, typer.Option(help=_("A receipt that must be in the log; repeatable."))
        ] = None,
        deep: Annotated[bool, typer.Option("--deep", help=_("Also read every entry field by field."))] = False,  # noqa: FBT002 a flag
        require_anchor: Annotated[  # noqa: FBT002 a flag
            bool, typer.Option("--require-anchor", help=_("Exit 3 when nobody outside vouches for the root."))
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.verify_run import verify_database, verify_file

        if file is not None:
            raise typer.Exit(int(verify_file(file, receipt or [], as_json=as_json)))
        raise typer.Exit(int(verify_database(receipt or [], deep=deep, strict=require_anchor, as_json=as_json)))
