"""`wachbuch policy check|show|schema|diff`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("Check and show the policy: what your organisation decides."))
    app.add_typer(group, name="policy")

    @group.command(
        help=_(
            "Check the policy folder; every fault at once, with file, line and column.\n\n"
            "Examples:\n\n  wachbuch policy check\n\n  wachbuch policy check --people\n\n"
            "  wachbuch policy check ./policy"
        )
    )
    def check(
        folder: Annotated[Path | None, typer.Argument(help=_("Another folder than WACHBUCH_POLICY_DIR."))] = None,
        people: Annotated[bool, typer.Option("--people", help=_("Also name the rules that too few can fill."))] = False,  # noqa: FBT002 a flag
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.policy_run import run_check

        raise typer.Exit(int(run_check(folder, people=people, as_json=as_json)))

    @group.command(help=_("Print the policy in force, defaults included, with its hash."))
    def show(
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.policy_run import run_show

        run_show(as_json=as_json)

    @group.command(help=_("Print the JSON Schema of policy files, for your editor."))
    def schema() -> None:
        from bot.commands.policy_run import run_schema

        run_schema()

    @group.command(help=_("What another policy folder would change; exit code 1 when it loosens a rule."))
    def diff(
        folder: Annotated[Path, typer.Argument(help=_("The folder to compare with the policy in force."))],
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.policy_run import run_diff

        raise typer.Exit(int(run_diff(folder, as_json=as_json)))
