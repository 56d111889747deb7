"""Webhooks of GitLab: is it genuine, and which facts does it bring? Lenient: only the fields that are needed.

What a webhook is about stands in its body (`object_kind`). System hooks tell about the whole instance and are ignored.
What it says about approvals and reviewers is not believed: it only leads to a reading.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from integrations import signatures
from integrations.gitlab import bodies, issues
from integrations.gitlab.alerts import KIND, read_alert
from integrations.gitlab.read import HeadPipeline
from integrations.parsing import Ignored, Incomplete, json_object, leniently
from integrations.signatures import Checked
from workflows.change.seen import (
    BranchPushed,
    CheckSeen,
    Forge,
    PushSeen,
    RepositorySeen,
    RequestKey,
    RequestSeen,
    RequestState,
    Stirred,
    Update,
)
from workflows.incident.alerts import Alert
from workflows.incident.issues import IssueTold

SYSTEM: Final = "System Hook"
_OPENED: Final = frozenset({"open", "reopen"})
_OPINIONS: Final = frozenset({"approved", "approval", "unapproved", "unapproval"})
_ENDED: Final = frozenset({"success", "failed", "canceled", "skipped", "manual"})
_OPENS: Final = frozenset({"success", "skipped"})
_OF_REQUESTS: Final = "merge_request_event"
_BESIDE: Final = frozenset(
    {
        "parent_pipeline",
        "webide",
        "ondemand_dast_scan",
        "ondemand_dast_validation",
        "security_orchestration_policy",
        "container_registry_push",
        "duo_workflow",
        "pipeline_execution_policy_forced",
    }
)
"""Sources of pipelines that GitLab never takes for what decides about a merge, child pipelines above all."""


@dataclass(frozen=True, slots=True)
class PipelineTold:
    """A pipeline that may decide about a merge, so that the verdict is written to it. `request` where it is of one.

    `jobs`: whether any ran in it. `ended`: statuses of others, which no webhook of their own tells, may have come to
    it; `opens`: as it ended, it lets a merge pass.
    """

    id: int
    ref: str
    sha: str
    request: RequestKey | None = None
    jobs: bool = False
    ended: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a webhook told. `deployment`: the number of one to be read, since the webhook lacks its commit.

    `ended`: where a job ended, of whose pipeline more may never be told.
    """

    updates: tuple[Update, ...]
    repository: str
    repository_id: str
    pipeline: PipelineTold | None = None
    deployment: int | None = None
    ended: HeadPipeline | None = None


Parsed = Facts | Alert | IssueTold | Ignored | Incomplete


def verify(headers: Mapping[str, str], body: bytes, now: datetime, *, signing: str = "", token: str = "") -> Checked:
    """Whether the body was sent by somebody who knows our secret.

    With a signing token only a signature counts. The older plain token is accepted only where no signing token is
    configured, and never in place of a signature that came along.
    """
    if signing:
        return signatures.check_standard(headers, body, signing, now)
    return signatures.check_gitlab_token(headers, token)


