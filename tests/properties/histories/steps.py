"""The steps of a history, drawn at random: what happens at a forge, and what of it arrives when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st

WRITERS: Final = ("max", "lena")
REVIEWERS: Final = ("tom", "lena", "max", "jana")
BRANCHES: Final = ("one", "two")
CHECKS: Final = ("build", "scan")
ENDS: Final = ("failure", "success", "waiting", "failure")
WAIVABLE: Final = ("four.eyes", "approvals.count", "checks.green", "security.tests")
ENVIRONMENTS: Final = ("test", "prod")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Deliveries reach the service: that many of those on their way, from there on, each so often."""

    start: int
    count: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. What the fields mean depends on the kind; `place` chooses among what there is."""

    kind: str
    who: str
    place: int
    choice: int
    pause: int
    arrivals: tuple[Arrival, ...] = field(default=())
    works: bool = True


TEMPTATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "push and green": ("push", "green"),
    "force and green": ("force", "green"),
    "write and approve": ("withdraw", "withdraw", "foreign_push", "green", "approve"),
    "approve and comment": ("approve", "comment"),
    "approve and object": ("ready", "object"),
    "update and approve": ("update", "green", "approve"),
    "red at last": ("ready", "check"),
}
"""What together tempts a gate to stand open wrongly: one after the other, by the same person at the same request."""
KINDS: Final = (
    *TEMPTATIONS, *TEMPTATIONS, "push", "force", "foreign_push", "base", "update", "approve", "object", "withdraw",
    "comment", "draft", "check", "green", "ready", "merge", "close", "reopen", "edit", "deploy", "roll_back", "waive",
    "wait",
)  # fmt: skip
"""Kinds of steps; what stands here more often happens more often."""

arrivals = st.builds(
    Arrival,
    st.integers(min_value=0, max_value=7),
    st.integers(min_value=1, max_value=5),
    st.sampled_from((1, 1, 1, 2)),
)

EVERYTHING: Final = Arrival(0, 99)
steps = st.builds(
    Step,
    st.sampled_from(KINDS),
    st.sampled_from(REVIEWERS),
    st.integers(min_value=0, max_value=7),
    st.integers(min_value=0, max_value=7),
    st.sampled_from((0, 0, 1, 2, 30)),
    st.one_of(st.just((EVERYTHING,)), st.lists(arrivals, max_size=2).map(tuple)),
    st.sampled_from((True, True, False)),
)


@dataclass(frozen=True, slots=True)
class History:
    """Steps, and the end: in which order the rest arrives, and which of it never does."""

    steps: tuple[Step, ...]
    seed: int
    losses: frozenset[int]


def histories(most: int) -> st.SearchStrategy[History]:
    """Histories of up to so many steps."""
    return st.builds(
        History,
        st.lists(steps, min_size=most // 2, max_size=most).map(tuple),
        st.integers(min_value=0, max_value=999),
        st.frozensets(st.integers(min_value=0, max_value=most * 3), max_size=4),
    )
