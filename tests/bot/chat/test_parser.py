"""Text to intent: both languages, short numbers, and never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.parser import Intent, Unknown, case_number, parse, parse_line
from bot.chat.verbs import CHANGE_WORDS, INCIDENT_WORDS, WORDS, Topic, Verb, fold

YEAR = 2026


@pytest.mark.parametrize("topic", list(Topic))
def test_every_verb_is_understood_in_both_languages_with_and_without_umlauts(topic: Topic) -> None:
    for verb, words in WORDS[topic].items():
        for word in words:
            for typed in (word, fold(word), word.upper(), f"{word}:"):
                found = parse(topic.value, typed, YEAR)
                assert isinstance(found, Intent)
                assert found.verb is verb


@pytest.mark.parametrize("words", [INCIDENT_WORDS, CHANGE_WORDS])
def test_every_verb_has_its_own_words(words: dict[Verb, tuple[str, ...]]) -> None:
    folded = [fold(word) for several in words.values() for word in several]
    assert len(folded) == len(set(folded))
    assert all(1 <= len(several) <= 2 for several in words.values())


@pytest.mark.parametrize(
    ("command", "text", "verb", "case", "rest"),
    [
        ("incident", "", Verb.REPORT, "", ""),
        ("vorfall", "   ", Verb.REPORT, "", ""),
        ("/change", "", Verb.PLAN, "", ""),
        ("aenderung", "status 117", Verb.STATUS, "CHG-2026-0117", ""),
        ("änderung", "status", Verb.STATUS, "", ""),
        ("incident", "status INC-2025-0042", Verb.STATUS, "INC-2025-0042", ""),
        ("incident", "status inc 42", Verb.STATUS, "INC-2026-0042", ""),
        ("incident", "status inc42", Verb.STATUS, "INC-2026-0042", ""),
        ("incident", "42", Verb.STATUS, "INC-2026-0042", ""),
        ("incident", "42 contain", Verb.CONTAIN, "INC-2026-0042", ""),
        ("incident", "INC-S-2026-0003 status", Verb.STATUS, "INC-S-2026-0003", ""),
        ("vorfall", "bewerten INC 2026 0001", Verb.ASSESS, "INC-2026-0001", ""),
        ("vorfall", "bewerten inc 2025-0001", Verb.ASSESS, "INC-2025-0001", ""),
        ("vorfall", "inc-s-2025 3 bewerten", Verb.ASSESS, "INC-S-2025-0003", ""),
        ("vorfall", "notiz INC 2026 0001 42 Kisten", Verb.NOTE, "INC-2026-0001", "42 Kisten"),
        ("vorfall", "notiz INC 42 17 Kisten", Verb.NOTE, "INC-2026-0042", "17 Kisten"),
        ("vorfall", "notiz INC 2026 Kisten", Verb.NOTE, "INC-2026-2026", "Kisten"),
        ("vorfall", "zurück 7 eindämmen neue Spur", Verb.BACK, "INC-2026-0007", "eindämmen neue Spur"),
        ("incident", "note 42 servers are down", Verb.NOTE, "", "42 servers are down"),
        ("incident", "task 42", Verb.TASK, "INC-2026-0042", ""),
        ("incident", "note inc 7 42 servers are down", Verb.NOTE, "INC-2026-0007", "42 servers are down"),
        ("incident", "link CHG-2026-0117 fixes", Verb.LINK, "", "CHG-2026-0117 fixes"),
        ("incident", "link inc 3 CHG-2026-0117", Verb.LINK, "INC-2026-0003", "CHG-2026-0117"),
        ("incident", "report two\nlines", Verb.REPORT, "", "two\nlines"),
        ("change", "approve 5 deploy prod", Verb.APPROVE, "CHG-2026-0005", "deploy prod"),
    ],
)
def test_commands_are_read(command: str, text: str, verb: Verb, case: str, rest: str) -> None:
    found = parse(command, text, YEAR)
    assert isinstance(found, Intent)
    assert (found.verb, found.case, found.rest) == (verb, case, rest)


def test_a_line_names_its_command_or_is_about_incidents() -> None:
    assert parse_line("/aenderung liste", YEAR) == Intent(Topic.CHANGE, Verb.LIST, german=True)
    assert parse_line("list", YEAR) == Intent(Topic.INCIDENT, Verb.LIST)


@pytest.mark.parametrize(
    ("typed", "meant"), [("statsu", "status"), ("contian", "contain"), ("schliesen", "schliessen"), ("hlp", "help")]
)
def test_an_unknown_verb_gets_a_suggestion(typed: str, meant: str) -> None:
    found = parse("incident", typed, YEAR)
    assert isinstance(found, Unknown)
    assert found.suggestions[0] == meant


def test_numbers_are_completed() -> None:
    assert case_number("42", Topic.INCIDENT, YEAR) == "INC-2026-0042"
    assert case_number("CHG-2025-0001", Topic.CHANGE, YEAR) == "CHG-2025-0001"
    assert case_number("chg 2025 0001", Topic.CHANGE, YEAR) == "CHG-2025-0001"
    assert case_number("CHG-2025-0001", Topic.INCIDENT, YEAR) == ""
    assert case_number("nothing here", Topic.CHANGE, YEAR) == ""


@given(st.text(), st.text(), st.integers(min_value=1, max_value=9999))
def test_parsing_never_fails(command: str, text: str, year: int) -> None:
    for found in (parse(command, text, year), parse_line(f"{command} {text}", year)):
        assert isinstance(found, Intent | Unknown)
        assert "\n" not in found.case if isinstance(found, Intent) else len(found.word) <= 80
