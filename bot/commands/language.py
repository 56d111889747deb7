"""The language of the command line: `WACHBUCH_LANGUAGE`, else what the terminal says, else English."""

import os
from collections.abc import Mapping

from config.i18n import Translator, language_of, translator


def terminal_language(environ: Mapping[str, str]) -> str:
    """`de` or `en`."""
    names = ("WACHBUCH_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return language_of(next((environ[name] for name in names if environ.get(name)), None))


def cli_texts() -> Translator:
    """The translator for this terminal."""
    return translator(terminal_language(os.environ))
