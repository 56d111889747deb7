"""GitLab as the jobs about deployments see it: facts, and approvals of those that are blocked (Premium)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.forge.held import Held, hold
from bot.forge.marks import names
from bot.jobs.port import GiveUp
from integrations.errors import NotPermitted
from integrations.gitlab.client import Client
from integrations.gitlab.deployments import Looked, decide
from workflows.change.seen import Forge
from workflows.factbook import absorb, enqueue
from workflows.store.unit_of_work import UnitOfWork


def take_deployment(uow: UnitOfWork, found: Looked, now: datetime) -> None:
    """Its facts; and where it waits for approvals, it waits for ours."""
    update = found.update
    for mark in absorb(uow, (update,)):
        enqueue(uow, mark)
    known = uow.links.keys_of(names(Forge.GITLAB), update.repository_id)
    if found.blocked and known:
        waiting = Held(
            forge=Forge.GITLAB, repository_id=update.repository_id, repository=known[-1],
            environment=update.environment, sha=update.sha, number=int(update.deployment_id), asked_at=now,
        )  # fmt: skip
        hold(uow, waiting)


@dataclass(frozen=True, slots=True)
class GitLabApprovals:
    """Answers blocked deployments. Ours is one of the approvals that GitLab asks for, so observing gives none."""

    client: Client
    observing: ClassVar[bool] = False

    def answer(self, held: Held, *, approved: bool, comment: str) -> None:
        """Approve or reject."""
        try:
            decide(self.client, held.repository_id, held.number, approved=approved, comment=comment)
        except NotPermitted as error:
            # Our account is not among those who may approve there: people do.
            raise GiveUp("not_an_approver") from error

    def report(self, _held: Held, _comment: str) -> bool:
        """GitLab takes no word without a decision."""
        return False
