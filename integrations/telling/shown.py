"""What every forge shows for a verdict, and how what was written there is kept."""

from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from workflows.change.codes import VerdictStatus
from workflows.change.result import Verdict

Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Kept:
    """Root of what stands at a forge by our hand."""

    def as_dict(self) -> dict[str, Any]:
        """For keeping."""
        return asdict(self)


def shown_as(verdict: Verdict, *, passed: Word, waits: Word, wrong: Word) -> Word:
    """What a forge shows, in its own words: an observing gate holds nothing, whatever it found."""
    if verdict.lets_through:
        return passed
    return wrong if verdict.status is VerdictStatus.BLOCKED else waits
