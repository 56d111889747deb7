"""Takes back what our bot posted where more people read than may see a case. What people wrote is theirs."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from slack_sdk.web import SlackResponse

from bot.jobs.port import GiveUp, Retry
from bot.slack.calls import ARCHIVED, EVENT_TYPE, INTENT, Calls, unless_archived
from bot.slack.places import Place

_PAGE: Final = 200
_NO_READER: Final = ("user_disabled", "user_not_found")
"""A closed account reads nothing any more, and holds back nothing."""
_NO_THREAD: Final = ("thread_not_found", "message_not_found")

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Retracting:
    """Deletes messages of our bot; one that may not be deleted (it has to be kept) is edited to `instead`."""

    calls: Calls
    bot_id: str
    instead: Message

    def message(self, place: Place) -> bool:
        """One message; one that is gone already is as good. False where it stays: its channel is archived."""
        if self.calls.delete(place.channel, place.ts):
            return True
        try:
            self.calls.update(place.channel, place.ts, self.instead)
        except GiveUp as error:
            if error.reason != ARCHIVED:
                raise
            return False
        return True

    def thread(self, at: Place) -> None:
        """Our answers in a thread: deleted. Its first message stays, so that the thread does, and is edited."""
        for one in tuple(self._said(self.calls.client.conversations_replies, at.channel, ts=at.ts)):
            if one.get("ts") != at.ts and self._is_ours(one):
                self.message(Place(at.channel, str(one["ts"])))
        with unless_archived():
            self.calls.update(at.channel, at.ts, self.instead)

    def channel(self, channel: str) -> bool:
        """Everything of ours in a channel, answers in threads before what they answer; whether all of it is gone."""
        gone = True
        for one in tuple(self._said(self.calls.client.conversations_history, channel)):
            ts = str(one["ts"])
            for answer in self._answers(channel, one):
                gone = self.message(Place(channel, str(answer["ts"]))) and gone
            if self._is_ours(one):
                gone = self.message(Place(channel, ts)) and gone
        return gone

    def direct(self, user: str, case_id: str, number: str, since: datetime) -> None:
        """What was written to somebody about a case since then: edited, since it is theirs to know that there was.

        What never named the case says nothing of it; taken back, it would.
        """
        self._edit(user, since, lambda one: case_id in _intent(one) and number in json.dumps(one))

    def files(self, user: str, gone: Collection[str], since: datetime) -> None:
        """What stands above files that somebody got since then, and that are taken back: edited alike."""
        self._edit(user, since, lambda one: any(file.get("id") in gone for file in one.get("files") or ()))

    def _edit(self, user: str, since: datetime, is_meant: Callable[[Message], bool]) -> None:
        try:
            channel = self.calls.direct(user)
        except GiveUp as error:
            if error.reason in _NO_READER:
                return
            raise
        oldest = f"{since.timestamp():.6f}"
        for one in tuple(self._said(self.calls.client.conversations_history, channel, oldest=oldest)):
            if is_meant(one):
                self.calls.update(channel, str(one["ts"]), self.instead)

    def _answers(self, channel: str, first: Message) -> tuple[Message, ...]:
        if not first.get("reply_count"):
            return ()
        answers = self._said(self.calls.client.conversations_replies, channel, ts=str(first["ts"]))
        return tuple(one for one in answers if one.get("ts") != first["ts"] and self._is_ours(one))

    def _is_ours(self, one: Message) -> bool:
        """By its mark, else by our bot's id: answers to commands carry no mark."""
        marked = (one.get("metadata") or {}).get("event_type") == EVENT_TYPE
        return marked or bool(self.bot_id and one.get("bot_id") == self.bot_id)

    def _said(self, call: Callable[..., SlackResponse], channel: str, **more: str) -> Iterator[Message]:
        cursor = ""
        while True:
            page = partial(call, channel=channel, limit=_PAGE, include_all_metadata=True, cursor=cursor or None, **more)
            try:
                answer = self.calls.ask(page)
            except Retry as error:
                if error.reason in _NO_THREAD:
                    return
                raise
            yield from answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _intent(one: Message) -> str:
    return str(((one.get("metadata") or {}).get("event_payload") or {}).get(INTENT) or "")
