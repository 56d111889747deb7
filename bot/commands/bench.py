"""`wachbuch bench`: measure this machine."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Gettext = Callable[[str], str]


def register(app: typer.Typer, _: Gettext) -> None:
    """Add the command."""

    @app.command(
        help=_(
            "Measure on this machine, each figure beside a probe of the same run, in under five minutes. Loopback only."
        )
    )
    def bench(
        output: Annotated[
            Path | None, typer.Option("--output", "-o", help=_("Folder for bench.md and bench.json."))
        ] = None,
        only: Annotated[list[str] | None, typer.Option(help=_("Only this measurement; repeatable."))] = None,
    ) -> None:
        from bot.commands.beside import run_beside

        arguments = ["--output", str(output)] if output else []
        for name in only or ():
            arguments += ["--only", name]
        run_beside("tests.benchmarks", arguments)
