"""Pushes and deployments past an enforced gate, judged on stored facts alone. Pure: what is known is handed in.

The forge's own merges are none: their tip is the merge commit of a request that the policy covers, whose own verdict
says whether it was allowed. A push can arrive before the merge that made it is told, so nobody asks before `SETTLING`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from config.policy.ids import Mode
from config.policy.models import Policy, RepositoryPolicy
from workflows.change.codes import Finding
from workflows.change.deployed import DeploymentFacts
from workflows.change.facts import RepositoryFacts, RequestFacts
from workflows.change.presence import begun_at
from workflows.change.pushed import Push
from workflows.change.seen import DeploymentState, RequestState
from workflows.change.snapshot import rules_for

SETTLING: Final = timedelta(minutes=10)
"""How long after a push the forge has to tell of the merge that made it."""
BEGUN: Final = frozenset(
    {DeploymentState.IN_PROGRESS, DeploymentState.SUCCESS, DeploymentState.FAILURE, DeploymentState.ERROR}
)
"""States of a deployment that did not only wait."""
_OF_THE_FORGE: Final = ("gh-readonly-queue/",)
"""Branches that a forge makes and removes by itself: the merge queue tries merges there."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a tip.

    `merged` is the request whose merge commit it is. `stood`: it was the tip of a covered branch before, and has its
    own finding if it needed one. `fresh`: some push brought it as a new commit. `since`: when the first push to the
    repository was told; a forge that is asked for its news tells old ones too.
    """

    repository: RepositoryFacts | None = None
    merged: RequestFacts | None = None
    stood: bool = False
    fresh: bool = True
    since: datetime | None = None

    def precedes(self, push: Push) -> bool:
        """Whether nobody listened yet when this was pushed: then nobody heard of the merge behind it either."""
        return self.since is not None and push.at is not None and push.at < self.since - SETTLING


def enforced_at(rules: RepositoryPolicy, repository: RepositoryFacts | None, at: datetime | None) -> bool:
    """Whether the gate held at this moment: by the recorded decision where it was made before, else by the policy.

    `at` None: nobody said when it was; then what holds now counts.
    """
    decided = repository.mode if repository else None
    if decided is not None and (at is None or decided.decided_at <= at):
        return decided.mode is Mode.ENFORCE
    return rules.mode is Mode.ENFORCE


def judge_push(push: Push, known: Known, policy: Policy) -> Finding | None:
    """What a push did against the rules; None: nothing, or the gate did not hold there."""
    name = push.repository or _name(known)
    rules = policy.change.repository(name, push.branch) if name and push.branch else None
    if rules is None or push.branch.startswith(_OF_THE_FORGE) or not enforced_at(rules, known.repository, push.at):
        return None
    if known.precedes(push):
        return None
    if push.forced:
        return Finding.FORCE_PUSH
    if known.stood or (known.merged is not None and _judged(known.merged, policy)):
        return None
    # A new branch at a commit that was there before anybody listened: nothing can be said about that commit.
    return None if push.before is None and not known.fresh else Finding.DIRECT_PUSH


def judge_deployment(
    told: DeploymentFacts, name: str, repository: RepositoryFacts | None, policy: Policy, *, asked: bool
) -> Finding | None:
    """What deploying a commit that contains no merge was; None: the gate did not hold, or nothing was deployed yet.

    `asked`: it is the head of a request of some change, which waits for its merge.
    """
    rules = policy.change.repository(name) if name else None
    began = begun_at(told)
    if rules is None or rules.environment(told.environment) is None or told.state not in BEGUN or began is None:
        return None
    if told.deployed is not None or not enforced_at(rules, repository, began):
        return None
    return Finding.DEPLOYED_UNPASSED if asked else Finding.DEPLOYED_UNCOVERED


def _judged(request: RequestFacts, policy: Policy) -> bool:
    """Whether the merge of this request is judged by a verdict of its own."""
    current = request.current
    merged = current is not None and current.state is RequestState.MERGED
    return merged and rules_for(request, policy) is not None


def _name(known: Known) -> str:
    if known.repository is not None and known.repository.seen is not None:
        return known.repository.seen.name
    return known.merged.repository if known.merged else ""
