"""Nothing that was typed is lost: where no form comes back, the answers stand in words; of the case, nothing more."""

import pytest

from bot.slack.render import Renderer
from config.i18n import translator
from tests.bot.chat.test_incident_talk import replied, state
from tests.bot.stage import Stage
from workflows.incident.terms import State

NOTE = "Er rief gegen drei Uhr an"
WORDS = {
    "de": "Ihre Eingaben, damit sie nicht verloren gehen:",
    "en": "What you entered, so that it is not lost:",
}


@pytest.mark.parametrize("language", ["de", "en"])
def test_answers_about_a_case_that_was_dismissed_meanwhile_are_given_back(on_stage: Stage, language: str) -> None:
    on_stage.say("max", "melden Bildschirm flackert")
    on_stage.language = language
    open_form = on_stage.say("jana", "eindämmen 1")
    replied(on_stage.fill("jana", on_stage.say("jana", "schließen 1"), kind="false_alarm", reason="Wackelkontakt"))
    assert state(on_stage) is State.DISMISSED
    long = "Zugang <gesperrt> & Gerät gelöscht. " * 80
    told = replied(on_stage.fill("jana", open_form, reason=long))
    texts = [one.text for one in told.paragraphs]
    assert told.form is None
    assert WORDS[language] in texts, told.text
    assert long.strip() in "".join(texts), "in as many paragraphs as it takes"
    shown = Renderer(translator(language), lambda _: "").result(told)
    assert all(not one["text"]["text"].endswith("…") for one in shown["blocks"] if one["type"] == "section")


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_note_on_a_case_that_became_confidential_is_given_back(on_stage: Stage, language: str) -> None:
    on_stage.say("max", "melden Verdacht gegen einen Kollegen")
    on_stage.language = language
    open_form = on_stage.say("max", "notiz 1")
    on_stage.say("petra", "einschränken 1 vertraulich")
    told = replied(on_stage.fill("max", open_form, note=NOTE))
    unknown = replied(on_stage.chat.submit("incident.note", "INC-2026-0099", {"note": NOTE}, on_stage.speaker("max")))
    assert [one.text for one in told.paragraphs][1:] == [
        WORDS[language],
        {"de": f"Was wurde beobachtet oder getan: {NOTE}", "en": f"What was observed or done: {NOTE}"}[language],
    ]
    assert told.text == unknown.text.replace("0099", "0001"), "not to be told from a case that there never was"
    assert not told.buttons
    assert not told.case


def test_what_a_form_held_of_the_case_is_not_given_back_to_whoever_may_not_see_it(on_stage: Stage) -> None:
    on_stage.say("max", "melden Verdacht gegen einen Kollegen")
    replied(on_stage.fill("jana", on_stage.say("jana", "bewerten 1"), affected="Personalakte 17"))
    open_form = on_stage.say("jana", "bewerten 1")
    restricted = on_stage.fill("petra", on_stage.say("petra", "einschränken 1 streng"), named="petra, dora")
    assert replied(restricted).receipts
    told = replied(on_stage.fill("jana", open_form, reason="Der Verdacht trägt"))
    assert "Der Verdacht trägt" in told.text
    assert "Personalakte" not in told.text
