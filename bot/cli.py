"""The command line. Help must be quick, so each command imports its work when it runs."""

import sys
from collections.abc import Callable, Sequence
from typing import Final

import typer

from bot.commands import (
    bench,
    chat,
    console,
    demo,
    doctor,
    erase,
    evidence,
    export,
    forge,
    gate,
    init,
    jobs,
    migrate,
    policy,
    report,
    serve,
    slack,
    token,
    verify,
)
from bot.commands.help import Commands, run
from bot.commands.language import own_language
from config.i18n import translator

Gettext = Callable[[str], str]
INTERRUPTED: Final = 130
PARTS: Final = (
    init,
    serve,
    doctor,
    demo,
    chat,
    verify,
    export,
    report,
    policy,
    gate,
    forge,
    jobs,
    slack,
    console,
    token,
    evidence,
    erase,
    migrate,
    bench,
)


def build(_: Gettext) -> typer.Typer:
    """All commands, in this language."""
    app = Commands(
        name="wachbuch",
        help=_(
            "Wachbuch: incidents and changes by ISO/IEC 27001, worked in Slack, held at the merge, provable offline."
            "\n\nStart here: wachbuch demo"
        ),
    )
    for part in PARTS:
        part.register(app, _)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. `arguments` None: those of the process."""
    texts = translator(own_language())
    code = run(build(texts.gettext), arguments)
    if code == INTERRUPTED:
        sys.stderr.write("\n" + texts.gettext("Interrupted; nothing was left half done.") + "\n")
    return code
