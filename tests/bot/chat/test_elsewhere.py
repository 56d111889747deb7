"""What is said in other words beside Slack: it replaces something that is said, and names what there is."""

import re
import string
from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from bot.chat.surface import CONSOLE, SLACK, TERMINAL, Surface
from bot.chat.texts import elsewhere, fields, next_steps
from config.i18n import translator
from config.i18n.catalogues import KEYWORDS

ROOT = Path(__file__).resolve().parents[3]
TABLES = {"console": elsewhere.CONSOLE, "terminal": elsewhere.TERMINAL}
QUOTED = re.compile(r"[“„]([^”“„{]+)[”“]")
TYPED = re.compile(r"`[^`]+`")


def said_in_code() -> set[str]:
    found: set[str] = set()
    for file in (ROOT / "bot" / "chat").rglob("*.py"):
        if file != Path(elsewhere.__file__):
            found |= {str(text) for _, text, *_ in extract_from_file("python", file, keywords=KEYWORDS)}
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, *_ in string.Formatter().parse(text) if name}


def test_what_is_replaced_is_still_said() -> None:
    replaced = {text for table in TABLES.values() for text in table}
    assert replaced <= said_in_code()


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_stands_in_place_knows_no_more(table: Mapping[str, str]) -> None:
    for text, instead in table.items():
        assert placeholders(instead) <= placeholders(text) | {"number"}, instead


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_button_that_the_console_names_exists(language: str) -> None:
    t = translator(language)
    labels = {t.gettext(one) for one in (*next_steps.LABELS.values(), *fields.TITLES.values())}
    named = {name for text in elsewhere.CONSOLE.values() for name in QUOTED.findall(t.gettext(text))}
    assert len(named) > 5
    assert named <= labels


def test_the_console_asks_nobody_to_type_there() -> None:
    for text in elsewhere.CONSOLE.values():
        assert not TYPED.search(text) or "in Slack or at a terminal" in text, text


@pytest.mark.parametrize("language", ["de", "en"])
def test_other_texts_stay_as_they_are(language: str) -> None:
    plain = translator(language)
    placed = plain.saying(elsewhere.CONSOLE)
    for text, instead in elsewhere.CONSOLE.items():
        assert placed.gettext(text) == plain.gettext(instead) != plain.gettext(text)
    assert placed.gettext("Note") == plain.gettext("Note")
    assert placed.ngettext("{count} day", "{count} days", 2) == plain.ngettext("{count} day", "{count} days", 2)


@pytest.mark.parametrize(
    ("surface", "configured", "called"),
    [
        (SLACK, "C0INTAKE01", "C0INTAKE01"),
        (SLACK, "incidents", "incidents"),
        (TERMINAL, "incidents", "#incidents"),
        (CONSOLE, "incidents", "#incidents"),
        (TERMINAL, "C0INTAKE01", ""),
        (CONSOLE, "C0INTAKE01", ""),
        (CONSOLE, None, ""),
        (SLACK, None, ""),
    ],
)
def test_a_channel_has_its_name_or_none(surface: Surface, configured: str | None, called: str) -> None:
    assert surface.channel(configured) == called
