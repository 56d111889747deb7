"""What somebody cannot do is said before they have typed it into a form, and offers no case for it."""

import pytest

from bot.chat.allowing import before_form, command_of
from bot.chat.forms import incident_read
from bot.chat.forms.phases import TARGETS
from bot.chat.reply import Reply
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase

NUMBER = "INC-2026-0001"
REFUSED = "Mit Ihrer Rolle geht das nicht."
TO_REPORTERS = {"incident.report", "incident.backfill", "incident.note", "incident.evidence",
                "incident.handover_decline", "incident.disposal_withdraw"}  # fmt: skip
"""Forms that whoever reported may fill in; the last two as far as roles go: the answer to a request, and its end."""


def offered(reply: Reply) -> list[str]:
    return [one.label for one in reply.buttons]


def reported(on: Stage) -> IncidentCase:
    on.say("max", "melden Laptop aus dem Zug gestohlen")
    case = on.chat.queries.case(NUMBER, on.speaker("max").actor)
    assert isinstance(case, IncidentCase)
    return case


@pytest.mark.parametrize("verb", ["bewerten", "eindämmen", "schließen", "rolle", "pflicht", "aufgabe", "stand"])
def test_a_form_opens_only_to_those_whom_it_would_not_refuse(on_stage: Stage, verb: str) -> None:
    reported(on_stage)
    refused = on_stage.say("max", f"{verb} 1")
    assert refused.form is None
    assert refused.text.startswith(REFUSED)
    assert "Petra M." in refused.text
    assert on_stage.say("petra", f"{verb} 1").form is not None


def test_every_form_tells_beforehand_what_it_ends_in(on_stage: Stage) -> None:
    case = reported(on_stage)
    room, open_to = on_stage.chat._room(on_stage.speaker("max")), set()
    for form_id in (*incident_read.READ, *TARGETS):
        assert command_of(room, form_id, room.reading({}, case), case) is not None
        if before_form(room, form_id, case) is None:
            open_to.add(form_id)
    assert open_to == TO_REPORTERS


def test_a_case_that_is_over_opens_no_form(on_stage: Stage) -> None:
    reported(on_stage)
    form = on_stage.say("petra", "schließen 1")
    on_stage.fill("petra", form, kind="false_alarm", reason="Nur verlegt")
    on_stage.say("lena", "bestätigen 1")
    told = on_stage.say("petra", "bewerten 1")
    assert told.form is None
    assert told.text == f"{NUMBER} ist beendet (kein Vorfall). Wieder öffnen: `zurück {NUMBER}`."
    assert on_stage.say("petra", "zurück 1").form is not None


def test_what_was_typed_becomes_a_note_with_one_press(on_stage: Stage) -> None:
    reported(on_stage)
    refused = on_stage.say("max", "maßnahme #1 Akku entfernt")
    assert refused.form is None
    assert "Akku entfernt" in on_stage.press("max", refused, "Notiz").text
    told = on_stage.say("max", "stand #1 Leitung steht")
    assert told.text.startswith(REFUSED)
    assert "Leitung steht" in on_stage.press("max", told, "Notiz").text
    anywhere = on_stage.say("max", "maßnahme Netzteil entfernt")
    assert offered(anywhere) == ["Notiz"]
    picker = on_stage.press("max", anywhere, "Notiz")
    assert "Netzteil entfernt" in on_stage.press("max", picker, offered(picker)[0]).text


def test_a_choice_holds_only_cases_that_take_it(on_stage: Stage) -> None:
    reported(on_stage)
    on_stage.say("tom", "report Strange mail", command="incident")
    assert len(offered(on_stage.say("jana", "übernehmen"))) == 2
    on_stage.say("jana", "übernehmen 1")
    assert [one.split(" ")[0] for one in offered(on_stage.say("petra", "übernehmen"))] == ["INC-2026-0002"]
    on_stage.say("petra", "rolle 2 leitung ich")
    none_left = on_stage.say("petra", "übernehmen")
    assert none_left.buttons == ()
    assert none_left.text == "Kein Fall, bei dem `übernehmen` gerade für Sie infrage kommt."
    assert offered(on_stage.say("max", "bewerten")) == []
    assert len(offered(on_stage.say("petra", "bewerten"))) == 2
    assert "Ich kümmere mich" not in offered(on_stage.say("petra", "status 2"))
