"""A fake Slack that is as strict as the real one, and a sender that talks to our service as Slack does."""

from tests.fakes.client import Answer
from tests.fakes.slack.sender import SlackSender, over_socket
from tests.fakes.slack.server import BOT_TOKEN, SIGNING_SECRET, FakeSlack
from tests.fakes.slack.sockets import APP_TOKEN

__all__ = ["APP_TOKEN", "BOT_TOKEN", "SIGNING_SECRET", "Answer", "FakeSlack", "SlackSender", "over_socket"]
