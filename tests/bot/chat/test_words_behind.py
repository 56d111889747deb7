"""Words behind a verb are never lost without a word: they stand in a form, or come back with a button for a note."""

from dataclasses import replace

import pytest

from bot.chat.parser import parse
from bot.chat.port import Utterance
from bot.chat.typed import typed
from tests.bot.stage import Stage


@pytest.mark.parametrize(
    ("said", "kind", "other", "reason"),
    [
        ("bewerten Fehlalarm: Drucker war leer", "false_alarm", "", "Drucker war leer"),
        ("assess near miss nobody clicked", "near_miss", "", "nobody clicked"),
        ("bewerten Dublette von 41, gleiche Mail", "duplicate", "41", "gleiche Mail"),
        ("assess duplicate INC-2026-0041 same mail", "duplicate", "INC-2026-0041", "same mail"),
        ("bewerten dublette", "duplicate", "", ""),
        ("bewerten Drei Leute haben geklickt", "", "", "Drei Leute haben geklickt"),
    ],
)
def test_an_assessment_takes_over_what_was_typed(said: str, kind: str, other: str, reason: str) -> None:
    intent = parse("vorfall", said, 2026)
    found = typed(intent, is_open=True)  # type: ignore[arg-type]
    assert found is not None
    assert not found.direct, "an assessment is looked at before it is sent"
    assert [found.values.get(one, "") for one in ("kind", "duplicate_of", "reason")] == [kind, other, reason]


def test_what_stands_behind_an_answer_comes_back_with_a_button_for_a_note(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    taken = on_stage.say("jana", "übernehmen 1 bin in zehn Minuten da")
    assert taken.receipts
    assert "Nicht eingetragen: „bin in zehn Minuten da“." in taken.text
    done = on_stage.press("jana", taken, "Als Notiz")
    assert done.receipts
    assert "bin in zehn Minuten da" in done.text
    assert "Nicht eingetragen" not in on_stage.say("jana", "dringend 1 bitte").text, "a single word is no message"


def test_what_stands_behind_a_phase_comes_back_above_its_form(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    asked = on_stage.say("jana", "eindämmen 1 Konto ist gesperrt", language="en")
    assert asked.form is not None
    assert "Not recorded yet: “Konto ist gesperrt”. Please put it into the field it belongs to." in asked.form.notice


def test_whoever_may_not_see_the_case_reads_what_they_always_read(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    absent = on_stage.say("max", "übernehmen 7 bin gleich da").text.replace("0007", "0001")
    assert on_stage.say("max", "übernehmen 1 bin gleich da").text == absent


def test_a_sentence_that_comes_too_late_is_given_back(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    on_stage.fill("petra", on_stage.say("petra", "schließen 1"), kind="false_alarm", reason="Wiedergefunden")
    late = on_stage.say("jana", "stand #1 Lag im Schrank von Halle 2").text
    assert "INC-2026-0001 ist beendet" in late
    assert "Text: Lag im Schrank von Halle 2" in late


def test_in_the_channel_of_a_case_a_sentence_without_a_verb_is_about_it(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    with on_stage.store.transaction() as uow:
        uow.links.put("slack.channel_case", "C0CASE001", "INC-2026-0001")
    asked = on_stage.say("jana", "stnd Laptop ist gesperrt", channel="C0CASE001")
    assert asked.form is None, "nobody wants a new report here"
    told = on_stage.press("jana", asked, "stand")
    assert "Stand (03:12, Jana K.): Laptop ist gesperrt" in told.text
    noted = on_stage.press("jana", asked, "Als Notiz")
    assert "stnd Laptop ist gesperrt" in noted.text
    assert on_stage.press("jana", asked, "Als Meldung").form is not None, "it is one press away"
    assert on_stage.say("jana", "Drucker brennt seit eben").form is not None, "elsewhere it is a report"


def test_of_a_case_that_is_over_no_note_is_offered(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    on_stage.fill("petra", on_stage.say("petra", "schließen 1"), kind="false_alarm", reason="Wiedergefunden")
    late = on_stage.say("jana", "dringend INC-2026-0001 Lag im Schrank von Halle 2")
    assert "Als Notiz" not in [one.label for paragraph in late.paragraphs for one in paragraph.buttons]


def test_what_is_answered_once_more_gives_the_words_back_too(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    said = Utterance(on_stage.speaker("jana"), "übernehmen 1 bin in zehn Minuten da", "vorfall")
    first, again = (replace(on_stage.chat, request="4711").handle(said) for _ in range(2))
    assert first.receipts
    assert (again.text, again.receipts) == (first.text, first.receipts)
