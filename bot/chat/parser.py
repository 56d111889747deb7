"""Text to a typed intent. Total: any text gives an intent or a helpful `Unknown`, never an exception."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.chat.verbs import ABOUT_NONE, BARE, COMMANDS, FREE_TEXT, GERMAN_COMMANDS, Topic, Verb, fold, words_of

_FULL: Final = re.compile(r"^(inc|inc-s|chg)-(\d{4})-(\d{1,6})$", re.ASCII | re.IGNORECASE)
_SHORT: Final = re.compile(r"^(inc|inc-s|chg)-?#?(\d{1,6})$", re.ASCII | re.IGNORECASE)
_BARE_NUMBER: Final = re.compile(r"^#?(\d{1,6})$", re.ASCII)
_SERIES: Final = {"inc": Topic.INCIDENT, "inc-s": Topic.INCIDENT, "chg": Topic.CHANGE}
_DEFAULT: Final = {Topic.INCIDENT: "INC", Topic.CHANGE: "CHG"}
_SUGGESTIONS: Final = 3
_CLOSE: Final = 0.6
_SENTENCE: Final = 3
_ALONE: Final = 2
"""The verb and one word: a number is then the case even where a sentence could follow."""

Years = Callable[[str, int], int]
"""The year of a short number, by its series."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants: the verb, the case they named (empty: none), the words behind it, and all that was said."""

    topic: Topic
    verb: Verb
    case: str = ""
    rest: str = ""
    german: bool = False
    text: str = field(default="", compare=False)

    @property
    def is_sentence(self) -> bool:
        """Whether it may be something to report that only begins like a verb: `Update hat Server zerlegt`."""
        about_one = self.topic is Topic.INCIDENT and self.verb not in ABOUT_NONE
        return about_one and not self.case and len(self.rest.split()) >= _SENTENCE


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that is no verb, with the verbs it may have meant (folded words, best first), and all that was said."""

    topic: Topic
    word: str
    suggestions: tuple[str, ...] = ()
    german: bool = False
    case: str = ""
    text: str = ""

    @property
    def is_sentence(self) -> bool:
        """Whether it reads as something to report rather than as a verb mistyped."""
        words = self.text.split()
        two = len(words) == _ALONE and not self.suggestions and not any(sign.isdigit() for sign in words[1])
        return not self.case and (len(words) >= _SENTENCE or two)


def parse_line(line: str, year: int | Years) -> Intent | Unknown:
    """Read a whole line, `/incident status` or `vorfall status`. Without a command word it is about incidents."""
    first, _, rest = line.strip().partition(" ")
    command = fold(first.lstrip("/"))
    if command in COMMANDS:
        return parse(command, rest, year)
    return parse("incident", line, year)


def parse(command: str, text: str, year: int | Years) -> Intent | Unknown:
    """Read the text after a command. `year` completes short numbers: `42` is `INC-<year>-0042`."""
    folded = fold(command.lstrip("/"))
    topic = COMMANDS.get(folded, Topic.INCIDENT)
    german = folded in GERMAN_COMMANDS
    words = text.split()
    if not words:
        return Intent(topic, BARE[topic], german=german)
    number, after = _leading_number(words, topic, year, bare=True)
    if number and not after:
        return Intent(topic, Verb.STATUS, number, german=german)
    verb = words_of(topic).get(fold(after[0]).strip(".,:;!?"))
    if verb is None:
        return _unknown(topic, after[0], german=german, case=number, text=text.strip())
    if not number:
        number, tail = _leading_number(after[1:], topic, year, bare=verb not in FREE_TEXT or len(after) == _ALONE)
        return Intent(topic, verb, number, _rest(text, len(words) - len(tail)), german, text.strip())
    return Intent(topic, verb, number, _rest(text, len(words) - len(after) + 1), german, text.strip())


def case_number(text: str, topic: Topic, year: int | Years) -> str:
    """The full number somebody meant by `INC-2026-0042`, `inc 42` or `42`; empty when it is none."""
    words = text.split()
    number, tail = _leading_number(words, topic, year, bare=True)
    return "" if tail else number


def _leading_number(words: list[str], topic: Topic, year: int | Years, *, bare: bool) -> tuple[str, list[str]]:
    if not words:
        return "", words
    first = words[0].strip(".,:;")
    if (full := _FULL.match(first)) and _SERIES[fold(full[1])] is topic:
        return full_number(full[1], int(full[2]), int(full[3])), words[1:]
    if (short := _SHORT.match(first)) and _SERIES[fold(short[1])] is topic:
        return _number(short[1], year, int(short[2])), words[1:]
    if _SERIES.get(fold(first)) is topic and len(words) > 1 and (spaced := _BARE_NUMBER.match(words[1])):
        return _number(first, year, int(spaced[1])), words[2:]
    # `#42` is a case wherever it stands first; a bare `42` only where no sentence follows.
    if (bare or first.startswith("#")) and (alone := _BARE_NUMBER.match(first)):
        return _number(_DEFAULT[topic], year, int(alone[1])), words[1:]
    return "", words


def _number(series: str, year: int | Years, number: int) -> str:
    return full_number(series, year if isinstance(year, int) else year(series, number), number)


def full_number(series: str, year: int, number: int) -> str:
    """As it is written: `INC-2026-0042`."""
    return f"{series.upper()}-{year}-{number:04d}"


def _rest(text: str, skipped: int) -> str:
    """What follows the first `skipped` words, with its line breaks as they were typed."""
    parts = text.split(maxsplit=skipped)
    return parts[skipped].rstrip() if len(parts) > skipped else ""


def _unknown(topic: Topic, word: str, *, german: bool, case: str, text: str) -> Unknown:
    close = difflib.get_close_matches(fold(word)[:40], list(words_of(topic)), n=_SUGGESTIONS, cutoff=_CLOSE)
    return Unknown(topic, word[:80], tuple(close), german, case, text)
