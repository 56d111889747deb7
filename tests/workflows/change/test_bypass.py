"""Which pushes went past an enforced gate, judged on what is known of their tip alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.policy.ids import Mode
from tests.workflows.change.world import MAX, MERGE, NAME, NOON, REF, REPOSITORY, core, policy
from workflows.change.bypass import SETTLING, Known, judge_push
from workflows.change.codes import Finding
from workflows.change.facts import RepositoryFacts, RequestFacts, merge_request
from workflows.change.pushed import Push
from workflows.change.seen import Forge, ModeDecided, RequestSeen, RequestState

PLACE: dict[str, Any] = {"forge": Forge.GITHUB, "repository_id": REPOSITORY}
BEFORE = "d" * 40


def push(**parts: Any) -> Push:
    given = {"before": BEFORE, "after": MERGE, "pusher": MAX, "branch": "main", "repository": NAME, "at": NOON}
    return Push(**{**given, **parts})


def merged(base: str = "main", state: RequestState = RequestState.MERGED) -> RequestFacts:
    """The request whose merge commit the tip is."""
    told = core(base=base, state=state, merge_commit=MERGE, merged_at=NOON)
    seen = RequestSeen(**PLACE, number=REF.number, repository=NAME, core=told, seen_at=NOON)
    return merge_request(RequestFacts(**PLACE, number=REF.number), seen)


def decided(mode: Mode, **later: float) -> RepositoryFacts:
    """A decision about the gate, made so much after the push."""
    return RepositoryFacts(**PLACE, mode=ModeDecided(**PLACE, mode=mode, decided_at=NOON + timedelta(**later)))


DIRECT, FORCED = Finding.DIRECT_PUSH, Finding.FORCE_PUSH
CASES: dict[str, tuple[Push, Known, Finding | None]] = {
    "unknown tip": (push(), Known(), DIRECT),
    "merge of a judged request": (push(), Known(merged=merged()), None),
    "merge into a branch that nobody judges": (push(), Known(merged=merged(base="playground")), DIRECT),
    "another branch": (push(branch="work"), Known(), None),
    "another repository": (push(repository="fremd/shop"), Known(), None),
    "no name, known by its merge": (push(repository=""), Known(merged=merged(base="playground")), DIRECT),
    "no name at all": (push(repository=""), Known(), None),
    "stood on a covered branch": (push(branch="release/1"), Known(stood=True), None),
    "new branch at a new commit": (push(before=None, branch="release/1"), Known(), DIRECT),
    "new branch at an old commit": (push(before=None, branch="release/1"), Known(fresh=False), None),
    "forward to a commit pushed elsewhere": (push(), Known(fresh=False), DIRECT),
    "forced": (push(forced=True), Known(), FORCED),
    "forced back to a merge": (push(forced=True), Known(merged=merged(), stood=True), FORCED),
    "observed since before": (push(), Known(decided(Mode.OBSERVE, hours=-1)), None),
    "observed only since": (push(), Known(decided(Mode.OBSERVE, hours=1)), DIRECT),
    "older than anybody listened": (push(), Known(since=NOON + SETTLING + timedelta(seconds=1)), None),
    "the first that was told": (push(), Known(since=NOON + timedelta(seconds=3)), DIRECT),
    "nobody said when": (push(at=None), Known(since=NOON + timedelta(days=1)), DIRECT),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_push_is(case: str) -> None:
    told, known, found = CASES[case]
    assert judge_push(told, known, policy()) is found


def test_a_gate_that_only_observed_at_that_time_finds_nothing() -> None:
    watching = policy(mode=Mode.OBSERVE)
    assert judge_push(push(), Known(), watching) is None
    assert judge_push(push(), Known(decided(Mode.ENFORCE, hours=1)), watching) is None, "findings only from then on"
    assert judge_push(push(), Known(decided(Mode.ENFORCE, hours=-1)), watching) is DIRECT


def test_the_branches_of_the_merge_queue_are_the_forges_own() -> None:
    everything = policy(branches=("**",))
    queued = push(branch="gh-readonly-queue/main/pr-7-aaaa")
    assert judge_push(queued, Known(), everything) is None
    assert judge_push(replace_branch(queued, "other"), Known(), everything) is DIRECT


def replace_branch(told: Push, branch: str) -> Push:
    return told.model_copy(update={"branch": branch})


def test_an_open_request_makes_no_merge() -> None:
    known = Known(merged=merged(state=RequestState.OPEN))
    assert judge_push(push(), known, policy()) is DIRECT
    assert judge_push(push(), replace(known, merged=merged()), policy()) is None
