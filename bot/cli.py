"""The command line. Help must be quick, so each command imports its work when it runs."""

import os
import sys
from collections.abc import Callable
from typing import Final

import typer

from bot.commands import (
    bench,
    chat,
    demo,
    erase,
    export,
    gate,
    jobs,
    migrate,
    policy,
    report,
    serve,
    slack,
    token,
    verify,
)
from bot.commands.language import terminal_language
from config.i18n import translator

Gettext = Callable[[str], str]
PARTS: Final = (serve, demo, chat, verify, export, report, policy, gate, jobs, slack, token, erase, migrate, bench)


def build(_: Gettext) -> typer.Typer:
    """All commands, in this language."""
    app = typer.Typer(
        name="wachbuch",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,
        pretty_exceptions_enable=False,
        help=_(
            "Wachbuch: incidents and changes by ISO/IEC 27001, worked in Slack, held at the merge, provable offline."
            "\n\nStart here: wachbuch demo"
        ),
    )
    for part in PARTS:
        part.register(app, _)
    return app


def main() -> int:
    """Run the command line; returns the exit code."""
    texts = translator(terminal_language(os.environ))
    try:
        build(texts.gettext)(standalone_mode=True)
    except KeyboardInterrupt:
        sys.stderr.write("\n" + texts.gettext("Interrupted; nothing was left half done.") + "\n")
        return 130
    return 0