def delivery_of(headers: Mapping[str, str]) -> tuple[str, str]:
    """Hook and delivery id; the latter stays the same when it is sent again.

    An id of a signed delivery stands alone: the hook's is not signed, so with another one it could be sent anew.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    if signed := lower.get("webhook-id"):
        return "", signed
    return lower.get("x-gitlab-webhook-uuid", ""), lower.get("idempotency-key", "")


def payload_of(body: bytes, _: str = "") -> dict[str, Any] | None:
    """The JSON object in a body, None when there is none."""
    return json_object(body)


def parse(payload: Mapping[str, Any], seen_at: datetime, *, event: str = "", own: str = "") -> Parsed:
    """What a body tells. `event` is the header, read for system hooks only; `own` our login there. Never raises.

    `seen_at` is our clock at the arrival.
    """
    kind = str(payload.get("object_kind") or "")
    reader = _READERS.get(kind)
    if reader is None or event == SYSTEM:
        return Ignored(kind or event)
    return leniently(kind, lambda: reader(_Seen(kind, payload, seen_at, own)))


@dataclass(frozen=True, slots=True)
class _Seen:
    kind: str
    payload: Mapping[str, Any]
    at: datetime
    own: str


def _place(project_id: int | None) -> dict[str, Any]:
    return {"forge": Forge.GITLAB, "repository_id": str(project_id)}


def _merge_request(seen: _Seen) -> Parsed:
    body = bodies.MergeRequestHook.model_validate(seen.payload)
    request, path = body.request, body.project.path
    place = _place(request.target_project)
    core = request.core(body.user, body.labels)
    updates: list[Update] = []
    if request.action in _OPENED:
        updates.append(
            RepositorySeen(
                **place,
                name=path,
                default_branch=body.project.default_branch or "",
                private=body.project.private,
                seen_at=seen.at,
            )
        )
    updates.append(RequestSeen(**place, number=request.iid, repository=path, core=core, seen_at=seen.at))
    if request.before and request.before != request.last_commit.id and body.user is not None:
        pusher = bodies.identity(body.user.id, body.user.username)
        pushed = PushSeen(
            **place, number=request.iid, before=request.before, after=request.last_commit.id, pusher=pusher
        )
        updates.append(pushed)
    if _leaves_open(body, core.state):
        updates.append(Stirred(**place, number=request.iid, seen_at=seen.at))
    return Facts(tuple(updates), path, str(request.target_project))


def _leaves_open(body: bodies.MergeRequestHook, state: RequestState) -> bool:
    """Whether only a reading tells the rest: opinions and reviewers, or which commit was made of a merge."""
    request = body.request
    if state is RequestState.MERGED:
        return request.merge_commit is None
    opinions = request.action in _OPINIONS or "reviewers" in body.changes
    return opinions or (request.action == "update" and not body.changes)


def _pipeline(seen: _Seen) -> Parsed:
    body = bodies.PipelineHook.model_validate(seen.payload)
    pipeline, project = body.pipeline, body.project.id
    if project is None or pipeline.tag:
        return Ignored(seen.kind)
    of_fork = body.request is not None and body.request.target_project not in {None, project}
    home = body.request.target_project if body.request and of_fork else project
    source = bodies.JOBS_OF_A_FORK if of_fork else bodies.JOBS
    place = _place(home)
    own = None if of_fork else pipeline.id
    found = (bodies.check_of(build, source, own) for build in body.builds)
    checks = tuple(CheckSeen(**place, sha=pipeline.sha, check=check) for check in found)
    told = None if of_fork or pipeline.source in _BESIDE else _told(body, str(project))
    return Facts(checks, "" if of_fork else body.project.path, str(home), pipeline=told)


def _told(body: bodies.PipelineHook, repository_id: str) -> PipelineTold:
    pipeline = body.pipeline
    request = RequestKey(Forge.GITLAB, repository_id, body.request.iid) if body.request else None
    # The webhook names the source branch; the pipeline itself stands on a reference of the request.
    own_ref = f"refs/merge-requests/{request.number}/head" if request and pipeline.source == _OF_REQUESTS else ""
    status = pipeline.status
    return PipelineTold(
        pipeline.id,
        own_ref or pipeline.ref,
        pipeline.sha,
        request,
        jobs=bool(body.builds),
        ended=status in _ENDED,
        opens=status in _OPENS,
    )


def _job(seen: _Seen) -> Parsed:
    body = bodies.JobHook.model_validate(seen.payload)
    if body.tag:
        return Ignored(seen.kind)
    told = CheckSeen(
        **_place(body.project_id), sha=body.sha, check=bodies.check_of(body.build, bodies.JOBS, body.pipeline)
    )
    known = body.pipeline is not None and body.build_status in _ENDED
    ended = HeadPipeline(body.pipeline or 0, body.ref, body.sha) if known else None
    return Facts((told,), body.project.path if body.project else "", str(body.project_id), ended=ended)


def _deployment(seen: _Seen) -> Parsed:
    body = bodies.DeploymentHook.model_validate(seen.payload)
    if body.project.id is None:
        return Ignored(seen.kind)
    return Facts((), body.project.path, str(body.project.id), deployment=body.deployment_id)


def _note(seen: _Seen) -> Parsed:
    body = bodies.NoteHook.model_validate(seen.payload)
    ours = bool(seen.own) and body.user is not None and body.user.username == seen.own
    if body.note.about != "MergeRequest" or body.request is None or ours:
        return Ignored(seen.kind)
    home = body.request.target_project or body.project.id
    stirred = Stirred(**_place(home), number=body.request.iid, seen_at=seen.at)
    return Facts((stirred,), body.project.path, str(home))


def _push(seen: _Seen) -> Parsed:
    body = bodies.PushHook.model_validate(seen.payload)
    if body.branch is None or body.after is None:
        return Ignored(seen.kind)
    pusher = bodies.identity(body.user_id, body.user_username)
    told = BranchPushed(
        **_place(body.project_id),
        sha=body.after,
        before=body.before,
        branch=body.branch,
        pusher=pusher,
        repository=body.project.path,
    )
    return Facts((told,), body.project.path, str(body.project_id))


def _emoji(seen: _Seen) -> Parsed:
    """An emoji is no approval, and no objection either, on a request as on a note of it: nothing follows from it.

    What counts are GitLab's own approvals and reviews, which are read, bound to a commit and can be taken back with a
    trace. An emoji is bound to no commit, anybody who can read may award it, and no requirement is about emoji.
    """
    return Ignored(seen.kind, str(seen.payload.get("event_type") or ""))


def _vulnerability(seen: _Seen) -> Parsed:
    return read_alert(seen.payload, seen.at)


def _issue(seen: _Seen) -> Parsed:
    return issues.read_issue(seen.payload, seen.at)


_READERS: Final[Mapping[str, Callable[[_Seen], Parsed]]] = {
    "merge_request": _merge_request,
    "pipeline": _pipeline,
    "build": _job,
    "deployment": _deployment,
    "note": _note,
    "push": _push,
    "emoji": _emoji,
    KIND: _vulnerability,
    issues.KIND: _issue,
}
"""Kind to its reader. What is not listed is acknowledged and ignored, tags among it."""
