"""A fake GitHub: REST, GraphQL, webhooks, and the people and apps that work on it."""

from tests.fakes.github.access import APP_ID, APP_SLUG, INSTALLATION_ID
from tests.fakes.github.hooks import WEBHOOK_SECRET
from tests.fakes.github.server import PERSONAL_TOKEN, FakeGitHub

__all__ = ["APP_ID", "APP_SLUG", "INSTALLATION_ID", "PERSONAL_TOKEN", "WEBHOOK_SECRET", "FakeGitHub"]
