"""Where there is no way, it is said at once, with what there is instead; a correction names an entry that is there."""

import pytest

from bot.chat.texts.incident_events import sentence
from tests.bot.chat.test_incident_talk import NUMBER, replied, state, to_contain
from tests.bot.chat.test_second_persons import WALKED
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State


@pytest.mark.parametrize("rest", ["", " eindämmen Neue Spuren", " Neue Spuren"])
def test_nothing_lies_before_the_first_phase(on_stage: Stage, rest: str) -> None:
    on_stage.say("max", "melden Laptop aus dem Zug gestohlen")
    told = on_stage.say("jana", f"zurück 1{rest}")
    assert told.form is None
    assert told.text == "INC-2026-0001 ist in Erkennen, der ersten Phase; davor liegt nichts."
    assert "incident.assess" in [one.action for one in told.buttons]


def test_only_what_lies_before_is_named_as_a_way_back(on_stage: Stage) -> None:
    to_contain(on_stage)
    asked = on_stage.say("jana", "zurück 1")
    assert asked.form is not None
    assert [one.value for one in asked.form.fields[0].options] == ["identify"]
    assert "Möglich sind: Erkennen." in on_stage.say("jana", "zurück 1 bereinigen Neue Spuren").text
    assert state(on_stage) is State.CONTAIN
    on_stage.say("jana", "zurück 1 erkennen Neue Spuren")
    assert state(on_stage) is State.IDENTIFY


def test_the_verb_of_a_phase_that_is_behind_opens_the_way_back(on_stage: Stage) -> None:
    to_contain(on_stage)
    replied(on_stage.chat.submit("incident.eradicate", NUMBER, WALKED, on_stage.speaker("jana")))
    assert state(on_stage) is State.ERADICATE
    asked = on_stage.say("jana", "eindämmen 1")
    assert asked.form is not None, asked.text
    assert (asked.form.id, asked.form.fields[0].value) == ("incident.back", "contain")


@pytest.mark.parametrize(("kind", "before"), [("incident", "recover"), ("near_miss", "identify")])
def test_a_review_goes_back_to_where_the_case_came_from(on_stage: Stage, kind: str, before: str) -> None:
    to_contain(on_stage)
    if kind == "incident":
        for phase in ("bereinigen", "wiederherstellen", "auswerten"):
            on_stage.say("jana", f"ausnahme 1 {phase} eilt")
            on_stage.say("petra", "ausnahme 1 genehmigen eilt")
    else:
        on_stage.say("jana", "zurück 1 erkennen doch nicht")
        form = on_stage.say("jana", "auswerten 1")
        replied(on_stage.fill("jana", form, kind="near_miss", reason="Der Koffer war leer"))
    assert state(on_stage) is State.REVIEW
    asked = on_stage.say("petra", "zurück 1")
    assert asked.form is not None
    assert [one.value for one in asked.form.fields[0].options] == [before]


@pytest.mark.parametrize("rest", ["", " eindämmen Es eilt"])
def test_an_override_of_a_case_that_is_over_says_so(on_stage: Stage, rest: str) -> None:
    on_stage.say("max", "melden Bildschirm flackert")
    on_stage.say("jana", "rolle 1 leitung ich")
    form = on_stage.say("jana", "schließen 1")
    replied(on_stage.fill("jana", form, kind="false_alarm", reason="Wackelkontakt"))
    told = on_stage.say("jana", f"ausnahme 1{rest}")
    assert told.form is None
    assert "INC-2026-0001 ist beendet (kein Vorfall). Wieder öffnen: `zurück INC-2026-0001`." in told.text


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_duplicate_of_what_is_over_is_told_both_ways_to_go_on(on_stage: Stage, language: str) -> None:
    on_stage.say("max", "melden Bildschirm flackert")
    form = on_stage.say("jana", "schließen 1")
    replied(on_stage.fill("jana", form, kind="false_alarm", reason="Wackelkontakt"))
    on_stage.say("max", "melden Er flackert wieder")
    on_stage.language = language
    form = on_stage.say("jana", "bewerten 2")
    told = on_stage.fill("jana", form, kind="duplicate", reason="Dasselbe", duplicate_of=NUMBER)
    again = replied(told).form
    assert again is not None
    ways = {
        "de": "INC-2026-0001 ist beendet (kein Vorfall), dort ginge nichts mehr weiter. Entweder den Fall wieder "
        "öffnen (`zurück INC-2026-0001`) oder diese Meldung für sich bewerten und "
        "verknüpfen: `verknüpfen INC-2026-0002 INC-2026-0001`.",
        "en": "INC-2026-0001 is over (not an incident), so nothing would go on there. Either open it again "
        "(`back INC-2026-0001`), or assess this report by itself and link it: `link INC-2026-0002 INC-2026-0001`.",
    }
    assert ways[language] in again.notice


