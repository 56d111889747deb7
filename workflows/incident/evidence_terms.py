"""The closed lists about evidence and the timeline. Their values stand in ledgers and never change their meaning."""

from enum import StrEnum


class CheckResult(StrEnum):
    """What the re-check of a kept file showed."""

    INTACT = "intact"
    ALTERED = "altered"
    MISSING = "missing"


class CustodyStep(StrEnum):
    """The links of a chain of custody (A.5.28, ISO/IEC 27037). Collecting it is the item itself."""

    VIEWED = "viewed"
    EXPORTED = "exported"
    HANDED_OVER = "handed_over"
    CHECKED = "checked"
    DISPOSAL_ASKED = "disposal_asked"
    DISPOSAL_WITHDRAWN = "disposal_withdrawn"
    DISPOSAL_REFUSED = "disposal_refused"
    DISPOSED = "disposed"
    ORIGINAL_EDITED = "original_edited"
    ORIGINAL_DELETED = "original_deleted"


class OriginalChange(StrEnum):
    """What became of an original after it was kept."""

    EDITED = "edited"
    DELETED = "deleted"


class Unfetched(StrEnum):
    """Why a file could not be fetched."""

    GONE = "gone"
    """It is not there any more, or hidden by the plan of the workspace."""
    FORBIDDEN = "forbidden"
    """We may not read it: a scope is missing, or we are not where it was shared."""
    ELSEWHERE = "elsewhere"
    """It lies with another provider; only a link was shared."""
    TOO_LARGE = "too_large"
    SIGN_IN_PAGE = "sign_in_page"
    """A page to sign in came instead of the file."""
    INCOMPLETE = "incomplete"
    """Another number of bytes came than was announced."""
    NO_ANSWER = "no_answer"
    NOT_STORED = "not_stored"
    """It could not be written here."""


class NoteKind(StrEnum):
    """What an entry of the timeline is: a note, a message, what became of it, what a drill made up, feedback."""

    NOTE = "note"
    MESSAGE = "message"
    EDITED = "edited"
    DELETED = "deleted"
    INJECT = "inject"
    FEEDBACK = "feedback"
