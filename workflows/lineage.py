"""Which merged requests a deployed commit contains, as far as the stored facts know it.

A branch grows by merges and pushes. A merge commit contains every request merged into the same branch before; a commit
pushed on top contains what the commit before it did. So each deployment is told on to the merge commits around its own:
that it carries them, or (merged later, but before that deployment) that it does not. The rules then need no history.
At most `AROUND` merges to either side are told; whatever the order of the news, the same is told in the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from workflows.change.deployed import DeploymentFacts
from workflows.change.facts import CommitFacts, RequestFacts
from workflows.change.seen import DeploymentRelated, DeploymentState
from workflows.store.facts import FactReads
from workflows.store.links import LinkReads, Links

MERGED: Final = "merged_commit"
"""Link scope: merge commit (`github:<repository>:<sha>`) → number of its request: deployments name only commits."""
AROUND: Final = 30
"""How many merges before and after its own a deployment is related to."""
_RECENT: Final = 30
"""How many deployments of a repository are looked at again when a merge or push becomes known late."""
_STEPS: Final = 20
"""How many pushes on top of a merge are followed back."""
_LAST: Final = "z"
"""Sorts after every key of digits, in every collation."""
_TELLING: Final = frozenset({DeploymentState.SUCCESS, DeploymentState.FAILURE, DeploymentState.ERROR})


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged request: its commit, and where and when it was merged."""

    number: int
    commit: str
    base: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """The last merge that a commit contains. `through`: the commits followed back to it."""

    merge: Merge
    through: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Lineage:
    """The history of one repository (`github:7001`)."""

    links: LinkReads
    facts: FactReads
    place: str

    def position(self, sha: str) -> Position | None:
        """Where a commit stands; None when nothing connects it with a known merge."""
        own = self.merge(sha)
        if own is not None:
            return Position(own)
        doc = self._commit(sha)
        branches = dict.fromkeys(push.branch for push in doc.pushes) if doc else {}
        found = (self._back(sha, branch) for branch in branches)
        return next((one for one in found if one is not None), None)

    def merge(self, sha: str) -> Merge | None:
        """The request whose merge made this commit."""
        number = self.links.get(MERGED, f"{self.place}:{sha}")
        row = self.facts.get("request", f"{self.place}:{number}") if number else None
        return merge_of(RequestFacts.model_validate_json(row.doc)) if row else None

    def along(self, merge: Merge) -> list[Merge]:
        """Other requests that this very commit merged: a forge says so of those whose commits it brought along."""
        keys = self.links.keys_of(self._scope(merge.base), merge.commit)
        found = (self._read(merge.base, key, merge.commit) for key in keys)
        return [one for one in found if one.number != merge.number]

    def before(self, merge: Merge, most: int = AROUND) -> list[Merge]:
        """Requests merged into the same branch before, the last one first. Of the same second: unknown, so left out."""
        found = self.links.below(self._scope(merge.base), _instant(merge.at), most)
        return [self._read(merge.base, *one) for one in found]

    def after(self, merge: Merge, until: datetime) -> list[Merge]:
        """Requests merged into the same branch after, but not after that moment."""
        found = self.links.above(self._scope(merge.base), f"{_instant(merge.at)}{_LAST}", AROUND)
        listed = (self._read(merge.base, *one) for one in found)
        return [one for one in listed if merge.at < one.at <= until]

    def within(self, merge: Merge) -> frozenset[str]:
        """Merge commits of other requests among the commits of this one: a release carries what was merged before."""
        row = self.facts.get("request", f"{self.place}:{merge.number}")
        read = RequestFacts.model_validate_json(row.doc).read if row else None
        keys = {f"{self.place}:{commit.sha}": commit.sha for commit in read.commits} if read else {}
        return frozenset(keys[key] for key in self.links.some(MERGED, keys))

    def deployments(self) -> Iterator[tuple[CommitFacts, DeploymentFacts]]:
        """The last deployments of the repository, each with the facts of the deployed commit."""
        for key, sha in self.links.below(f"deployed:{self.place}", _LAST, _RECENT):
            doc = self._commit(sha)
            wanted = str(int(key.rpartition("-")[2]))
            yield from ((doc, item) for item in doc.deployments if item.id == wanted) if doc else ()

    def knows(self, branch: str) -> bool:
        """Whether requests are merged into this branch."""
        return bool(self.links.below(self._scope(branch), _LAST, 1))

    def note_merge(self, links: Links, merge: Merge) -> bool:
        """Keep the merge in its order. False when it was known."""
        links.put(MERGED, f"{self.place}:{merge.commit}", str(merge.number))
        return links.add(self._scope(merge.base), merge.key, merge.commit)

    def note_deployment(self, links: Links, sha: str, item: DeploymentFacts) -> None:
        """Keep the deployment in its order."""
        links.add(f"deployed:{self.place}", f"{_instant(item.created_at)}-{int(item.id):020d}", sha)

    def _back(self, sha: str, branch: str) -> Position | None:
        through = [sha]
        for _ in range(_STEPS):
            doc = self._commit(through[-1])
            # What was there before a forced push is gone from the branch.
            pushes = [push for push in doc.pushes if push.branch == branch and not push.forced] if doc else []
            before = next((push.before for push in pushes if push.before), None)
            if before is None or before in through:
                return None
            through.append(before)
            found = self.merge(before)
            if found is not None and found.base == branch:
                return Position(found, frozenset(through))
        return None

    def _commit(self, sha: str) -> CommitFacts | None:
        row = self.facts.get("commit", f"{self.place}:{sha}")
        return CommitFacts.model_validate_json(row.doc) if row else None

    def _scope(self, branch: str) -> str:
        return f"merges:{self.place}:{branch}"

    def _read(self, base: str, key: str, commit: str) -> Merge:
        instant, _, number = key.partition("-")
        at = datetime.strptime(instant, _FORM).replace(tzinfo=UTC)
        return Merge(int(number), commit, base, key, at)


