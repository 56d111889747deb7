"""Which entry a correction means: by its number on the timeline, or by its receipt; never another one."""

import pytest

from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase

NUMBER = "INC-2026-0001"


def case(on: Stage) -> IncidentCase:
    found = on.chat.queries.case(NUMBER, on.speaker("petra").actor)
    assert isinstance(found, IncidentCase)
    return found


@pytest.mark.parametrize("short", [False, True])
def test_a_receipt_names_its_own_entry_and_no_other(on_stage: Stage, *, short: bool) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    for other in ("Schlüssel verloren", "Tür offen"):
        on_stage.say("jana", f"melden {other}")
    receipt = str(on_stage.say("jana", f"notiz {NUMBER} Um neun").receipts[-1])
    meant = case(on_stage).notes[-1].seq
    named = receipt.partition("·")[0] if short else receipt
    assert named.lstrip("#").partition("·")[0] != str(meant), "the two counts differ"
    assert on_stage.say("jana", f"notiz {NUMBER} berichtigt {named} Um acht").receipts
    assert case(on_stage).notes[-1].corrects == meant
    assert on_stage.say("jana", f"notiz {NUMBER} berichtigt {meant} Um sieben").receipts
    assert case(on_stage).notes[-1].corrects == meant
    status = on_stage.say("jana", f"status {NUMBER}").text
    assert f"Eintrag {meant} · " in status
    assert f"#{meant} · " not in status


def test_a_receipt_of_another_case_corrects_nothing(on_stage: Stage) -> None:
    on_stage.say("jana", "melden Laptop gestohlen")
    on_stage.say("jana", f"notiz {NUMBER} Um neun")
    foreign = str(on_stage.say("jana", "melden Schlüssel verloren").receipts[0])
    before = case(on_stage).notes
    answer = on_stage.say("jana", f"notiz {NUMBER} berichtigt {foreign} Um acht")
    assert not answer.receipts
    assert answer.form is not None
    assert "Um acht" in str(answer.form), "what was typed is kept"
    assert case(on_stage).notes == before
