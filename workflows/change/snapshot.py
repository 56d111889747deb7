"""The stored facts that one decision looks at, and what has to be read from the forge before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from config.policy.ids import CarryOver
from config.policy.models import Policy, RepositoryPolicy
from workflows.change.commands import EnforceGate, Evaluate, LinkRequest, ObserveGate, PlanFromRequest, UnlinkRequest
from workflows.change.facts import CommitFacts, RepositoryFacts, RequestFacts
from workflows.change.people import contributors, is_known, keys_of
from workflows.change.pushed import Push
from workflows.change.seen import Forge, RequestKey, RequestState, ReviewState
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.workflow import FactsPort

_MOST_COMMITS: Final = 250
_MOST_PATHS: Final = 3000
"""As many as GitHub lists of a request."""
_MOST_GITLAB_COMMITS: Final = 1000
"""As many as we read there."""


class Why(StrEnum):
    """Why a request has to be read again. One reading (request, commits, reviews, checks) cures all of them."""

    UNREAD = "unread"
    HEAD_MOVED = "head_moved"
    CONTESTED = "contested"
    CHECKS_UNREAD = "checks_unread"
    TOO_OLD = "too_old"
    INCOMPLETE = "incomplete"
    """The forge's lists did not reach the head yet."""
    STIRRED = "stirred"
    """Something changed that the forge does not tell in full."""
    APPROVED = "approved"
    """An approval came since, and more has to be known before it counts."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Documents by their keys, read in the transaction of the decision."""

    requests: Mapping[str, RequestFacts] = field(default_factory=dict)
    commits: Mapping[str, CommitFacts] = field(default_factory=dict)
    repositories: Mapping[str, RepositoryFacts] = field(default_factory=dict)

    def request(self, ref: RequestKey) -> RequestFacts | None:
        """What is known of a request."""
        return self.requests.get(str(ref))

    def commit(self, ref: RequestKey, sha: str | None) -> CommitFacts | None:
        """What is known of a commit in the repository of a request."""
        return self.commits.get(f"{ref.forge.value}:{ref.repository_id}:{sha}") if sha else None

    def pushes(self, ref: RequestKey) -> tuple[Push, ...]:
        """Who pushed the heads that a request had, as told about their branches.

        Any of its commits can have been the head of its branch before there was a request. The same commit on another
        branch was written by nobody there. Pushes to a fork are not told.
        """
        told = self.request(ref)
        current = told.current if told else None
        if told is None or current is None:
            return ()
        versions = {version.sha for version in told.versions}
        own = "" if current.fork else current.head_ref
        shas = dict.fromkeys((*versions, *(commit.sha for commit in told.commits)))
        found = ((sha, self.commit(ref, sha)) for sha in sorted(shas))
        return tuple(
            push
            for sha, commit in found
            if commit is not None
            for push in commit.pushes
            if sha in versions or (own and push.branch == own)
        )

    def repository(self, ref: RequestKey) -> RepositoryFacts | None:
        """What is known of the repository of a request."""
        return self.repositories.get(f"{ref.forge.value}:{ref.repository_id}")


def read_snapshot(case: ChangeCase | None, command: Command, facts: FactsPort) -> Snapshot:
    """Everything about the requests of the change, and about the one that the command names."""
    requests: dict[str, RequestFacts] = {}
    commits: dict[str, CommitFacts] = {}
    repositories: dict[str, RepositoryFacts] = {}
    for place in _places(command):
        _load(repositories, place, facts)
    for ref in _refs(case, command):
        request = facts.get("request", str(ref))
        if request is None:
            continue
        told = requests[str(ref)] = RequestFacts.model_validate_json(request.doc)
        _load(repositories, f"{ref.forge.value}:{ref.repository_id}", facts)
        keys = (f"{ref.forge.value}:{ref.repository_id}:{sha}" for sha in _shas(told))
        for key, row in facts.some("commit", keys).items():
            commits[key] = CommitFacts.model_validate_json(row.doc)
    return Snapshot(requests, commits, repositories)


def rules_for(facts: RequestFacts | None, policy: Policy) -> RepositoryPolicy | None:
    """The entry of the policy that covers the request's repository and target branch, None: it is not judged."""
    current = facts.current if facts else None
    if facts is None or current is None:
        return None
    return policy.change.repository(facts.repository, current.base)


