"""The steps of a history, drawn at random: what happens at a forge, and what of it arrives when."""

from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st

WRITERS: Final = ("max", "lena")
REVIEWERS: Final = ("tom", "lena", "max", "jana")
BRANCHES: Final = ("one", "two")
CHECKS: Final = ("build", "scan")
ENDS: Final = ("success", "success", "success", "failure", "waiting")
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


KINDS: Final = (
    "push", "push", "force", "foreign_push", "base", "update", "approve", "approve", "approve", "approve", "object",
    "withdraw", "comment", "draft", "check", "check", "check", "green", "green", "ready", "ready", "ready", "merge",
    "merge", "close", "reopen", "edit", "deploy", "roll_back", "waive", "wait",
)  # fmt: skip
"""Kinds of steps; what stands here more often happens more often."""

arrivals = st.builds(
    Arrival,
    st.integers(min_value=0, max_value=7),
    st.integers(min_value=1, max_value=5),
    st.sampled_from((1, 1, 1, 2)),
)

steps = st.builds(
    Step,
    st.sampled_from(KINDS),
    st.sampled_from(REVIEWERS),
    st.integers(min_value=0, max_value=7),
    st.integers(min_value=0, max_value=7),
    st.sampled_from((0, 0, 1, 2, 30)),
    st.lists(arrivals, max_size=2).map(tuple),
    st.booleans(),
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
