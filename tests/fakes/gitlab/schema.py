"""The part of GitLab's GraphQL schema that a gate reads. Names and nullability are GitLab's."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from tests.fakes.gitlab.world import (
    Account,
    GitLabError,
    Job,
    MergeRequest,
    Pipeline,
    Project,
    Reviewer,
    Signature,
    World,
)
from tests.fakes.graphql import Connection, Node, Resolver, simple
from tests.fakes.history import changed_by

IMPLEMENTS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset({"User"}) for name in ("UserCore", "MergeRequestAuthor", "MergeRequestReviewer")
}


def gid(kind: str, number: int) -> str:
    """A global id."""
    return f"gid://gitlab/{kind}/{number}"


def _time(when: datetime | None) -> str | None:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if when else None


def _user(account: Account | None, kind: str = "UserCore") -> Node | None:
    return Node(kind, account) if account else None


def _project(world: World, arguments: Mapping[str, Any]) -> Node | None:
    try:
        return Node("Project", world.project(arguments["fullPath"]))
    except GitLabError:
        return None


def _request(project: Project, arguments: Mapping[str, Any]) -> Node | None:
    found = project.requests.get(int(arguments["iid"]))
    return Node("MergeRequest", found) if found else None


def _commits(request: MergeRequest, *, merges: bool) -> Connection:
    newest_first = reversed(request.target.commits_of(request))
    return Connection("Commit", [Node("Commit", one) for one in newest_first if merges or not one.merges])


def _author(signature: Signature) -> Node | None:
    """Only an address that the account has proven; the hidden one counts as such."""
    return _user(signature.account)


def _pipeline(request: MergeRequest) -> Node | None:
    found = request.target.head_pipeline(request)
    return Node("Pipeline", (request.target, found)) if found else None


def _jobs(of: tuple[Project, Pipeline], arguments: Mapping[str, Any]) -> Connection:
    again = arguments.get("retried")
    jobs = [one for one in reversed(of[1].jobs) if again is None or one.retried == again]
    return Connection("CiJob", [Node("CiJob", one) for one in jobs])


def _job_id(job: Job) -> str:
    return gid("GenericCommitStatus" if job.external else "Ci::Build", job.id)


def _notes(request: MergeRequest) -> Connection:
    return Connection("Note", [Node("Note", one) for one in request.notes])


def _user_fields() -> dict[str, Resolver]:
    return simple(
        id=lambda one: gid("User", one.id),
        username=lambda one: one.username,
        name=lambda one: one.name,
        bot=lambda one: one.bot,
        state=lambda _: "active",
        publicEmail=lambda one: one.public_email,
        webUrl=lambda one: f"https://gitlab.example/{one.username}",
    )


def _reviewer_fields() -> dict[str, Resolver]:
    def of_account(resolver: Resolver) -> Resolver:
        return lambda one, arguments: resolver(one.user, arguments)

    plain = {name: of_account(resolver) for name, resolver in _user_fields().items()}
    return {**plain, **simple(mergeRequestInteraction=lambda one: Node("UserMergeRequestInteraction", one))}


def _request_fields() -> dict[str, Resolver]:
    return simple(
        id=lambda one: gid("MergeRequest", one.id),
        iid=lambda one: str(one.iid),
        title=lambda one: one.shown_title,
        description=lambda one: one.description,
        state=lambda one: one.state,
        draft=lambda one: one.draft,
        createdAt=lambda one: _time(one.created),
        updatedAt=lambda one: _time(one.updated),
        mergedAt=lambda one: _time(one.merged_at),
        mergeUser=lambda one: _user(one.merged_by),
        mergeCommitSha=lambda one: one.merge_commit,
        squash=lambda one: one.squash,
        sourceBranch=lambda one: one.source_branch,
        targetBranch=lambda one: one.target_branch,
        sourceProjectId=lambda one: one.source.id,
        targetProjectId=lambda one: one.target.id,
        projectId=lambda one: one.target.id,
        sourceProject=lambda one: Node("Project", one.source),
        targetProject=lambda one: Node("Project", one.target),
        diffHeadSha=lambda one: one.head,
        diffRefs=lambda one: Node("DiffRefs", one.versions[-1]),
        diffStats=lambda one: [Node("DiffStats", file) for file in changed_by(one.target.commits_of(one))],
        commitCount=lambda one: len(one.target.commits_of(one)),
        author=lambda one: _user(one.author, "MergeRequestAuthor"),
        labels=lambda one: Connection("Label", [Node("Label", label) for label in one.labels]),
        approved=lambda one: len(one.approvals) >= one.target.rules.approvals_required,
        approvedBy=lambda one: Connection("UserCore", [_user(given.user) for given in one.approvals]),
        reviewers=lambda one: Connection(
            "MergeRequestReviewer", [Node("MergeRequestReviewer", reviewer) for reviewer in one.reviewers]
        ),
        commits=lambda one: _commits(one, merges=True),
        commitsWithoutMergeCommits=lambda one: _commits(one, merges=False),
        headPipeline=_pipeline,
        notes=_notes,
        mergeableDiscussionsState=lambda one: all(one.threads.values()),
        webUrl=lambda one: f"https://gitlab.example/{one.target.path}/-/merge_requests/{one.iid}",
    )


def _review_state(reviewer: Reviewer) -> str:
    return reviewer.state.upper()


@cache
def schema() -> dict[str, dict[str, Resolver]]:
    """All types with their fields."""
    return {
        "Query": {"project": _project},
        "Project": {
            "mergeRequest": _request,
            **simple(
                id=lambda one: gid("Project", one.id),
                fullPath=lambda one: one.path,
                name=lambda one: one.name,
                visibility=lambda one: one.visibility,
                onlyAllowMergeIfPipelineSucceeds=lambda one: one.rules.pipelines_must_succeed,
            ),
        },
        "MergeRequest": _request_fields(),
        "UserCore": _user_fields(),
        "MergeRequestAuthor": _user_fields(),
        "MergeRequestReviewer": _reviewer_fields(),
        "UserMergeRequestInteraction": simple(
            reviewState=_review_state,
            reviewed=lambda one: one.state != "unreviewed",
            approved=lambda one: one.state == "approved",
        ),
        "Label": simple(title=lambda title: title, id=lambda title: gid("ProjectLabel", len(title))),
        "DiffStats": simple(
            path=lambda one: one.path, additions=lambda one: one.additions, deletions=lambda one: one.deletions
        ),
        "DiffRefs": simple(baseSha=lambda one: one.base, headSha=lambda one: one.head, startSha=lambda one: one.start),
        "Commit": simple(
            id=lambda one: f"gid://gitlab/Commit/{one.sha}",
            sha=lambda one: one.sha,
            title=lambda one: one.message.partition("\n")[0],
            message=lambda one: one.message,
            authorName=lambda one: one.author.name,
            authorEmail=lambda one: one.author.email,
            authoredDate=lambda one: _time(one.author.date),
            committerName=lambda one: one.committer.name,
            committerEmail=lambda one: one.committer.email,
            committedDate=lambda one: _time(one.committer.date),
            author=lambda one: _author(one.author),
        ),
        "Pipeline": {
            "jobs": _jobs,
            **simple(
                id=lambda of: gid("Ci::Pipeline", of[1].id),
                iid=lambda of: str(of[1].iid),
                sha=lambda of: of[1].sha,
                ref=lambda of: of[1].ref,
                source=lambda of: of[1].source,
                status=lambda of: of[1].status.upper(),
                project=lambda of: Node("Project", of[0]),
                createdAt=lambda of: _time(of[1].at),
                updatedAt=lambda of: _time(of[1].updated),
            ),
        },
        "CiJob": simple(
            id=_job_id,
            name=lambda one: one.name,
            status=lambda one: one.status.upper(),
            allowFailure=lambda one: one.allow_failure,
            retried=lambda one: one.retried,
            createdAt=lambda one: _time(one.at),
            startedAt=lambda one: _time(one.started),
            finishedAt=lambda one: _time(one.finished),
        ),
        "Note": simple(
            id=lambda one: gid("Note", one.id),
            body=lambda one: one.body,
            system=lambda one: one.system,
            author=lambda one: _user(one.author),
            createdAt=lambda one: _time(one.at),
        ),
    }
