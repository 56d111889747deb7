"""Whoever closes a case has seen what was left out, what stays open, and what was decided."""

from collections.abc import Mapping

import pytest

from bot.chat.reply import Form, Reply
from tests.bot.chat.test_incident_talk import replied, state, to_contain
from tests.bot.chat.test_second_persons import WALKED
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

SMALL = {"confidentiality": "low", "availability": "none"}
LEFT_OUT = {"restore_source.checked~text": "entfällt: nichts zurückgespielt"}
ACTION = {
    "corrective_action~choice": "action", "corrective_action~text": "Schlösser kaufen",
    "corrective_action~person": "tom", "corrective_action~when": "2026-12-08",
}  # fmt: skip


def walked(on: Stage, instead: Mapping[str, str] | None = None, *, duty: bool = False) -> Reply:
    """All answers of the way to the end, by the lead: what is missing is somebody else who closes."""
    to_contain(on, **SMALL, personal_data="yes" if duty else "no")
    if duty:
        form = on.say("jana", "pflicht 1")
        replied(on.fill("jana", form, regime="gdpr_33_1", required="no", reason="verschlüsselt"))
    given = {**WALKED, **(instead or {})}
    return replied(on.chat.submit("incident.walk", "INC-2026-0001", given, on.speaker("jana")))


def open_task(on: Stage) -> None:
    assert on.say("jana", "aufgabe INC-2026-0001 Alte Konten löschen").receipts


def shown(on: Stage, line: str = "durchgehen 1") -> Form:
    """What whoever closes sees first; nothing has moved by it."""
    asked = on.say("petra", line)
    assert asked.form is not None, asked.text
    assert state(on) is State.CONTAIN
    return asked.form


def test_where_there_is_nothing_to_see_one_press_closes(on_stage: Stage) -> None:
    walked(on_stage)
    told = on_stage.say("petra", "durchgehen 1")
    assert told.form is None
    assert "INC-2026-0001 ist geschlossen." in told.text
    assert state(on_stage) is State.CLOSED


def test_whoever_closes_sees_it_all_on_one_page_and_then_sends_it(on_stage: Stage) -> None:
    walked(on_stage, LEFT_OUT | ACTION, duty=True)
    open_task(on_stage)
    form = shown(on_stage)
    assert (form.fields, form.submit) == ((), "Schließen")
    page = "\n".join(form.page)
    assert "Quelle der Wiederherstellung: nichts zurückgespielt (Jana K.)" in page
    assert "Nr. 1: Alte Konten löschen (noch niemand)" in page
    assert "Nr. 1: Schlösser kaufen (Tom B., fällig 08.12.2026)" in page
    assert "nicht erforderlich, verschlüsselt (entschieden: Jana K.). Wer schließt, bestätigt das." in page
    closed = replied(on_stage.chat.submit(form.id, form.case, {}, on_stage.speaker("petra")))
    assert "Nicht erledigt: Aufgabe 1." in closed.text
    assert state(on_stage) is State.CLOSED


@pytest.mark.parametrize("one", ["task", "left_out", "action", "duty"])
def test_each_of_it_alone_is_shown(on_stage: Stage, one: str) -> None:
    given = {"left_out": LEFT_OUT, "action": ACTION}.get(one, {})
    walked(on_stage, given, duty=one == "duty")
    if one == "task":
        open_task(on_stage)
    assert len(shown(on_stage).page) == 1


def test_a_form_that_closes_when_it_is_sent_shows_the_same(on_stage: Stage) -> None:
    walked(on_stage, LEFT_OUT | {"retention.class~choice": ""})
    form = shown(on_stage)
    assert form.fields
    assert "nichts zurückgespielt" in "\n".join(form.page)


ROTATION = {"credentials.revoked~choice": "rotation", "credentials.revoked~text": "Schlüssel der Ablage"}


@pytest.mark.parametrize("owner", ["max", ""])
def test_keys_that_are_being_replaced_stay_with_their_owner_or_else_the_lead(on_stage: Stage, owner: str) -> None:
    walked(on_stage, ROTATION | {"credentials.revoked~person": owner})
    open_task(on_stage)
    page = shown(on_stage).page
    who = "Max H." if owner else "noch niemand"
    assert page[-1] == f"Nach dem Schließen noch zu erledigen:\n• Nr. 1: Schlüssel der Ablage ({who})"
    assert "Alte Konten löschen" in "\n".join(page[:-1])
    closed = replied(on_stage.chat.submit("incident.walk", "INC-2026-0001", {}, on_stage.speaker("petra")))
    assert "Der Austausch von Zugangsdaten oder Schlüsseln läuft noch: Aufgabe 1." in closed.text
    assert "Nicht erledigt: Aufgabe 2." in closed.text
    assert "ist beendet" in on_stage.say("jana", "aufgabe INC-2026-0001 erledigt 2 doch noch").text
    speaker = on_stage.speaker(owner or "jana")
    rows = [row for part in on_stage.chat.home(speaker).sections for row in part.rows]
    (button,) = [one for row in rows for one in row.buttons if one.value == "INC-2026-0001 done 1"]
    assert "Aufgabe 1 ist erledigt." in on_stage.chat.press(button.action, button.value, speaker).text
    found = on_stage.chat.queries.case("INC-2026-0001", speaker.actor)
    assert isinstance(found, IncidentCase)
    assert found.state is State.CLOSED
    assert [one.no for one in found.tasks if one.done_at] == [1]
    assert not found.outlived


def test_of_very_many_open_tasks_the_page_shows_some_and_counts_the_rest(on_stage: Stage) -> None:
    walked(on_stage)
    for _ in range(32):
        open_task(on_stage)
    page = "\n".join(shown(on_stage).page)
    assert (page.count("Alte Konten löschen"), "2 weitere" in page) == (30, True)
