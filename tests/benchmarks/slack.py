"""Slack command → reply with receipt, over HTTP, with the commit in between."""

import time
from pathlib import Path

from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.probes import fdatasync_rate
from tests.fakes.client import over_http
from tests.fakes.slack.sender import SlackSender
from tests.fakes.slack.server import BOT_TOKEN, SIGNING_SECRET, FakeSlack
from tests.running import serving

COUNT = 300
WARM_UP = 20
USER = "U0JANA"
POLICY = """
organisation: Bench
people:
  - {id: jana, name: Jana Keller, roles: [responder], slack: U0JANA, locale: en}
"""


def measure(folder: Path) -> Section:
    """One command at a time: a report with its text, recorded and answered in the acknowledgement."""
    section = Section(
        "Slack command to reply",
        f"{COUNT} × `/incident report …` one after the other, each a new case; SQLite, synchronous=FULL;"
        " deliveries to the channel run beside.",
    )
    policy = folder / "policy"
    policy.mkdir()
    (policy / "policy.yaml").write_text(POLICY, encoding="utf-8")
    slack = FakeSlack()
    slack.start()
    try:
        slack.add_user(USER, "Jana Keller")
        settings = {
            "WACHBUCH_POLICY_DIR": str(policy), "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": f"{slack.url}/api/",
        }  # fmt: skip
        with serving(folder, settings) as service:
            sender = SlackSender(over_http(service.url), slack.url)
            seconds = [_report(sender, number) for number in range(WARM_UP + COUNT)][WARM_UP:]
    finally:
        slack.stop()
    sync = 1000 / fdatasync_rate(folder)
    p95 = percentile(seconds, 0.95) * 1000
    section.figures = [
        Figure("p50", percentile(seconds, 0.5) * 1000, "ms", probe="one fdatasync (ms)", probe_value=sync),
        Figure("p95", p95, "ms", "≤ 50 ms", p95 <= 50, "one fdatasync (ms)", sync),
        Figure("p99", percentile(seconds, 0.99) * 1000, "ms"),
    ]
    return section


def _report(sender: SlackSender, number: int) -> float:
    answer = sender.command("/incident", f"report Mail sent to the wrong customer, number {number}", user=USER)
    if answer.status != 200 or "#" not in answer.text:
        raise RuntimeError(f"expected a reply with a receipt, found {answer.status}: {answer.text[:300]}")
    time.sleep(0.005)
    return answer.seconds
