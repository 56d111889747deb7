"""The end of evidence in words and buttons: asked for, taken back, refused; in both languages, by whom it may be."""

import pytest

from bot.chat.reply import Reply
from tests.bot.chat.test_incident_talk import replied
from tests.bot.chat.test_second_persons import actions
from tests.bot.stage import Stage
from workflows.incident.commands import RecordEvidence
from workflows.incident.evidence_terms import CustodyStep
from workflows.incident.items import Evidence
from workflows.incident.state import IncidentCase

NUMBER, ITEM = "INC-2026-0001", "EV-2026-0001"


@pytest.fixture
def kept(on_stage: Stage) -> Stage:
    """A report with one kept file."""
    on_stage.say("max", "melden Laptop gestohlen")
    actor = on_stage.speaker("jana").actor
    on_stage.service.handle(RecordEvidence(case=NUMBER, description="Log", sha256="a" * 64, size=3, stored=True), actor)
    return on_stage


def item(on: Stage) -> Evidence:
    case = on.chat.queries.case(NUMBER, on.speaker("petra").actor)
    assert isinstance(case, IncidentCase)
    return case.evidence[0]


def ends(on: Stage) -> list[str]:
    return [one.step.value.removeprefix("disposal_") for one in item(on).custody]


SPOKEN = [
    ("dispose", "refuse", "en", "refuses to have it destroyed, as Jana K. asked: in court.", "refused"),
    ("vernichten", "ablehnen", "de", "lehnt die von Jana K. beantragte Vernichtung ab: in court.", "refused"),
    ("destroy", "withdraw", "en", "withdraws the request of Jana K. to destroy it: in court.", "withdrawn"),
    ("vernichten", "zurückziehen", "de", "zieht den Antrag von Jana K. auf Vernichtung zurück: in court.", "withdrawn"),
    ("vernichten", "zurueckziehen", "de", "zieht den Antrag von Jana K.", "withdrawn"),
]


@pytest.mark.parametrize(("ask", "end", "language", "told", "step"), SPOKEN)
def test_it_is_asked_for_and_ended_in_words(
    kept: Stage, ask: str, end: str, language: str, told: str, step: str
) -> None:
    verb, command = ("evidence", "incident") if language == "en" else ("beweis", "vorfall")
    asked = kept.say("jana", f"{verb} 1 {ask} {ITEM.lower()} over", command=command, language=language)
    assert "`confirm INC-2026-0001 EV-2026-0001`" in asked.text or "`bestätigen INC-2026-0001 EV-" in asked.text
    done = kept.say("petra", f"{verb} {end} {ITEM}: in court", command=command, language=language)
    assert told in done.text
    assert done.receipts
    assert ends(kept) == ["asked", step]
    waits = kept.say("petra", f"{verb} 1 {end}", command=command, language=language).text
    assert waits.startswith(("No request to destroy evidence waits here.", "Hier ist keine Vernichtung beantragt."))


def test_status_names_what_waits_and_offers_each_reader_what_they_may_do(kept: Stage) -> None:
    assert "Vernichtung" not in kept.say("petra", "status 1").text
    kept.say("jana", f"beweis 1 vernichten {ITEM} Frist vorbei")
    told = kept.say("lena", f"status {NUMBER}").text
    assert "Vernichtung" not in told, "management does not see this case"
    offered = {who: set(actions(kept.say(who, "status 1"))) & {"Ablehnen", "Zurückziehen"} for who in ("jana", "petra")}
    assert offered == {"jana": {"Zurückziehen"}, "petra": {"Ablehnen", "Zurückziehen"}}
    assert "EV-2026-0001: Vernichtung beantragt von Jana K. (" in kept.say("max", "status 1").text
    assert not set(actions(kept.say("max", "status 1"))) & {"Ablehnen", "Zurückziehen"}


