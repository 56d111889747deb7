"""Translators, dates and durations, and the check of the catalogues."""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.i18n import language_of, translator
from config.i18n.__main__ import main
from config.i18n.catalogues import Kind, check, compile_all, texts_in_code
from config.i18n.translator import load
from config.policy.faults import MESSAGES, PolicyError
from config.policy.loader import load_texts
from config.settings import SettingsError, load_settings

BERLIN = ZoneInfo("Europe/Berlin")
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def catalogue(folder: Path, name: str, text: str) -> Path:
    file = folder / "de" / "LC_MESSAGES" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de", "de"), ("de-DE", "de"), ("de_AT", "de"), ("en-US", "en"), ("fr", "en"), (None, "en")],
)
def test_a_tag_leads_to_a_language_we_speak(tag: str | None, language: str) -> None:
    assert language_of(tag) == language


def test_the_default_language_counts_where_we_do_not_speak_it() -> None:
    assert language_of("fr", "de") == "de"
    assert language_of("en-GB", "de") == "en"


def test_texts_come_in_both_languages() -> None:
    assert translator("de-DE").gettext("unknown key") == "unbekannter Schlüssel"
    assert translator("en").gettext("unknown key") == "unknown key"
    assert translator("de").gettext("no such text") == "no such text"
    assert translator("de").gettext("") == ""


def test_faults_speak_the_language_of_the_reader() -> None:
    with pytest.raises(PolicyError) as caught:
        load_texts({"p.yaml": b"language: xx"})
    (fault,) = caught.value.faults
    assert fault.line_for(translator("de")) == "p.yaml:1:11: language: erwartet wird eines von: de, en; gefunden: „xx“"
    assert fault.line_for(translator("en")) == str(fault)
    with pytest.raises(SettingsError) as refused:
        load_settings({"WACHBUCH_PORT": "x"})
    assert refused.value.faults[0].text(translator("de")) == "WACHBUCH_PORT: erwartet wird eine ganze Zahl"


def test_every_fault_of_the_policy_has_its_own_german() -> None:
    german = translator("de")
    assert all(german.gettext(message) != message for message in MESSAGES.values())


def test_dates_and_times_are_local() -> None:
    moment = dt.datetime(2026, 11, 22, 23, 12, 40, tzinfo=dt.UTC)
    german, english = translator("de"), translator("en")
    assert (german.date(moment, BERLIN), english.date(moment, BERLIN)) == ("23.11.2026", "23 Nov 2026")
    assert (german.day_and_month(moment, BERLIN), english.day_and_month(moment, BERLIN)) == ("23.11.", "23 Nov")
    assert (german.datetime(moment, BERLIN), english.datetime(moment, BERLIN)) == (
        "23.11.2026, 00:12",
        "23 Nov 2026, 00:12",
    )
    assert german.time(moment, dt.UTC) == "23:12"
    assert german.date(dt.date(2026, 12, 1)) == "01.12.2026"
    with pytest.raises(ValueError, match="time zone"):
        german.date(moment)


@pytest.mark.parametrize(
    ("seconds", "german", "english"),
    [
        (0, "0 s", "0 s"),
        (-5, "0 s", "0 s"),
        (40, "40 s", "40 s"),
        (60, "1 min", "1 min"),
        (8_040, "2 h 14 min", "2 h 14 min"),
        (7_200, "2 h", "2 h"),
        (86_400, "1 Tag", "1 day"),
        (273_600, "3 Tage 4 h", "3 days 4 h"),
    ],
)
def test_durations_name_the_two_largest_units(seconds: int, german: str, english: str) -> None:
    length = dt.timedelta(seconds=seconds)
    assert (translator("de").duration(length), translator("en").duration(length)) == (german, english)


@given(st.timedeltas())
def test_every_duration_can_be_told(length: dt.timedelta) -> None:
    assert translator("de").duration(length)


