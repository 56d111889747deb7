"""Connections of Socket Mode against a fake Slack: opened, watched, replaced, ended. What is acknowledged was done."""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.slack.body import Body
from bot.slack.socket.line import Pace
from bot.slack.socket.mode import SocketMode, Standing
from bot.slack.socket.opening import Issuer, NotIssued
from bot.slack.socket.watch import Watch
from tests.bot.slack.conftest import socket_office
from tests.fakes.client import hang_up
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.unhurried import TIME_ENOUGH
from tests.waiting import until
from workflows.errors import WachbuchError

QUICK = Pace(
    ping_every=timedelta(seconds=0.1),
    silence=timedelta(seconds=60),
    hello_within=timedelta(seconds=60),
    proven_after=timedelta(),
    spread=timedelta(),
    leave_after=timedelta(seconds=60),
    down_after=timedelta(),
)
"""Lively, and with time enough: whatever gives up early says so in its test."""
SHORT = timedelta(seconds=1)


@dataclass
class Desk:
    """Works off payloads; a gate holds the work."""

    taken: list[Body] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    fails: int = 0
    failed: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def take(self, payload: Body) -> Mapping[str, Any] | None:
        assert self.gate.wait(TIME_ENOUGH)
        self.taken.append(payload)
        if self.fails:
            self.fails -= 1
            self.failed.set()
            raise WachbuchError("not now")
        return {"text": f"answer to {payload.get('text')}"} if "text" in payload else None


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.sockets.ping_seconds = 0.2
        fake.sockets.ack_seconds = TIME_ENOUGH
        yield fake


@pytest.fixture
def desk() -> Desk:
    return Desk()


def mode_for(slack: FakeSlack, desk: Desk, token: str = APP_TOKEN, pace: Pace = QUICK) -> SocketMode:
    client = WebClient(base_url=f"{slack.url}/api/", timeout=30, retry_handlers=[])
    return SocketMode(Issuer(client, token), desk.take, pace=pace, chance=lambda: 0.0)


@pytest.fixture
def pace() -> Pace:
    return QUICK


@pytest.fixture
def mode(slack: FakeSlack, desk: Desk, pace: Pace) -> Iterator[SocketMode]:
    made = mode_for(slack, desk, pace=pace)
    made.start()
    yield made
    made.stop()
    assert not slack.sockets.violations


def test_an_answer_comes_back_in_the_acknowledgement_where_slack_takes_one(
    slack: FakeSlack, mode: SocketMode, desk: Desk
) -> None:
    told = slack.deliver("slash_commands", {"text": "status"})
    assert told == {"acknowledged": True, "payload": {"text": "answer to status"}, "sent": 1}
    assert slack.deliver("events_api", {"text": "said"})["payload"] is None, "an event takes no answer"
    assert [one["text"] for one in desk.taken] == ["status", "said"]


def test_large_messages_go_both_ways_whole(slack: FakeSlack, mode: SocketMode) -> None:
    text = "ä" * 400_000
    assert slack.deliver("interactive", {"text": text})["payload"] == {"text": f"answer to {text}"}


def test_what_was_not_done_is_not_acknowledged_and_comes_again(slack: FakeSlack, mode: SocketMode, desk: Desk) -> None:
    desk.fails = 1
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(slack.deliver("events_api", {"n": 1})))
    waiting.start()
    assert desk.failed.wait(TIME_ENOUGH)
    slack.sockets.give_up_waiting()
    waiting.join()
    assert answers == [{"acknowledged": True, "payload": None, "sent": 2}]
    assert [one["n"] for one in desk.taken] == [1, 1]


def test_a_warned_connection_is_replaced_before_it_ends_and_answers_what_it_has_in_hand(
    slack: FakeSlack, mode: SocketMode, desk: Desk
) -> None:
    desk.gate.clear()
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(slack.deliver("slash_commands", {"text": "old"})))
    waiting.start()
    until(lambda: slack.sockets.delivered)
    slack.socket_warn("refresh_requested", linger=TIME_ENOUGH)
    until(lambda: len(slack.sockets.open) == 2)
    assert mode.standing.connected
    desk.gate.set()
    waiting.join()
    assert answers == [{"acknowledged": True, "payload": {"text": "answer to old"}, "sent": 1}]
    assert slack.deliver("slash_commands", {"text": "new"})["acknowledged"]
    until(lambda: len(slack.sockets.open) == 1)


def test_a_connection_that_breaks_is_opened_again_and_nothing_is_lost(
    slack: FakeSlack, mode: SocketMode, desk: Desk
) -> None:
    for number in range(3):
        assert slack.deliver("events_api", {"n": number})["acknowledged"]
        slack.socket_cut()
    until(lambda: mode.standing.connected)
    assert [one["n"] for one in desk.taken] == [0, 1, 2]


@pytest.mark.parametrize("pace", [replace(QUICK, silence=SHORT)], ids=["short silence"])
def test_a_silent_connection_counts_as_dead(slack: FakeSlack, mode: SocketMode) -> None:
    until(lambda: mode.standing.silent_for is not None)
    opened = slack.sockets.opened
    slack.socket_hang()
    until(lambda: slack.sockets.opened > opened)
    assert slack.deliver("slash_commands", {"text": "again"})["acknowledged"]


