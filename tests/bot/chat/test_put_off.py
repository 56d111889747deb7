"""What an override put off: each page names it, every later form asks it, and closing waits for it alone."""

import pytest

from bot.chat.reply import Reply
from tests.bot.chat.test_incident_talk import NUMBER, replied, to_contain
from tests.bot.chat.test_second_persons import WALKED, actions
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

PUT_OFF = {
    "credentials.revoked~choice": "revoked", "evidence.preserved~choice": "none",
    "evidence.preserved~text": "nichts da", "containment.action~text": "Konto gesperrt",
    "containment.action~detail": "keine Anmeldung mehr",
}  # fmt: skip
NAMES = ("Maßnahme zur Eindämmung", "Beweise", "Offengelegte Zugangsdaten und Schlüssel")
LATER = (
    (State.ERADICATE, "bereinigen"), (State.ERADICATE, "wiederherstellen"), (State.RECOVER, "bereinigen"),
    (State.RECOVER, "auswerten"), (State.REVIEW, "bereinigen"), (State.REVIEW, "schließen"),
)  # fmt: skip
PHASES = {State.ERADICATE: "bereinigen", State.RECOVER: "wiederherstellen", State.REVIEW: "auswerten"}


def case(on: Stage) -> IncidentCase:
    found = on.chat.queries.case(NUMBER, on.speaker("petra").actor)
    assert isinstance(found, IncidentCase)
    return found


def due(on: Stage) -> list[str]:
    return [str(one.criterion) for one in case(on).open_due_items if one.criterion]


def overridden(on: Stage, phase: State = State.ERADICATE) -> None:
    on.say("jana", f"ausnahme 1 {PHASES[phase]} Angreifer ist noch aktiv")
    assert on.say("petra", "ausnahme 1 genehmigen heute nachtragen").receipts
    assert case(on).state is phase


def answered(on: Stage, who: str, form: Reply, **more: str) -> Reply:
    """The form with all that is known of the answers to it."""
    assert form.form is not None, form.text
    fields = {one.id for one in form.form.fields}
    known = {**WALKED, **PUT_OFF, **more}
    values = {key: value for key, value in known.items() if key in fields}
    return replied(on.chat.submit(form.form.id, NUMBER, values, on.speaker(who)))


def to(on: Stage, phase: State) -> None:
    """By override to eradication, and from there with all that is asked for, but not what was put off."""
    to_contain(on)
    overridden(on)
    for later in (State.RECOVER, State.REVIEW):
        if case(on).state is phase:
            return
        form = on.say("jana", f"{PHASES[later]} 1").form
        assert form is not None
        values = {key: value for key, value in WALKED.items() if key in {one.id for one in form.fields}}
        given = {key: value for key, value in values.items() if key not in PUT_OFF}
        replied(on.chat.submit(form.id, NUMBER, given, on.speaker("jana")))
    assert case(on).state is phase


@pytest.mark.parametrize(("phase", "verb"), LATER)
def test_every_later_form_asks_what_was_put_off_and_settles_it(on_stage: Stage, phase: State, verb: str) -> None:
    to(on_stage, phase)
    assert len(due(on_stage)) == 3
    who = "petra" if verb == "schließen" else "jana"
    form = on_stage.say(who, f"{verb} 1")
    assert form.form is not None, form.text
    assert set(PUT_OFF) <= {one.id for one in form.form.fields}
    assert all(name in form.form.notice for name in NAMES)
    told = answered(on_stage, who, form)
    assert due(on_stage) == [], told.text
    assert all(f"Nachtrag erledigt: {name}." in told.text for name in NAMES)


def test_an_answer_to_what_was_put_off_that_is_not_whole_comes_back_and_the_rest_holds(on_stage: Stage) -> None:
    to(on_stage, State.RECOVER)
    form = on_stage.say("jana", "bereinigen 1")
    assert answered_nothing(on_stage, form).startswith("Antwort: hier wird etwas gebraucht")
    told = answered(on_stage, "jana", form, **{"evidence.preserved~text": ""})
    assert "Beweise" in told.text
    assert due(on_stage) == ["evidence.preserved"]
    assert case(on_stage).state is State.RECOVER
    assert told.form is not None
    answered(on_stage, "jana", told)
    assert due(on_stage) == []


def answered_nothing(on: Stage, form: Reply) -> str:
    assert form.form is not None
    found = on.chat.submit(form.form.id, NUMBER, {}, on.speaker("jana"))
    return replied(found).text


@pytest.mark.parametrize("language", ["de", "en"])
def test_closing_names_each_thing_put_off_with_its_button_until_it_is_there(on_stage: Stage, language: str) -> None:
    to(on_stage, State.REVIEW)
    on_stage.language = language
    names = NAMES if language == "de" else ("Containment action", "Evidence", "Exposed credentials and keys")
    status = on_stage.say("petra", "status 1").text
    assert all(name in status for name in names), status
    form = on_stage.say("petra", "schließen 1")
    assert form.form is not None
    values = {key: value for key, value in WALKED.items() if key not in PUT_OFF}
    known = {one.id for one in form.form.fields}
    given = {key: value for key, value in values.items() if key in known}
    refused = replied(on_stage.chat.submit("incident.close", NUMBER, given, on_stage.speaker("petra")))
    head = "Noch nicht geschlossen, 3 von 11 Angaben fehlen." if language == "de" else "Not closed yet, 3 of 11 answers"
    assert refused.text.startswith(head)
    assert all(any(line.startswith(f"• {name}") for line in refused.text.splitlines()) for name in names)
    supply = "Ergänzen" if language == "de" else "Add"
    button = actions(refused)[supply]
    action, _, value = button.partition(" ")
    again = on_stage.chat.press(action, value, on_stage.speaker("petra"))
    assert again.form is not None, again.text
    assert set(PUT_OFF) <= {one.id for one in again.form.fields}
    answered(on_stage, "petra", again)
    assert case(on_stage).state is State.CLOSED


def test_the_assessment_put_off_is_asked_later_as_of_an_incident(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop aus dem Zug gestohlen")
    on_stage.say("jana", "rolle 1 leitung ich")
    on_stage.say("jana", "ausnahme 1 eindämmen Angreifer ist noch aktiv")
    on_stage.say("petra", "ausnahme 1 genehmigen heute nachtragen")
    overridden(on_stage)
    form = on_stage.say("jana", "eindämmen 1")
    assert form.form is not None, form.text
    assert [one.value for one in form.form.fields[0].options] == ["incident"]
    assert form.form.fields[0].value == "", "nothing is said for whoever fills in something else"
    told = answered(on_stage, "jana", form, kind="incident", reason="Gerät verloren", category="lost_device",
                    confidentiality="low", integrity="none", availability="none", authenticity="none",
                    spread="single", personal_data="no", affected="NB-17")  # fmt: skip
    assert due(on_stage) == [], told.text


def test_who_only_writes_answers_what_was_put_off_without_moving_the_case(on_stage: Stage) -> None:
    to(on_stage, State.ERADICATE)
    on_stage.say("jana", "rolle 1 protokoll max")
    assert on_stage.say("max", "wiederherstellen 1").form is not None, "the next step is answered for as well"
    answered(on_stage, "max", on_stage.say("max", "bereinigen 1"))
    assert due(on_stage) == []
    assert case(on_stage).state is State.ERADICATE


def test_a_verb_of_a_phase_that_lies_ahead_is_still_refused(on_stage: Stage) -> None:
    to(on_stage, State.ERADICATE)
    assert "Von Bereinigen aus geht das nicht" in on_stage.say("jana", "auswerten 1").text
