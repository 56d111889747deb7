"""A case is closed: its last words, and what people say was tedious about it."""

import io
import json
from collections.abc import Sequence
from typing import Any

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_once
from tests.fakes.slack.blocks import elements
from tests.journeys.policies import slack_id
from tests.journeys.telling import NUMBER, REPORT, STEPS, in_slack
from tests.journeys.test_incident_slack import COMMAND, take
from tests.journeys.test_paging import give
from tests.journeys.world import World
from tests.properties.catalog import actor
from workflows.incident.commands import Advance, Assess, Report
from workflows.incident.evidence_terms import NoteKind
from workflows.incident.terms import Kind, State

LAST_WORDS = {
    "de": f"{NUMBER} ist geschlossen. Eingedämmt nach 4 min. Offen: 1 Maßnahme (Sven Otto, 01.05.), Wirksamkeit am "
    "31.05. Meldepflichten: keine.",
    "en": f"{NUMBER} is closed. Contained after 4 min. Open: 1 corrective action (Sven Otto, 1 May), effect checked on "
    "31 May. Duties to notify: none.",
}
QUESTION = {"de": "Was war am Ablauf mühsam?", "en": "What was tedious about the process?"}
BUTTON = {"de": "Rückmeldung", "en": "Feedback"}
THANKS = {"de": f"Danke, das steht jetzt im Verlauf von {NUMBER}", "en": f"Thanks, that is on the timeline of {NUMBER}"}
LESSON = {"de": "Am Ablauf mühsam:** Zwanzig Felder", "en": "Tedious about the process:** Zwanzig Felder"}
STILL = {"de": "ist noch in Erkennen", "en": "is still in Identify"}


def language_of(office: World) -> str:
    return office.app.core.policy.policy.language


def closed(office: World, language: str) -> str:
    """The whole way in Slack; the answer to whoever closes."""
    office.say("jana", COMMAND[language])
    office.fill("jana", in_slack(REPORT, office.clock.now))
    told = ""
    for step in STEPS:
        office.work(minutes=1)
        told = take(office, language, step)
    assert office.incident().state is State.CLOSED
    office.work(seconds=30)
    return told


def posted(office: World) -> int:
    return sum(len(office.slack.messages(channel)) for channel in list(office.slack.world.channels))


def buttons(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for _, one in elements(blocks) if one["type"] == "button"]


def said(office: World) -> list[object]:
    return [one.text for one in office.incident().notes if one.kind is NoteKind.FEEDBACK]


def test_the_last_words_ask_what_was_tedious_and_the_answer_is_kept(office: World) -> None:
    language = language_of(office)
    answer = closed(office, language)
    assert LAST_WORDS[language] in answer
    channel = office.slack.channel_named("inc-2026-0001")
    last = channel.messages[-1]
    for told in (answer, json.dumps(last.blocks, ensure_ascii=False)):
        assert LAST_WORDS[language] in told
        assert told.index(LAST_WORDS[language]) < told.index(QUESTION[language])
    (button,) = [one for one in buttons(last.blocks) if one["text"]["text"] == BUTTON[language]]
    (in_window,) = [one for one in buttons(office.view("petra")["blocks"]) if one["text"]["text"] == BUTTON[language]]
    office.sender.click(in_window["action_id"], user=slack_id("petra"))
    assert office.view("petra")["callback_id"].endswith("incident.feedback"), "whoever closes is asked at once"
    before, count = office.incident(), posted(office)
    office.clock.move(seconds=1)
    office.sender.click(button["action_id"], user=slack_id("paul"), channel=channel.id, ts=last.ts)
    (asked,) = [block for block in office.view("paul")["blocks"] if block["type"] == "input"]
    assert (asked["block_id"], asked.get("optional", False), asked["element"]["multiline"]) == ("feedback", False, True)
    thanks = json.dumps(office.fill("paul", {"feedback": "Zwanzig Felder, um drei Uhr nachts"}), ensure_ascii=False)
    assert THANKS[language] in thanks
    office.proves(thanks, "feedback.given")
    verb = "rückmeldung" if language == "de" else "feedback"
    for who, text in (("jana", "Wen rufe ich an?"), ("jana", "Und wieder")):
        told = str(office.say(who, COMMAND[language], f"{verb} {NUMBER} {text}").json())
        office.proves(told, "feedback.given")
    office.work(minutes=20)
    assert said(office) == ["Zwanzig Felder, um drei Uhr nachts", "Wen rufe ich an?", "Und wieder"]
    after = office.incident()
    assert after.model_copy(update={"notes": before.notes, "people": before.people}) == before
    assert posted(office) == count, "nobody else is written to"
    status = str(office.say("petra", COMMAND[language], f"status {NUMBER}").json())
    assert "Zwanzig Felder" in status
    assert QUESTION[language] in status
    lessons = str(office.say("petra", COMMAND[language], "export").json())
    assert LESSON[language] in lessons
    office.intact()


