"""What a form asks: nothing twice, each refusal under the field that was left empty, and what is so already is said."""

from bot.chat.reply import FieldErrors, Reply
from tests.bot.chat.test_incident_talk import ASSESSED, NUMBER, category, replied, state, to_contain
from tests.bot.stage import Stage
from workflows.incident.terms import State


def fields(reply: Reply) -> list[str]:
    assert reply.form is not None, reply.text
    return [one.id for one in reply.form.fields]


def test_why_it_is_no_incident_is_asked_once_and_a_duplicate_names_its_case_at_once(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("max", "melden Notebook weg")
    ending = on_stage.say("petra", "schließen 2")
    assert fields(ending) == ["kind", "reason", "duplicate_of"]
    done = on_stage.fill("petra", ending, kind="duplicate", reason="Dasselbe Gerät", duplicate_of="1")
    assert f"Weiter geht es in {NUMBER}" in str(done)
    assert "ist bewertet" not in str(done), "the end says as what"
    on_stage.say("max", "melden Tasche weg")
    left = replied(on_stage.fill("petra", on_stage.say("petra", "schließen 3"), kind="false_alarm"))
    assert "dismissal.reason~text" in fields(left), "what it is was kept; why is still to be said"


def test_a_refusal_stands_under_the_field_that_was_left_empty(on_stage: Stage) -> None:
    to_contain(on_stage)
    form = on_stage.say("jana", "bereinigen 1")
    errors = on_stage.fill("jana", form, containment_action__text="Gerät gesperrt")
    assert isinstance(errors, FieldErrors)
    assert "containment.action~detail" in errors.errors
    assert "containment.action~text" not in errors.errors


def test_a_refusal_names_the_goals_that_are_left(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    known = {**ASSESSED, "category": category(on_stage), "availability": "", "authenticity": ""}
    told = replied(on_stage.fill("jana", on_stage.say("jana", "eindämmen 1"), **known))
    assert "Auswirkung: noch offen: Verfügbarkeit und Authentizität; „unbekannt“ genügt" in told.text
    assert state(on_stage) is State.IDENTIFY


def test_what_is_so_already_is_said_and_asks_nothing(on_stage: Stage) -> None:
    to_contain(on_stage)
    for typed in ("rolle 1 leitung ich", "übergabe #1 ich: alles ruhig"):
        told = on_stage.say("jana", typed)
        assert told.form is None, typed
        assert "Das ist schon so; es ändert sich nichts." in told.text
    assert on_stage.say("jana", "rolle 1 leitung Tom B.").receipts, "somebody else can still get it"


def test_who_looks_after_a_report_stands_in_its_status_until_somebody_leads(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    assert "Vorfallsleitung: noch niemand\n" in on_stage.say("petra", "status 1").text
    on_stage.say("jana", "übernehmen 1")
    assert "Vorfallsleitung: noch niemand; Jana K. kümmert sich" in on_stage.say("petra", "status 1").text


def test_a_case_entered_afterwards_does_not_call_an_empty_time_now(on_stage: Stage) -> None:
    asked = on_stage.say("max", "melden --nachtrag Laptop weg")
    assert asked.form is not None
    assert next(one.hint for one in asked.form.fields if one.id == "occurred") == ""


def test_the_only_way_back_is_chosen_already(on_stage: Stage) -> None:
    to_contain(on_stage)
    asked = on_stage.say("jana", "zurück 1")
    assert asked.form is not None
    assert next(one.value for one in asked.form.fields if one.id == "to") == State.IDENTIFY.value


def test_who_may_see_a_case_is_said_to_everybody_who_reads_along(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("petra", "einschränken 1 vertraulich")
    told = on_stage.say("petra", "einschränken 1 team doch harmlos").text
    assert "Sehen können es: Bereitschaft, Einsatzteam, ISB und die meldende Person." in told


def test_a_time_ahead_is_refused_under_the_field_that_asks_for_it(on_stage: Stage) -> None:
    to_contain(on_stage)
    form = on_stage.say("jana", "notiz 1")
    ahead = on_stage.fill("jana", form, note="Anruf beim Hersteller", when="2026-11-24 10:00")
    assert ahead == FieldErrors({"when": "Wann war das: das liegt in der Zukunft"})
    absent = replied_in_words(on_stage.fill("jana", form, note="Doch in Halle 2", corrects="99"))
    assert "Einen Eintrag 99 gibt es im Verlauf nicht." in absent


def replied_in_words(outcome: Reply | FieldErrors) -> str:
    return "\n".join(outcome.errors.values()) if isinstance(outcome, FieldErrors) else outcome.text


def test_an_option_without_its_value_opens_the_form_and_calls_nobody(on_stage: Stage) -> None:
    for typed in ("melden --von", "melden —per", "melden --von tom --per"):
        assert on_stage.say("max", typed).form is not None, typed
    assert on_stage.chat.queries.case(NUMBER, on_stage.speaker("petra").actor) is None


def test_choices_with_a_comma_of_their_own_are_told_apart(on_stage: Stage) -> None:
    to_contain(on_stage)
    asked = on_stage.say("jana", "schwere 1 hoch")
    assert asked.form is not None
    assert asked.form.notice == "Bitte eines davon: S1, kritisch; S2, hoch; S3, mittel; S4, gering"
