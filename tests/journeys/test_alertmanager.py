"""Alarms of Alertmanager, by webhook with its token: which open a report, which join one, and who must not get in."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.forge.alerts import ALERT
from bot.web.server import create_app
from config.policy.ids import Visibility
from config.policy.loader import load_texts
from tests.fakes.client import Answer
from tests.journeys.door import Door
from tests.journeys.policies import INTAKE, policy_text, slack_id
from tests.journeys.test_alerts import incidents, notes
from tests.journeys.world import ALERT_TOKEN, START, World, world
from tests.properties.catalog import actor
from workflows.commands import Command
from workflows.incident.commands import Advance, Assess, Report, SetVisibility
from workflows.incident.terms import Kind, Relation, State
from workflows.outcome import Accepted

PATH = "/webhooks/alertmanager"
BEARER = {"content-type": "application/json", "authorization": f"Bearer {ALERT_TOKEN}"}
NEVER = "0001-01-01T00:00:00Z"
"""What Alertmanager sends as the end of what still fires."""


@pytest.fixture
def bank(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def alarm(fingerprint: str, since: datetime, until: datetime | None = None, **labels: str) -> dict[str, Any]:
    """One alarm of a body. Its labels, and what it says, as Prometheus' own examples have them."""
    return {
        "status": "resolved" if until else "firing",
        "labels": {"alertname": "LoginFailures", "service": "payments", "severity": "critical", **labels},
        "annotations": {"summary": "400 failed logins a minute"},
        "startsAt": stamp(since),
        "endsAt": stamp(until) if until else NEVER,
        "generatorURL": "https://prometheus.example/graph?g0.expr=logins",
        "fingerprint": fingerprint,
    }


def body(*alarms: dict[str, Any], group: str = '{}:{alertname="LoginFailures"}') -> bytes:
    """A whole body, version 4."""
    firing = any(one["status"] == "firing" for one in alarms)
    told = {
        "version": "4", "groupKey": group, "truncatedAlerts": 0, "status": "firing" if firing else "resolved",
        "receiver": "wachbuch", "groupLabels": {"alertname": "LoginFailures"}, "commonLabels": {},
        "commonAnnotations": {}, "externalURL": "https://alertmanager.example", "alerts": list(alarms),
    }  # fmt: skip
    return json.dumps(told).encode()


def tell(bank: World, *alarms: dict[str, Any], **named: str) -> Answer:
    bank.clock.move(seconds=2)
    answer = bank.door(PATH, BEARER, body(*alarms, **named))
    bank.work(seconds=2)
    return answer


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_critical_alarm_is_a_report_that_names_it_and_leads_there(sqlite_url: str, language: str) -> None:
    with world(sqlite_url, language=language) as bank:
        assert tell(bank, alarm("a1b2c3", START)).status == 202
        case = bank.incident()
        expected = "Alertmanager schlägt Alarm wegen payments" if language == "de" else "Alertmanager raises an alarm"
        assert str(case.title).startswith(expected)
        assert "LoginFailures, 400 failed logins a minute" in str(case.what)
        assert "https://prometheus.example/graph?g0.expr=logins" in str(case.what)
        assert (case.reporter, case.affected, case.detected) == (None, "payments", START)
        (thread,) = bank.slack.messages(INTAKE)
        assert slack_id("tom") in str(thread.blocks), "who is on call is mentioned"
        assert {entry.kind for entry in bank.entries()} >= {"incident.reported"}
        bank.intact()


def test_what_keeps_firing_is_told_once_and_its_end_is_a_line(bank: World) -> None:
    firing = alarm("a1b2c3", START)
    assert tell(bank, firing).status == 202
    assert tell(bank, firing).status == 200, "Alertmanager repeats itself every few hours"
    assert tell(bank, firing, alarm("d4", START, service="ledger")).status == 202
    assert (incidents(bank), len(notes(bank))) == (["INC-2026-0001"], 1), "of the same group"
    ended = bank.clock.now
    tell(bank, alarm("a1b2c3", START, ended))
    assert notes(bank)[1].startswith("Resolved at Alertmanager: LoginFailures, 400 failed logins a minute (https://")
    assert bank.incident().notes[1].occurred_at == ended
    tell(bank, firing, alarm("e5", START))
    assert (incidents(bank), len(notes(bank))) == (["INC-2026-0001"], 3), "of the first: late, and of before its end"
    tell(bank, alarm("f6", START), group='{}:{alertname="Other"}')
    assert len(incidents(bank)) == 2, "another group is another matter"
    bank.intact()


