"""The conversation without Slack: the same words, forms asked one field after the other."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.terminal import run_once, run_terminal
from tests.bot.stage import Stage, stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State


@pytest.fixture
def on_stage(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path, routes=frozenset({"timer"})) as standing:
        yield standing


def talk(on: Stage, person: str, *lines: str) -> str:
    out = io.StringIO()
    run_terminal(on.chat, on.speaker(person).actor, io.StringIO("".join(f"{line}\n" for line in lines)), out, "de")
    return out.getvalue()


def test_a_report_by_one_line_says_that_nobody_is_told_by_itself(on_stage: Stage) -> None:
    out = io.StringIO()
    run_once(on_stage.chat, on_stage.speaker("max").actor, "vorfall melden Laptop weg", io.StringIO(), out, "de")
    assert "INC-2026-0001 ist aufgenommen" in out.getvalue()
    assert "bitte Jana K. (Bereitschaft) anrufen" in out.getvalue()
    assert "Beleg #0·" in out.getvalue()


def test_forms_are_asked_field_by_field_and_errors_again(on_stage: Stage) -> None:
    shown = talk(on_stage, "max", "vorfall", "", "NB-17", "vorgestern", "2", "1", *[""] * 5, "Laptop weg", "1:30")
    assert shown.index("Was ist passiert?*") < shown.index("! Was ist passiert?: Das wird gebraucht.")
    assert "! Seit wann?" in shown
    assert "INC-2026-0001 ist aufgenommen" in shown


def test_an_answer_that_cannot_be_read_is_not_offered_again(on_stage: Stage) -> None:
    shown = talk(on_stage, "max", "vorfall", "Laptop weg", "NB-17", "vorgestern", *[""] * 7, "")
    assert "! Seit wann?" in shown
    assert "[vorgestern]" not in shown
    assert "INC-2026-0001 ist aufgenommen" in shown, "an empty line leaves it open, and does not repeat it"


def test_what_was_known_before_is_offered_instead(on_stage: Stage) -> None:
    talk(on_stage, "max", "aenderung plan Neuer Proxy")
    again = talk(on_stage, "max", "aenderung plan 1", "x" * 5000, *[""] * 8)
    assert again.count("[Neuer Proxy]") == 2
    assert "xxx" not in again


def test_a_refusal_shows_its_reasons_and_a_number_presses_its_button(on_stage: Stage) -> None:
    talk(on_stage, "max", "melden Laptop weg")
    fields = 15
    shown = talk(on_stage, "jana", "eindämmen 1", *[""] * fields, "1", "!")
    assert "Noch nicht in Eindämmen" in shown or "! " in shown
    case = on_stage.chat.queries.case("INC-2026-0001", on_stage.speaker("jana").actor)
    assert isinstance(case, IncidentCase)
    assert case.state is State.IDENTIFY


def test_what_is_known_is_shown_in_words_not_in_codes(on_stage: Stage) -> None:
    talk(on_stage, "max", "melden Laptop weg")
    shown = talk(on_stage, "jana", "eindämmen 1")
    assert "  1. Sicherheitsvorfall\n[Sicherheitsvorfall] " in shown
    assert "[incident]" not in shown


def test_a_button_is_pressed_by_its_number(on_stage: Stage) -> None:
    talk(on_stage, "max", "melden Laptop weg")
    shown = talk(on_stage, "jana", "status 1", "1")
    assert "[1] Ich kümmere mich" in shown
    assert "Jana K. kümmert sich um INC-2026-0001" in shown


def test_a_form_can_be_left(on_stage: Stage) -> None:
    assert "Verlassen, ohne etwas einzutragen." in talk(on_stage, "max", "vorfall", "!")
    assert "Nichts offen" in talk(on_stage, "petra", "liste")


def test_input_that_ends_in_a_form_records_nothing(on_stage: Stage) -> None:
    talk(on_stage, "max", "vorfall", "Laptop weg")
    assert "Nichts offen" in talk(on_stage, "petra", "liste")


def test_typed_control_characters_do_not_reach_the_screen(on_stage: Stage) -> None:
    talk(on_stage, "max", "melden Laptop \x1b[2J\x07 weg")
    assert "\x1b" not in talk(on_stage, "jana", "status 1")


def test_one_can_say_goodbye(on_stage: Stage) -> None:
    assert "hilfe" in talk(on_stage, "max", "ende", "hilfe")
