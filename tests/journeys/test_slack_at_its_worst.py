"""Slack fails in every way while people report and work: no case is lost or doubled, nothing is told too early."""

import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import NullPool, create_engine, text

from bot.slack.desk import PATIENCE_SECONDS
from tests.fakes.client import Answer
from tests.fakes.slack.world import TEAM
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.world import RECEIPT, World, edges_of, world
from tests.unhurried import unhurried
from tests.waiting import until

FORM = "application/x-www-form-urlencoded"
SLACK_WAITS_SECONDS = 3.0
CALLS = (
    "chat.postMessage", "chat.update", "conversations.create", "conversations.invite", "conversations.setTopic",
    "conversations.open", "conversations.history", "pins.add", "*",
)  # fmt: skip
REPORTS = (("max", "Laptop im Zug vergessen"), ("jana", "Anhang geöffnet"), ("lena", "Kundendaten falsch verschickt"))
WORK = (
    ("tom", "übernehmen {}"), ("tom", "dringend {}"), ("petra", "notiz {} Konto gesperrt"), ("tom", "stand {} läuft"),
    ("petra", "rolle {} scribe Lena"), ("tom", "notiz {} Rechner eingesammelt"), ("petra", "aufgabe {} Anzeige"),
)  # fmt: skip


@dataclass
class Storm:
    """One workspace in trouble. Every command is sent by Slack up to three times, every event under several ids."""

    office: World
    chance: random.Random
    told: list[str] = field(default_factory=list)
    events: int = 0
    pins: int = 0

    def trouble(self) -> None:
        """Something that fails from now on, a few times."""
        operation, times = self.chance.choice(CALLS), self.chance.randint(1, 3)
        slack = self.office.slack
        match self.chance.randrange(4):
            case 0:
                slack.fail(
                    operation, times=times, status=429, error="ratelimited", retry_after=self.chance.randint(1, 30)
                )
            case 1:
                slack.fail(operation, times=times, status=self.chance.choice((500, 502, 503)))
            case 2:
                slack.fail(operation, times=times, after_effect=True)
            case _:
                slack.fail(
                    operation, times=times, error=self.chance.choice(("fatal_error", "request_timeout")), status=200
                )

    def command(self, who: str, line: str) -> None:
        """A command; its request comes again, unchanged, as often as Slack's servers or a proxy like."""
        self.office.clock.move(seconds=1)
        issued = self.office.slack.issue(user=slack_id(who))
        sent = {
            "team_id": TEAM, "command": "/vorfall", "text": line, "user_id": slack_id(who), "user_name": who,
            "channel_id": f"D0{who.upper()}", **issued,
        }  # fmt: skip
        body = urlencode(sent).encode()
        answers = {self._answered(self.office.sender.send(body, FORM)) for _ in range(self.chance.randint(1, 3))}
        assert len(answers) == 1, "each time the same answer"
        self.told += answers

    def _answered(self, answer: Answer) -> str:
        assert answer.status == 200, answer.text
        # `receipts_in` fails for a receipt of something that is not on record at this moment.
        self.office.receipts_in(answer.text)
        return answer.text

    def event(self, event: dict[str, Any]) -> None:
        """An event, under up to four ids, some of them as retries."""
        for _ in range(self.chance.randint(1, 4)):
            self.events += 1
            self.office.sender.event(event, event_id=f"Ev0WORST{self.events}", retry=self.chance.randint(0, 2))

    def pinned(self, number: int) -> None:
        """Somebody writes in a thread, and pins it; Slack tells the pin before the message."""
        threads = [one for one in self.office.slack.messages(INTAKE) if not one.thread_ts]
        if len(threads) <= number:
            return
        self.pins += 1
        said = self.office.slack.say(INTAKE, slack_id("jana"), f"Beobachtung {number}", threads[number].ts)
        self.office.slack.react(INTAKE, said["ts"], slack_id("tom"), "pushpin")
        item = {"type": "message", "channel": INTAKE, "ts": said["ts"]}
        happened = [
            {"type": "reaction_added", "user": slack_id("tom"), "reaction": "pushpin", "item": item,
             "event_ts": f"{said['ts']}1"},
            {**said, "channel_type": "channel", "event_ts": said["ts"]},
        ]  # fmt: skip
        for event in self.chance.sample(happened, 2):
            self.event(event)

    def calm(self) -> None:
        """Slack is well again, and hours go by."""
        self.office.slack.faults.clear()
        for _ in range(8):
            self.office.work(minutes=20)