def test_a_flood_in_one_body_is_one_report(bank: World) -> None:
    tell(bank, *(alarm(f"{number:x}", START, instance=f"host{number}") for number in range(1, 9)))
    assert (incidents(bank), len(notes(bank))) == (["INC-2026-0001"], 7)
    bank.intact()


def test_of_a_flood_in_one_place_the_first_are_told_and_the_rest_stands_on_the_timeline(bank: World) -> None:
    tell(bank, *(alarm(f"{number:x}", START, instance=f"host{number}") for number in range(1, 61)))
    bank.work(minutes=2)
    assert (incidents(bank), len(notes(bank))) == (["INC-2026-0001"], 59)
    with bank.store.reading() as reads:
        assert len(reads.jobs.listed(None, ALERT, 10)) == 2, "others can write in between"
    (thread,) = [one for one in bank.slack.messages(INTAKE) if not one.thread_ts]
    told = [one for one in bank.slack.messages(INTAKE) if one.thread_ts == thread.ts]
    lines = [one.text for one in told if "Alertmanager" in one.text]
    assert len(lines) == 20, "a thread of thousands is read by nobody, and Slack takes one message a second"
    assert lines[0].startswith("On the timeline (10:00): Open at Alertmanager: "), "nobody wrote it"
    assert [("There are many" in one) for one in lines] == [False] * 19 + [True]
    bank.work(minutes=61)
    tell(bank, alarm("1", START, bank.clock.now))
    bank.work(minutes=1)
    assert "Resolved at Alertmanager" in bank.slack.messages(INTAKE)[-1].text, "an hour later they are told again"
    bank.intact()


def test_a_flood_from_everywhere_opens_as_many_reports_as_the_policy_lets_it(sqlite_url: str) -> None:
    few = load_texts({"policy.yaml": f"{policy_text('en')}alerts: {{most_reports: 2}}\n".encode()})
    with world(sqlite_url, language="en", decided=few) as bank:
        for number in range(1, 7):
            tell(bank, alarm(f"{number:x}", START, service=f"host{number}"), group=f'{{}}:{{instance="host{number}"}}')
        assert incidents(bank) == ["INC-2026-0001", "INC-2026-0002"]
        assert (notes(bank), len(notes(bank, "INC-2026-0002"))) == ([], 4)
        assert notes(bank, "INC-2026-0002")[0].startswith("Alertmanager raises an alarm about host3: LoginFailures")
        bank.clock.move(minutes=61)
        tell(bank, alarm("a", bank.clock.now, service="later"), group="later")
        assert len(incidents(bank)) == 3, "an hour later it is another matter"
        for over_one in ("INC-2026-0002", "INC-2026-0003"):
            over = Assess(case=over_one, kind=Kind.FALSE_ALARM, reason="Umzug")
            command = Advance(case=over_one, to=State.DISMISSED, assess=over)
            assert isinstance(bank.app.core.service.handle(command, actor("tom")), Accepted)
        tell(bank, alarm("b", bank.clock.now, service="one"), group="one")
        assert len(incidents(bank)) == 4, "what is over takes nothing in"
        bank.intact()


def test_what_fires_again_after_its_case_is_over_is_reported_anew_and_names_it(bank: World) -> None:
    tell(bank, alarm("a1b2c3", START))
    over = Assess(case="INC-2026-0001", kind=Kind.FALSE_ALARM, reason="Lasttest")
    command = Advance(case="INC-2026-0001", to=State.DISMISSED, assess=over)
    assert isinstance(bank.app.core.service.handle(command, actor("tom")), Accepted)
    tell(bank, alarm("a1b2c3", START, bank.clock.now))
    assert incidents(bank) == ["INC-2026-0001"], "its end opens nothing"
    tell(bank, alarm("a1b2c3", bank.clock.now))
    assert incidents(bank) == ["INC-2026-0001", "INC-2026-0002"]
    (link,) = bank.incident("INC-2026-0002").links
    assert (link.number, link.relation) == ("INC-2026-0001", Relation.RELATED)
    bank.intact()


