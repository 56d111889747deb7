"""What deployments did with one merge commit in one environment: brought it there, failed to, or took it away again.

An environment of the policy can have several names on the forge (`prod`, `prod-eu`); each is followed for itself, and
the worst of them counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.policy.models import RepositoryPolicy
from workflows.change.codes import DeploymentOutcome
from workflows.change.deployed import DeploymentFacts
from workflows.change.facts import CommitFacts
from workflows.change.seen import DeploymentState

_ENDED: Final = {
    DeploymentState.SUCCESS: DeploymentOutcome.SUCCEEDED,
    DeploymentState.FAILURE: DeploymentOutcome.FAILED,
    DeploymentState.ERROR: DeploymentOutcome.FAILED,
}
_WORST: Final = (
    DeploymentOutcome.FAILED,
    DeploymentOutcome.ROLLED_BACK,
    DeploymentOutcome.RUNNING,
    DeploymentOutcome.SUCCEEDED,
)
_WAITING: Final = frozenset({DeploymentState.PENDING, DeploymentState.QUEUED})
_RAN: Final = frozenset({DeploymentState.IN_PROGRESS, DeploymentState.SUCCESS})


@dataclass(frozen=True, slots=True)
class Happened:
    """A deployment that says something about the commit. `commit` is the one that was deployed."""

    deployment: DeploymentFacts
    outcome: DeploymentOutcome
    commit: str


def outcome_of(deployment: DeploymentFacts) -> DeploymentOutcome:
    """How a deployment went so far."""
    return _ENDED.get(deployment.state, DeploymentOutcome.RUNNING)


def succeeded_at(deployment: DeploymentFacts) -> datetime | None:
    """When a deployment first succeeded."""
    return min((step.at for step in deployment.states if step.state is DeploymentState.SUCCESS), default=None)


def begun_at(deployment: DeploymentFacts) -> datetime | None:
    """When a deployment began: that is when the gate has to be open. None: it has not begun, and perhaps never will.

    One that was told to wait (for an approval, a queue, us) began when it ran after that; others when created.
    """
    told = {step.state for step in deployment.states}
    if told & _WAITING:
        ran = min((step.at for step in deployment.states if step.state in _RAN), default=None)
        return max(ran, deployment.created_at) if ran is not None else None
    return deployment.created_at if told else None


def happened(commit: CommitFacts | None, rules: RepositoryPolicy, environment: str) -> tuple[Happened, ...]:
    """What happened to the commit in an environment, the oldest first.

    A deployment of another commit that contains it counts only while this one is not there yet: it carries what the
    deployment before did not (A.8.32).
    """
    found = [one for name in _names(commit, rules, environment) for one in _under(commit, name)] if commit else []
    return tuple(sorted(found, key=lambda one: (one.deployment.created_at, int(one.deployment.id))))


def standing(commit: CommitFacts | None, rules: RepositoryPolicy, environment: str) -> Happened | None:
    """What counts of it now: the last under each name, and of these the worst."""
    if commit is None:
        return None
    last = (last_under(commit, name) for name in _names(commit, rules, environment))
    listed = [one for one in last if one is not None]
    return min(listed, key=lambda one: (_WORST.index(one.outcome), one.deployment.id), default=None)


def last_under(commit: CommitFacts | None, name: str) -> Happened | None:
    """What counts under one name of the forge."""
    found = list(_under(commit, name.casefold())) if commit else []
    return found[-1] if found else None


def of_commit(
    commit: CommitFacts | None, rules: RepositoryPolicy, environment: str, deployed: str
) -> tuple[DeploymentFacts, ...]:
    """All deployments of exactly this deployed commit to an environment, the oldest first."""
    listed = commit.in_order() if commit else ()
    own = (item for item in listed if item.carries and (item.deployed or (commit and commit.sha)) == deployed)
    return tuple(item for item in own if rules.environment(item.environment) == environment)


def last_of(deployments: tuple[DeploymentFacts, ...]) -> tuple[DeploymentFacts, ...]:
    """Of deployments in their order the last under each name."""
    return tuple({item.environment.casefold(): item for item in deployments}.values())


def worst(outcomes: list[DeploymentOutcome]) -> DeploymentOutcome | None:
    """The worst of several outcomes; None when there is none."""
    return min(outcomes, key=_WORST.index, default=None)


def _names(commit: CommitFacts, rules: RepositoryPolicy, environment: str) -> tuple[str, ...]:
    told = dict.fromkeys(item.environment.casefold() for item in commit.deployments)
    return tuple(sorted(name for name in told if rules.environment(name) == environment))


def _under(commit: CommitFacts, name: str) -> Iterator[Happened]:
    reached = settled = False
    for item in commit.in_order():
        if item.environment.casefold() != name:
            continue
        outcome = outcome_of(item)
        if item.carries and (item.deployed is None or not settled):
            settled = outcome is DeploymentOutcome.SUCCEEDED
            reached = reached or settled
            yield Happened(item, outcome, item.deployed or commit.sha)
        elif not item.carries and reached and outcome is DeploymentOutcome.SUCCEEDED:
            reached = settled = False
            yield Happened(item, DeploymentOutcome.ROLLED_BACK, item.deployed or commit.sha)
