"""The home tab: what waits for its reader, what is open, and what becomes of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.policy.ids import Impact, Spread, Visibility
from tests.journeys.policies import PEOPLE, slack_id
from tests.journeys.world import World, world
from tests.properties.catalog import actor, person
from workflows.change.commands import Cancel, Plan
from workflows.commands import Command
from workflows.incident.commands import Advance, Assess, OpenCorrective, OpenTask, Report, RequestOverride
from workflows.incident.terms import Kind, PersonalData, State
from workflows.outcome import Accepted
from workflows.store.rows import JobState

NUMBER = "INC-2026-0001"


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def do(office: World, who: str, command: Command) -> None:
    office.clock.move(seconds=1)
    assert isinstance(office.app.core.service.handle(command, actor(who)), Accepted)


def look(office: World, who: str) -> list[dict[str, Any]]:
    """Somebody opens their home tab."""
    assert office.sender.home(slack_id(who)).status == 200
    office.work()
    return shown(office, who)


def shown(office: World, who: str) -> list[dict[str, Any]]:
    view = office.slack.home_of(slack_id(who))
    assert view is not None
    blocks: list[dict[str, Any]] = view.view["blocks"]
    return blocks


def read(blocks: list[dict[str, Any]]) -> str:
    texts = [block.get("text", {}).get("text", "") for block in blocks]
    small = [one["text"] for block in blocks for one in block.get("elements", ()) if one["type"] == "mrkdwn"]
    return "\n".join([*texts, *small])


def report(office: World, what: str = "Anhang geöffnet", **more: Any) -> None:
    do(office, "jana", Report(what=what, **more))


def publishes(office: World) -> int:
    return office.slack.calls["views.publish"]


def test_everybody_finds_what_waits_for_them_and_what_they_may_see(office: World) -> None:
    report(office, personal_data=PersonalData.YES)
    report(office, "Verdacht gegen einen Kollegen", visibility=Visibility.RESTRICTED)
    due = office.clock.now + timedelta(days=3)
    do(office, "tom", OpenTask(case=NUMBER, text="Postfächer durchsuchen", owner=person("sven"), due=due))
    do(office, "tom", OpenCorrective(case=NUMBER, text="Makros sperren", owner=person("sven"), due=due))
    office.clock.move(hours=2)
    seen = read(look(office, "petra"))
    assert "INC-2026-0001" in seen
    assert "INC-2026-0002" in seen
    assert "offen seit 2 h" in seen
    assert "Meldepflichten" in seen, "the ISB decides about duties"
    assert "Wartet auf Sie" not in seen
    own = read(look(office, "sven"))
    assert "Aufgabe: Postfächer durchsuchen\nINC-2026-0001 · bis 05.03.2026" in own
    assert "Korrekturmaßnahme: Makros sperren" in own
    assert "Kollegen" not in own
    assert "INC-2026-0002" not in own
    assert "Meldepflichten" not in own
    nobody = read(look(office, "max"))
    assert "INC-" not in nobody
    assert "Nichts offen" in nobody


def test_its_buttons_do_what_typing_does_and_answer_in_a_window(office: World) -> None:
    report(office)
    do(office, "tom", OpenTask(case=NUMBER, text="Postfächer durchsuchen", owner=person("sven")))
    look(office, "sven")
    office.sender.click("incident.task:0", user=slack_id("sven"), home=True)
    told = office.view("sven")
    office.proves(str(told["blocks"]), "task.done")
    assert office.incident().tasks[0].done_by is not None
    office.work(seconds=15)
    assert "Postfächer durchsuchen" not in read(shown(office, "sven")), "renewed by itself"
    office.sender.close(user=slack_id("sven"))
    office.sender.click("incident.report:0", user=slack_id("sven"), home=True)
    assert office.view("sven")["callback_id"] == "form:incident.report"


def test_overrides_wait_there_for_whoever_can_decide_on_them(office: World) -> None:
    report(office)
    kind = Assess(case=NUMBER, kind=Kind.INCIDENT, reason="Schadcode", category="phishing", lead=person("tom"))
    do(office, "tom", kind)
    do(office, "tom", RequestOverride(case=NUMBER, to=State.CONTAIN, reason="Es brennt"))
    isb = look(office, "petra")
    assert "Tom Berger bittet um eine Ausnahme: Es brennt" in read(isb)
    assert "bittet um eine Ausnahme" not in read(look(office, "tom")), "nobody decides on their own"
    office.sender.click("incident.override:1", user=slack_id("petra"), home=True)
    office.fill("petra", {"decision": "deny", "decision_reason": "Erst sichern"})
    office.work(seconds=15)
    assert "bittet um eine Ausnahme" not in read(shown(office, "petra"))


@pytest.mark.full
def test_own_changes_are_there_and_follow(office: World) -> None:
    do(office, "max", Plan(title="Datenbank umziehen", description="x"))
    assert "Ihre Änderungen" in read(look(office, "max"))
    assert "CHG-2026-0001 · Plan · Datenbank umziehen" in read(shown(office, "max"))
    assert "CHG-" not in read(look(office, "tom"))
    do(office, "max", Cancel(case="CHG-2026-0001", reason="nicht nötig"))
    office.work(seconds=15)
    assert "CHG-" not in read(shown(office, "max"))


def test_it_shows_to_everybody_exactly_what_they_may_see(office: World) -> None:
    named = (person("petra"), person("gerda"))
    for visibility in Visibility:
        for personal in PersonalData:
            report(office, visibility=visibility, personal_data=personal, named=named)
    with office.store.reading() as reads:
        numbers = {row.number for row in reads.all_cases()}
    queries = office.app.core.queries
    for who in PEOPLE:
        viewer = replace(actor(who), on_duty=who in office.app.core.policy.policy.duty_roster)
        found = set(re.findall(r"INC-(?:S-)?2026-\d{4}", read(look(office, who))))
        assert found == {one for one in numbers if queries.case(one, viewer)}, who


def test_corrective_actions_stay_when_the_case_is_over(office: World) -> None:
    report(office)
    due = office.clock.now + timedelta(days=3)
    do(office, "tom", OpenCorrective(case=NUMBER, text="Makros sperren", owner=person("sven"), due=due))
    assert "bis 05.03.2026" in read(look(office, "sven"))
    do(office, "tom", Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="War ein Test"))
    do(office, "tom", Advance(case=NUMBER, to=State.DISMISSED))
    office.clock.move(days=10)
    assert "überfällig seit 05.03.2026" in read(look(office, "sven"))
    office.sender.click("incident.action:0", user=slack_id("sven"), home=True)
    office.fill("sven", {"result": "gesperrt"})
    assert "Makros" not in read(look(office, "sven"))


def test_it_speaks_the_language_of_its_reader(office: World) -> None:
    report(office)
    office.slack.world.users[slack_id("tom")].locale = "en-GB"
    assert "Open cases" in read(look(office, "tom"))
    assert "Offene Fälle" in read(look(office, "petra"))


def test_thirty_rows_and_the_most_urgent_first(office: World) -> None:
    for number in range(33):
        report(office, f"Meldung {number}")
    high = Impact.HIGH
    do(office, "tom", Assess(case=NUMBER, confidentiality=high, integrity=high, availability=high, authenticity=high,
                             spread=Spread.MANY))  # fmt: skip
    blocks = look(office, "tom")
    rows = [block for block in blocks if block["type"] == "section" and "INC-" in block["text"]["text"]]
    assert len(rows) == 30
    assert "Meldung 0" in rows[0]["text"]["text"], "S1, though the oldest"
    assert "3 weitere Einträge" in read(blocks[-1:])
    assert blocks[-1]["accessory"]["url"] == "https://wachbuch.example/incidents"


def test_it_is_renewed_for_those_who_looked_lately_and_not_for_every_step(office: World) -> None:
    report(office)
    look(office, "tom")
    look(office, "max")
    before = publishes(office)
    for number in range(5):
        report(office, f"Meldung {number}")
    office.work()
    assert publishes(office) == before, "within a few seconds at most once"
    office.work(seconds=15)
    assert publishes(office) == before + 1, "once for all of it, and not for who sees nothing new"
    assert "Meldung 4" in read(shown(office, "tom"))
    assert office.slack.home_of(slack_id("petra")) is None, "never opened"
    office.clock.move(hours=13)
    report(office, "Nachts")
    office.work(seconds=15)
    assert publishes(office) == before + 1, "nobody looks any more"
    assert "Nachts" in read(look(office, "tom"))


@pytest.mark.full
def test_time_that_goes_by_renews_nothing_and_slacks_limits_pile_nothing_up(office: World) -> None:
    report(office)
    look(office, "tom")
    assert "eben gemeldet" in read(shown(office, "tom"))
    before = publishes(office)
    office.clock.move(minutes=3)
    do(office, "petra", Report(what="Geheim", visibility=Visibility.SEALED, named=(person("petra"), person("gerda"))))
    office.work(seconds=15)
    assert publishes(office) == before
    office.slack.fail("views.publish", status=429, retry_after=600, times=99)
    for number in range(5):
        report(office, f"Meldung {number}")
        office.work(seconds=15)
    with office.store.reading() as reads:
        waiting = reads.jobs.listed(JobState.READY, "slack.home", 99)
    assert len(waiting) == 1, "the last one says it all"
    office.slack.faults.clear()
    office.work(minutes=15)
    assert "Meldung 4" in read(shown(office, "tom"))


def test_the_tab_with_messages_shows_nothing_and_a_tab_switched_off_harms_nothing(office: World) -> None:
    office.sender.home(slack_id("tom"), tab="messages")
    office.work()
    assert office.slack.home_of(slack_id("tom")) is None
    office.slack.world.has_home = False
    office.sender.home(slack_id("tom"))
    office.work()
    office.sender.home("U0NOBODY")
    office.work()
    assert not office.dead(), "nobody is alarmed for it"
    report(office)
    assert office.incident().number == NUMBER
