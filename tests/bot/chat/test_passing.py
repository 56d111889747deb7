"""A task or a corrective action goes to somebody else: by whom it is typed, who is told, and what stays as it is."""

import pytest

from tests.bot.chat.test_incident_talk import NUMBER, to_contain
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase


def incident(on: Stage) -> IncidentCase:
    case = on.chat.queries.case(NUMBER, on.speaker("petra").actor)
    assert isinstance(case, IncidentCase)
    return case


def owners(on: Stage) -> tuple[list[str], list[str]]:
    case = incident(on)
    return [case.name_of(one.owner) for one in case.tasks], [case.name_of(one.owner) for one in case.correctives]


def owing(on: Stage) -> None:
    """A case with a task and a corrective action of Tom's."""
    to_contain(on)
    form = on.say("jana", "aufgabe #1").form
    assert form is not None
    on.chat.submit(form.id, NUMBER, {"task": "Protokolle sichern", "owner": "Tom B."}, on.speaker("jana"))
    agreed = {"task": "Platten verschlüsseln", "owner": "Tom B.", "due": "2026-12-24"}
    on.chat.submit("incident.corrective", NUMBER, agreed, on.speaker("jana"))
    assert owners(on) == (["Tom B."], ["Tom B."])


@pytest.mark.parametrize("typed", ["1 @max", "übergeben 1 Max H.", "give #1 @max", "abgeben 1 Max"])
def test_somebody_else_takes_it_over(on_stage: Stage, typed: str) -> None:
    owing(on_stage)
    told = on_stage.say("jana", f"aufgabe #1 {typed}").text
    assert "Um Aufgabe 1 kümmert sich ab jetzt Max H.: Protokolle sichern." in told
    told = on_stage.say("jana", f"maßnahme #1 {typed}", language="en").text
    assert "Max H. takes care of corrective action 1 from now on" in told
    assert owners(on_stage) == (["Max H."], ["Max H."])
    assert "Das ist schon so" in on_stage.say("jana", f"aufgabe #1 {typed}").text
    assert "Aufgabe 1" in on_stage.say("max", "aufgabe #1 erledigt 1").text, "who has it now ends it"
    assert len(incident(on_stage).tasks) == 1, "it is no new task"


def test_who_has_nothing_to_do_with_it_gives_it_to_nobody(on_stage: Stage) -> None:
    owing(on_stage)
    assert "Mit Ihrer Rolle geht das nicht." in on_stage.say("max", "aufgabe #1 übergeben 1 Max H.").text
    on_stage.say("petra", "aufgabe #1 erledigt 1")
    on_stage.say("petra", "aufgabe #1 übergeben 1 Max H.")
    assert owners(on_stage) == (["Tom B."], ["Tom B."]), "what is done stays with whoever had it"
    assert on_stage.say("petra", "aufgabe #1 2 Server neu starten").receipts, "a number alone begins a task as ever"


def test_a_corrective_action_is_given_on_when_the_case_is_over(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    agreed = {"task": "Platten verschlüsseln", "owner": "Tom B.", "due": "2026-12-24"}
    on_stage.chat.submit("incident.corrective", NUMBER, agreed, on_stage.speaker("jana"))
    over = on_stage.say("petra", "schließen 1")
    on_stage.fill("petra", over, kind="false_alarm", reason="Wiedergefunden")
    assert not incident(on_stage).state.is_open
    assert on_stage.say("petra", "maßnahme #1 übergeben 1 Max H.").receipts
    assert owners(on_stage)[1] == ["Max H."]


@pytest.mark.parametrize(
    ("typed", "text", "owner"),
    [
        ("Schlüssel tauschen @max", "Schlüssel tauschen", "Max H."),
        ("Schlüssel tauschen @Max.", "Schlüssel tauschen", "Max H."),
        ("Mail an info@beispiel.example", "Mail an info@beispiel.example", ""),
        ("Konto sperren von @unbekannt", "Konto sperren von @unbekannt", ""),
        ("@max fragen", "@max fragen", ""),
    ],
)
def test_a_name_behind_a_task_takes_care_of_it(on_stage: Stage, typed: str, text: str, owner: str) -> None:
    on_stage.say("jana", "melden Laptop weg")
    told = on_stage.say("jana", f"aufgabe #1 {typed}").text
    (task,) = incident(on_stage).tasks
    assert (task.text, incident(on_stage).name_of(task.owner) if task.owner else "") == (text, owner)
    assert (f"{owner} kümmert sich darum" if owner else "Noch kümmert sich niemand darum") in told


def test_what_outlives_a_case_is_done_by_its_number_or_by_a_choice(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    agreed = {"task": "Platten verschlüsseln", "owner": "Tom B.", "due": "2026-12-24"}
    on_stage.chat.submit("incident.corrective", NUMBER, agreed, on_stage.speaker("jana"))
    on_stage.fill("petra", on_stage.say("petra", "schließen 1"), kind="false_alarm", reason="Wiedergefunden")
    for typed in (
        "maßnahme 1 erledigt 1 Alle Notebooks verschlüsselt",
        "maßnahme erledigt 1 Alle Notebooks verschlüsselt",
    ):
        offered = on_stage.say("tom", typed)
        assert offered.form is None, "it is no new report"
        assert [one.value for one in offered.buttons if NUMBER in one.value] == [
            f"{NUMBER} erledigt 1 Alle Notebooks verschlüsselt"
        ]
    (choice,) = [one for one in offered.buttons if NUMBER in one.value]
    done = on_stage.chat.press(choice.action, choice.value, on_stage.speaker("tom"))
    assert "Corrective action 1 is done" in done.text or "Korrekturmaßnahme 1 ist erledigt" in done.text
