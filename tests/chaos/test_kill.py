"""The real process, under load, killed at random moments: what was acknowledged is there, and the log verifies."""

import json
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.fakes.client import Answer, hang_up, over_http
from tests.fakes.github import WEBHOOK_SECRET, FakeGitHub
from tests.fakes.slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack, SlackSender
from tests.journeys.payloads import GITHUB_PATH, github_post
from tests.journeys.policies import SHOP, policy_text, slack_id
from tests.journeys.world import ORIGIN, RECEIPT, people_join
from tests.properties.audit import audit
from tests.running import Running, end, start
from workflows.ledger.receipt import Receipt
from workflows.store.store import Store

KILLS = 10
SENDERS = 3


@dataclass
class Load:
    """What was sent, and what the service said about it."""

    acknowledged: set[str] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)
    refused: int = 0
    address: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def send(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """To wherever the service listens now. While it is down, nobody answers."""
        return over_http(self.address, timeout=5)(path, headers, body)

    def webhooks(self, seed: int) -> None:
        """Deliveries of their own, each sent again now and then."""
        number = 0
        while not self.stopping.is_set():
            number += 1
            name = f"{seed}-{number // 2}"
            post = github_post(name, "ping", json.dumps({"zen": name, "repository": {"id": 1}}).encode())
            try:
                answer = self.send(GITHUB_PATH, post.signed(), post.body)
            except OSError:
                time.sleep(0.02)
                continue
            with self.guard:
                if answer.status in {200, 202}:
                    self.acknowledged.add(post.headers["x-github-delivery"])
                else:
                    self.refused += 1
        hang_up()

    def commands(self, sender: SlackSender) -> None:
        """Reports and notes in Slack; receipts are promises."""
        while not self.stopping.is_set():
            try:
                answer = sender.command("/incident", f"report Laptop weg {time.monotonic()}", user=slack_id("jana"))
            except OSError:
                time.sleep(0.02)
                continue
            with self.guard:
                self.receipts |= set(RECEIPT.findall(json.dumps(answer.json(), ensure_ascii=False)))
        hang_up()


@contextmanager
def loaded(load: Load, sender: SlackSender) -> Iterator[None]:
    """All senders at work."""
    threads = [threading.Thread(target=load.webhooks, args=(seed,)) for seed in range(SENDERS)]
    threads.append(threading.Thread(target=load.commands, args=(sender,)))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        load.stopping.set()
        for thread in threads:
            thread.join(30)


def environment(folder: Path, slack: FakeSlack, github: FakeGitHub) -> dict[str, str]:
    policy = folder / "policy"
    policy.mkdir()
    (policy / "policy.yaml").write_text(policy_text("de"), encoding="utf-8")
    given = github.credentials()
    return {
        "WACHBUCH_POLICY_DIR": str(policy),
        "WACHBUCH_PUBLIC_URL": "https://wachbuch.example",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{slack.url}/api/",
        "GITHUB_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "GITHUB_API_URL": given["api_url"],
        "GITHUB_TOKEN": given["token"],
    }


def work_on_github(github: FakeGitHub, load: Load, round_: int) -> None:
    """A request in each life of the process, sent through the same door."""
    github.send_to(load.address)
    branch = f"work-{round_}"
    github.push(SHOP, branch, "max")
    number = github.open_pull(SHOP, branch, "max", title=f"Runde {round_}")
    github.review(SHOP, number, "lena")


@pytest.mark.full
@pytest.mark.parametrize("seed", [1])
def test_a_process_killed_at_random_moments_loses_nothing_it_acknowledged(tmp_path: Path, seed: int) -> None:
    chance, load = random.Random(seed), Load()
    with FakeSlack() as slack, FakeGitHub() as github:
        people_join(slack, github, "en")
        settings = environment(tmp_path, slack, github)
        running = start(tmp_path, settings)
        try:
            load.address = running.url
            with loaded(load, SlackSender(load.send, slack.url)):
                for round_ in range(KILLS):
                    work_on_github(github, load, round_)
                    time.sleep(chance.uniform(0.2, 1.5))
                    running.kill()
                    running = start(tmp_path, settings)
                    load.address = running.url
                time.sleep(1)
            github.send_to(load.address)
            _deliver_again(github)
            _quiet(running)
        finally:
            end(running.process)
    hang_up()
    assert len(load.acknowledged) > 50
    assert load.receipts
    assert load.refused == 0, "never anything but an acknowledgement or no answer at all"
    _holds(running, load, github)


def _deliver_again(github: FakeGitHub) -> None:
    """GitHub sends nothing again by itself; an administrator, or the reconciliation, asks it to."""
    github.settle()
    for delivery in [one for one in github.hook.deliveries if one.status != "OK"]:
        github.hook.again(delivery.id)
    github.settle()


def _quiet(running: Running, seconds: float = 60) -> None:
    """Wait until no job is due any more."""
    with Store.open(f"sqlite:///{running.data / 'wachbuch.db'}", origin=ORIGIN, runner=False) as store:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with store.reading() as reads:
                counts = {str(state): count for state, count in reads.inbox.counts().items()}
            if not counts.get("received"):
                return
            time.sleep(0.2)
    raise AssertionError("the inbox was not worked off")


def _holds(running: Running, load: Load, github: FakeGitHub) -> None:
    url = f"sqlite:///{running.data / 'wachbuch.db'}"
    with Store.open(url, origin=ORIGIN, runner=True) as store:
        audit(store, [Receipt.parse(one) for one in load.receipts])
        with store.reading() as reads:
            assert not reads.jobs.dead(), reads.jobs.dead()
            ids = set(reads.connection.scalars(text("SELECT delivery_id FROM inbox")))
    assert load.acknowledged <= ids, f"{len(load.acknowledged - ids)} acknowledged deliveries are lost"
    assert {one.guid for one in github.hook.deliveries if one.status == "OK"} <= ids