def needs_read(
    request: RequestFacts | None, commit: CommitFacts | None, policy: Policy, now: datetime
) -> tuple[Why, ...]:
    """Why the request has to be read before it is judged; empty: the stored facts suffice.

    `commit` are the facts of its head. A request that the policy does not cover, or that was closed, needs nothing.
    """
    current = request.current if request else None
    if request is None or current is None:
        return (Why.UNREAD,)
    rules = rules_for(request, policy)
    if rules is None or (current.state is RequestState.CLOSED and not request.contested):
        return ()
    reasons = (
        (Why.UNREAD, request.read is None),
        (Why.CONTESTED, request.contested),
        (Why.HEAD_MOVED, _head_moved(request)),
        (Why.STIRRED, request.stirred),
        (Why.CHECKS_UNREAD, _asks_for_checks(rules) and (commit is None or commit.read_at is None)),
        (Why.TOO_OLD, _too_old(request, current.state, policy, now)),
        (Why.INCOMPLETE, cut_short(request)),
        (Why.APPROVED, _approved_since(request, rules, policy)),
    )
    return tuple(why for why, holds in reasons if holds)


def patches_needed(request: RequestFacts, policy: Policy) -> tuple[str, ...]:
    """Commits whose patch decides whether an approval is carried over: earlier heads that were approved, and the head.

    Empty when there is nothing to carry over, or all patches are known. Tell them by `VersionSeen`.
    """
    rules, head = rules_for(request, policy), request.head
    if rules is None or head is None or rules.carry_over is CarryOver.NEVER:
        return ()
    approved = {review.commit for review in request.reviews if review.state is ReviewState.APPROVED and review.commit}
    if not approved - {head} or head in approved:
        return ()
    known = {version.sha for version in request.versions if version.diff}
    return tuple(sorted(sha for sha in (approved | {head}) - known if sha))


def cut_short(request: RequestFacts) -> bool:
    """Whether the last reading of the head lacks something that another one can bring.

    Right after a push the lists of a forge can lag behind the head. What is longer than forges list stays incomplete.
    """
    read = request.read
    if read is None or not request.settled or not read.truncated:
        return False
    if request.forge is Forge.GITLAB:
        return len(read.commits) < _MOST_GITLAB_COMMITS
    return len(read.commits) < _MOST_COMMITS and len(read.paths) < _MOST_PATHS


def _head_moved(request: RequestFacts) -> bool:
    return request.read is not None and not (request.contested or request.stirred or request.settled)


def _approved_since(request: RequestFacts, rules: RepositoryPolicy, policy: Policy) -> bool:
    """Whether an approval that came after the reading is on an earlier commit, by a contributor or by a stranger.

    Only a reading compares versions (it can be carried over, a merge of the base can be clean), and tells who may
    write.
    """
    known = {review.id for review in request.read.reviews} if request.read else frozenset[str]()
    fresh = [one for one in request.reviews if one.state is ReviewState.APPROVED and one.id not in known]
    if any(one.writes is None and not is_known(one.reviewer, policy) for one in fresh):
        return True
    if not fresh or rules.carry_over is CarryOver.NEVER:
        return False
    wrote = frozenset[str]().union(*(keys_of(person, policy) for person in contributors(request)))
    return any(one.commit != request.head or keys_of(one.reviewer, policy) & wrote for one in fresh)


def _too_old(request: RequestFacts, state: RequestState, policy: Policy, now: datetime) -> bool:
    allowed = timedelta(seconds=policy.change.max_reading_age_seconds)
    return state is RequestState.OPEN and request.read_at is not None and now - request.read_at > allowed


def _asks_for_checks(rules: RepositoryPolicy) -> bool:
    return bool(rules.checks or rules.security_tests)


def _load(repositories: dict[str, RepositoryFacts], place: str, facts: FactsPort) -> None:
    row = facts.get("repository", place) if place not in repositories else None
    if row is not None:
        repositories[place] = RepositoryFacts.model_validate_json(row.doc)


def _refs(case: ChangeCase | None, command: Command) -> Iterable[RequestKey]:
    linked = tuple(item.ref for item in case.requests) if case else ()
    asked = getattr(command, "request", None) if isinstance(command, _NAMING) else None
    return dict.fromkeys((*linked, *((asked,) if asked else ())))


def _places(command: Command) -> tuple[str, ...]:
    if isinstance(command, EnforceGate | ObserveGate):
        return (f"{command.forge.value}:{command.repository_id}",)
    return ()


def _shas(facts: RequestFacts) -> tuple[str, ...]:
    current = facts.current
    named = (current.head, current.merge_commit) if current else ()
    written = (*(version.sha for version in facts.versions), *(commit.sha for commit in facts.commits))
    return tuple(dict.fromkeys(sha for sha in (*named, *written) if sha))


_NAMING = (Evaluate, LinkRequest, PlanFromRequest, UnlinkRequest)