def test_a_stop_finishes_what_is_in_hand_and_takes_nothing_new(slack: FakeSlack, desk: Desk) -> None:
    mode = mode_for(slack, desk)
    mode.start()
    until(lambda: mode.standing.connected)
    desk.gate.clear()
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(slack.deliver("slash_commands", {"text": "last"})))
    waiting.start()
    until(lambda: any(line.in_hand for line in mode._lines))
    stopping = threading.Thread(target=mode.stop)
    stopping.start()
    until(mode._stopping.is_set)
    slack.sockets.ack_seconds = 0.2
    late = slack.deliver("slash_commands", {"text": "too late"})
    assert not late["acknowledged"]
    desk.gate.set()
    waiting.join()
    stopping.join()
    assert answers[0]["payload"] == {"text": "answer to last"}
    assert [one["text"] for one in desk.taken] == ["last"]
    until(lambda: not slack.sockets.open)


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("xapp-another", "invalid_auth"), (BOT_TOKEN, "not_allowed_token_type")],
)
def test_without_the_apps_own_token_there_is_no_connection(slack: FakeSlack, desk: Desk, token: str, code: str) -> None:
    client = WebClient(base_url=f"{slack.url}/api/", timeout=30, retry_handlers=[])
    with pytest.raises(NotIssued, match=code):
        Issuer(client, token)()
    assert Issuer(client, APP_TOKEN)().startswith("ws://127.0.0.1")


def test_a_limit_is_waited_for_as_long_as_slack_asks(slack: FakeSlack) -> None:
    client = WebClient(base_url=f"{slack.url}/api/", timeout=30, retry_handlers=[])
    slack.fail("apps.connections.open", status=429, retry_after=7)
    with pytest.raises(NotIssued) as found:
        Issuer(client, APP_TOKEN)()
    assert found.value.wait == timedelta(seconds=7)


@pytest.mark.parametrize(
    "url", ["ws://applink.example/x", "wss://applink.example:8443/x", "http://applink.example/", "wss://", "wss://a:b"]
)
def test_only_encrypted_addresses_are_opened(slack: FakeSlack, url: str) -> None:
    client = WebClient(base_url=f"{slack.url}/api/", timeout=30, retry_handlers=[])
    slack.issued = "wss://applink.example/x"
    assert Issuer(client, APP_TOKEN)() == slack.issued
    slack.issued = url
    with pytest.raises(NotIssued, match="insecure_address"):
        Issuer(client, APP_TOKEN)()


def test_a_refused_connection_is_tried_again_ever_more_rarely(slack: FakeSlack, desk: Desk) -> None:
    slack.sockets.enabled = False
    mode = mode_for(slack, desk)
    mode.start()
    until(lambda: slack.calls["apps.connections.open"] >= 2)
    assert (mode.standing.connected, mode.standing.error) == (False, "link_disabled")
    slack.sockets.enabled = True
    assert slack.deliver("slash_commands", {"text": "on again"})["acknowledged"]
    mode.stop()


def test_more_than_ten_connections_are_refused(slack: FakeSlack, desk: Desk) -> None:
    several = [mode_for(slack, desk) for _ in range(11)]
    for mode in several:
        mode.start()
    until(lambda: any(mode.standing.error == "too_many_websockets" for mode in several))
    assert len(slack.sockets.open) == 10
    for mode in several:
        mode.stop()


def test_an_outage_is_told_once_and_its_end_too(slack: FakeSlack, desk: Desk) -> None:
    told: list[tuple[str, bool]] = []
    faults = [WachbuchError("the database is away")]

    def tell(part: str, down: bool) -> None:
        if faults:
            raise faults.pop()
        told.append((part, down))

    mode = mode_for(slack, desk)
    watch = Watch(mode, tell)
    down = Standing(connected=False, connections=0, for_seconds=9, silent_for=None, error="invalid_auth")
    up = Standing(connected=True, connections=1, for_seconds=0, silent_for=0, error="")
    for standing in (up, down, down, down, up, up, down):
        watch.look(standing)
    assert told == [("slack", True), ("slack", False), ("slack", True)]
    assert "no Socket Mode connection" in watch.missing()["slack"]
    mode.start()
    until(lambda: not watch.missing())
    mode.stop()


def test_connections_cut_again_and_again_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    with socket_office(tmp_path, QUICK) as office:
        slack, stopping = office.slack, threading.Event()

        told: list[str] = []

        def cut() -> None:
            """Whenever somebody got an answer, while the others wait for theirs: however slow, they get on."""
            seen = 0
            while not stopping.wait(0.005):
                if len(told) > seen:
                    seen = len(told)
                    slack.socket_cut()

        def report(person: str) -> None:
            for number in range(5):
                answer = office.sender.command("/vorfall", f"melden Vorfall {number}", user=person)
                told.append(answer.text)
            hang_up()

        cutter = threading.Thread(target=cut)
        people = [threading.Thread(target=report, args=(person,)) for person in ("U0MAX", "U0JANA", "U0EVE")]
        for thread in (cutter, *people):
            thread.start()
        for thread in people:
            thread.join()
        stopping.set()
        cutter.join()
        with office.on.store.reading() as reads:
            reports = sum(entry.kind == "incident.reported" for entry in reads.entries())
        numbers = {found for one in told for found in re.findall(r"INC-2026-\d{4}", one)[:1]}
        assert len(told) == reports == len(numbers) == 15
        assert not slack.sockets.violations
