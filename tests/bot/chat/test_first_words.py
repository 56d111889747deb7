"""What somebody types who has never seen the tool: nothing of it is lost, and the next step is one click away."""

import pytest

from tests.bot.chat.test_incident_talk import to_contain
from tests.bot.stage import Stage


def test_a_sentence_without_a_verb_becomes_the_report_form(on_stage: Stage) -> None:
    reply = on_stage.say("max", "Drucker druckt von selbst")
    assert reply.form is not None
    assert reply.form.id == "incident.report"
    assert {one.id: one.value for one in reply.form.fields}["what"] == "Drucker druckt von selbst"
    assert "Noch ist nichts eingetragen." in reply.form.notice
    assert on_stage.say("petra", "liste").text == "Nichts offen, was Sie hier sehen können."


@pytest.mark.parametrize("command", ["vorfall", "incident"])
@pytest.mark.parametrize(
    "typed",
    [
        "Update hat Server zerlegt",
        "link in Mail geklickt",
        "stand der Produktion: Bänder laufen nicht",
        "close door left open in server room",
        "status of the web shop is\nunknown",
    ],
)
def test_a_sentence_that_begins_like_a_verb_becomes_the_report_form(on_stage: Stage, typed: str, command: str) -> None:
    assert on_stage.chat.may_ask(command, typed), "a window has to wait for it"
    reply = on_stage.say("lena", typed, command=command)
    assert reply.form is not None, reply.text
    assert reply.form.id == "incident.report"
    assert {one.id: one.value for one in reply.form.fields}["what"] == typed
    assert reply.form.notice.startswith("Nichts offen, was Sie hier sehen können.")
    assert on_stage.say("petra", "liste").text == "Nichts offen, was Sie hier sehen können."


def test_where_a_case_fits_what_takes_no_sentence_can_still_become_a_report(on_stage: Stage) -> None:
    to_contain(on_stage)
    asked = on_stage.say("jana", "link in Mail geklickt")
    assert [one.action for one in asked.buttons] == ["incident.link", "incident.report"]
    form = on_stage.chat.press("incident.report", asked.buttons[1].value, on_stage.speaker("jana")).form
    assert form is not None
    assert {one.id: one.value for one in form.fields}["what"] == "link in Mail geklickt"
    assert [one.action for one in on_stage.say("jana", "update Backup läuft wieder").buttons] == ["incident.update"]


def test_a_sentence_that_no_case_takes_becomes_the_report_form(on_stage: Stage) -> None:
    to_contain(on_stage)
    reply = on_stage.say("jana", "auswerten lässt sich der Server nicht mehr")
    assert reply.form is not None, reply.text
    assert {one.id: one.value for one in reply.form.fields}["what"] == "auswerten lässt sich der Server nicht mehr"
    assert "auswerten" in reply.form.notice
    taken = on_stage.say("jana", "notiz Kiste vom Netz genommen")
    assert taken.form is None
    assert [one.value for one in taken.buttons] == ["INC-2026-0001 Kiste vom Netz genommen"]


@pytest.mark.parametrize("typed", ["Ransomware", "Rolltor", "Verknüpfung weg"])
@pytest.mark.parametrize(("language", "label"), [("de", "Als Meldung"), ("en", "As a report")])
def test_a_word_that_is_no_verb_is_offered_as_a_report(on_stage: Stage, typed: str, language: str, label: str) -> None:
    reply = on_stage.say("lena", typed, language=language)
    (offered,) = [one for one in reply.buttons if one.label == label]
    assert on_stage.chat.may_ask("incident", f"report {offered.value}"), "a window has to wait for it"
    form = on_stage.press("lena", reply, label)
    assert form.form is not None, form.text
    assert {one.id: one.value for one in form.form.fields if one.value}.items() >= {("what", typed)}
    assert on_stage.say("petra", "liste").text == "Nichts offen, was Sie hier sehen können."
    assert "INC-2026-0001 ist aufgenommen" in str(on_stage.fill("lena", form))


