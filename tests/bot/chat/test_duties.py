"""Duties to notify: one answer settles what it fits, and nothing is forgotten when a case ends another way."""

import pytest

from bot.chat.reply import FieldErrors
from tests.bot.chat.test_closing import SMALL
from tests.bot.chat.test_incident_talk import replied, to_contain
from tests.bot.chat.test_second_persons import WALKED
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase

NUMBER = "INC-2026-0001"
REGIMES = ("gdpr_33_1", "gdpr_34")


def case(on: Stage) -> IncidentCase:
    found = on.chat.queries.case(NUMBER, on.speaker("jana").actor)
    assert isinstance(found, IncidentCase)
    return found


def decided(on: Stage, regime: str, required: str, reason: str) -> None:
    replied(on.fill("dora", on.say("dora", "pflicht 1"), regime=regime, required=required, reason=reason))


def walk(on: Stage, choice: str) -> str:
    given = {**WALKED, "duties.decided~choice": choice, "duties.decided~text": "LfD 4711"}
    answered = on.chat.submit("incident.walk", NUMBER, given, on.speaker("jana"))
    return "\n".join(answered.errors.values()) if isinstance(answered, FieldErrors) else answered.text


@pytest.mark.parametrize("choice", ["filed", "not_required"])
def test_one_answer_fits_one_open_duty_and_neither_two_nor_one_that_is_required(on_stage: Stage, choice: str) -> None:
    to_contain(on_stage, **SMALL, personal_data="yes")
    decided(on_stage, REGIMES[1], "yes", "Hohes Risiko")
    told = walk(on_stage, choice)
    assert "jeweils einzeln: `pflicht INC-2026-0001 gemeldet …`" in told
    assert "DSGVO" in told
    assert [one.is_settled for one in case(on_stage).duties] == [False, False]
    assert on_stage.say("dora", f"pflicht 1 gemeldet {REGIMES[1]} Schreiben vom 3.").receipts
    assert "jeweils einzeln" not in walk(on_stage, choice)
    assert {one.reference for one in case(on_stage).duties if one.filed_at} >= {"Schreiben vom 3."}
    assert case(on_stage).duties[0].decided_by or case(on_stage).duties[0].filed_by


def test_a_disruption_with_personal_data_stays_with_whoever_decides_its_duty(on_stage: Stage) -> None:
    on_stage.say("max", "melden Datenbank war zwei Tage weg")
    replied(on_stage.fill("jana", on_stage.say("jana", "bewerten 1"), personal_data="yes"))
    form = on_stage.say("jana", "schließen 1")
    ended = replied(on_stage.fill("jana", form, kind="disruption", reason="Netzteil"))
    assert "INC-2026-0001 ist kein Vorfall: Störung ohne Anzeichen eines Angriffs." in ended.text
    assert "Noch zu entscheiden, von zwei Personen:" in ended.text
    for who, reason in (("dora", "Nach Stunden wieder da"), ("petra", "")):
        rows = [row for part in on_stage.chat.home(on_stage.speaker(who)).sections for row in part.rows]
        buttons = [button for row in rows for button in row.buttons if NUMBER in button.value and row.buttons]
        asked = on_stage.chat.press(buttons[0].action, buttons[0].value, on_stage.speaker(who))
        if reason:
            replied(on_stage.fill(who, asked, required="no", reason=reason))
    assert case(on_stage).duties[0].is_settled
    assert not case(on_stage).outlived


def test_who_may_not_say_since_when_the_organisation_knew_reads_who_may(on_stage: Stage) -> None:
    to_contain(on_stage, personal_data="yes")
    form = on_stage.say("jana", "pflicht 1")
    told = replied(on_stage.fill("jana", form, regime="gdpr_33_1", required="yes", reason="klar", aware="now")).text
    assert (
        "DSGVO: Seit wann die Organisation Kenntnis hat, legen andere fest. Helfen kann: Petra M. oder Dora D." in told
    )
    assert "gdpr_33_1" not in told
    assert not case(on_stage).duties[0].is_settled


def test_a_tie_that_cannot_be_is_refused_in_words(on_stage: Stage) -> None:
    to_contain(on_stage)
    on_stage.say("max", "melden Zweiter Laptop weg")
    told = on_stage.say("jana", "verknüpfen 1 INC-2026-0002 verursacht durch").text
    assert "„verursacht durch“ ist nicht möglich. Möglich: gehört dazu" in told
    assert "caused_by" not in told