def test_fragments_become_one_translator(tmp_path: Path) -> None:
    catalogue(tmp_path, "a.po", 'msgid "one"\nmsgstr "eins"\n')
    catalogue(tmp_path, "b.po", 'msgid "two"\nmsgstr "zwei"\n\nmsgid "one"\nmsgstr "andere"\n')
    found = load("de", tmp_path)
    assert (found.gettext("one"), found.gettext("two"), found.ngettext("a", "b", 2)) == ("eins", "zwei", "b")


def test_a_compiled_catalogue_counts_only_while_it_is_fresh(tmp_path: Path) -> None:
    source = catalogue(tmp_path, "a.po", 'msgid "one"\nmsgstr "eins"\n')
    (compiled,) = compile_all(tmp_path)
    source.write_text(HEADER + 'msgid "one"\nmsgstr "Eins"\n', encoding="utf-8")
    stamp = compiled.stat().st_mtime
    os.utime(source, (stamp, stamp))
    assert load("de", tmp_path).gettext("one") == "eins"
    os.utime(source, (stamp + 5, stamp + 5))
    assert load("de", tmp_path).gettext("one") == "Eins"


CODE = 'def say(t):\n    return t.gettext("Hello {name}"), t.ngettext("{n} file", "{n} files", 2)\n'
GOOD = """msgid "Hello {name}"
msgstr "Hallo {name}"

msgid "{n} file"
msgid_plural "{n} files"
msgstr[0] "eine Datei"
msgstr[1] "{n} Dateien"
"""


@pytest.mark.parametrize(
    ("code", "texts", "kinds"),
    [
        (CODE, GOOD, []),
        (CODE, GOOD.replace("Hallo {name}", "Hallo {nam}"), [Kind.PLACEHOLDERS]),
        (CODE, GOOD.replace("Hallo {name}", "Hallo"), [Kind.PLACEHOLDERS]),
        (CODE, GOOD.replace("Hallo {name}", "Hallo {name"), [Kind.PLACEHOLDERS]),
        (CODE, GOOD.replace("{n} Dateien", "Dateien"), [Kind.PLACEHOLDERS]),
        (CODE, GOOD.replace("Hallo {name}", ""), [Kind.MISSING]),
        (CODE, GOOD.replace("eine Datei", ""), [Kind.MISSING]),
        (CODE, GOOD.partition("\n\n")[2], [Kind.MISSING]),
        (CODE, "#, fuzzy\n" + GOOD, [Kind.FUZZY]),
        (CODE, GOOD + '\nmsgid "gone"\nmsgstr "weg"\n', [Kind.ORPHAN]),
        (CODE.replace('"Hello {name}"', 'f"Hello {name}"'), GOOD, [Kind.ORPHAN, Kind.NOT_LITERAL]),
        (CODE + '\nX = _("a" + "b")\n', GOOD, [Kind.MISSING, Kind.NOT_LITERAL]),
        (CODE + "\nX = _(other)\n", GOOD, [Kind.NOT_LITERAL]),
        (CODE + "\ndef show(t, other):\n    return t.gettext(other)\n", GOOD, []),
    ],
)
def test_the_check_finds_what_is_wrong(tmp_path: Path, code: str, texts: str, kinds: list[Kind]) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "texts.py").write_text(code, encoding="utf-8")
    catalogue(tmp_path / "locale", "a.po", texts)
    assert [problem.kind for problem in check(tmp_path, tmp_path / "locale")] == kinds


def test_two_fragments_may_share_a_text_only_with_the_same_german(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "texts.py").write_text(CODE, encoding="utf-8")
    catalogue(tmp_path, "a.po", GOOD)
    catalogue(tmp_path, "b.po", GOOD.partition("\n\n")[0] + "\n")
    assert check(tmp_path, tmp_path) == ()
    catalogue(tmp_path, "b.po", 'msgid "Hello {name}"\nmsgstr "Tag {name}"\n')
    assert [problem.kind for problem in check(tmp_path, tmp_path)] == [Kind.CONFLICT]


def test_texts_are_found_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "a.py").write_text('\nX = _("one")\n', encoding="utf-8")
    assert texts_in_code(tmp_path) == {"one": "workflows/a.py:2"}


def test_the_command_tells_its_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "check|compile" in capsys.readouterr().err
