"""The language of the command line: `WACHBUCH_LANGUAGE` (also in `.env`), else what the terminal says, else English."""

import os
from collections.abc import Mapping

from config.dotenv import find
from config.i18n import Translator, language_of, translator


def terminal_language(environ: Mapping[str, str]) -> str:
    """`de` or `en`."""
    names = ("WACHBUCH_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return language_of(next((environ[name] for name in names if environ.get(name)), None))


def own_language() -> str:
    """The language of this terminal. What is wrong with its `.env` is said by whatever needs the settings."""
    return terminal_language(find(os.environ).beneath(os.environ))


def cli_texts() -> Translator:
    """The translator for this terminal."""
    return translator(own_language())
