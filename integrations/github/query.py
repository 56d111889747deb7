"""The one GraphQL query that reads a request, and its parts for what is longer than a page."""

from collections.abc import Collection, Mapping
from typing import Final

from integrations.queries import cursors, fields

PAGE: Final = 100

_ACCOUNT: Final = "{ __typename login ... on User { databaseId } ... on Bot { databaseId } }"
_GIT: Final = "{ email user { databaseId login } }"
_COMMIT: Final = (
    f"{{ oid message parents(first: 1) {{ totalCount }} committer {_GIT}"
    f" authors(first: 25) {{ totalCount nodes {_GIT} }} }}"
)
_PAGED: Final = "totalCount pageInfo { hasNextPage endCursor }"
_CHECK: Final = "id databaseId name status conclusion startedAt completedAt checkSuite { app { slug } }"
_STATUS: Final = f"id context state createdAt creator {_ACCOUNT}"

PARTS: Final[Mapping[str, str]] = {
    "commits": f"commits(first: {PAGE}, after: $commits) {{ {_PAGED} nodes {{ commit {_COMMIT} }} }}",
    "reviews": (
        f"reviews(first: {PAGE}, after: $reviews) {{ {_PAGED}"
        f" nodes {{ id databaseId state submittedAt authorCanPushToRepository commit {{ oid }} author {_ACCOUNT} }} }}"
    ),
    "files": f"files(first: {PAGE}, after: $files) {{ {_PAGED} nodes {{ path }} }}",
    "contexts": (
        "tip: commits(last: 1) { nodes { commit { oid statusCheckRollup {"
        f" contexts(first: {PAGE}, after: $contexts) {{ {_PAGED}"
        f" nodes {{ __typename ... on CheckRun {{ {_CHECK} }} ... on StatusContext {{ {_STATUS} }} }} }} }} }} }} }}"
    ),
    "pushes": (
        "timelineItems(itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT, BASE_REF_CHANGED_EVENT],"
        f" first: {PAGE}, after: $pushes) {{ {_PAGED}"
        " nodes { __typename ... on BaseRefChangedEvent { createdAt }"
        f" ... on HeadRefForcePushedEvent {{ actor {_ACCOUNT} beforeCommit {_COMMIT} afterCommit {{ oid }} }} }} }}"
    ),
}
"""The lists of a request, each with a cursor variable of its own name."""

_CORE: Final = (
    "title body state isDraft mergedAt updatedAt baseRefName headRefName isCrossRepository"
    f" mergeCommit {{ oid }} author {_ACCOUNT} labels(first: {PAGE}) {{ nodes {{ name }} }}"
)


def request_query(parts: Collection[str] = tuple(PARTS), *, core: bool = True) -> str:
    """The query for these lists; `core` asks for the request's own fields as well.

    The head stands in every answer: pages of different heads must not be put together.
    """
    wanted = fields(PARTS, parts, _CORE if core else "")
    return (
        f"query WachbuchRequest($owner: String!, $name: String!, $number: Int!{cursors(parts)}) {{"
        " repository(owner: $owner, name: $name) { databaseId nameWithOwner"
        f" pullRequest(number: $number) {{ headRefOid {wanted} }} }} }}"
    )
