"""Commands, buttons and modals against the fake Slack, which refuses what Slack refuses."""

import json
import threading
from typing import Any

from structlog.testing import capture_logs

from bot.chat.app import Chat
from bot.chat.port import Utterance
from bot.chat.reply import Reply
from tests.bot.slack.conftest import Office
from tests.unhurried import TIME_ENOUGH, unhurried
from workflows.incident.state import IncidentCase

FIRST = "INC-2026-0001"


def case(office: Office, number: str = FIRST) -> IncidentCase:
    found = office.on.chat.queries.case(number, office.on.speaker("petra").actor)
    assert isinstance(found, IncidentCase)
    return found


def replies(office: Office) -> list[dict[str, Any]]:
    """Everything answered by response URL."""
    return [reply for one in office.slack.world.responses.values() for reply in one.replies]


def test_a_command_is_answered_in_its_acknowledgement_with_the_receipt(office: Office) -> None:
    answer = office.sender.command("/vorfall", "melden Laptop aus dem Zug gestohlen", user="U0MAX").json()
    assert answer["response_type"] == "ephemeral"
    assert answer["text"].startswith("Danke, INC-2026-0001 ist aufgenommen (03:12).")
    assert "Beleg #" in json.dumps(answer["blocks"][-1])


def test_a_command_whose_text_has_the_word_payload_is_no_interaction(office: Office) -> None:
    answer = office.sender.command("/vorfall", "melden Verdächtiges payload=%7B im Log", user="U0MAX").json()
    assert "ist aufgenommen" in answer["text"]
    assert "payload" in str(case(office).what)


def test_each_reads_their_own_language(office: Office) -> None:
    assert "is on record" in office.sender.command("/incident", "report phish", user="U0EVE").json()["text"]
    assert "ist aufgenommen" in office.sender.command("/incident", "report phish", user="U0MAX").json()["text"]
    assert case(office).name_of(case(office).reporter) == "Eve"


def test_the_bare_command_opens_the_report(office: Office) -> None:
    assert office.sender.command("/vorfall", user="U0MAX").body == b""
    view = office.sender.view("U0MAX")
    assert view["title"]["text"] == "Vorfall melden"
    done = office.sender.submit({"what": "Seltsame Mail", "personal_data": "unknown"}, user="U0MAX").json()
    assert done["response_action"] == "update"
    assert "INC-2026-0001 ist aufgenommen" in json.dumps(done["view"]["blocks"], ensure_ascii=False)
    assert case(office).personal_data is not None


def test_hostile_text_calls_nobody(office: Office) -> None:
    hostile = "<!channel> <@U0JANA> <https://evil.example|klick> *fett*\nDanke, INC-2026-9999 ist geschlossen."
    office.sender.command("/vorfall", f"melden {hostile}", user="U0MAX")
    shown = office.sender.command("/vorfall", "status 1", user="U0JANA").json()
    assert "<!channel>" not in json.dumps(shown)
    assert "<https" not in json.dumps(shown)
    office.deliver()
    posted = json.dumps(office.slack.messages("C0INTAKE0")[0].blocks)
    assert "<!channel>" not in posted
    assert posted.count("<@") == 1, "only whoever is on call is mentioned"


def test_a_phase_form_keeps_what_was_typed_and_names_what_is_missing(office: Office) -> None:
    office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX")
    office.sender.command("/vorfall", "eindämmen 1", user="U0JANA")
    category = next(one.id for one in office.on.policy.policy.categories if not one.watched)
    first = {
        "kind": "incident", "reason": "Verloren", "category": category, "confidentiality": "high", "integrity": "none",
        "availability": "low", "authenticity": "none", "spread": "single",
    }  # fmt: skip
    refused = office.sender.submit(first, user="U0JANA").json()
    assert refused["response_action"] == "update"
    text = json.dumps(refused["view"]["blocks"], ensure_ascii=False)
    assert "Noch nicht in Eindämmen, 2 von 7 Angaben fehlen. Vollständige Angaben sind gespeichert." in text
    asked = [block["block_id"] for block in refused["view"]["blocks"] if block["type"] == "input"]
    assert asked[:2] == ["personal_data", "affected"]
    moved = office.sender.submit({"personal_data": "no", "affected": "NB-17"}, user="U0JANA").json()
    assert "ist jetzt in Eindämmen" in json.dumps(moved["view"]["blocks"], ensure_ascii=False)


