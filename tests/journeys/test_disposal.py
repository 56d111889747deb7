"""The end of kept evidence in Slack: asked for, refused by button, withdrawn, confirmed; and who is told."""

import io
import json

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_once
from config.policy.ids import Visibility
from tests.journeys.mailbox import direct
from tests.journeys.mailbox import press as press_directly
from tests.journeys.pages import Visit
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.test_console_signin import signed_in
from tests.journeys.test_handover import press
from tests.journeys.test_home import look, read
from tests.journeys.test_paging import NUMBER, give
from tests.journeys.world import World
from tests.properties.catalog import actor
from tests.waiting import until
from workflows.incident.commands import Advance, Assess, RecordEvidence, Report
from workflows.incident.evidence_commands import AskDisposal
from workflows.incident.terms import Kind, State

ITEM = "EV-2026-0001"
WORDS = {
    "de": {
        "command": "/vorfall", "ask": "beweis 1 vernichten", "withdraw": "beweis 1 zurückziehen",
        "confirm": "bestätigen 1", "refuse": "Ablehnen", "please": "Bitte entscheiden:",
        "no": "Paul Deppe lehnt die von Petra Maurer beantragte Vernichtung ab: Noch gebraucht.",
        "refused": "Paul Deppe hat die Vernichtung abgelehnt", "back": "Der Antrag auf Vernichtung ist zurückgezogen",
        "gone": "ist bereits vernichtet (Zustimmung: Paul Deppe", "waits": "Vernichtung beantragt von Petra Maurer",
    },
    "en": {
        "command": "/incident", "ask": "evidence 1 dispose", "withdraw": "evidence 1 withdraw", "confirm": "confirm 1",
        "refuse": "Refuse", "please": "Please decide:",
        "no": "Paul Deppe refuses to have it destroyed, as Petra Maurer asked: Noch gebraucht.",
        "refused": "Paul Deppe refused to have it destroyed", "back": "was withdrawn by Petra Maurer",
        "gone": "is destroyed already (agreed to by Paul Deppe", "waits": "Petra Maurer asked that it be destroyed",
    },
}  # fmt: skip


def kept(office: World, visibility: Visibility = Visibility.TEAM) -> None:
    """A report with one kept file."""
    give(office, "jana", Report(what="Anhang geöffnet", visibility=visibility))
    give(office, "petra", RecordEvidence(case=NUMBER, description="Mail", sha256="a" * 64, size=3, stored=True))
    office.work(seconds=5)


def answers(office: World, who: str, line: str) -> str:
    command = WORDS[office.app.core.policy.policy.language]["command"]
    said = office.say(who, command, line).text
    office.work(seconds=5)
    return json.dumps(json.loads(said), ensure_ascii=False)


def test_a_request_is_refused_then_withdrawn_then_confirmed(office: World) -> None:
    words = WORDS[office.app.core.policy.policy.language]
    kept(office)
    office.proves(answers(office, "petra", f"{words['ask']} {ITEM} Frist vorbei"), "evidence.disposal_asked")
    told = str(office.slack.messages(INTAKE)[-1].blocks)
    assert words["please"] in told
    assert slack_id("paul") in told
    assert f"<@{slack_id('petra')}>" not in told, "who asked is no second person"
    assert words["waits"] in read(look(office, "paul"))
    assert words["waits"] not in read(look(office, "petra"))
    before = {who: len(direct(office, who)) for who in ("petra", "paul")}
    press(office, "paul", INTAKE, words["refuse"])
    office.proves(str(office.fill("paul", {"reason": "Noch gebraucht"})), "evidence.disposal_refused")
    office.work(seconds=5)
    assert words["no"] in str(office.slack.messages(INTAKE)[-1].blocks)
    told = str(direct(office, "petra")[-1].blocks)
    assert words["no"] in told
    office.proves(told, "evidence.disposal_refused")
    assert words["waits"] not in read(look(office, "paul"))
    assert words["refused"] in answers(office, "paul", f"{words['confirm']} {ITEM}")
    press(office, "paul", INTAKE, words["refuse"])
    replies = office.slack.world.responses.values()
    until(lambda: any(words["refused"] in str(one.replies) for one in replies))
    answers(office, "petra", f"{words['ask']} {ITEM} Jetzt aber")
    office.proves(answers(office, "petra", f"{words['withdraw']} {ITEM} Falsch"), "evidence.disposal_withdrawn")
    assert {who: len(direct(office, who)) for who in before} == {**before, "petra": before["petra"] + 1}
    assert words["back"] in answers(office, "paul", f"{words['confirm']} {ITEM}")
    assert not office.incident().evidence[0].disposed_at
    answers(office, "petra", f"{words['ask']} {ITEM} Zum dritten Mal")
    answers(office, "paul", f"{words['confirm']} {ITEM}")
    assert words["gone"] in answers(office, "petra", f"{words['withdraw']} {ITEM} Zu spät")
    assert office.incident().evidence[0].disposed_at
    office.intact()


def test_in_a_confidential_case_that_is_over_the_words_stay_behind_the_button(shop: World) -> None:
    kept(shop, Visibility.RESTRICTED)
    give(shop, "petra", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="Test"))
    give(shop, "petra", Advance(case=NUMBER, to=State.DISMISSED))
    shop.work(minutes=20)
    answers(shop, "petra", f"beweis 1 vernichten {ITEM} Geheime Akte")
    assert "wartet auf eine zweite Person" in str(direct(shop, "paul")[-1].blocks)
    assert "Vernichtung beantragt" in read(look(shop, "paul")), "on the home tab, although the case is over"
    press_directly(shop, "paul", "Ablehnen")
    shop.fill("paul", {"reason": "Geheimer Grund"})
    shop.work(seconds=5)
    (told,) = [str(one.blocks) for one in direct(shop, "petra") if "Antwort auf einen Antrag" in one.text]
    assert NUMBER in told
    assert not any("Geheim" in str(one.blocks) for who in ("petra", "paul") for one in direct(shop, who))
    shop.proves(told, "evidence.disposal_refused")
    assert not shop.incident().disposals
    shop.intact()


def test_console_and_terminal_offer_the_same_as_slack(shop: World) -> None:
    kept(shop)
    give(shop, "petra", AskDisposal(case=NUMBER, no=1, reason="Frist vorbei"))
    paul = Visit(signed_in(shop, "paul"))
    form = paul.press(paul.open(f"/incidents/{NUMBER}"), "Ablehnen").form()
    done = paul.send(form, {"reason": "Noch gebraucht"})
    shop.proves(done.text, "evidence.disposal_refused")
    chat = shop.app.core.chat(PolicyDirectory(shop.app.core.policy.policy))
    out = io.StringIO()
    run_once(chat, actor("petra"), f"beweis vernichten {ITEM} Jetzt aber", io.StringIO(), out)
    run_once(chat, actor("paul"), f"status {NUMBER}", io.StringIO(), out)
    assert "Ablehnen" in out.getvalue()
    run_once(chat, actor("petra"), f"beweis zurückziehen {ITEM} Falsch", io.StringIO(), out)
    assert "zieht den Antrag auf Vernichtung zurück: Falsch" in out.getvalue()
    assert [one.step.value for one in shop.incident().evidence[0].custody] == [
        "disposal_asked", "disposal_refused", "disposal_asked", "disposal_withdrawn",
    ]  # fmt: skip
    shop.intact()
