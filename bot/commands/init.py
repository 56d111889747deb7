"""`wachbuch init`: five questions, then a policy folder and an `.env`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Set up: five questions, then ./policy/policy.yaml and ./.env, and which rules cannot be staffed yet.\n\n"
            "Examples:\n\n  wachbuch init\n\n"
            "  wachbuch init --language en --size 12 --isb 'Petra M., U0PETRA01, petra' --deputy '' --slack socket\n\n"
            "  wachbuch init --answers answers.yaml --json"
        )
    )
    def init(  # noqa: PLR0913  one parameter per question
        *,
        folder: Annotated[Path, typer.Option("--folder", help=_("Folder of the policy."))] = Path("policy"),
        answers: Annotated[
            Path | None, typer.Option("--answers", help=_("YAML file with language, size, isb, deputy, slack."))
        ] = None,
        language: Annotated[str | None, typer.Option("--language", help=_("de or en."))] = None,
        size: Annotated[str | None, typer.Option("--size", help=_("How many people work in the company."))] = None,
        isb: Annotated[
            str | None,
            typer.Option("--isb", help=_("Information security officer: name[, Slack member id][, OS account].")),
        ] = None,
        deputy: Annotated[
            str | None, typer.Option("--deputy", help=_("Deputy, in the same form; '' for none."))
        ] = None,
        slack: Annotated[str | None, typer.Option("--slack", help=_("socket, http or none."))] = None,
        force: Annotated[
            bool, typer.Option("--force", help=_("Replace files that are there; copies are kept."))
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON; asks nothing."))] = False,
    ) -> None:
        from bot.commands.init_run import Wanted, run

        given = {"language": language, "size": size, "isb": isb, "deputy": deputy, "slack": slack}
        told = {name: value for name, value in given.items() if value is not None}
        raise typer.Exit(int(run(Wanted(folder, told, answers, force=force, as_json=as_json))))
