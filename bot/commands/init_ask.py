"""The questions of `wachbuch init` at a terminal. What is not taken is asked again, with the reason."""

import getpass
import sys
from collections.abc import Mapping
from typing import Any, Final

import typer

from bot.commands.init_answers import READERS, NotTaken, Way, distinct
from bot.commands.init_files import TOKENS
from bot.terminal import clean
from config.i18n import Translator, translator
from config.texts import _

INTERRUPTED: Final = 130
PROMPT: Final = "> "
LANGUAGE: Final = "Sprache? Language? (de, en)"
"""Asked before the language is known."""
QUESTIONS: Final[Mapping[str, str]] = {
    "size": _("How many people work in the company?"),
    "isb": _(
        "Who is the information security officer? Name[, Slack member id][, account on this machine]."
        " This account is {user}. Empty: nobody yet."
    ),
    "deputy": _("Who is the deputy? The same form; empty: nobody yet."),
    "slack": _("Connect Slack? socket (no public address needed), http, or none"),
}
SECRET: Final = _("{name} (not shown while you type; empty: later, as a line in .env)")
_BEGINNINGS: Final = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}
_YES: Final = frozenset({"y", "yes", "j", "ja"})


class Asking:
    """One round of questions on standard input and error; standard output is for the result."""

    def __init__(self, texts: Translator, user: str) -> None:
        self.texts = texts
        self._user = user
        self._number = 0

    def answers(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All five, those that are given already left out. Ends the command when the input does."""
        found = dict(given)
        for name in READERS:
            if name == "language" and name in found:
                self.texts = translator(found[name])
            if name not in found:
                found[name] = self._asked(name, found)
        return found

    def _asked(self, name: str, found: Mapping[str, Any]) -> Any:
        self._number += 1
        known = self.texts.gettext(QUESTIONS[name]).format(user=self._user) if name in QUESTIONS else LANGUAGE
        self._say(f"{self._number}. {known}")
        while True:
            line = self._line()
            try:
                answer = READERS[name](line, self.texts)
                answer = distinct(found["isb"], answer, self.texts) if name == "deputy" else answer
            except NotTaken as why:
                self._say(f"! {why}")
                continue
            if name == "language":
                self.texts = translator(answer)
            return answer

    def secrets(self, way: Way) -> dict[str, str]:
        """What this way of Slack takes, as far as it is given now."""
        found: dict[str, str] = {}
        for name, _like in TOKENS[way]:
            self._say(self.texts.gettext(SECRET).format(name=name))
            found[name] = self._secret(_BEGINNINGS.get(name, ""))
        return found

    def _secret(self, beginning: str) -> str:
        while True:
            given = self._hidden().strip()
            if not given or (given.startswith(beginning) and given.isascii() and given.isprintable()
                             and not set(given) & set(" #'\"")):  # fmt: skip
                return given
            why = self.texts.gettext("No blanks or quotes; it begins with: {beginning}")
            self._say(f"! {why.format(beginning=beginning or '…')}")

    def agrees(self, question: str) -> bool:
        """Whether somebody says yes; an empty line is a no."""
        self._say(question)
        return self._line().strip().casefold() in _YES

    def _hidden(self) -> str:
        if not sys.stdin.isatty():
            return self._line()
        try:
            return getpass.getpass(PROMPT)
        except EOFError:
            raise typer.Exit(INTERRUPTED) from None

    def _line(self) -> str:
        sys.stderr.write(PROMPT)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise typer.Exit(INTERRUPTED)
        return line.rstrip("\n")

    def _say(self, text: str) -> None:
        sys.stderr.write(clean(text) + "\n")
