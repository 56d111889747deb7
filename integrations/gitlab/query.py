"""The one GraphQL query that reads a merge request, and its parts for what is longer than a page."""

from collections.abc import Collection, Mapping
from typing import Final

from integrations.queries import cursors, fields

PAGE: Final = 100

_ACCOUNT: Final = "{ id username bot }"
_PAGED: Final = "pageInfo { hasNextPage endCursor }"
_COMMIT: Final = f"sha message authorEmail committerEmail author {_ACCOUNT}"
_JOB: Final = "id name status allowFailure createdAt startedAt finishedAt"

PARTS: Final[Mapping[str, str]] = {
    "commits": f"commits(first: {PAGE}, after: $commits) {{ {_PAGED} nodes {{ {_COMMIT} }} }}",
    "plain": f"plain: commitsWithoutMergeCommits(first: {PAGE}, after: $plain) {{ {_PAGED} nodes {{ sha }} }}",
    "jobs": (
        "headPipeline { id sha ref status project { id }"
        f" jobs(first: {PAGE}, after: $jobs, retried: false) {{ {_PAGED} nodes {{ {_JOB} }} }} }}"
    ),
    "reviewers": (
        f"reviewers(first: {PAGE}, after: $reviewers) {{ {_PAGED}"
        " nodes { id username bot mergeRequestInteraction { reviewState } } }"
    ),
}
"""The lists of a request, each with a cursor variable of its own name."""

_CORE: Final = (
    "id iid title description state draft createdAt updatedAt mergedAt sourceBranch targetBranch"
    f" sourceProjectId targetProjectId mergeCommitSha author {_ACCOUNT}"
    f" labels(first: {PAGE}) {{ nodes {{ title }} }} diffStats {{ path }}"
    f" approvedBy(first: {PAGE}) {{ nodes {_ACCOUNT} }}"
    f" notes(last: {PAGE}) {{ nodes {{ system body createdAt author {{ id }} }} }}"
)


def request_query(parts: Collection[str] = tuple(PARTS), *, core: bool = True) -> str:
    """The query for these lists; `core` asks for the request's own fields as well.

    The head stands in every answer: pages of different heads must not be put together.
    """
    wanted = fields(PARTS, parts, _CORE if core else "")
    return (
        f"query WachbuchMergeRequest($path: ID!, $iid: String!{cursors(parts)}) {{"
        f" project(fullPath: $path) {{ id fullPath mergeRequest(iid: $iid) {{ diffHeadSha {wanted} }} }} }}"
    )
