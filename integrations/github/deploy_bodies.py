"""The parts of GitHub's webhook bodies about deployments that we read."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, field_validator

from integrations.github.bodies import Account, FromRepository, Part, identity
from workflows.change.seen import DeploymentState
from workflows.record import CommitSha


class DeploymentPart(Part):
    """A deployment."""

    id: int
    sha: CommitSha
    environment: str
    created_at: AwareDatetime
    updated_at: AwareDatetime | None = None
    creator: Account | None = None

    @property
    def changed_at(self) -> datetime:
        """When it last reached another state; lists tell it, webhooks not always."""
        return self.updated_at or self.created_at

    def parts(self) -> dict[str, Any]:
        """The fields that facts about deployments share."""
        return {
            "sha": self.sha,
            "deployment_id": str(self.id),
            "environment": self.environment,
            "created_at": self.created_at,
            "creator": identity(self.creator),
        }


class Deployed(FromRepository):
    """`deployment`."""

    deployment: DeploymentPart


class DeploymentStatusPart(Part):
    """A state of a deployment. One that waits for a protection rule is pending to us."""

    id: int
    state: DeploymentState
    created_at: AwareDatetime

    @field_validator("state", mode="before")
    @classmethod
    def _waits(cls, told: Any) -> Any:
        return DeploymentState.PENDING if told in {"waiting", "requested"} else told


class HeldDeployment(Part):
    """The deployment that a protection rule holds."""

    sha: CommitSha


class ProtectionAsked(FromRepository):
    """`deployment_protection_rule`, `requested`."""

    environment: str
    deployment_callback_url: str
    deployment: HeldDeployment | None = None
    sha: CommitSha | None = None

    @property
    def commit(self) -> str:
        """The commit to be deployed; empty when it is not told."""
        return self.sha or (self.deployment.sha if self.deployment else "")


class DeploymentStated(Deployed):
    """`deployment_status`."""

    deployment_status: DeploymentStatusPart