def at_the_terminal(office: World, who: str, line: str, *answers: str) -> str:
    office.clock.move(seconds=1)
    out = io.StringIO()
    chat = office.app.core.chat(PolicyDirectory(office.app.core.policy.policy))
    run_once(chat, actor(who), line, io.StringIO("\n".join((*answers, ""))), out, language_of(office))
    return out.getvalue()


def test_before_the_review_it_is_refused_and_the_text_can_be_a_note(office: World) -> None:
    language = language_of(office)
    verb = "rückmeldung" if language == "de" else "feedback"
    give(office, "max", Report(what="Anhang geöffnet"))
    refused = office.say("tom", COMMAND[language], f"{verb} {NUMBER} Zu viele Formulare").json()
    for told in (
        at_the_terminal(office, "tom", f"{verb} {NUMBER} Zu viele Formulare"),
        at_the_terminal(office, "tom", f"{verb} {NUMBER}"),
        json.dumps(refused, ensure_ascii=False),
    ):
        assert STILL[language] in told
    (noting,) = [one for one in buttons(refused["blocks"]) if one["action_id"].startswith("incident.note")]
    assert noting["value"] == f"{NUMBER} Zu viele Formulare", "what was typed goes along"
    nothing = at_the_terminal(office, "tom", verb)
    assert NUMBER not in nothing
    give(office, "petra", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="War ein Test"))
    give(office, "petra", Advance(case=NUMBER, to=State.DISMISSED))
    assert THANKS[language] in at_the_terminal(office, "max", f"{verb} {NUMBER} Zu viele Formulare")
    told = at_the_terminal(office, "tom", f"{verb} {NUMBER}", "Keiner wusste, wer dran ist")
    assert THANKS[language] in told
    office.proves(told, "feedback.given")
    assert NUMBER in at_the_terminal(office, "tom", verb), "which case is asked for, and a closed one is offered"
    assert said(office) == ["Zu viele Formulare", "Keiner wusste, wer dran ist"]
    office.intact()


def test_whoever_does_not_see_the_case_learns_nothing(shop: World) -> None:
    give(shop, "max", Report(what="Anhang geöffnet"))
    give(shop, "petra", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="War ein Test"))
    give(shop, "petra", Advance(case=NUMBER, to=State.DISMISSED))
    absent = "INC-2026-0077"
    for answers in ((), ("Zu viele Formulare",)):
        unseen, none = (at_the_terminal(shop, "lena", f"rückmeldung {one}", *answers) for one in (NUMBER, absent))
        assert unseen.replace(NUMBER, "N") == none.replace(absent, "N")
    assert "Welcher Fall?" not in at_the_terminal(shop, "lena", "rückmeldung")
    assert said(shop) == []
    assert "feedback.given" not in shop.kinds()
    assert "Danke" in at_the_terminal(shop, "max", f"rückmeldung {NUMBER} Zu viele Formulare")
