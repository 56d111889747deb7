"""A fake Slack that is as strict as the real one, and a sender that talks to our service as Slack does."""

from tests.fakes.client import Answer
from tests.fakes.slack.sender import SlackSender
from tests.fakes.slack.server import BOT_TOKEN, SIGNING_SECRET, FakeSlack

__all__ = ["BOT_TOKEN", "SIGNING_SECRET", "Answer", "FakeSlack", "SlackSender"]
