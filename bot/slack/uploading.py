"""Files of ours into a conversation, by Slack's upload in three steps: an address, the bytes, and who sees them."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.jobs.port import GiveUp, Job, Retry
from bot.slack.calls import Calls
from bot.slack.hosts import Stay, is_slack, wait_asked

TIMEOUT_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file that is sent. `name` is its own in the whole workspace: by it a file that came is found again."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Uploading:
    """Sends files. Nobody but the members of the conversation can see them."""

    calls: Calls

    def send(
        self, job: Job, channel: str, comment: str, files: Sequence[OutFile], note: Callable[[str], object]
    ) -> None:
        """All files as one message, once: after a try that may have got through, what came is looked for first.

        `note` is told the id of each file before anybody can see it. Raises Retry when it may succeed later, GiveUp
        when not.
        """
        if job.is_repeat and self._is_there(job, channel, files):
            return
        sent: list[dict[str, str | None]] = [{"id": self._bring(one), "title": one.name} for one in files]
        for one in sent:
            note(str(one["id"]))
        complete = self.calls.client.files_completeUploadExternal
        self.calls.ask(partial(complete, files=sent, channel_id=channel, initial_comment=comment))

    def _is_there(self, job: Job, channel: str, files: Sequence[OutFile]) -> bool:
        wanted = {one.name for one in files}
        for message in self.calls.said(channel, None, job.written_at):
            if wanted <= {str(one.get("name")) for one in message.get("files") or ()}:
                return True
        return False

    def _bring(self, file: OutFile) -> str:
        """The bytes to Slack; the id under which they wait there, seen by nobody yet."""
        ask = partial(self.calls.client.files_getUploadURLExternal, filename=file.name, length=len(file.content))
        answer = self.calls.ask(ask)
        url = str(answer["upload_url"])
        if not is_slack(url, self.calls.client.base_url):
            raise GiveUp("upload_elsewhere")
        self._post(url, file.content)
        return str(answer["file_id"])

    def _post(self, url: str, content: bytes) -> None:
        kind = {"content-type": "application/octet-stream"}
        request = urllib.request.Request(url, content, kind, method="POST")  # noqa: S310 checked by the caller
        try:
            with urllib.request.build_opener(Stay).open(request, timeout=TIMEOUT_SECONDS) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            raise Retry(f"upload_{error.code}", wait_asked(error)) from error
        except (OSError, http.client.HTTPException) as error:
            raise Retry(type(error).__name__) from error
