"""The part of GitHub's GraphQL schema that a gate reads. Names and nullability are GitHub's."""

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from tests.fakes.github.shapes import moment
from tests.fakes.github.world import (
    Account,
    App,
    CheckRun,
    Commit,
    GitHubError,
    Pull,
    Repository,
    Signature,
    Status,
    World,
)
from tests.fakes.graphql import Connection, Node, Resolver, simple

Of = tuple[Repository, Any]
"""Most objects are resolved together with their repository."""

IMPLEMENTS: Final[Mapping[str, frozenset[str]]] = {
    "User": frozenset({"Actor", "Node"}),
    "Bot": frozenset({"Actor", "Node"}),
    "CheckRun": frozenset({"StatusCheckRollupContext", "Node"}),
    "StatusContext": frozenset({"StatusCheckRollupContext", "Node"}),
    "HeadRefForcePushedEvent": frozenset({"PullRequestTimelineItems", "Node"}),
    "BaseRefChangedEvent": frozenset({"PullRequestTimelineItems", "Node"}),
}


class NotFound(Exception):
    """Becomes null with an error of type NOT_FOUND beside it."""


def node_id(kind: str, repository: int, number: int) -> str:
    """A global id as GitHub makes them: MessagePack of [0, repository, number], in URL-safe base64."""
    packed = b"\x93\x00\xce" + repository.to_bytes(4) + b"\xcf" + number.to_bytes(8)
    return f"{kind}_{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def actor(account: Account | None) -> Node | None:
    """A user or a bot. As an actor a bot's login stands without its `[bot]`."""
    return Node(account.kind, account) if account else None


def _repository(world: World, arguments: Mapping[str, Any]) -> Node:
    name = f"{arguments['owner']}/{arguments['name']}"
    try:
        return Node("Repository", (world.repository(name), None))
    except GitHubError as error:
        raise NotFound(f"Could not resolve to a Repository with the name '{name}'.") from error


def _pull(of: Of, arguments: Mapping[str, Any]) -> Node:
    number = arguments["number"]
    found = of[0].pulls.get(number)
    if found is None:
        raise NotFound(f"Could not resolve to a PullRequest with the number of {number}.")
    return Node("PullRequest", (of[0], found))


def _object(of: Of, arguments: Mapping[str, Any]) -> Node | None:
    commit = of[0].commits.get(arguments["oid"])
    return Node("Commit", (of[0], commit)) if commit else None


def _commits(of: Of, arguments: Mapping[str, Any]) -> Connection:
    del arguments
    repository, pull = of
    return Connection(
        "PullRequestCommit", [Node("PullRequestCommit", (repository, one)) for one in repository.commits_of(pull)]
    )


def _timeline(of: Of, arguments: Mapping[str, Any]) -> Connection:
    repository, pull = of
    told = arguments.get("itemTypes") or ()
    types = {told} if isinstance(told, str) else set(told)
    events = []
    if "HEAD_REF_FORCE_PUSHED_EVENT" in types:
        events += [(one.at, Node("HeadRefForcePushedEvent", (repository, one))) for one in pull.force_pushes]
    if "BASE_REF_CHANGED_EVENT" in types:
        events += [(at, Node("BaseRefChangedEvent", at)) for at in pull.retargets]
    return Connection("PullRequestTimelineItems", [node for _, node in sorted(events, key=lambda one: one[0])])


def _rollup(of: tuple[Repository, Commit], arguments: Mapping[str, Any]) -> Node | None:
    del arguments
    repository, commit = of
    found = [*repository.latest_checks(commit.sha), *repository.latest_statuses(commit.sha)]
    return Node("StatusCheckRollup", (repository, found)) if found else None


def _contexts(of: tuple[Repository, list[CheckRun | Status]], arguments: Mapping[str, Any]) -> Connection:
    del arguments
    nodes = [Node("CheckRun" if isinstance(one, CheckRun) else "StatusContext", (of[0], one)) for one in of[1]]
    return Connection("StatusCheckRollupContext", nodes)


def _signature(signature: Signature) -> Node:
    return Node("GitActor", signature)


def _user_of(signature: Signature) -> Node | None:
    # `GitActor.user` is a User; commits of bots have none.
    account = signature.account
    return Node("User", account) if account and account.kind == "User" else None


def _commit_node(of: Of, sha: str | None) -> Node | None:
    return Node("Commit", (of[0], of[0].commits[sha])) if sha in of[0].commits else None


def _head_repository(of: tuple[Repository, Pull]) -> Node:
    return Node("Fork", of[1].fork) if of[1].fork else Node("Repository", (of[0], None))


def _pull_fields() -> dict[str, Resolver]:
    plain = simple(
        id=lambda of: node_id("PR", of[0].id, of[1].id),
        databaseId=lambda of: of[1].id,
        fullDatabaseId=lambda of: str(of[1].id),
        number=lambda of: of[1].number,
        title=lambda of: of[1].title,
        body=lambda of: of[1].body,
        url=lambda of: f"https://github.example/{of[0].full_name}/pull/{of[1].number}",
        state=lambda of: "MERGED" if of[1].merged_at else of[1].state.upper(),
        isDraft=lambda of: of[1].draft,
        merged=lambda of: of[1].merged_at is not None,
        mergedAt=lambda of: moment(of[1].merged_at),
        mergedBy=lambda of: actor(of[1].merged_by),
        mergeCommit=lambda of: _commit_node(of, of[1].merge_commit),
        createdAt=lambda of: moment(of[1].created),
        updatedAt=lambda of: moment(of[1].updated),
        author=lambda of: actor(of[1].author),
        baseRefName=lambda of: of[1].base_ref,
        baseRefOid=lambda of: of[1].base,
        headRefName=lambda of: of[1].head_ref,
        headRefOid=lambda of: of[1].head,
        headRepository=_head_repository,
        isCrossRepository=lambda of: bool(of[1].fork),
        changedFiles=lambda of: len(of[0].files_of(of[1])),
        labels=lambda of: Connection("Label", [Node("Label", one) for one in of[1].labels]),
        reviews=lambda of: Connection(
            "PullRequestReview", [Node("PullRequestReview", (of[0], one)) for one in of[1].reviews]
        ),
        files=lambda of: Connection(
            "PullRequestChangedFile", [Node("ChangedFile", one) for one in of[0].files_of(of[1])]
        ),
        reviewThreads=lambda of: Connection("PullRequestReviewThread", [Node("Thread", one) for one in of[1].threads]),
    )
    return {**plain, "commits": _commits, "timelineItems": _timeline}


