"""`wachbuch gate check|record|enforce|observe`."""

from collections.abc import Callable
from typing import Annotated, Literal

import typer

from bot.commands.help import Commands

Gettext = Callable[[str], str]
Home = Literal["github", "gitlab"]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the group."""
    group = Commands(help=_("The gates: ask for a deployment, record one, observe first, then enforce."))
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
        forge: Annotated[str, typer.Option(help=_("github or gitlab, where both have one of this name."))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.gate_run import run_mode

        raise typer.Exit(int(run_mode(repository, reason, enforce=True, as_json=as_json, forge=forge)))

    @group.command(help=_("Only observe again: verdicts are shown and hold nothing; recorded, with the reason."))
    def observe(
        repository: Annotated[str, typer.Argument(help=_("The repository, as owner/name."))],
        reason: Annotated[str, typer.Option(help=_("Why."))],
        forge: Annotated[str, typer.Option(help=_("github or gitlab, where both have one of this name."))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.gate_run import run_mode

        raise typer.Exit(int(run_mode(repository, reason, enforce=False, as_json=as_json, forge=forge)))

    _asking(group, _)


def _asking(group: typer.Typer, _: Gettext) -> None:
    """The commands about one deployment."""

    @group.command(
        help=_(
            "Ask whether a commit may be deployed; for pipelines. Needs WACHBUCH_API_URL and WACHBUCH_API_TOKEN. "
            "Ends with 0 passed, 1 held, 2 called wrongly, 3 nobody answered.\n\n"
            "Example:\n\n  wachbuch gate check --env prod --sha $SHA --wait 10"
        )
    )
    def check(
        env: Annotated[str, typer.Option("--env", help=_("Where to, as the policy or the forge calls it."))],
        sha: Annotated[str, typer.Option("--sha", help=_("The commit; in GitHub Actions and GitLab CI known."))] = "",
        repo: Annotated[str, typer.Option("--repo", help=_("owner/name; in GitHub Actions and GitLab CI known."))] = "",
        wait: Annotated[float, typer.Option("--wait", min=0, max=1440, help=_("Minutes to wait until it passes."))] = 0,
        notices: Annotated[
            str, typer.Option("--notices", help=_("Folder for notices of deployments let through offline."))
        ] = ".wachbuch",
        forge: Annotated[
            Home | None, typer.Option("--forge", help=_("github or gitlab, where both have one of this name."))
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.gate_check_run import run_check, wanted

        asked = wanted(env, sha, repo, notices, forge or "")
        raise typer.Exit(int(run_check(asked, wait_minutes=wait, as_json=as_json)))

    @group.command(
        help=_(
            "Record a deployment that the forge does not tell of, by hand or from a pipeline. An earlier commit than "
            "the one that is there is a rollback.\n\n"
            "Example:\n\n  wachbuch gate record --env prod --sha $SHA --repo example/shop"
        )
    )
    def record(
        env: Annotated[str, typer.Option("--env", help=_("Where to, as the policy or the forge calls it."))] = "",
        sha: Annotated[str, typer.Option("--sha", help=_("The commit; in GitHub Actions and GitLab CI known."))] = "",
        repo: Annotated[str, typer.Option("--repo", help=_("owner/name; in GitHub Actions and GitLab CI known."))] = "",
        failed: Annotated[bool, typer.Option("--failed", help=_("It did not succeed."))] = False,  # noqa: FBT002 a flag
        offline: Annotated[
            str, typer.Option("--offline", help=_("Notices of deployments let through offline; - from standard input."))
        ] = "",
        forge: Annotated[
            Home | None, typer.Option("--forge", help=_("github or gitlab, where both have one of this name."))
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 a flag
    ) -> None:
        from bot.commands.gate_check_run import wanted
        from bot.commands.gate_record_run import run_offline, run_record

        if offline:
            raise typer.Exit(int(run_offline(offline, as_json=as_json)))
        if not env:
            raise typer.BadParameter("--env")
        asked = wanted(env, sha, repo, "", forge or "")
        raise typer.Exit(int(run_record(asked, succeeded=not failed, as_json=as_json)))
