"""A fake GitLab: REST, GraphQL, webhooks, and the people and pipelines that work on it."""

from tests.fakes.gitlab.hooks import SIGNING_TOKEN, WEBHOOK_TOKEN
from tests.fakes.gitlab.server import BOT, TOKEN, FakeGitLab

__all__ = ["BOT", "SIGNING_TOKEN", "TOKEN", "WEBHOOK_TOKEN", "FakeGitLab"]