@cache
def schema() -> dict[str, dict[str, Resolver]]:
    """All types with their fields."""
    account = simple(
        login=_login, databaseId=lambda one: one.id, id=lambda one: f"U_{one.id}", name=lambda one: one.name
    )
    return {
        "Query": {"repository": _repository, **simple(rateLimit=lambda _: Node("RateLimit", None))},
        "RateLimit": simple(cost=lambda _: 1, remaining=lambda _: 4999, limit=lambda _: 5000, resetAt=lambda _: None),
        "Repository": {
            "pullRequest": _pull,
            "object": _object,
            **simple(
                id=lambda of: f"R_{of[0].id}",
                databaseId=lambda of: of[0].id,
                nameWithOwner=lambda of: of[0].full_name,
                isPrivate=lambda of: of[0].private,
                defaultBranchRef=lambda of: Node("Ref", of[0].default_branch),
            ),
        },
        "Fork": simple(nameWithOwner=lambda name: name, databaseId=lambda _: 1),
        "Ref": simple(name=lambda name: name),
        "Label": simple(name=lambda name: name),
        "Thread": simple(isResolved=lambda resolved: resolved),
        "PullRequest": _pull_fields(),
        "PullRequestCommit": simple(commit=lambda of: Node("Commit", of), id=lambda of: of[1].sha),
        "Commit": {
            "statusCheckRollup": _rollup,
            **simple(
                oid=lambda of: of[1].sha,
                message=lambda of: of[1].message,
                messageHeadline=lambda of: of[1].message.partition("\n")[0],
                authors=lambda of: Connection("GitActor", [_signature(one) for one in of[1].authors]),
                author=lambda of: _signature(of[1].author),
                committer=lambda of: _signature(of[1].committer),
                committedDate=lambda of: moment(of[1].committer.date),
                authoredDate=lambda of: moment(of[1].author.date),
                parents=lambda of: Connection("Commit", [_commit_node(of, sha) for sha in of[1].parents]),
            ),
        },
        "GitActor": simple(name=lambda one: one.name, email=lambda one: one.email, user=_user_of),
        "User": account,
        "Bot": account,
        "PullRequestReview": simple(
            id=lambda of: node_id("PRR", of[0].id, of[1].id),
            databaseId=lambda of: of[1].id,
            fullDatabaseId=lambda of: str(of[1].id),
            state=lambda of: of[1].state.upper(),
            author=lambda of: actor(of[1].user),
            commit=lambda of: _commit_node(of, of[1].commit),
            submittedAt=lambda of: moment(of[1].at),
            authorCanPushToRepository=lambda of: not of[1].user.outside,
            updatedAt=lambda of: moment(of[1].updated),
            body=lambda of: of[1].body,
        ),
        "ChangedFile": simple(
            path=lambda file: file.path,
            additions=lambda file: file.additions,
            deletions=lambda file: file.deletions,
            changeType=lambda file: file.status.upper(),
        ),
        "HeadRefForcePushedEvent": simple(
            actor=lambda of: actor(of[1].actor),
            beforeCommit=lambda of: _commit_node(of, of[1].before),
            afterCommit=lambda of: _commit_node(of, of[1].after),
            createdAt=lambda of: moment(of[1].at),
        ),
        "BaseRefChangedEvent": simple(createdAt=moment),
        "StatusCheckRollup": {"contexts": _contexts, **simple(state=lambda _: "PENDING")},
        "CheckRun": _check_fields(),
        "CheckSuite": simple(app=lambda app: Node("App", app)),
        "App": simple(slug=lambda app: app.slug, databaseId=lambda app: app.id, name=lambda app: app.slug),
        "StatusContext": simple(
            id=lambda of: node_id("SC", of[0].id, of[1].id),
            context=lambda of: of[1].context,
            state=lambda of: of[1].state.upper(),
            description=lambda of: of[1].description or None,
            createdAt=lambda of: moment(of[1].at),
            creator=lambda of: actor(of[1].creator),
        ),
    }


def _check_fields() -> dict[str, Resolver]:
    def suite(of: tuple[Repository, CheckRun]) -> Node:
        app: App = of[1].app
        return Node("CheckSuite", app)

    return simple(
        id=lambda of: node_id("CR", of[0].id, of[1].id),
        databaseId=lambda of: of[1].id,
        name=lambda of: of[1].name,
        status=lambda of: of[1].status.upper(),
        conclusion=lambda of: of[1].conclusion.upper() if of[1].conclusion else None,
        startedAt=lambda of: moment(of[1].started),
        completedAt=lambda of: moment(of[1].completed),
        externalId=lambda of: of[1].external_id or None,
        detailsUrl=lambda of: of[1].details_url or None,
        title=lambda of: of[1].output.get("title"),
        summary=lambda of: of[1].output.get("summary"),
        checkSuite=suite,
    )


def _login(account: Account) -> str:
    return account.login.removesuffix("[bot]") if account.kind == "Bot" else account.login
