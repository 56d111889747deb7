"""`python -m tests.fakes.slack`: the fake Slack as a process."""

from tests.fakes import process
from tests.fakes.slack.server import FakeSlack

if __name__ == "__main__":
    process.run(lambda options: FakeSlack(latency_ms=options.latency_ms), process.arguments("slack"))
