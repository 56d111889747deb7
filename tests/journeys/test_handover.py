"""The lead goes home: asked in the channel, accepted by button, declined with a reason, brought up again."""

import io
from collections.abc import Iterator

import pytest

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_once
from config.policy.ids import CaseRole
from tests.fakes.slack.world import Message
from tests.journeys.mailbox import direct
from tests.journeys.policies import slack_id
from tests.journeys.test_home import look, shown
from tests.journeys.test_paging import NUMBER, give, leading
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from workflows.incident.commands import AssignRole


@pytest.fixture
def night(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="de") as made:
        yield made


def press(office: World, who: str, channel: str, label: str) -> str:
    """The newest button of this name in a channel; what it answers."""
    office.clock.move(seconds=1)
    for message in reversed(office.slack.messages(channel)):
        buttons = [one for block in message.blocks for one in block.get("elements", ()) if one["type"] == "button"]
        found = [one["action_id"] for one in buttons if one["text"]["text"] == label]
        if found:
            answer = office.sender.click(found[0], user=slack_id(who), channel=channel, ts=message.ts)
            office.work(seconds=5)
            return answer.text
    raise AssertionError(label)


def offers(office: World, channel: str) -> list[Message]:
    words = ("Ich übernehme die Leitung", "I take the lead")
    return [one for one in office.slack.messages(channel) if any(word in str(one.blocks) for word in words)]


def lead(office: World) -> str:
    return office.incident().name_of(office.incident().lead)


def test_who_is_asked_accepts_by_button_and_leads(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    channel = leading(office)
    verb = "übergabe" if german else "handover"
    told = office.say("tom", "/vorfall", f"{verb} {NUMBER} <@{slack_id('petra')}|petra> Postfach zu, Logs offen")
    office.proves(str(told.json()), "handover.offered")
    office.work(seconds=5)
    (asked,) = offers(office, channel)
    assert "Postfach zu, Logs offen" in str(asked.blocks)
    assert slack_id("petra") in str(asked.blocks)
    accept = "Ich übernehme die Leitung" if german else "I take the lead"
    press(office, "paul", channel, accept)
    assert lead(office) == "Tom Berger", "only who was asked"
    press(office, "petra", channel, accept)
    assert lead(office) == "Petra Maurer"
    said = [str(one.blocks) for one in office.slack.messages(channel)]
    assert sum(("leitet jetzt" if german else "leads INC") in one for one in said) == 1
    assert not any("Vorfallsleitung: Petra" in one or "lead: Petra" in one for one in said), "said once, not twice"
    office.work(hours=1)
    assert len(offers(office, channel)) == 1, "an answer reminds nobody"
    assert office.kinds().count("handover.accepted") == 1
    office.intact()


def test_who_declines_is_asked_why_in_a_window_and_the_lead_stays(night: World) -> None:
    channel = leading(night)
    night.say("tom", "/vorfall", f"übergabe {NUMBER}")
    night.fill("tom", {"person": slack_id("paul"), "stands": "Logs offen", "next_step": "Proxy-Logs sichten"})
    night.work(seconds=5)
    assert "Nächster Schritt: Proxy-Logs sichten" in str(offers(night, channel)[0].blocks)
    press(night, "paul", channel, "Geht bei mir nicht")
    assert night.view("paul")["callback_id"].endswith("handover_decline")
    night.fill("paul", {"reason": "Im Zug"})
    night.work(seconds=5)
    assert "Paul Deppe kann die Leitung nicht übernehmen (Im Zug). Sie bleibt bei Tom Berger." in str(
        night.slack.messages(channel)[-1].blocks
    )
    assert lead(night) == "Tom Berger"
    night.intact()


def test_without_an_answer_both_are_asked_again_and_the_role_ends_it(night: World) -> None:
    channel = leading(night)
    night.say("tom", "/vorfall", f"übergabe {NUMBER} paul: Logs offen")
    night.work(minutes=14)
    assert len(offers(night, channel)) == 1
    night.work(minutes=2)
    _, again = offers(night, channel)
    assert "Paul Deppe hat noch nicht geantwortet" in str(again.blocks)
    assert all(slack_id(one) in str(again.blocks) for one in ("tom", "paul"))
    refused = str(night.say("petra", "/vorfall", f"übergabe {NUMBER} paul: Logs offen").json())
    assert "Ist sie nicht erreichbar" in refused
    assert f"{NUMBER} lead me" in refused
    night.work(minutes=31)
    assert slack_id("petra") in str(offers(night, channel)[-1].blocks), "the ISB hears when it is late"
    night.say("petra", "/vorfall", f"rolle {NUMBER} leitung ich")
    assert lead(night) == "Petra Maurer"
    press(night, "paul", channel, "Ich übernehme die Leitung")
    assert lead(night) == "Petra Maurer"
    night.work(hours=1)
    assert len(offers(night, channel)) == 3, "nothing is left to answer"
    night.intact()


def test_a_confidential_case_asks_directly_and_says_nothing_of_it(night: World) -> None:
    night.say("max", "/vorfall", "")
    night.fill("max", {"what": "Verdacht gegen Kollegen", "visibility": "restricted"})
    night.work()
    give(night, "petra", AssignRole(case=NUMBER, role=CaseRole.LEAD, person=actor("tom").person))  # type: ignore[arg-type]
    night.say("tom", "/vorfall", f"übergabe {NUMBER} paul: Gespräch mit dem Kollegen")
    night.work(seconds=5)
    (asked,) = direct(night, "paul")[-1:]
    assert "Sie werden gebeten, die Leitung" in str(asked.blocks)
    assert "Kollegen" not in str(asked.blocks)
    night.work(minutes=16)
    assert "hat noch nicht geantwortet" in str(direct(night, "tom")[-1].blocks)
    night.intact()


def test_the_home_tab_of_who_is_asked_offers_the_answer_and_nobody_elses(night: World) -> None:
    leading(night)
    accept = "Ich übernehme die Leitung"
    assert accept not in str(look(night, "petra"))
    night.say("tom", "/vorfall", f"übergabe {NUMBER} petra: Logs offen")
    night.work(seconds=12)
    assert "bittet Sie, die Leitung" in str(shown(night, "petra")), "renewed by itself"
    assert accept not in str(look(night, "paul"))
    button = next(one for block in shown(night, "petra") for one in block.get("elements", ()) if accept in str(one))
    night.sender.click(button["action_id"], user=slack_id("petra"), blocks=shown(night, "petra"))
    night.work(seconds=12)
    assert lead(night) == "Petra Maurer"
    assert accept not in str(shown(night, "petra"))


def test_in_the_terminal_the_one_who_is_asked_finds_the_buttons(night: World) -> None:
    leading(night)
    chat = night.app.core.chat(PolicyDirectory(night.app.core.policy.policy))
    out = io.StringIO()
    run_once(chat, actor("tom"), f"übergabe {NUMBER} petra: Logs offen", io.StringIO(), out)
    run_once(chat, actor("petra"), f"status {NUMBER}", io.StringIO(), out)
    assert "Ich übernehme die Leitung" in out.getvalue()
    run_once(chat, actor("petra"), f"übergabe {NUMBER} annehmen", io.StringIO(), out)
    assert lead(night) == "Petra Maurer"
    night.intact()