@pytest.mark.parametrize("typed", ["statsu INC-2026-0001", "eindamen 1", "1 Ransomware"])
def test_what_names_a_case_is_not_offered_as_a_report(on_stage: Stage, typed: str) -> None:
    assert "Als Meldung" not in {one.label for one in on_stage.say("jana", typed).buttons}


def test_an_update_from_somebody_who_gives_none_is_a_note_or_a_report(on_stage: Stage) -> None:
    to_contain(on_stage)
    reply = on_stage.say("max", "Update hat Server zerlegt")
    assert [one.action for one in reply.buttons] == ["incident.note", "incident.report"]
    form = on_stage.press("max", reply, "Als Meldung").form
    assert form is not None
    assert {one.id: one.value for one in form.fields}["what"] == "Update hat Server zerlegt"


@pytest.mark.parametrize("typed", ["schließen", "stand 1", "status", "zurück 1 eindämmen neue Spur gefunden"])
def test_a_verb_without_a_sentence_is_no_report(on_stage: Stage, typed: str) -> None:
    reply = on_stage.say("lena", typed)
    assert reply.form is None
    assert reply.text


@pytest.mark.parametrize(
    ("typed", "label", "value"), [("eindamen 1", "eindämmen", "1"), ("statsu INC-2026-0001", "status", "INC-2026-0001")]
)
def test_a_mistyped_verb_is_offered_as_it_is_written(on_stage: Stage, typed: str, label: str, value: str) -> None:
    reply = on_stage.say("jana", typed)
    assert f"`{label}`" in reply.text
    assert {one.label: one.value for one in reply.buttons}[label] == value


def test_a_number_before_the_sentence_is_offered_as_the_case(on_stage: Stage) -> None:
    to_contain(on_stage)
    (button,) = on_stage.say("jana", "notiz 1 Kiste vom Netz").buttons
    assert button.value == "INC-2026-0001 Kiste vom Netz"
    assert "Im Verlauf" in on_stage.say("jana", "notiz #1 Kiste vom Netz").text


def test_a_wrong_step_comes_with_the_right_one(on_stage: Stage) -> None:
    to_contain(on_stage)
    reply = on_stage.say("jana", "auswerten 1")
    assert reply.text.startswith("Von Eindämmen aus geht das nicht.")
    assert "Weiter zu Bereinigen" in {one.label for one in reply.buttons}


def test_a_containment_without_its_result_is_told_what_lacks(on_stage: Stage) -> None:
    to_contain(on_stage)
    form = on_stage.say("jana", "bereinigen 1")
    answers = {
        "containment.action~text": "Konto gesperrt", "evidence.preserved~choice": "none",
        "evidence.preserved~text": "keine", "credentials.revoked~choice": "revoked",
    }  # fmt: skip
    told = on_stage.fill("jana", form, **answers)
    assert "Noch nicht in Bereinigen, 1 von 3 Angaben fehlt." in str(told)
    assert "eine erledigte, mit Ergebnis" in str(told)


def test_a_sealed_report_says_who_is_really_told(on_stage: Stage) -> None:
    form = on_stage.say("max", "")
    told = str(on_stage.fill("max", form, what="Innentäter?", visibility="sealed", named="petra, max"))
    assert "Jana K. (Bereitschaft) wird benachrichtigt" not in told
    assert "benannte" in told.lower()


def test_what_was_typed_but_cannot_stand_comes_back_with_why(on_stage: Stage) -> None:
    reply = on_stage.say("max", "melden " + "Ü" * 10_000)
    assert reply.form is not None
    assert reply.form.notice == "Zu lang; 3000 Zeichen passen."


def test_a_plan_speaks_of_its_own_questions(on_stage: Stage) -> None:
    told = on_stage.say("tom", "plan Kasse umbauen", command="change", language="de")
    assert "Plan freigeben" not in {one.label for one in told.buttons}, "nothing to approve yet"
    refused = on_stage.say("tom", "freigeben 1 plan", command="change", language="de")
    assert "• betroffene Werte: fehlt" in refused.text
    assert "welcher Wert oder welches Produkt" not in refused.text
