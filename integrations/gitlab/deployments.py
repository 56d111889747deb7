"""Deployments of GitLab: read one by one, since webhooks name neither the whole commit nor the beginning."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from integrations.errors import Unexpected
from integrations.gitlab.bodies import Moment, Part, User, deployment_state, identity, utc
from integrations.gitlab.client import Client
from workflows.change.seen import DeploymentState, DeploymentStatusSeen, Forge
from workflows.record import CommitSha

_STEP: Final = {state: step for step, state in enumerate(DeploymentState)}
"""A deployment's states have no numbers of their own: each is numbered by its deployment and its place here."""


BLOCKED: Final = "blocked"
LONGEST_COMMENT: Final = 255
"""GitLab keeps no longer comment with an approval."""


class _Environment(Part):
    name: str


class _Deployment(Part):
    id: int
    sha: CommitSha
    status: str
    created_at: Moment
    updated_at: Moment | None = None
    environment: _Environment
    user: User | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A deployment as it now is. `blocked`: it waits for approvals (Premium)."""

    update: DeploymentStatusSeen
    blocked: bool


def look_at(client: Client, project: str, number: int) -> Looked:
    """Read a deployment. Raises the errors of `integrations.errors`."""
    body = client.get(f"/projects/{project}/deployments/{number}").body
    return Looked(deployment_of(project, body), is_blocked(body))


def is_blocked(body: Any) -> bool:
    """Whether a deployment, as REST tells it, waits for approvals."""
    return isinstance(body, dict) and body.get("status") == BLOCKED


def decide(client: Client, project: str, number: int, *, approved: bool, comment: str) -> None:
    """Approve or reject a blocked deployment. `Rejected` (400): it waits no more, or somebody has decided for us."""
    content = {"status": "approved" if approved else "rejected", "comment": comment[:LONGEST_COMMENT]}
    client.write("POST", f"/projects/{project}/deployments/{number}/approval", content)


def deployment_of(project: str, body: Any) -> DeploymentStatusSeen:
    """What REST answers about a deployment, in our terms. Unexpected when the shape is wrong."""
    try:
        found = _Deployment.model_validate(body)
    except ValidationError as error:
        raise Unexpected(f"expected a deployment from GitLab: {error}") from error
    state = deployment_state(found.status)
    who = found.user
    return DeploymentStatusSeen(
        forge=Forge.GITLAB,
        repository_id=project,
        sha=found.sha,
        deployment_id=str(found.id),
        environment=found.environment.name,
        created_at=utc(found.created_at),
        creator=identity(who.id, who.username) if who else None,
        status_id=f"{found.id}{_STEP[state]}",
        state=state,
        at=utc(found.updated_at or found.created_at),
    )
