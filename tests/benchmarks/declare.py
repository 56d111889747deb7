"""Declaring an incident, with Slack as fast, slow and absent as it comes: reply with receipt, and a usable channel."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.slack import POLICY, USER
from tests.fakes.client import over_http
from tests.fakes.slack.sender import SlackSender
from tests.fakes.slack.server import BOT_TOKEN, SIGNING_SECRET, FakeSlack
from tests.fakes.slack.world import Channel
from tests.running import Running, serving

PATIENCE_SECONDS = 60.0
COUNTS = {0: (20, 3), 80: (20, 3), 1000: (6, 1)}
"""Latency of Slack in milliseconds → how many reports, and how many urgent ones."""
INTAKE = "C0INTAKE"
PEERS = {
    0: "incident-bot 20 to 27 ms, FireFighter 68 ms, on another machine, with Slack's calls in line",
    80: "incident-bot 530 ms, FireFighter 719 ms, on another machine, with Slack's calls in line",
}
"""Medians as measured for the reference; ratios would compare machines, so they stand as a note."""


def measure(folder: Path) -> Section:
    """One report at a time; then urgent ones until their channel can be used."""
    section = Section(
        "Declare an incident",
        "`/incident report …` → the reply with its receipt, so durable; a report, then `urgent` → its channel has"
        " topic, people and pinned summary. SQLite, synchronous=FULL; the latency is added to each call of Slack.",
    )
    for latency in COUNTS:
        section.figures += _with_slack(folder / f"latency{latency}", latency)
    section.figures += _without_slack(folder / "down")
    return section


def _with_slack(folder: Path, latency: int) -> list[Figure]:
    reports, urgent = COUNTS[latency]
    with FakeSlack(latency_ms=latency) as slack, _service(folder, slack) as service:
        sender = SlackSender(over_http(service.url), slack.url)
        replies = [_declare(sender, number) for number in range(reports)]
        _quiet(slack)
        usable = [_usable(sender, slack, reports + number + 1) for number in range(urgent)]
    label = f"{latency} ms per call"
    call, alone = ("one call (ms)", float(latency)) if latency else ("", None)
    reply = percentile(replies, 0.5) * 1000
    return [
        Figure(f"{label}: reply, p50", reply, "ms", "≤ 50 ms", reply <= 50, note=PEERS.get(latency, "")),
        Figure(f"{label}: reply, p95", percentile(replies, 0.95) * 1000, "ms", probe=call, probe_value=alone),
        Figure(f"{label}: usable channel, p50", percentile(usable, 0.5) * 1000, "ms", probe=call, probe_value=alone),
    ]


def _without_slack(folder: Path) -> list[Figure]:
    with FakeSlack() as slack, _service(folder, slack) as service:
        sender = SlackSender(over_http(service.url), slack.url)
        reports, _ = COUNTS[0]
        _declare(sender, 0)
        slack.fail(times=10**6, status=503)
        replies = [_declare(sender, number) for number in range(1, reports + 1)]
    p50 = percentile(replies, 0.5) * 1000
    note = "every call answered 503; messages follow when Slack is back"
    return [Figure("Slack down: reply, p50", p50, "ms", "≤ 50 ms", p50 <= 50, note=note)]


@contextmanager
def _service(folder: Path, slack: FakeSlack) -> Iterator[Running]:
    """The service, connected to this Slack."""
    policy = folder / "policy"
    policy.mkdir(parents=True)
    roster = f"duty_roster: [jana]\nslack:\n  intake_channel: {INTAKE}\n"
    (policy / "policy.yaml").write_text(POLICY + roster, encoding="utf-8")
    slack.add_user(USER, "Jana Keller")
    slack.add_channel(INTAKE, "intake")
    settings = {
        "WACHBUCH_POLICY_DIR": str(policy), "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{slack.url}/api/",
    }  # fmt: skip
    with serving(folder, settings) as running:
        yield running


def _declare(sender: SlackSender, number: int) -> float:
    answer = sender.command("/incident", f"report Mail sent to the wrong customer, number {number}", user=USER)
    if answer.status != 200 or "#" not in answer.text:
        raise RuntimeError(f"expected a reply with a receipt, found {answer.status}: {answer.text[:300]}")
    return answer.seconds


def _usable(sender: SlackSender, slack: FakeSlack, number: int) -> float:
    """Seconds from the report, urgent at once, until people can work in its channel."""
    began = time.perf_counter()
    _declare(sender, number)
    year = time.strftime("%Y")
    sender.command("/incident", f"urgent INC-{year}-{number:04d}", user=USER)
    name = f"inc-{year}-{number:04d}"

    def ready() -> bool:
        found = [one for one in slack.world.channels.values() if one.name == name]
        return bool(found) and _is_usable(found[0])

    _until(ready)
    return time.perf_counter() - began


def _is_usable(channel: Channel) -> bool:
    return bool(channel.topic and channel.pins and USER in channel.members)


def _quiet(slack: FakeSlack) -> None:
    """Until the messages about the reports before are out."""
    seen = -1
    while seen != sum(slack.calls.values()):
        seen = sum(slack.calls.values())
        time.sleep(0.3 + slack.latency_ms / 800)


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > end:
            raise RuntimeError(f"expected a channel within {PATIENCE_SECONDS} s")
        time.sleep(0.002)
