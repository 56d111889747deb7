"""`wachbuch erase request|confirm`."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(
        help=_("Erase names and texts from the ledger, by two persons and with a legal basis. Its root stays valid."),
    )
    app.add_typer(group, name="erase")

    @group.command(
        help=_(
            "Ask for an erasure; a second person confirms it.\n\n"
            "Examples:\n\n  wachbuch erase request INC-2026-0042 --person jana --basis gdpr_17\n\n"
            "  wachbuch erase request INC-2026-0042 --field 17:text --basis gdpr_5_1_c"
        )
    )
    def request(
        case: Annotated[str, typer.Argument(help=_("Number of the case."))],
        basis: Annotated[str, typer.Option(help=_("Legal basis: gdpr_17, gdpr_5_1_c or gdpr_5_1_e."))],
        person: Annotated[str, typer.Option(help=_("Only what names this person (their id in the policy)."))] = "",
        field: Annotated[list[str] | None, typer.Option(help=_("Only this field, as INDEX:NAME; repeatable."))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.erase_run import run_request

        raise typer.Exit(int(run_request(case, basis, person, tuple(field or ()), as_json=as_json)))

    @group.command(help=_("Confirm an erasure that somebody else asked for. It cannot be undone."))
    def confirm(
        erasure: Annotated[str, typer.Argument(help=_("The id that “erase request” printed."))],
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.erase_run import run_confirm

        raise typer.Exit(int(run_confirm(erasure, as_json=as_json)))
