"""What comes in while processes die, and what the service promised about it."""

import itertools
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from tests.chaos.cluster import Cluster, Replica
from tests.chaos.outside import Outside
from tests.fakes.client import Answer, hang_up, over_http
from tests.fakes.slack import SlackSender
from tests.fakes.slack.filling import NotThere
from tests.journeys.payloads import GITHUB_PATH, github_post
from tests.journeys.policies import INTAKE, SHOP, TILL, slack_id
from tests.journeys.world import RECEIPT

WEBHOOK_SENDERS = 2
PAUSE_SECONDS = 0.02
"""Between two requests of one sender: enough load for a shared machine, and requests at every moment."""
TYPING_SECONDS = 0.4
REQUEST_SECONDS = 1.0
HEALTH_SECONDS = 0.3
PATIENCE_SECONDS = 30.0
TAKEN = frozenset({200, 202})
CASE = re.compile(r"INC-\d{4}-\d+")
ASSESSED = {"kind": "incident", "reason": "Schadcode im Anhang", "category": "phishing"}
Step: TypeAlias = Callable[[int], None]


@dataclass
class Promises:
    """What was acknowledged: none of it may be missing afterwards."""

    deliveries: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)
    refused: list[int] = field(default_factory=list)
    """Answers other than an acknowledgement."""
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: Answer, name: str, kept: set[str]) -> None:
        with self.guard:
            if answer.status in TAKEN:
                kept.add(name)
            else:
                self.refused.append(answer.status)

    def keep(self, answer: Answer) -> None:
        """The receipts in an answer of Slack."""
        with self.guard:
            if answer.status in TAKEN:
                self.receipts |= set(RECEIPT.findall(json.dumps(answer.json(), ensure_ascii=False)))
            else:
                self.refused.append(answer.status)


class QuickSender(SlackSender):
    """Does not look at the whole workspace for the name of a channel."""

    def _channel_name(self, channel: str) -> str:
        return "directmessage"


@dataclass
class Load:
    """Senders that never wait for a process to come back: they go on with the next one.

    `balanced`: only with those that say that they are ready, as a load balancer does; then nobody should be missed.
    """

    cluster: Cluster
    outside: Outside
    seed: int
    balanced: bool = False
    unanswered: int = 0
    healthy: list[Replica] = field(default_factory=list)
    promises: Promises = field(default_factory=Promises)
    stopping: threading.Event = field(default_factory=threading.Event)
    _turn: Iterator[int] = field(default_factory=itertools.count)

    def send(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """To one after the other. OSError: that one is down."""
        return over_http(self._next(), timeout=PATIENCE_SECONDS)(path, headers, body)

    def look(self, _: int) -> None:
        """Ask all whether they are ready."""
        self.healthy = [one for one in self.cluster.replicas if one.readiness() == {}]

    def _next(self) -> str:
        listed = self.healthy if self.balanced else self.cluster.replicas
        return listed[next(self._turn) % len(listed)].url

    def webhook(self, number: int, sender: int) -> None:
        """A delivery of its own; each comes a second time."""
        name = f"{self.seed}-{sender}-{number // 2}"
        post = github_post(name, "ping", json.dumps({"zen": name, "repository": {"id": 1}}).encode())
        answer = self.send(GITHUB_PATH, post.signed(), post.body)
        self.promises.note(answer, post.headers["x-github-delivery"], self.promises.deliveries)

    def event(self, number: int, sender: SlackSender) -> None:
        """An event of Slack; every third one comes again under its id."""
        name = f"Ev{self.seed}C{number - number % 3 // 2}"
        about = {"type": "message", "channel": INTAKE, "ts": f"{number - number % 3 // 2}.000100"}
        told = {"type": "reaction_added", "user": slack_id("tom"), "reaction": "eyes", "item": about, "event_ts": name}
        self.promises.note(sender.event(told, event_id=name), name, self.promises.events)

    def command(self, number: int, sender: SlackSender) -> None:
        """A report in Slack. Its receipt is a promise."""
        user = slack_id(("jana", "max", "lena")[number % 3])
        answer = sender.command("/incident", f"report Laptop weg {self.seed}-{number}", user=user)
        self.promises.keep(answer)
        if case := CASE.search(answer.text):
            self._assess(case.group(), sender)

    def _assess(self, case: str, sender: SlackSender) -> None:
        """Tom calls it an incident, so that it gets a room of its own. The form may not open: its process died."""
        self.promises.keep(sender.command("/incident", f"contain {case}", user=slack_id("tom")))
        with suppress(NotThere, KeyError):
            self.promises.keep(sender.submit(ASSESSED, user=slack_id("tom")))

    def request(self, number: int) -> None:
        """A pull request, and its approval; GitHub sends to one service after the other."""
        self.outside.github.do("send_to", url=self._next())
        branch = f"work-{self.seed}-{number}"
        self.outside.github.do("push", repo=SHOP, branch=branch, by="max")
        pull = self.outside.github.do("open_pull", repo=SHOP, head=branch, by="max", title=f"Runde {number}")
        self.outside.github.do("review", repo=SHOP, number=pull, by="lena")

    def merge_request(self, number: int) -> None:
        """A merge request, a green job, and its approval."""
        self.outside.gitlab.do("send_to", url=self._next())
        branch = f"work-{self.seed}-{number}"
        head = self.outside.gitlab.do("push", project=TILL, branch=branch, by="max")
        request = self.outside.gitlab.do("open_request", project=TILL, branch=branch, by="max", title=f"Runde {number}")
        self.outside.gitlab.do("run_job", project=TILL, sha=head, name="build", status="success")
        self.outside.gitlab.do("approve", project=TILL, iid=request, by="lena")

    def senders(self) -> list[threading.Thread]:
        slack = QuickSender(self.send, self.outside.slack.url)
        steps: list[tuple[Step, float]] = [
            *((partial(self.webhook, sender=sender), PAUSE_SECONDS) for sender in range(WEBHOOK_SENDERS)),
            (partial(self.event, sender=slack), PAUSE_SECONDS * 5),
            (partial(self.command, sender=slack), TYPING_SECONDS),
            (self.request, REQUEST_SECONDS),
            (self.merge_request, REQUEST_SECONDS),
            *([(self.look, HEALTH_SECONDS)] if self.balanced else []),
        ]
        return [threading.Thread(target=self._again_and_again, args=one) for one in steps]

    def _again_and_again(self, step: Step, pause: float) -> None:
        for number in itertools.count():
            if self.stopping.wait(pause):
                break
            try:
                step(number)
            except OSError:  # that one is down, and the next one is another
                self.unanswered += 1
        hang_up()


@contextmanager
def loaded(load: Load) -> Iterator[None]:
    """All senders at work."""
    load.look(0)
    threads = load.senders()
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        load.stopping.set()
        for thread in threads:
            thread.join(300)
    assert not any(thread.is_alive() for thread in threads)
