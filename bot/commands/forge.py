"""`wachbuch forge check|history`."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("GitHub and GitLab: what is really enforced there, and since when."))
    app.add_typer(group, name="forge")

    @group.command(
        help=_(
            "Look at what each repository really enforces: required check and its source, bypass lists, webhook,"
            " permissions, quota. Recorded as dated evidence. Ends with 0 when every gate holds, 1 when one does not,"
            " 3 when a forge cannot be reached.\n\n"
            "Examples:\n\n  wachbuch forge check\n\n  wachbuch forge check example/shop --json"
        )
    )
    def check(
        repositories: Annotated[
            list[str] | None, typer.Argument(help=_("Only these, as owner/name; without: all that the policy covers."))
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.forge_run import run_check

        raise typer.Exit(int(run_check(repositories or [], as_json=as_json)))

    @group.command(
        help=_(
            "When each gate held, held with gaps, or only informed, and what was merged meanwhile: from the ledger,"
            " as a Markdown table."
        )
    )
    def history(
        repo: Annotated[str, typer.Option("--repo", help=_("Only this repository, as owner/name."))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.forge_run import run_history

        raise typer.Exit(int(run_history(repo, as_json=as_json)))
