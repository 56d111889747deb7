"""A drill by a scenario: what comes to light is told at its time, marked, on the timeline, until the drill is over."""

import io

from bot.chat.directory import PolicyDirectory
from bot.terminal import run_once
from config.policy.ids import Impact, Spread
from config.policy.loader import default_policy
from tests.journeys.newcomer import Newcomer, buttons
from tests.journeys.policies import INTAKE
from tests.journeys.test_paging import called, give
from tests.journeys.world import World
from tests.properties.catalog import actor
from workflows.incident.commands import Advance, Assess
from workflows.incident.terms import Kind, PersonalData, State

NUMBER = "INC-2026-0001"
RANSOMWARE = default_policy().drills.scenarios["ransomware"]


def told(office: World, channel: str) -> list[str]:
    """The injects that were posted there, in their order."""
    german = office.app.core.policy.policy.language == "de"
    mark = "ÜBUNG · Einlage" if german else "DRILL · Inject"
    return [str(one.blocks) for one in office.slack.messages(channel) if mark in str(one.blocks)]


def test_a_scenario_is_chosen_and_unfolds_in_the_thread(office: World) -> None:
    language = office.app.core.policy.policy.language
    me = Newcomer(office, "tom")
    words = ("/vorfall", "übung") if language == "de" else ("/incident", "drill")
    me.shown = office.say("tom", *words).json()["blocks"]
    title = RANSOMWARE.titled(language)
    me.press(next(one for one in buttons(me.shown) if one["text"]["text"] == title))
    assert NUMBER in me.text()
    assert title in me.text()
    office.proves(me.text(), "incident.reported", "incident.drill_started")
    office.work()
    assert called(office) == []
    office.work(minutes=9)
    assert told(office, INTAKE) == []
    office.work(minutes=2)
    (first,) = told(office, INTAKE)
    assert RANSOMWARE.injects[0].said(language)[:40] in first
    office.receipts_in(first)
    office.work(minutes=15)
    assert len(told(office, INTAKE)) == 2
    status = str(office.say("tom", "/incident", f"status {NUMBER}").json())
    assert RANSOMWARE.injects[1].said(language)[:40] in status, "it stands on the timeline"
    office.intact()


def test_a_mistyped_scenario_is_asked_back_and_other_words_are_a_drill(english: World) -> None:
    asked = english.say("tom", "/incident", "drill ransomwar").json()
    assert RANSOMWARE.titled("en") in str(asked["blocks"])
    assert "incident.reported" not in english.kinds()
    english.say("tom", "/incident", "drill blackout")
    assert english.incident().drill


def test_it_goes_on_in_the_channel_and_stops_at_the_end(office: World) -> None:
    office.say("tom", "/incident", "drill ransomware")
    office.work()
    assess = Assess(
        kind=Kind.INCIDENT, reason="Files are locked", category="malware", affected="File server",
        confidentiality=Impact.LOW, integrity=Impact.LOW, availability=Impact.LOW, authenticity=Impact.NONE,
        spread=Spread.SINGLE, personal_data=PersonalData.NO,
    )  # fmt: skip
    give(office, "tom", Advance(case=NUMBER, to=State.CONTAIN, assess=assess))
    (channel,) = [one for one in office.slack.world.channels.values() if one.name.startswith("inc-")]
    office.work(minutes=26)
    office.work(seconds=5)
    assert len(told(office, channel.id)) == 2
    office.say("tom", "/incident", f"back {NUMBER} identify only a drill")
    give(office, "tom", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="Only a drill"))
    give(office, "petra", Advance(case=NUMBER, to=State.DISMISSED))
    assert office.incident().state is State.DISMISSED
    office.work(hours=3)
    assert office.kinds().count("incident.injected") == 2
    assert "case.refused" not in office.kinds()
    office.intact()


def test_without_a_scenario_it_is_a_drill_as_told_and_in_the_terminal_alike(english: World) -> None:
    chat = english.app.core.chat(PolicyDirectory(english.app.core.policy.policy))
    out = io.StringIO()
    run_once(chat, actor("tom"), "drill Ransomware on the till", io.StringIO(), out, "en")
    run_once(chat, actor("tom"), "drill Stolen password of an administrator", io.StringIO(), out, "en")
    own, prepared = english.incident(), english.incident("INC-2026-0002")
    assert (own.what, own.scenario, own.drill) == ("Ransomware on the till", None, True)
    assert (prepared.scenario, prepared.drill) == ("stolen_credentials", True)
    assert "3 injects follow" in out.getvalue()
    run_once(chat, actor("tom"), "report A real one", io.StringIO(), out, "en")
    listed = english.say("tom", "/incident", "list").json()["text"]
    assert listed.index("A real one") < listed.index("DRILL · "), "drills stand behind what is real"
