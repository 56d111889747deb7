"""A request that comes twice is carried out once: its id is marked in the transaction that does what it asks.

Whoever sent it and got no answer (the connection broke, the process died) sends it again, perhaps to another process.
The mark tells what became of it the first time; ids and numbers only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from workflows.errors import WachbuchError
from workflows.outcome import Outcome
from workflows.store.links import LinkReads, Links

SCOPE: Final = "request"
"""Link scope: id of a request → when it was carried out, and the entries that it led to."""
KEPT: Final = timedelta(days=2)
"""Longer than anybody repeats a request."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a request led to: a case, and the sequence numbers of its entries there."""

    at: datetime
    number: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.number} {self.first} {self.last}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read back."""
        at, number, first, last = text.split(" ")
        return cls(datetime.fromisoformat(at), number, int(first), int(last))


class DoneBefore(WachbuchError):
    """This request was carried out before; nothing was done now."""

    def __init__(self, done: Done) -> None:
        super().__init__(f"expected a new request, found one that was carried out at {done.at.isoformat()}")
        self.done = done


def done(links: LinkReads, request: str) -> Done | None:
    """What a request led to; None where it was not carried out, or led to nothing."""
    found = links.get(SCOPE, request)
    return Done.parse(found) if found else None


def begin(links: Links, request: str, now: datetime) -> None:
    """Mark a request before its work; another process with the same one waits for this transaction. DoneBefore."""
    if not links.add(SCOPE, request, str(Done(now, "-", 0, 0))):
        raise DoneBefore(done(links, request) or Done(now, "-", 0, 0))


def remember(links: Links, request: str, outcome: Outcome, now: datetime) -> None:
    """Keep what it led to. What led to nothing may be asked again: it is answered anew."""
    if outcome.case is None or not outcome.recorded:
        links.remove(SCOPE, request)
        return
    led_to = Done(now, outcome.case.number, outcome.recorded[0].seq, outcome.recorded[-1].seq)
    links.put(SCOPE, request, str(led_to))


def forget(links: Links, now: datetime) -> None:
    """Remove the marks of requests that nobody repeats any more."""
    for request, led_to in links.of(SCOPE).items():
        if now - Done.parse(led_to).at >= KEPT:
            links.remove(SCOPE, request)
