"""What waits for a second person says so: who it is, with the button, and never to whoever went first."""

from typing import Any

from bot.chat import home
from bot.chat.reply import Reply
from tests.bot.chat.test_incident_talk import ASSESSED, category, replied, state, to_contain
from tests.bot.stage import Stage
from workflows.incident.terms import State

WALKED = {
    "containment.action~text": "Konten gesperrt", "containment.action~detail": "alle drei",
    "credentials.revoked~choice": "revoked", "evidence.preserved~choice": "none",
    "evidence.preserved~text": "nichts da", "root_cause~choice": "known", "root_cause~text": "Makros erlaubt",
    "entry_path.closed~text": "Makros aus", "similar_systems.checked~text": "alle geprüft",
    "restore_source.checked~text": "Sicherung", "systems.verified~text": "läuft",
    "monitoring.over~when": "now", "recovery.declared~person": "jana",
    "service_owner.agrees~person": "tom", "review.held~choice": "meeting", "review.held~when": "now",
    "review.held~choices": "lead isb", "process_cause~text": "nie geregelt", "lessons~text": "Meldung kam früh",
    "lessons~detail": "zu viele Konten", "corrective_action~choice": "none", "corrective_action~text": "reicht",
    "retention.class~choice": "standard",
}  # fmt: skip


def actions(reply: Reply) -> dict[str, str]:
    listed = [*reply.buttons, *(button for one in reply.paragraphs for button in one.buttons)]
    return {one.label: f"{one.action} {one.value}" for one in listed}


def decided(on: Stage, **instead: str) -> Reply:
    to_contain(on, personal_data="yes", **instead)
    form = on.say("jana", "pflicht 1")
    answers: dict[str, Any] = {"regime": "gdpr_33_1", "required": "no", "reason": "verschlüsselt"}
    return replied(on.fill("jana", form, **answers))


def test_an_override_asked_for_names_who_decides_and_offers_it_only_to_them(on_stage: Stage) -> None:
    to_contain(on_stage)
    asked = on_stage.say("jana", "ausnahme 1 bereinigen Angreifer ist noch aktiv")
    assert "Angreifer ist noch aktiv" in asked.text
    assert "Entscheidung: Petra M." in asked.text
    assert "Genehmigen" not in actions(asked)
    assert "Genehmigen" not in actions(on_stage.say("jana", "status 1"))
    assert "Genehmigen" in actions(on_stage.say("petra", "status 1"))
    granted = on_stage.say("petra", "ausnahme 1 genehmigen heute nachgetragen").text
    assert granted.count("nachzutragen") == 1, "what is due is said once"


def test_an_override_that_the_case_did_not_wait_for_is_offered_to_nobody(on_stage: Stage) -> None:
    to_contain(on_stage)
    on_stage.say("jana", "ausnahme 1 bereinigen Angreifer ist noch aktiv")
    on_stage.say("jana", "zurück 1 erkennen doch anders")
    assert "Genehmigen" not in actions(on_stage.say("petra", "status 1"))
    for rest in ("genehmigen", "genehmigen eilt"):
        pressed = on_stage.say("petra", f"ausnahme 1 {rest}")
        assert pressed.form is None
        assert pressed.text.startswith("Hier wartet keine Ausnahme auf eine Entscheidung.")


def test_an_override_is_offered_for_the_one_step_that_it_can_make(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop aus dem Zug gestohlen")
    on_stage.say("jana", "rolle 1 leitung ich")
    for phase in ("contain", "eradicate", "recover", "review"):
        asked = on_stage.say("jana", "ausnahme 1")
        assert asked.form is not None, asked.text
        assert [(one.value, asked.form.fields[0].value) for one in asked.form.fields[0].options] == [(phase, phase)]
        replied(on_stage.fill("jana", asked, override_reason="Es eilt"))
        on_stage.say("petra", "ausnahme 1 genehmigen eilt")
    told = on_stage.say("jana", "ausnahme 1")
    assert told.form is None
    assert told.text.startswith("INC-2026-0001 kann von hier aus nicht per Ausnahme weitergehen")


def test_no_override_is_offered_for_what_is_no_incident(on_stage: Stage) -> None:
    on_stage.say("max", "melden Bildschirm flackert")
    on_stage.say("jana", "rolle 1 leitung ich")
    form = on_stage.say("jana", "bewerten 1")
    replied(on_stage.fill("jana", form, kind="near_miss", reason="Kabel getauscht"))
    told = on_stage.say("jana", "ausnahme 1")
    assert told.form is None
    assert "nicht per Ausnahme" in told.text
    refused = on_stage.say("jana", "eindämmen 1")
    assert refused.form is not None
    assert "incident.override" not in [one.action for one in refused.form.buttons]


def test_a_duty_not_required_names_who_confirms_and_gives_them_the_button(on_stage: Stage) -> None:
    reply = decided(on_stage)
    assert "Es gilt, sobald eine zweite Person bestätigt: Petra M." in reply.text
    assert "Bestätigen" not in actions(reply)
    assert "eine zweite Person steht aus" in on_stage.say("jana", "status 1").text
    offered = actions(on_stage.say("petra", "status 1"))
    assert offered["Bestätigen"] == "incident.confirm INC-2026-0001 gdpr_33_1"
    assert "bestätigt, dass sie nicht besteht" in on_stage.say("petra", "bestätigen 1").text
    assert "Bestätigen" not in actions(on_stage.say("petra", "status 1"))


def test_nothing_to_confirm_is_said_plainly(on_stage: Stage) -> None:
    to_contain(on_stage)
    assert on_stage.say("petra", "bestätigen 1").text == "Hier wartet nichts auf eine zweite Person."


def test_what_only_others_can_supply_is_no_empty_form(on_stage: Stage) -> None:
    decided(on_stage, confidentiality="low", availability="none")
    told = replied(on_stage.chat.submit("incident.walk", "INC-2026-0001", WALKED, on_stage.speaker("jana")))
    assert told.form is None, told.text
    assert "es schließt jemand anderes als die Vorfallsleitung" in told.text
    assert actions(told)["Bestätigen"] == "incident.confirm INC-2026-0001 gdpr_33_1"


def test_a_severe_case_is_refused_the_walk_before_its_questions(on_stage: Stage) -> None:
    to_contain(on_stage)
    told = on_stage.say("jana", "walk 1")
    assert told.form is None
    assert told.text.startswith("Alle Phasen auf einmal nur bei S3 und S4")
    assert "Weiter zu Bereinigen" in actions(told)


def test_a_small_case_that_was_walked_through_at_once_is_closed_by_the_button_of_the_second_person(
    on_stage: Stage,
) -> None:
    on_stage.say("max", "melden Handy verloren")
    assessed = {**ASSESSED, "category": category(on_stage), "confidentiality": "low"}
    on_stage.fill("jana", on_stage.say("jana", "bewerten 1"), **assessed)
    replied(on_stage.chat.submit("incident.walk", "INC-2026-0001", WALKED, on_stage.speaker("jana")))
    assert state(on_stage) is State.IDENTIFY
    room = on_stage.chat.room(on_stage.speaker("petra"))
    (row,) = home.page(room).sections[0].rows
    (button,) = row.buttons
    shown = on_stage.chat.press(button.action, button.value, on_stage.speaker("petra"))
    if shown.form is not None:
        assert not shown.form.fields, "what there is to see, and nothing to answer"
        shown = replied(on_stage.fill("petra", shown))
    assert state(on_stage) is State.CLOSED, shown.text
