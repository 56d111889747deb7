"""A file of Slack, from its private address: with the bot's token for Slack alone, in pieces, never made public."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from bot.evidence.folder import CHUNK, EvidenceFolder, Kept, TooLarge
from bot.jobs.port import GiveUp, Retry
from bot.slack.calls import Calls
from bot.slack.hosts import Stay, is_slack, wait_asked
from workflows.incident.evidence_terms import Unfetched

TIMEOUT_SECONDS: Final = 20
_REDIRECTS: Final = 5
_GONE: Final = frozenset({"file_not_found", "file_deleted"})
_FORBIDDEN: Final = frozenset({"missing_scope", "not_allowed_token_type", "access_denied", "no_permission"})
_HERE: Final = frozenset({"", "hosted", "snippet", "post", "email", "space", "canvas", "list"})
_HTML: Final = "text/html"


class NotFetched(Exception):
    """It did not come. `why` is what people are told; `later` whether another try may help, and after how long."""

    def __init__(self, why: Unfetched, *, later: bool = False, after: timedelta | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.later = later
        self.after = after


@dataclass(frozen=True, slots=True)
class SlackFile:
    """What Slack tells about a file."""

    id: str
    name: str
    media_type: str
    size: int
    url: str
    user: str
    permalink: str
    public: bool
    """Whether it was shared in a public channel."""
    groups: tuple[str, ...]
    """The private channels it was shared in."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Fetches into the evidence folder. `most` in bytes."""

    calls: Calls
    folder: EvidenceFolder
    most: int

    def info(self, file_id: str) -> SlackFile:
        """Ask Slack about a file. Raises NotFetched."""
        try:
            answer = self.calls.ask(lambda: self.calls.client.files_info(file=file_id))
        except (GiveUp, Retry) as error:
            raise _refused(error) from error
        found: Mapping[str, Any] = answer.get("file") or {}
        if str(found.get("mode") or "") not in _HERE:
            gone = found.get("mode") in {"tombstone", "hidden_by_limit"}
            raise NotFetched(Unfetched.GONE if gone else Unfetched.ELSEWHERE)
        if found.get("is_external"):
            raise NotFetched(Unfetched.ELSEWHERE)
        url = str(found.get("url_private_download") or found.get("url_private") or "")
        if not url:
            raise NotFetched(Unfetched.FORBIDDEN)
        return SlackFile(
            file_id, str(found.get("name") or file_id), str(found.get("mimetype") or ""),
            int(found.get("size") or 0), url, str(found.get("user") or ""), str(found.get("permalink") or ""),
            bool(found.get("channels")), tuple(map(str, found.get("groups") or ())),
        )  # fmt: skip

    def fetch(self, file: SlackFile) -> Kept:
        """Bring it here. Raises NotFetched."""
        if file.size > self.most:
            raise NotFetched(Unfetched.TOO_LARGE)
        try:
            with self._open(file.url) as answer:
                kind = answer.headers.get_content_type()
                if kind == _HTML and file.media_type != _HTML:
                    raise NotFetched(Unfetched.SIGN_IN_PAGE)
                kept = self.folder.put(_exactly(answer, file.size), self.most)
        except TooLarge as error:
            raise NotFetched(Unfetched.TOO_LARGE) from error
        except urllib.error.HTTPError as error:
            raise _status(error) from error
        except (urllib.error.URLError, TimeoutError, http.client.HTTPException, ConnectionError) as error:
            raise NotFetched(Unfetched.NO_ANSWER, later=True) from error
        except OSError as error:
            raise NotFetched(Unfetched.NOT_STORED, later=True) from error
        return kept

    def _open(self, url: str) -> Any:
        opener = urllib.request.build_opener(Stay)
        for _ in range(_REDIRECTS):
            if not self._is_safe(url):
                raise NotFetched(Unfetched.ELSEWHERE)
            own = (
                {"authorization": f"Bearer {self.calls.client.token}"}
                if is_slack(url, self.calls.client.base_url)
                else {}
            )
            try:
                return opener.open(urllib.request.Request(url, headers=own), timeout=TIMEOUT_SECONDS)  # noqa: S310 checked above
            except urllib.error.HTTPError as error:
                target = error.headers.get("location") if error.code in {301, 302, 303, 307, 308} else None
                if not target:
                    raise
                error.close()
                url = urljoin(url, target)
        raise NotFetched(Unfetched.NO_ANSWER, later=True)

    def _is_safe(self, url: str) -> bool:
        return urlsplit(url).scheme == "https" or is_slack(url, self.calls.client.base_url)


def _exactly(answer: Any, size: int) -> Iterator[bytes]:
    """The body in pieces; NotFetched at its end when it was another number of bytes than Slack told."""
    came = 0
    while chunk := answer.read(CHUNK):
        came += len(chunk)
        yield chunk
    if came != size:
        raise NotFetched(Unfetched.INCOMPLETE, later=True)


def _refused(error: GiveUp | Retry) -> NotFetched:
    if error.reason in _GONE:
        return NotFetched(Unfetched.GONE)
    if error.reason in _FORBIDDEN or isinstance(error, GiveUp):
        return NotFetched(Unfetched.FORBIDDEN)
    return NotFetched(Unfetched.NO_ANSWER, later=True, after=error.after)


def _status(error: urllib.error.HTTPError) -> NotFetched:
    if error.code in {404, 410}:
        return NotFetched(Unfetched.GONE)
    if error.code in {401, 403}:
        return NotFetched(Unfetched.FORBIDDEN)
    return NotFetched(Unfetched.NO_ANSWER, later=True, after=wait_asked(error))