def duplicated(on: Stage, main: str = "melden Laptop aus dem Zug gestohlen") -> None:
    """The second of two reports is dismissed as a duplicate of the first."""
    on.say("max", main)
    on.say("max", "melden Laptop im Zug vergessen")
    form = on.say("jana", "bewerten 2")
    replied(on.fill("jana", form, kind="duplicate", reason="Dasselbe Gerät", duplicate_of=NUMBER))
    assert "ist kein Vorfall" in on.say("jana", "schließen 2").text


@pytest.mark.parametrize("typed", ["notiz INC-2026-0002 Noch einer weg", "stand INC-2026-0002 Noch einer weg"])
def test_what_is_typed_into_a_duplicate_goes_into_the_case_that_goes_on(on_stage: Stage, typed: str) -> None:
    duplicated(on_stage)
    told = on_stage.say("jana", typed)
    assert "Weiter geht es in INC-2026-0001 (Erkennen)." in told.text
    noted = on_stage.press("jana", told, "Notiz")
    assert noted.case == NUMBER
    assert noted.receipts
    over = on_stage.say("jana", "eindämmen 2")
    assert "Weiter geht es in INC-2026-0001 (Erkennen)." in over.text


def test_who_may_not_see_where_a_duplicate_goes_on_is_not_led_there(on_stage: Stage) -> None:
    duplicated(on_stage)
    assert on_stage.say("petra", "einschränken 1 eingeschränkt").receipts
    told = on_stage.say("max", "notiz INC-2026-0002 Noch einer weg")
    assert NUMBER not in told.text
    assert "Wieder öffnen: `zurück INC-2026-0002`" in told.text
    assert all(NUMBER not in one.value for one in told.buttons)


def corrected(on: Stage) -> list[int | None]:
    """Which entry each note puts right."""
    case = on.chat.queries.case(NUMBER, on.speaker("jana").actor)
    assert isinstance(case, IncidentCase)
    return [one.corrects for one in case.notes]


def test_a_correction_names_an_entry_of_this_case(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop aus dem Zug gestohlen")
    on_stage.say("jana", "notiz INC-2026-0001 Um neun")
    refused = on_stage.say("jana", "notiz INC-2026-0001 berichtigt 99 Um acht")
    assert refused.form is not None, refused.text
    assert "Einen Eintrag 99 gibt es" in refused.form.notice
    assert "Um acht" in [one.value for one in refused.form.fields], "what was typed stays"
    assert corrected(on_stage) == [None]
    assert on_stage.say("jana", "notiz INC-2026-0001 berichtigt 2 Um acht").receipts
    assert corrected(on_stage) == [None, 2]


def test_who_looked_after_it_first_stays_named_after_it_was_opened_again(on_stage: Stage) -> None:
    on_stage.say("max", "melden Bildschirm flackert")
    on_stage.say("jana", "übernehmen 1")
    replied(on_stage.fill("jana", on_stage.say("jana", "schließen 1"), kind="false_alarm", reason="Wackelkontakt"))
    replied(on_stage.fill("jana", on_stage.say("jana", "zurück 1"), reason="doch nicht"))
    on_stage.say("tom", "übernehmen 1")
    queries, jana = on_stage.chat.queries, on_stage.speaker("jana")
    case = queries.case(NUMBER, jana.actor)
    assert isinstance(case, IncidentCase)
    x = on_stage.chat.room(jana).telling(case)
    told = [sentence(x, item) for item, _ in queries.recorded(case)]
    assert [one.partition(" kümmert sich")[0] for one in told if "kümmert sich" in one] == ["Jana K.", "Tom B."]
