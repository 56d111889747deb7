"""Calls to Slack from jobs: errors as another try or none, and messages that are found again after a crash."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.jobs.port import GiveUp, Job, Retry
from bot.slack.client import code_of

EVENT_TYPE: Final = "wachbuch_step"
INTENT: Final = "intent"
_LOOK_BACK: Final = 200
_LOOKS: Final = 50
"""So many pages at most: a busy channel has said a lot until another process takes over."""
_SKEW: Final = timedelta(hours=1)
"""How far Slack's clock and ours may differ."""
_PAGE: Final = 1000
ARCHIVED: Final = "is_archived"
_UNDELETABLE: Final = ("message_not_found", "cant_delete_message", "compliance_exports_prevent_deletion", ARCHIVED)
PERMANENT: Final = frozenset(
    {
        "account_inactive",
        "channel_not_found",
        "invalid_auth",
        ARCHIVED,
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "not_enabled",
        "no_such_subteam",
        "not_in_channel",
        "paid_teams_only",
        "plan_upgrade_required",
        "restricted_action",
        "token_revoked",
        "user_disabled",
        "user_not_found",
    }
)
"""Errors that no later try cures by itself; somebody has to act, then `wachbuch jobs requeue`."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The Web API for jobs. `client` has a time-out and does not retry by itself."""

    client: WebClient

    def ask(self, call: Callable[[], SlackResponse]) -> SlackResponse:
        """Make a call. Raises Retry when it may succeed later, GiveUp when not."""
        try:
            return call()
        except SlackApiError as error:
            raise _judged(error) from error
        except (SlackClientError, OSError) as error:
            raise Retry(type(error).__name__) from error

    def tolerating(self, call: Callable[[], object], *codes: str) -> bool:
        """Make a call whose refusal with one of these codes is as good as success; whether it succeeded."""
        try:
            call()
        except SlackApiError as error:
            if code_of(error) in codes:
                return False
            raise _judged(error) from error
        except (SlackClientError, OSError) as error:
            raise Retry(type(error).__name__) from error
        return True

    def create(self, name: str, *, private: bool) -> str | None:
        """A new channel's id, None when the name is taken."""
        try:
            answer = self.client.conversations_create(name=name, is_private=private)
        except SlackApiError as error:
            if code_of(error) == "name_taken":
                return None
            raise _judged(error) from error
        except (SlackClientError, OSError) as error:
            raise Retry(type(error).__name__) from error
        channel: dict[str, Any] = answer.get("channel") or {}
        return str(channel["id"])

    def channels(self) -> Iterator[dict[str, Any]]:
        """Every channel that the bot can see. Many calls in a large workspace; only asked when a name is taken."""
        cursor = ""
        while True:
            page = partial(
                self.client.conversations_list,
                types="public_channel,private_channel",
                limit=_PAGE,
                cursor=cursor or None,
            )
            answer = self.ask(page)
            yield from answer.get("channels") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def post(self, job: Job, channel: str, message: Mapping[str, Any], thread: str | None = None) -> tuple[str, str]:
        """Post once: channel id and time stamp. A try that may have got through before is looked for first."""
        if job.is_repeat:
            found = self._posted(job, self._id_of(channel), thread)
            if found is not None:
                return found
        metadata = {"event_type": EVENT_TYPE, "event_payload": {INTENT: job.dedup}}
        answer = self.ask(
            lambda: self.client.chat_postMessage(
                channel=channel, thread_ts=thread, metadata=metadata, unfurl_links=False, unfurl_media=False, **message
            )
        )
        return str(answer["channel"]), str(answer["ts"])

    def update(self, channel: str, ts: str, message: Mapping[str, Any]) -> bool:
        """Edit in place; False when the message is gone."""
        return self.tolerating(
            lambda: self.client.chat_update(channel=channel, ts=ts, **message),
            "message_not_found",
            "cant_update_message",
        )

    def delete(self, channel: str, ts: str) -> bool:
        """Delete a message of ours; False where it cannot be: gone, not ours, archived, or to be kept by law."""
        return self.tolerating(lambda: self.client.chat_delete(channel=channel, ts=ts), *_UNDELETABLE)

    def _id_of(self, channel: str) -> str:
        """A channel's id. Slack takes a name (`#reports`) for posting, but not for reading."""
        if not channel.startswith("#"):
            return channel
        for one in self.channels():
            if one.get("name") == channel.removeprefix("#"):
                return str(one["id"])
        raise GiveUp("channel_not_found")

    def direct(self, user: str) -> str:
        """The id of the direct conversation with somebody; it is opened when there was none."""
        answer = self.ask(partial(self.client.conversations_open, users=user))
        channel: dict[str, Any] = answer.get("channel") or {}
        return str(channel["id"])

    def _posted(self, job: Job, channel: str, thread: str | None) -> tuple[str, str] | None:
        for one in self.said(channel, thread, job.written_at):
            payload = (one.get("metadata") or {}).get("event_payload") or {}
            if payload.get(INTENT) == job.dedup:
                return channel, str(one["ts"])
        return None

    def said(self, channel: str, thread: str | None, since: datetime | None) -> Iterator[dict[str, Any]]:
        """What was said since the job was written, in a channel or in a thread."""
        wanted: dict[str, Any] = {"channel": channel, "limit": _LOOK_BACK, "include_all_metadata": True}
        if since is not None:
            wanted["oldest"] = f"{(since - _SKEW).timestamp():.6f}"
        call: Callable[..., SlackResponse] = self.client.conversations_history
        if thread is not None:
            call, wanted["ts"] = self.client.conversations_replies, thread
        for _ in range(_LOOKS):
            answer = self.ask(partial(call, **wanted))
            yield from answer.get("messages") or []
            wanted["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not wanted["cursor"]:
                return


@contextmanager
def unless_archived() -> Iterator[None]:
    """A case that is over gets no more messages in its archived channel; that is as it should be."""
    try:
        yield
    except GiveUp as error:
        if error.reason != ARCHIVED:
            raise


def _judged(error: SlackApiError) -> Exception:
    code = code_of(error) or "unknown_error"
    wait = _retry_after(error)
    if wait is not None:
        return Retry(code, wait)
    return GiveUp(code) if code in PERMANENT else Retry(code)


def _retry_after(error: SlackApiError) -> timedelta | None:
    headers = getattr(error.response, "headers", None) or {}
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    text = str(found[0] if isinstance(found, list) else found or "")
    return timedelta(seconds=int(text)) if text.isdigit() else None
