"""Deployments of a commit among its facts, and how updates join them."""

from datetime import datetime

from workflows.change.joining import altered, text, union
from workflows.change.seen import (
    DeploymentRelated,
    DeploymentSeen,
    DeploymentState,
    DeploymentStatusSeen,
    DeploymentStep,
    Fact,
    Identity,
)
from workflows.record import CommitSha, NumericId

DeploymentUpdate = DeploymentSeen | DeploymentStatusSeen | DeploymentRelated


class DeploymentFacts(Fact):
    """A deployment of the commit, and every state it went through.

    `deployed`: the deployed commit, where that is another one; `carries` then says whether it contains this commit.
    """

    id: NumericId
    environment: str
    created_at: datetime
    creator: Identity | None = None
    deployed: CommitSha | None = None
    carries: bool = True
    states: tuple[DeploymentStep, ...] = ()

    @property
    def state(self) -> DeploymentState:
        """The last state that says how it went; `inactive` only says that another one followed."""
        telling = [step for step in self.states if step.state is not DeploymentState.INACTIVE]
        last = max(telling, key=lambda step: (step.at, int(step.id)), default=None)
        return last.state if last else DeploymentState.PENDING


def joined(known_ones: tuple[DeploymentFacts, ...], update: DeploymentUpdate) -> tuple[DeploymentFacts, ...]:
    """The deployments with one more update about one of them."""
    known = next((item for item in known_ones if item.id == update.deployment_id), None)
    told = DeploymentFacts(
        id=update.deployment_id,
        environment=update.environment,
        created_at=update.created_at,
        creator=update.creator,
    )
    steps: tuple[DeploymentStep, ...] = ()
    if isinstance(update, DeploymentRelated):
        told, steps = altered(told, deployed=update.deployed, carries=update.carries), update.states
    if isinstance(update, DeploymentStatusSeen):
        steps = (DeploymentStep(id=update.status_id, state=update.state, at=update.at),)
    best = max((told, *((altered(known, states=()),) if known else ())), key=text)
    states = union((*(known.states if known else ()), *steps), lambda item: item.id, text)
    others = (item for item in known_ones if item.id != update.deployment_id)
    return tuple(sorted((*others, altered(best, states=states)), key=lambda item: item.id))
