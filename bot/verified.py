"""When the whole ledger was verified last, and what was found: kept beside the evidence, for those who operate."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from workflows.store.links import LinkReads, Links

SCOPE: Final = "verification"
_KEY: Final = "last"


@dataclass(frozen=True, slots=True)
class LastVerification:
    """One run over the whole ledger."""

    at: datetime
    size: int
    intact: bool

    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.size} {'intact' if self.intact else 'altered'}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read back."""
        at, size, found = text.split(" ")
        return cls(datetime.fromisoformat(at), int(size), found == "intact")


def last_verification(links: LinkReads) -> LastVerification | None:
    """The last run, None when there was none."""
    text = links.get(SCOPE, _KEY)
    return LastVerification.parse(text) if text else None


def remember_verification(links: Links, found: LastVerification) -> None:
    """Keep a run. It is no evidence: whoever wants that keeps what `verify` printed."""
    links.put(SCOPE, _KEY, str(found))
