"""Which change a request belongs to. Pure parsing of what the author wrote; a mention elsewhere never links.

Precedence: a command; a line `Change: CHG-2026-0117` in the body; the title; the branch; a commit trailer, only if none
of these names one. Other changes in commit trailers are carried along (releases, stacked requests).
"""

import re
from dataclasses import dataclass
from typing import Final

from workflows.change.codes import LinkSource
from workflows.change.facts import RequestFacts
from workflows.change.seen import Identity, RequestCore

_NUMBER: Final = r"CHG-\d{4}-\d{4,9}"
_LINE: Final = re.compile(rf"^[ \t]*Change:[ \t]*({_NUMBER})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_ANYWHERE: Final = re.compile(rf"(?<![A-Za-z0-9])({_NUMBER})(?![0-9A-Za-z])", re.IGNORECASE)
_TRAILER: Final = re.compile(r"^([A-Za-z][A-Za-z-]*):[ \t]+(.+?)[ \t]*$")
_ADDRESS: Final = re.compile(r"^.*<([^<>\s]+@[^<>\s]+)>$")
_UNSEEN: Final = re.compile(r"<!--.*?(?:-->|\Z)|^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", re.DOTALL | re.MULTILINE)
"""Comments and code blocks: nobody means a link there, templates are full of them."""


@dataclass(frozen=True, slots=True)
class Named:
    """A change that a request names for itself, and where."""

    number: str
    source: LinkSource


def named(facts: RequestFacts) -> Named | None:
    """The change that the request names for itself, None when it names none."""
    current = facts.current
    if current is None:
        return None
    found = _in_request(current)
    if found is not None:
        return found
    trailers = facts.change_trailers
    return Named(trailers[0], LinkSource.TRAILER) if trailers else None


def route(facts: RequestFacts, linked: Named | None) -> Named | None:
    """Where the request belongs, given where it is linked now. A command holds until another command."""
    if linked is not None and linked.source is LinkSource.COMMAND:
        return linked
    return named(facts) or linked


def carried(facts: RequestFacts, own: str) -> tuple[str, ...]:
    """Other changes that the current commits' trailers name: they must be merged before (release, stack)."""
    return tuple(number for number in facts.change_trailers if number != own)


def change_trailers(message: str) -> tuple[str, ...]:
    """Change numbers in the `Change:` trailers of a commit message."""
    values = (value for key, value in _trailers(message) if key == "change")
    return tuple(value.upper() for value in values if re.fullmatch(_NUMBER, value, re.IGNORECASE))


def co_authors(message: str) -> tuple[Identity, ...]:
    """The people in the `Co-authored-by:` trailers of a commit message, by address."""
    values = (value for key, value in _trailers(message) if key == "co-authored-by")
    found = (_ADDRESS.match(value) for value in values)
    return tuple(Identity(email=address.group(1)) for address in found if address)


def _in_request(core: RequestCore) -> Named | None:
    places = (
        (LinkSource.BODY, _LINE.search(_UNSEEN.sub("", core.body.replace("\r\n", "\n")))),
        (LinkSource.TITLE, _ANYWHERE.search(core.title)),
        (LinkSource.BRANCH, _ANYWHERE.search(core.head_ref)),
    )
    return next((Named(found.group(1).upper(), source) for source, found in places if found), None)


def _trailers(message: str) -> tuple[tuple[str, str], ...]:
    """Key (casefolded) and value of each trailer: the lines of the last paragraph, unless that is the subject."""
    paragraphs = re.split(r"\n[ \t]*\n", message.replace("\r\n", "\n").strip())
    lines = paragraphs[-1].split("\n") if len(paragraphs) > 1 else []
    found = (_TRAILER.match(line) for line in lines)
    return tuple((line.group(1).casefold(), line.group(2)) for line in found if line)
