"""`wachbuch token create|list|revoke`."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("Tokens: who you are on a shared machine, and what a pipeline may ask."))
    app.add_typer(group, name="token")

    @group.command(
        help=_(
            "Make a personal token for yourself; it is shown once. An admin can make one for somebody else. "
            "With --for-ci one for a pipeline: it is nobody, and may only ask and report to the gate.\n\n"
            "Examples:\n\n  WACHBUCH_API_TOKEN=$(wachbuch token create) wachbuch chat\n\n"
            "  wachbuch token create --for-ci shop --repo example/shop --days 90"
        )
    )
    def create(
        person: Annotated[str, typer.Option(help=_("Somebody else's id in the policy."))] = "",
        for_ci: Annotated[str, typer.Option("--for-ci", help=_("Name of the pipeline it is for."))] = "",
        scope: Annotated[
            list[str] | None, typer.Option("--scope", help=_("gate.check (default) or gate.record; may be repeated."))
        ] = None,
        repo: Annotated[
            list[str] | None, typer.Option("--repo", help=_("Only for this repository; may be repeated."))
        ] = None,
        days: Annotated[int, typer.Option("--days", min=1, max=366, help=_("Days until it expires."))] = 90,
    ) -> None:
        from bot.commands.token_run import run_create, run_create_for_ci

        if not for_ci:
            run_create(person)
            return
        run_create_for_ci(for_ci, tuple(scope or ()), tuple(repo or ()), days)

    @group.command("list", help=_("The tokens of pipelines: what they may do, until when, and when they were used."))
    def show(
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.token_run import run_list

        raise typer.Exit(int(run_list(as_json=as_json)))

    @group.command(help=_("Revoke a token. It is read from standard input, so that no history keeps it."))
    def revoke() -> None:
        from bot.commands.token_run import run_revoke

        raise typer.Exit(int(run_revoke()))
