"""What is over already is entered with its real times: in a modal and in the terminal, in both languages."""

import io
from datetime import datetime, timedelta
from typing import Any

from bot.chat.directory import PolicyDirectory
from bot.chat.texts import paging
from bot.terminal import run_terminal
from config.i18n import translator
from tests.journeys.policies import DIGEST, INTAKE
from tests.journeys.telling import NUMBER, STEPS, in_slack
from tests.journeys.test_paging import called, give
from tests.journeys.world import World
from tests.properties.catalog import actor
from tests.workflows.incident.desk import ASSESSED
from workflows.incident.commands import Advance, Assess
from workflows.incident.terms import State

ENTERED = ("contain", "eradicate", "recover", "review", "closed")


def asked(office: World, who: str) -> set[str]:
    return {block["block_id"] for block in office.view(who)["blocks"] if block["type"] == "input"}


def hours(office: World, *after: float) -> list[int]:
    """Moments as Slack sends them, so many hours after the report, which was five days ago."""
    reported = office.clock.now.replace(minute=0, second=0) - timedelta(days=5)
    return [int((reported + timedelta(hours=one)).timestamp()) for one in after]


def answers(office: World, who: str) -> dict[str, Any]:
    """Everything that the open form asks for, as the other journeys answer it."""
    known = {name: value for step in STEPS for name, value in step.fields.items() if value}
    wanted = asked(office, who)
    return in_slack({name: value for name, value in known.items() if name in wanted}, office.clock.now)


def test_a_case_is_entered_and_walked_with_its_real_times(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    reported, begun, contained, over, closed = hours(office, 0, -3, 2, 8, 30)
    words = ("/vorfall", "melden --nachtrag") if german else ("/incident", "report --backfill")
    office.say("jana", words[0], f"{words[1]} Laptop im Zug vergessen")
    refused = office.fill("jana", {"reported": reported, "occurred": closed})
    assert list(refused["errors"]) == ["reported"], "it cannot have begun after the report"
    told = str(office.fill("jana", {"reported": reported, "occurred": begun}))
    assert ("Niemand wird benachrichtigt" if german else "Nobody is called") in told
    office.proves(told, "incident.reported")

    office.say("tom", words[0], "bewerten 1" if german else "assess 1")
    office.fill("tom", answers(office, "tom") | {"lead": "U0TOM"})
    office.say("petra", words[0], "durchgehen 1" if german else "walk 1")
    assert {f"entered_{one}" for one in ENTERED} <= asked(office, "petra")
    times = {"entered_eradicate": contained, "entered_review": over, "entered_closed": closed}
    early = str(office.fill("petra", answers(office, "petra") | times | {"entered_review": begun}))
    assert office.incident().state is State.IDENTIFY
    assert ("Wann war es vorbei: liegt vor" if german else "When was it over: that lies before") in early
    assert str(contained) in early, "what was typed stands there again"
    told = str(office.fill("petra", {"entered_review": over}))
    case = office.incident()
    assert (case.state, case.backfill) == (State.CLOSED, True), told
    assert [one and int(one.timestamp()) for one in (case.contained, case.recovered, case.closed)] == [
        contained, over, closed,
    ]  # fmt: skip
    office.work(hours=2)
    assert called(office) == []
    assert not office.slack.messages(INTAKE)
    assert not office.slack.messages(DIGEST)
    assert not [one for one in office.slack.world.channels.values() if one.name.startswith("inc-")]
    office.intact()


def test_a_form_that_is_over_already_goes_on_with_the_times(english: World) -> None:
    reported = datetime.fromtimestamp(hours(english, 0)[0], english.clock.now.tzinfo).isoformat()
    # The report form with the third choice at its end, then the questions about times; what was typed stands there.
    lines = ["report", "Laptop left on a train", *[""] * 8, "3", "", reported, *[""] * 6, "max", *[""] * 3, "status 1"]
    known = english.app.core.policy.policy
    out = io.StringIO()
    run_terminal(
        english.app.core.chat(PolicyDirectory(known)), actor("jana"), io.StringIO("\n".join(lines) + "\n"), out, "en"
    )
    case = english.incident()
    assert case.what == "Laptop left on a train"
    assert (case.backfill, case.name_of(case.reporter)) == (True, "Max Dietz")
    assert case.reported == datetime.fromisoformat(reported)
    assert "recorded afterwards" in out.getvalue()
    assert english.app.metrics.text().decode().count("wachbuch_incidents_open{") == 0


def test_a_modal_that_is_over_already_asks_for_the_times_next(english: World) -> None:
    english.say("jana", "/incident")
    special = ["drill", "backfill"]
    told = english.fill("jana", {"what": "Laptop left on a train", "affected": "NB-17", "special": special})
    assert told["response_action"] == "update"
    assert "entered_contain" not in asked(english, "jana")
    assert {"reported", "detected"} <= asked(english, "jana")
    assert "NB-17" in str(english.view("jana")), "what was typed stands there again"
    assert "incident.reported" not in english.kinds(), "nothing is on record yet"
    english.fill("jana", {"reported": hours(english, 0)[0]})
    case = english.incident()
    assert (case.what, case.affected, case.backfill, case.drill) == ("Laptop left on a train", "NB-17", True, True)
    headline = english.say("jana", "/incident", "status 1").json()["text"]
    assert headline.startswith("DRILL · INC-2026-0001")
    assert "recorded afterwards" in headline


def test_a_drill_says_so_wherever_it_appears_and_calls_nobody(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    mark = "ÜBUNG" if german else "DRILL"
    word = ("/vorfall", "übung") if german else ("/incident", "drill")
    told = office.say("max", word[0], f"{word[1]} Ransomware im Lager").text
    assert ("ist als" if german else "as a drill") in told
    office.work()
    office.work(hours=1)
    assert called(office) == []
    (message,) = office.slack.messages(INTAKE)
    assert mark in str(message.blocks)
    assert "<@" not in str(message.blocks)
    give(office, "tom", Advance(case=NUMBER, to=State.CONTAIN, assess=Assess(**ASSESSED)))
    (channel,) = [one for one in office.slack.world.channels.values() if one.name.startswith("inc-")]
    assert channel.name == ("inc-2026-0001-uebung" if german else "inc-2026-0001-drill")
    assert channel.topic.startswith(mark)
    assert all(mark in str(one.blocks) for one in office.slack.messages(channel.id))
    assert all(mark in str(one.blocks) for one in office.slack.messages(DIGEST))
    assert office.app.metrics.text().decode().count("wachbuch_incidents_open{") == 0
    office.intact()


def test_a_drill_that_calls_says_so_in_the_call(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    words = ("/vorfall", "übung --rufen Ransomware im Lager") if german else ("/incident", "drill --page Locked files")
    answer = office.say("max", *words).json()["text"]
    assert answer.startswith("ÜBUNG · Danke" if german else "DRILL · Thanks")
    office.work()
    assert called(office) == ["tom"]
    (call,) = [one for one in office.slack.world.channels.values() if one.im]
    mark = "ÜBUNG" if german else "DRILL"
    assert all(mark in str(one.blocks) for one in office.slack.messages(call.id))
    assert paging.pager(translator("de" if german else "en"), office.incident()).startswith(f"{mark} · INC-2026-0001")