def test_a_button_asks_for_the_reason_and_an_old_one_says_how_it_ended(kept: Stage) -> None:
    kept.say("jana", f"beweis 1 vernichten {ITEM} Frist vorbei")
    shown = kept.say("petra", "status 1")
    form = kept.press("petra", shown, "Ablehnen")
    assert form.form is not None
    assert [(one.id, one.value) for one in form.form.fields] == [("evidence_no", ITEM), ("reason", "")]
    kept.clock.forward(minutes=3)
    assert "lehnt" in replied(kept.fill("petra", form, reason="Noch gebraucht")).text
    for label in ("Ablehnen", "Zurückziehen"):
        late = kept.press("petra", shown, label)
        assert late.form is None
        assert late.text.startswith("EV-2026-0001: Petra M. hat die Vernichtung abgelehnt (03:15).")
    refused = replied(kept.fill("petra", form, reason="Noch gebraucht"))
    assert "hat die Vernichtung abgelehnt" in refused.text
    assert "hat die Vernichtung abgelehnt" in kept.say("petra", f"bestätigen 1 {ITEM}").text
    assert ends(kept) == ["asked", "refused"]


def opened(on: Stage, who: str, text: str) -> Reply:
    found = on.say(who, text)
    assert found.form is None, found.form
    return found


def test_who_may_not_is_told_before_a_form_opens(kept: Stage) -> None:
    kept.say("petra", f"beweis 1 vernichten {ITEM} Frist vorbei")
    assert "Helfen kann" in opened(kept, "jana", f"beweis 1 ablehnen {ITEM}").text
    assert "braucht eine zweite Person" in opened(kept, "petra", f"beweis 1 ablehnen {ITEM}").text
    assert "Mit Ihrer Rolle geht das nicht" in opened(kept, "max", f"beweis 1 zurückziehen {ITEM}").text
    assert "kein Beweismittel mit dieser Nummer" in opened(kept, "jana", "beweis 1 zurückziehen EV-2026-0099").text
    assert item(kept).awaits_disposal


@pytest.mark.parametrize("rest", ["refuse to boot, see photo", "Ablehnen der Anmeldung im Log", "destroyed disk"])
def test_evidence_that_begins_like_such_a_word_is_described(kept: Stage, rest: str) -> None:
    form = kept.say("jana", f"beweis {NUMBER} {rest}").form
    assert form is not None
    assert (form.id, form.fields[0].value) == ("incident.evidence", rest)


def test_the_number_of_the_item_says_which_case_is_meant(kept: Stage) -> None:
    kept.say("max", "melden Etwas anderes")
    assert kept.say("jana", f"beweis INC-2026-0002 vernichten {ITEM} Frist vorbei").form is not None, "not of this one"
    assert kept.say("jana", f"beweis 2 vernichten {ITEM} Frist vorbei").form is not None
    assert not item(kept).awaits_disposal
    kept.say("jana", f"beweis vernichten {ITEM} Frist vorbei")
    assert item(kept).awaits_disposal
    for stranger in (ITEM, "EV-2026-0999"):
        assert "Welcher Fall" not in kept.say("lena", f"bestätigen {stranger}").text
    absent, hidden = (kept.say("lena", f"bestätigen {one}").text for one in ("EV-2026-0999", ITEM))
    assert absent == hidden, "absent and hidden cannot be told apart"
    assert "ist vernichtet" in kept.say("petra", f"bestätigen {ITEM}").text


def test_destroyed_is_said_to_whoever_comes_late(kept: Stage) -> None:
    kept.say("jana", f"beweis 1 vernichten {ITEM} Frist vorbei")
    shown = kept.say("jana", "status 1")
    kept.say("petra", f"bestätigen 1 {ITEM}")
    late = "EV-2026-0001 ist bereits vernichtet (Zustimmung: Petra M., 03:12). Das ist endgültig."
    assert kept.press("jana", shown, "Zurückziehen").text.startswith(late)
    assert kept.say("jana", f"beweis 1 zurückziehen {ITEM} doch nicht").text.startswith(late)
    assert kept.say("jana", f"beweis 1 vernichten {ITEM}").text.startswith(late)
    assert item(kept).custody[-1].step is CustodyStep.DISPOSED