_FORM: Final = "%Y%m%d%H%M%S%f"


def merge_of(facts: RequestFacts) -> Merge | None:
    """The merge of a request; None while it is not merged."""
    current = facts.current
    if current is None or current.merge_commit is None:
        return None
    at = current.merged_at or current.updated_at
    return Merge(facts.number, current.merge_commit, current.base, f"{_instant(at)}-{facts.number:012d}", at)


def told_on(lineage: Lineage, doc: CommitFacts, item: DeploymentFacts) -> list[DeploymentRelated]:
    """A deployment of `doc`, for each merge commit around it."""
    position = lineage.position(doc.sha)
    if position is None or item.deployed is not None:
        return []
    own = [] if position.merge.commit == doc.sha else [position.merge]
    carried = [*own, *lineage.before(position.merge)]
    left = lineage.after(position.merge, item.created_at)
    shas = {merge.commit: False for merge in left} | {merge.commit: True for merge in carried}
    shas |= dict.fromkeys(lineage.within(position.merge), True)
    return [_related(doc, item, sha, carries=carries) for sha, carries in shas.items() if sha != doc.sha]


def told_late(lineage: Lineage, merge: Merge) -> list[DeploymentRelated]:
    """What a merge that has just become known has to be told of the last deployments, and others through it."""
    found: list[DeploymentRelated] = []
    for doc, item in lineage.deployments():
        position = lineage.position(doc.sha)
        if position is None:
            continue
        if position.merge.commit == merge.commit:
            found += told_on(lineage, doc, item)
        elif position.merge.base != merge.base:
            if merge.commit in lineage.within(position.merge):
                found.append(_related(doc, item, merge.commit, carries=True))
        elif merge.at != position.merge.at and (merge.at < position.merge.at or merge.at <= item.created_at):
            found.append(_related(doc, item, merge.commit, carries=merge.at < position.merge.at))
    return found


def told_through(lineage: Lineage, pushed: str) -> list[DeploymentRelated]:
    """What the last deployments have to tell, now that a push connects them with a merge."""
    found: list[DeploymentRelated] = []
    for doc, item in lineage.deployments():
        position = lineage.position(doc.sha)
        if position is not None and pushed in position.through:
            found += told_on(lineage, doc, item)
    return found


def _related(doc: CommitFacts, item: DeploymentFacts, sha: str, *, carries: bool) -> DeploymentRelated:
    return DeploymentRelated(
        forge=doc.forge,
        repository_id=doc.repository_id,
        sha=sha,
        deployment_id=item.id,
        environment=item.environment,
        created_at=item.created_at,
        creator=item.creator,
        deployed=doc.sha,
        carries=carries,
        states=tuple(step for step in item.states if step.state in _TELLING),
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_FORM)
