"""A merged change, and what the forge tells about its deployments."""

from datetime import datetime

from tests.workflows.change.world import MERGE, NOON, REF, REPOSITORY, World, core, green
from workflows.change.seen import DeploymentState, DeploymentStatusSeen, RequestSeen, RequestState


def merged(at: datetime = NOON, **parts: object) -> RequestSeen:
    """The forge tells of the merge."""
    closed = core(**{"state": RequestState.MERGED, "merge_commit": MERGE, "merged_at": at, "updated_at": at, **parts})
    return RequestSeen(
        forge=REF.forge,
        repository_id=REPOSITORY,
        number=REF.number,
        repository="beispiel/shop",
        core=closed,
        seen_at=at,
    )


def deployment(
    environment: str,
    state: DeploymentState = DeploymentState.SUCCESS,
    *,
    id: str = "1",  # noqa: A002  what the forge calls it
    at: datetime = NOON,
) -> DeploymentStatusSeen:
    """A deployment of the merge commit reached a state."""
    return DeploymentStatusSeen(
        forge=REF.forge,
        repository_id=REPOSITORY,
        sha=MERGE,
        deployment_id=id,
        environment=environment,
        created_at=at,
        status_id=f"{id}{tuple(DeploymentState).index(state)}",
        state=state,
        at=at,
    )


def merged_world(world: World | None = None) -> World:
    """A change in `deploy`, merged with a passed verdict."""
    known = green(world).later(minutes=1)
    return known.evaluated(merged(known.now))