def weather(office: World, seed: int) -> Storm:
    """The whole story in one storm."""
    storm = Storm(office, random.Random(seed))
    for number, (who, what) in enumerate(REPORTS, 1):
        storm.trouble()
        storm.command(who, f"melden {what}")
        office.work(seconds=storm.chance.randint(0, 40))
        storm.trouble()
        storm.pinned(number - 1)
        office.work(seconds=storm.chance.randint(0, 40))
    for who, line in WORK:
        for number in storm.chance.sample(range(1, len(REPORTS) + 1), len(REPORTS)):
            storm.trouble()
            storm.command(who, line.format(f"INC-2026-{number:04d}"))
            office.work(seconds=storm.chance.choice((0, 0, 2, 45)))
    storm.calm()
    return storm


def nothing_lost_or_doubled(storm: Storm) -> None:
    office = storm.office
    kinds = Counter(office.kinds())
    assert kinds["incident.reported"] == len(REPORTS), "no case lost or doubled"
    assert kinds["task.opened"] == kinds["incident.acknowledged"] == len(REPORTS)
    notes = [note for number in range(1, len(REPORTS) + 1) for note in office.incident(f"INC-2026-{number:04d}").notes]
    assert sum("Beobachtung" in str(note.text) for note in notes) == storm.pins, "told often, on the timeline once"
    made = [one.name for one in office.slack.world.channels.values() if one.name.startswith("inc-")]
    assert sorted(made) == [f"inc-2026-{number:04d}" for number in range(1, len(REPORTS) + 1)], "no channel doubled"
    threads = [one for one in office.slack.messages(INTAKE) if not one.thread_ts]
    assert len(threads) == len(REPORTS)
    for channel in office.slack.world.channels.values():
        said = [json.dumps(one.blocks, sort_keys=True) for one in channel.messages if RECEIPT.search(str(one.blocks))]
        assert len(said) == len(set(said)), f"twice in {channel.name or channel.id}"
        pins = [ts for ts in channel.pins if not channel.message(ts).deleted]
        assert len(pins) == len(set(pins)) <= 1 or channel.id == INTAKE
    for number in range(1, len(REPORTS) + 1):
        channel = office.slack.channel_named(f"inc-2026-{number:04d}")
        assert slack_id("lena") in channel.members
        assert len(channel.pins) == 1, "one summary"
        summary = json.dumps(channel.message(channel.pins[0]).blocks, ensure_ascii=False)
        assert "läuft" in summary, "and it is the newest"
    office.intact()


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(2, 26))])
def test_no_case_is_lost_or_doubled_whatever_slack_does(sqlite_url: str, seed: int) -> None:
    with world(sqlite_url) as office:
        nothing_lost_or_doubled(weather(office, seed))


@pytest.mark.full
def test_a_message_a_second_in_each_channel_is_enough(sqlite_url: str) -> None:
    with world(sqlite_url) as office:
        office.slack.limit_posts(per_second=20.0)
        storm = Storm(office, random.Random(7))
        for who, what in REPORTS:
            storm.command(who, f"melden {what}")
        for who, line in WORK:
            for number in range(1, len(REPORTS) + 1):
                storm.command(who, line.format(f"INC-2026-{number:04d}"))
        for _ in range(60):
            office.work(seconds=30)
            time.sleep(0.05)
        office.slack.limit_posts(per_second=None)
        storm.calm()
        nothing_lost_or_doubled(storm)


@contextmanager
def held(url: str) -> Iterator[Callable[[], None]]:
    """Nobody can write, until it is let go."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection.rollback
        return
    with create_engine(url, poolclass=NullPool).connect() as locked:
        locked.execute(text("LOCK TABLE number_series IN EXCLUSIVE MODE"))
        yield locked.rollback


def replies(office: World) -> list[Any]:
    """What was answered by response URL."""
    return [one for url in office.slack.world.responses.values() for one in url.replies]


@pytest.mark.full
def test_while_the_database_is_stuck_nothing_is_called_recorded(database_url: str) -> None:
    assert PATIENCE_SECONDS < SLACK_WAITS_SECONDS
    with world(database_url) as office:
        for edge in edges_of(office.app):
            unhurried(edge, PATIENCE_SECONDS)
        with held(database_url) as let_go:
            answer = office.say("max", "/vorfall", "melden Laptop im Zug vergessen")
            assert "Noch nicht eingetragen" in answer.text
            assert not RECEIPT.search(answer.text)
            assert "incident.reported" not in office.kinds()
            assert replies(office) == []
            let_go()
        until(lambda: replies(office))
        office.proves(json.dumps(replies(office)[-1], ensure_ascii=False), "incident.reported")
        assert office.kinds().count("incident.reported") == 1
        office.intact()
