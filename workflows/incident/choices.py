"""What can be chosen as answer to a criterion."""

from enum import StrEnum


class Credentials(StrEnum):
    """Exposed credentials and keys."""

    REVOKED = "revoked"
    NONE_FOUND = "none_found"
    ROTATION = "rotation"


class EvidenceKept(StrEnum):
    """Whether evidence was preserved (A.5.28)."""

    PRESERVED = "preserved"
    NONE = "none"


class Cause(StrEnum):
    """How sure the root cause is."""

    KNOWN = "known"
    HYPOTHESIS = "hypothesis"


class ReviewForm(StrEnum):
    """How the review was held."""

    MEETING = "meeting"
    FORM = "form"


class CorrectiveNeed(StrEnum):
    """Whether a corrective action is needed."""

    ACTION = "action"
    NONE = "none"


class DutyAnswer(StrEnum):
    """How the open duties end."""

    NOT_REQUIRED = "not_required"
    FILED = "filed"
