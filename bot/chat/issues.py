"""Issues of GitHub and GitLab as people name them: `acme/shop#12`, or the address."""

import re
from typing import Final

from workflows.incident.issues import IssueRef, split_address

_SHORT: Final = re.compile(r"(?P<name>[\w.-]+(?:/[\w.-]+)+)#(?P<number>\d{1,9})", re.ASCII)
_ADDRESS: Final = re.compile(r"<?(?P<url>https?://[^\s|>?#]+)[^\s|>]*(?:\|[^>]*)?>?", re.IGNORECASE)
"""Slack puts addresses in angle brackets, some with the words that it shows for them."""
_LAST: Final = re.compile(r"(?:^|\s)(?P<last><https?://[^>]*>|\S+)$", re.IGNORECASE)


def read_issue(text: str) -> IssueRef | None:
    """The issue that this is, None for anything else."""
    typed = text.strip()
    if short := _SHORT.fullmatch(typed):
        return IssueRef(repository=short["name"], number=int(short["number"]))
    found = _ADDRESS.fullmatch(typed)
    return split_address(found["url"]) if found else None


def trailing_issue(text: str) -> tuple[str, str]:
    """What is to be done, and the issue at the end of it as it was typed; empty for none. An issue alone is both."""
    typed = text.strip()
    end = _LAST.search(typed)
    last = end["last"].strip(".,;()") if end else ""
    issue = read_issue(last)
    if end is None or issue is None:
        return typed, ""
    rest = typed[: end.start()].rstrip(" :,;-(\n")
    return rest or f"{issue.repository}#{issue.number}", last
