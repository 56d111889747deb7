"""Who pushed which head."""

from datetime import datetime

from workflows.change.seen import BranchPushed, Fact, Identity, PushSeen
from workflows.record import CommitSha


class Push(Fact):
    """Who pushed which head. `forced`: what the branch held before is gone from it.

    `fresh`: it brought commits that no branch had before, or the forge does not say.
    `at` is the forge's time, where it says one. `repository` is the repository's name at that time; empty for what was
    told about a request.
    """

    before: CommitSha | None = None
    after: CommitSha
    pusher: Identity
    branch: str = ""
    forced: bool = False
    fresh: bool = True
    repository: str = ""
    at: datetime | None = None


def push_of(update: BranchPushed | PushSeen) -> Push:
    """The push that an update tells about."""
    if isinstance(update, PushSeen):
        return Push(before=update.before, after=update.after, pusher=update.pusher)
    return Push(
        before=update.before,
        after=update.sha,
        pusher=update.pusher,
        branch=update.branch,
        forced=update.forced,
        fresh=update.fresh,
        repository=update.repository,
        at=update.at,
    )
