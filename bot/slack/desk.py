"""What the handlers share: the conversation, the people, the threads, and the way back to Slack."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as StillRunning
from contextvars import copy_context
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import structlog
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.chat.app import Chat
from bot.chat.port import Speaker
from bot.chat.reply import Reply
from bot.slack.hosts import is_slack
from bot.slack.people import People
from bot.slack.render import Renderer
from config.i18n import Translator

log = structlog.get_logger(__name__)

PATIENCE_SECONDS: Final = 2.0
"""Slack gives three seconds; what is not decided after two is answered later."""
ANSWER_SECONDS: Final = 5
"""Time-out of a late answer to a response URL."""

T = TypeVar("T")
SLACK_ERRORS: Final = (SlackClientError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply together with who gets it."""

    speaker: Speaker
    reply: Reply


@dataclass(frozen=True, slots=True)
class Desk:
    """One per process. `client` has a short time-out, since people wait for what it opens."""

    chat: Chat
    people: People
    client: WebClient
    pool: Executor
    translator: Callable[[str], Translator]
    language: str
    patience: float = PATIENCE_SECONDS

    def renderer(self, language: str) -> Renderer:
        """Renders for a reader of this language."""
        return Renderer(self.translator(language), self.people.slack_id)

    def chat_for(self, request: str) -> Chat:
        """The conversation, for one request: what tells it from every other, in whichever process it arrives again.

        For a command or a button that is its trigger id, for a window what `sending` says.
        """
        return replace(self.chat, request=sha256(request.encode()).hexdigest()) if request else self.chat

    def start(self, work: Callable[[], T]) -> Future[T]:
        """Run in a thread, so that waiting for it can end before it does."""
        return self.pool.submit(copy_context().run, work)

    def wait(self, future: Future[T]) -> T | None:
        """The result, None when it is not there in time; the work goes on."""
        try:
            return future.result(self.patience)
        except StillRunning:
            return None

    def later(self, future: Future[T], then: Callable[[T], None]) -> None:
        """Do something with the result when it comes, in the thread that made it."""

        def finished(done: Future[T]) -> None:
            error = done.exception()
            if error is not None:
                log.error("slack_late_answer_failed", exc_info=error)
                return
            then(done.result())

        future.add_done_callback(finished)

    def respond(self, url: str, message: Mapping[str, Any]) -> bool:
        """Answer by response URL; whether Slack took it. Only addresses of Slack are called."""
        if not is_slack(url, self.client.base_url):
            log.warning("slack_response_url_refused", host=urlsplit(url).hostname or "")
            return False
        try:
            answer = WebhookClient(url, timeout=ANSWER_SECONDS).send_dict(dict(message))
        except SLACK_ERRORS as error:
            log.warning("slack_answer_not_delivered", error=type(error).__name__)
            return False
        return answer.status_code == 200  # noqa: PLR2004 HTTP OK

    def tell(self, user: str, message: Mapping[str, Any]) -> bool:
        """Write to somebody directly; whether Slack took it. For an answer whose place is gone."""
        try:
            opened = self.client.conversations_open(users=user).get("channel") or {}
            self.client.chat_postMessage(channel=str(opened.get("id") or user), **message)
        except SLACK_ERRORS as error:
            log.warning("slack_answer_not_delivered", error=_code(error))
            return False
        return True

    def edit(self, channel: str, ts: str, message: Mapping[str, Any]) -> bool:
        """Edit a message of ours; whether Slack took it. Only for what is as true when it stays as it was."""
        try:
            self.client.chat_update(channel=channel, ts=ts, **message)
        except SLACK_ERRORS as error:
            log.warning("slack_message_not_edited", error=_code(error))
            return False
        return True

    def open_view(self, trigger: str, view: Mapping[str, Any]) -> str | None:
        """Open a modal; its id, None when Slack did not open it."""
        return self._view_id(lambda: self.client.views_open(trigger_id=trigger, view=dict(view)))

    def push_view(self, trigger: str, view: Mapping[str, Any]) -> str | None:
        """Put a modal on top of the open one; its id, None when Slack did not."""
        return self._view_id(lambda: self.client.views_push(trigger_id=trigger, view=dict(view)))

    def update_view(self, view_id: str, view: Mapping[str, Any]) -> str | None:
        """Replace what an open modal shows; its id, None when it is closed already."""
        return self._view_id(lambda: self.client.views_update(view_id=view_id, view=dict(view)))

    def _view_id(self, call: Callable[[], Any]) -> str | None:
        try:
            answer = call()
        except SLACK_ERRORS as error:
            log.warning("slack_view_not_shown", error=_code(error))
            return None
        view = answer.get("view")
        return str(view.get("id") or "") or None if isinstance(view, dict) else None


def _code(error: Exception) -> str:
    if isinstance(error, SlackApiError) and isinstance(error.response, SlackResponse):
        return str(error.response.get("error") or type(error).__name__)
    return type(error).__name__