@pytest.mark.parametrize("confidential", [False, True])
def test_what_is_told_of_a_duplicate_goes_on_where_it_does_unless_more_people_read_there(
    bank: World, confidential: bool
) -> None:
    main = "INC-2026-0002"
    tell(bank, alarm("a1", START))
    steps: list[Command] = [Report(what="Somebody tries passwords")]
    steps += [SetVisibility(case="INC-2026-0001", visibility=Visibility.RESTRICTED)] if confidential else []
    steps.append(Assess(case="INC-2026-0001", kind=Kind.DUPLICATE, reason="The same", duplicate_of=main))
    for step in (*steps, Advance(case="INC-2026-0001", to=State.DISMISSED)):
        bank.clock.move(seconds=1)
        assert isinstance(bank.app.core.service.handle(step, actor("petra")), Accepted)
    tell(bank, alarm("a1", START, bank.clock.now))
    told = notes(bank, main)
    assert len(told) == (0 if confidential else 1), told
    tell(bank, alarm("a1", bank.clock.move(minutes=40)))
    assert len(notes(bank, main)) == (0 if confidential else 2)
    assert len(incidents(bank)) == (3 if confidential else 2)
    bank.intact()


def test_what_the_policy_does_not_ask_for_or_nobody_understands_opens_nothing(bank: World) -> None:
    for number, severity in enumerate(("warning", "info", "", "unheard of"), 1):
        assert tell(bank, alarm(f"{number:x}", START, severity=severity)).status == 202
    assert tell(bank, {**alarm("7", START), "fingerprint": "no hex"}).status == 202
    assert bank.door(PATH, BEARER, b'{"version": "3"}').status == 202, "kept, and can be replayed"
    bank.work()
    assert (incidents(bank), bank.dead()) == ([], [])
    tell(bank, alarm("8", START, severity="Page"))
    assert incidents(bank) == ["INC-2026-0001"]


def test_what_looks_like_a_secret_is_left_out(bank: World) -> None:
    told = alarm("a1", START)
    told["annotations"] = {"summary": "token ghp_" + "a" * 36 + " was used"}
    told["generatorURL"] = "https://user:secret@prometheus.example/graph"
    tell(bank, told)
    what = str(bank.incident().what)
    assert "ghp_" not in what
    assert "user:secret" not in what
    assert "https://alertmanager.example" in what
    assert "LoginFailures" in what


def test_what_joins_for_want_of_room_says_each_time_what_it_is_about(sqlite_url: str) -> None:
    few = load_texts({"policy.yaml": f"{policy_text('en')}alerts: {{most_reports: 2}}\n".encode()})
    with world(sqlite_url, language="en", decided=few) as bank:
        for number in range(1, 4):
            tell(bank, alarm(f"{number:x}", START, service=f"host{number}"), group=f'{{}}:{{instance="host{number}"}}')
        tell(bank, alarm("9", START, service="host3", instance="b"), group='{}:{instance="host3"}')
        told = notes(bank, "INC-2026-0002")
        assert len(told) == 2
        assert all("host3" in one.split("\n")[0] for one in told)


WRONG = {
    "nothing": {},
    "another token": {"authorization": "Bearer of-somebody-else"},
    "an empty token": {"authorization": "Bearer "},
    "another way": {"authorization": f"Basic {ALERT_TOKEN}"},
    "no way": {"authorization": ALERT_TOKEN},
}


@pytest.mark.parametrize("case", WRONG)
def test_without_the_token_nothing_is_stored(bank: World, case: str) -> None:
    told = body(alarm("a1", START + timedelta(seconds=1)))
    answer = bank.door(PATH, WRONG[case], told)
    assert (answer.status, bank.inbox()) == (401, 0)
    assert ALERT_TOKEN not in answer.text
    assert (bank.door(PATH, BEARER, told).status, bank.inbox()) == (202, 1)


def test_where_it_is_not_connected_the_answer_says_what_is_missing(bank: World) -> None:
    edge = bank.app.edge
    without = {source: hook for source, hook in edge.webhooks.items() if source != "alertmanager"}
    door = Door(create_app(replace(edge, webhooks=without)))
    answer = door(PATH, BEARER, body(alarm("a1", START)))
    door.close()
    assert (answer.status, bank.inbox()) == (404, 0)
    assert answer.json()["detail"] == "expected the setting ALERTMANAGER_TOKEN"
