"""Which workspace and which bot user our token belongs to: asked once, then kept."""

from dataclasses import dataclass
from threading import Lock
from typing import Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.links import Links

log = structlog.get_logger(__name__)

SCOPE: Final = "slack.installation"


@dataclass(frozen=True, slots=True)
class Installation:
    """Ids of the workspace and the bot; empty as long as Slack has not told them."""

    team_id: str = ""
    bot_id: str = ""
    bot_user_id: str = ""


class StoredInstallation:
    """Reads the ids from what is stored, so that no request has to wait for Slack; `refresh` asks Slack."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._lock = Lock()
        self._known: Installation | None = None

    def __call__(self) -> Installation:
        """The ids as known now."""
        with self._lock:
            if self._known is None:
                self._known = Installation(*(self._links.get(SCOPE, key) or "" for key in ("team", "bot", "user")))
            return self._known

    def refresh(self, client: WebClient) -> Installation:
        """Ask Slack (`auth.test`) and keep the answer. Without an answer what was known stays."""
        try:
            told = client.auth_test()
        except (SlackClientError, OSError) as error:
            log.warning("slack_auth_test_failed", error=type(error).__name__)
            return self()
        fresh = Installation(
            str(told.get("team_id") or ""), str(told.get("bot_id") or ""), str(told.get("user_id") or "")
        )
        ids = {"team": fresh.team_id, "bot": fresh.bot_id, "user": fresh.bot_user_id}
        # Beside the ids the workspace's address, with which a reader gets from an answer to a thread.
        for key, value in {**ids, "url": str(told.get("url") or "")}.items():
            self._links.put(SCOPE, key, value)
        with self._lock:
            self._known = fresh
        return fresh
