"""Who does not decide a step but has something to say on the way opens its form, and moves nothing by answering."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.reply import FieldErrors, Reply
from tests.bot.chat.test_incident_talk import replied, state, to_contain
from tests.bot.stage import POLICY, Stage, stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

AGREES = "service_owner.agrees~person"
SVEN = b"  - {id: sven, name: Sven O., roles: [service_owner], slack: U0SVEN, locale: de}\nduty_roster"


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path, POLICY.replace(b"duty_roster", SVEN, 1)) as standing:
        yield standing


def case(on: Stage) -> IncidentCase:
    found = on.chat.queries.case("INC-2026-0001", on.speaker("jana").actor)
    assert isinstance(found, IncidentCase)
    return found


def asked(on: Stage, who: str, line: str) -> set[str]:
    reply = on.say(who, line)
    return {one.id for one in reply.form.fields} if reply.form else set()


def recovering(on: Stage) -> None:
    to_contain(on)
    for phase in ("bereinigen", "wiederherstellen"):
        on.say("jana", f"ausnahme 1 {phase} eilt")
        on.say("petra", "ausnahme 1 genehmigen eilt")


def test_the_scribe_answers_and_the_case_stays_where_it_is(staffed: Stage) -> None:
    to_contain(staffed)
    assert asked(staffed, "max", "bereinigen 1") == set()
    replied(staffed.say("jana", "rolle 1 protokoll @max"))
    form = staffed.say("max", "bereinigen 1")
    given = {"evidence.preserved~choice": "none", "evidence.preserved~text": "Gerät nicht mehr da"}
    replied(staffed.chat.submit("incident.eradicate", "INC-2026-0001", given, staffed.speaker("max")))
    assert form.form is not None
    assert state(staffed) is State.CONTAIN
    assert "evidence.preserved" in {str(one) for one in case(staffed).answers}


def test_the_service_owner_who_is_named_agrees_in_person_and_is_asked_nothing_else(staffed: Stage) -> None:
    recovering(staffed)
    assert state(staffed) is State.RECOVER
    assert asked(staffed, "sven", "auswerten 1") == set()
    replied(staffed.say("jana", "rolle 1 benannt @sven"))
    form = staffed.say("sven", "auswerten 1")
    assert form.form is not None
    (field,) = form.form.fields
    assert (field.id, [one.label for one in field.options]) == (AGREES, ["Einverstanden"])
    others = staffed.say("jana", "auswerten 1").form
    assert others is not None
    assert {"skip", AGREES} < {one.id for one in others.fields}, "whoever leads names who agreed"
    replied(staffed.fill("sven", form, service_owner_agrees__person="sven"))
    assert state(staffed) is State.RECOVER
    agreed = next(one for key, one in case(staffed).answers.items() if "service_owner" in key)
    assert case(staffed).name_of(agreed.by) == "Sven O."


def test_the_lead_asks_and_a_refusal_says_who_was_asked_and_what_they_said(staffed: Stage) -> None:
    recovering(staffed)
    opened = staffed.say("jana", "auswerten 1").form
    assert opened is not None
    assert "Zustimmung einholen" in [one.label for one in opened.buttons]
    choice = staffed.say("jana", "zustimmung 1").form
    assert choice is not None
    (field,) = choice.fields
    assert [one.label for one in field.options] == ["Tom B.", "Sven O."]
    wrong = staffed.say("jana", "zustimmung 1 max").form
    assert wrong is not None
    assert "nur, wer laut Richtlinie die Dienstverantwortung hat" in wrong.notice
    asked_him = staffed.say("jana", "zustimmung 1 sven")
    assert "Jana K. fragt Sven O. (Dienstverantwortung): Läuft der Dienst wieder wie vorgesehen?" in asked_him.text
    waits = "Zustimmung der Dienstverantwortung: Sven O. ist gefragt (03:12), die Antwort steht noch aus"
    errors = staffed.chat.submit("incident.review", "INC-2026-0001", {}, staffed.speaker("jana"))
    assert isinstance(errors, FieldErrors)
    assert errors.errors[AGREES].startswith(waits)
    some = {"systems.verified~text": "Anmeldung läuft"}
    refused = replied(staffed.chat.submit("incident.review", "INC-2026-0001", some, staffed.speaker("jana")))
    line = next(one for one in refused.paragraphs if waits in one.text)
    assert [one.label for one in line.buttons] == ["Ergänzen", "Zustimmung einholen"]
    assert refused.form is not None
    assert "Sven O. ist gefragt" in next(one.hint for one in refused.form.fields if one.id == AGREES)
    again = staffed.say("jana", "zustimmung 1 sven").form
    assert again is not None
    assert "Sven O. ist bereits gefragt (03:12)" in again.notice
    mine = staffed.say("sven", "zustimmung 1")
    assert "Jana K. bittet um Ihre Zustimmung zu INC-2026-0001" in mine.text
    assert [one.label for one in mine.buttons][:2] == ["Einverstanden", "Noch nicht, weil …"]
    reason = staffed.press("sven", mine, "Noch nicht, weil …")
    replied(staffed.fill("sven", reason, reason="Mail ist langsam"))
    told = staffed.say("jana", "status 1").text
    assert "Dienstverantwortung: Sven O. stimmt noch nicht zu (03:12): Mail ist langsam." in told
    assert "Sven O. (Dienstverantwortung) stimmt zu (03:12)." in staffed.press("sven", mine, "Einverstanden").text
    assert "Zustimmung" not in str(staffed.say("jana", "auswerten 1").form)


def test_in_english_it_is_typed_as_it_is_said(staffed: Stage) -> None:
    recovering(staffed)
    staffed.say("jana", "agreement 1 sven", command="incident", language="en")
    slow = staffed.say("sven", "agreement 1 not yet: mail is slow", command="incident", language="en")
    assert "Sven O. does not agree as service owner yet: mail is slow" in slow.text
    agreed = staffed.say("sven", "agreement 1 yes", command="incident", language="en")
    assert "Sven O. agrees as service owner (03:12)." in agreed.text
    again = staffed.say("sven", "agreement 1 yes", command="incident", language="en")
    assert "nothing changes" in again.text


def offered(on: Stage, who: str, line: str) -> Reply:
    """What pressing the case leads to that is offered to somebody who named none."""
    asked = on.say(who, line)
    (case_,) = [one.label for one in asked.buttons if one.label.startswith("INC-")]
    return replied(on.press(who, asked, case_))


def test_without_a_number_the_case_is_offered_that_waits_for_their_word(staffed: Stage) -> None:
    recovering(staffed)
    replied(staffed.say("jana", "rolle 1 benannt @sven"))
    unasked = staffed.say("sven", "zustimmung noch nicht: Mail steht")
    assert not [one.label for one in unasked.buttons], "nobody asked"
    replied(staffed.say("jana", "zustimmung 1 sven"))
    assert "Einverstanden" in [one.label for one in offered(staffed, "sven", "zustimmung").buttons]
    assert offered(staffed, "sven", "zustimmung noch nicht: Mail steht").receipts
    assert "Kein Fall" in staffed.say("max", "zustimmung ja").text, "no service owner"
    assert offered(staffed, "sven", "zustimmung ja").receipts
    assert "Kein Fall" in staffed.say("sven", "zustimmung ja").text, "they agreed"


def test_without_being_asked_they_agree_once_the_recovery_is_under_way(staffed: Stage) -> None:
    to_contain(staffed)
    replied(staffed.say("jana", "rolle 1 benannt @sven"))
    assert "Kein Fall" in staffed.say("sven", "zustimmung ja").text
    for phase in ("bereinigen", "wiederherstellen"):
        staffed.say("jana", f"ausnahme 1 {phase} eilt")
        staffed.say("petra", "ausnahme 1 genehmigen eilt")
    assert offered(staffed, "sven", "zustimmung ja").receipts