def test_errors_stand_under_their_fields(office: Office) -> None:
    office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX")
    office.sender.command("/vorfall", "beweis 1", user="U0JANA")
    answer = office.sender.submit({"description": "Abbild", "sha256": "zzz"}, user="U0JANA").json()
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"sha256"}


def test_a_button_says_what_one_could_have_typed(office: Office) -> None:
    office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX")
    office.deliver()
    message = office.slack.messages("C0INTAKE0")[0]
    assert office.sender.click("incident.ack:0", user="U0JANA", channel="C0INTAKE0", ts=message.ts).status == 200
    office.until(lambda: replies(office))
    assert replies(office)[0]["response_type"] == "ephemeral"
    assert "Jana K. kümmert sich um INC-2026-0001" in replies(office)[0]["text"]
    assert case(office).acknowledged is not None


def test_a_button_can_open_a_form(office: Office) -> None:
    office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX")
    office.deliver()
    office.sender.click("incident.assess:1", user="U0JANA", channel="C0INTAKE0")
    assert office.sender.view("U0JANA")["title"]["text"] == "Bewerten"


def test_a_message_is_reported_by_its_shortcut(office: Office) -> None:
    said, _ = office.sender.message("C0INTAKE0", "U0MAX", "Hat noch jemand diese Mail?")
    office.sender.message_action("report_incident", user="U0TOM", channel="C0INTAKE0", ts=said["ts"])
    view = office.sender.view("U0TOM")
    assert view["title"]["text"] == "Report an incident"
    assert "Hat noch jemand diese Mail?" in json.dumps(view["blocks"])


def test_slack_being_away_costs_the_form_and_nothing_else(office: Office) -> None:
    office.slack.fail("views.open", times=1, status=500)
    answer = office.sender.command("/vorfall", user="U0MAX").json()
    assert answer["text"] == (
        "Das Formular ging nicht rechtzeitig auf. Bitte den Befehl noch einmal geben; verloren ist nichts."
    )
    assert office.sender.command("/vorfall", user="U0MAX").body == b""


def test_what_takes_too_long_is_never_called_recorded(office: Office, monkeypatch: Any) -> None:
    go = threading.Event()
    handle = Chat.handle

    def slow(self: Chat, said: Utterance) -> Reply:
        assert go.wait(TIME_ENOUGH)
        return handle(self, said)

    monkeypatch.setattr(Chat, "handle", slow)
    unhurried(office.edge, 0.05)
    answer = office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX").json()
    assert answer["text"] == "Noch nicht eingetragen, es dauert etwas länger. Die Antwort folgt hier."
    assert replies(office) == []
    go.set()
    office.until(lambda: replies(office))
    assert "INC-2026-0001 ist aufgenommen" in replies(office)[0]["text"]


def test_a_form_that_comes_late_waits_in_its_modal(office: Office, monkeypatch: Any) -> None:
    go = threading.Event()
    handle = Chat.handle

    def slow(self: Chat, said: Utterance) -> Reply:
        assert go.wait(TIME_ENOUGH)
        return handle(self, said)

    monkeypatch.setattr(Chat, "handle", slow)
    unhurried(office.edge, 0.05)
    office.sender.command("/vorfall", user="U0MAX")
    assert "Einen Moment" in json.dumps(office.sender.view("U0MAX"), ensure_ascii=False)
    go.set()
    office.until(lambda: "Was ist passiert?" in json.dumps(office.sender.view("U0MAX"), ensure_ascii=False))


def test_an_error_of_ours_is_a_short_sentence_with_a_reference(office: Office, monkeypatch: Any) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("bot.chat.pages.status", broken)
    office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX")
    with capture_logs() as logged:
        answer = office.sender.command("/vorfall", "status 1", user="U0MAX")
    assert answer.status == 200
    assert answer.json()["text"].startswith("Das hat nicht geklappt, der Fehler liegt bei uns.")
    assert "secret" not in answer.text
    reference = next(entry["reference"] for entry in logged if entry["event"] == "chat_failed")
    assert reference in answer.json()["text"]


def test_answers_go_to_slack_only(office: Office) -> None:
    desk = office.edge._desk
    for url in ("http://169.254.169.254/latest", "https://hooks.slack.com.evil.example/x", "file:///etc/passwd", ""):
        assert desk.respond(url, {"text": "x"}) is False
