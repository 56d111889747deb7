"""What every code host keeps alike: files, commits with their authors, and how branches hang together."""

import copy
import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, Generic, Protocol, Self, TypeVar

ZERO: Final = "0" * 40
"""Where a branch begins or ends."""


class Person(Protocol):
    """An account, as far as commits need one."""

    @property
    def name(self) -> str: ...

    @property
    def email(self) -> str: ...

    @property
    def noreply(self) -> str: ...


A = TypeVar("A", bound=Person)
"""The accounts of a host."""


@dataclass(frozen=True, slots=True)
class Signature(Generic[A]):
    """Author or committer of a commit. `account` is who the host takes that e-mail for."""

    name: str
    email: str
    date: datetime
    account: A | None


@dataclass(frozen=True, slots=True)
class File:
    """A file that a commit changes."""

    path: str
    patch: str = "@@ -1 +1 @@\n-a\n+b"
    status: str = "modified"
    additions: int = 1
    deletions: int = 1


Files = Iterable[str | Mapping[str, Any]]
"""Paths, or the fields of `File`."""


def files_of(given: Files) -> list[File]:
    """Files as they are named from outside."""
    return [File(one) if isinstance(one, str) else File(**one) for one in given]


@dataclass(frozen=True, slots=True)
class Commit(Generic[A]):
    """A commit. `authors` has the author first, then the co-authors of its trailers."""

    sha: str
    message: str
    authors: tuple[Signature[A], ...]
    committer: Signature[A]
    parents: tuple[str, ...]
    files: tuple[File, ...]

    @property
    def author(self) -> Signature[A]:
        """The author."""
        return self.authors[0]

    @property
    def merges(self) -> bool:
        """Whether it joins two lines."""
        return len(self.parents) > 1

    @property
    def merges_cleanly(self) -> bool:
        """Whether it joins two lines and brings nothing of its own."""
        return self.merges and not self.files


@dataclass(slots=True, kw_only=True)
class History(Generic[A]):
    """Commits and branches."""

    branches: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Commit[A]] = field(default_factory=dict)

    def reachable(self, sha: str) -> dict[str, Commit[A]]:
        """Everything a commit contains, itself first."""
        seen: dict[str, Commit[A]] = {}
        waiting = [sha]
        while waiting:
            current = waiting.pop(0)
            if current in seen or current not in self.commits:
                continue
            seen[current] = self.commits[current]
            waiting.extend(self.commits[current].parents)
        return seen

    def between(self, base: str, head: str) -> list[Commit[A]]:
        """Commits of `head` that `base` lacks, oldest first."""
        known = self.reachable(base)
        return [commit for sha, commit in reversed(self.reachable(head).items()) if sha not in known]

    def merge_base(self, base: str, head: str) -> str:
        """Where two lines parted: the newest commit that both contain."""
        known = self.reachable(base)
        return next((sha for sha in self.reachable(head) if sha in known), ZERO)

    def add_commit(
        self,
        sha: str,
        parents: Iterable[str],
        message: str,
        people: tuple[tuple[Signature[A], ...], Signature[A]],
        files: Iterable[File] = (),
    ) -> Commit[A]:
        """A new commit by (author and co-authors, committer); co-authors also become trailers of the message."""
        authors, committer = people
        trailers = "".join(f"\nCo-authored-by: {one.name} <{one.email}>" for one in authors[1:])
        text = message + ("\n" + trailers if trailers else "")
        commit = Commit(sha, text, authors, committer, tuple(parents), tuple(files))
        self.commits[sha] = commit
        return commit


class Host(Generic[A]):
    """A whole code host: its accounts, and the clock and the counter that all share."""

    first_id: ClassVar[int] = 1001
    step: ClassVar[int] = 1_000_000
    """How many microseconds its clock shows at once."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self._numbers = itertools.count(self.first_id)
        self.accounts: dict[str, A] = {}

    def copy(self) -> Self:
        """All of it as it is now, with the same clock and counter."""
        return copy.deepcopy(self, {id(one): one for one in (self._clock, self._numbers)})

    def now(self) -> datetime:
        """The time, as exactly as this host gives it."""
        now = self._clock()
        return now.replace(microsecond=now.microsecond // self.step * self.step)

    def new_id(self) -> int:
        """A new id."""
        return next(self._numbers)

    def account(self, login: str) -> A:
        """An account by login, made on first use."""
        raise NotImplementedError

    def by_email(self, email: str) -> A | None:
        """Who this host takes an e-mail for."""
        return next((one for one in self.accounts.values() if email in (one.email, one.noreply)), None)

    def signature(self, who: str) -> Signature[A]:
        """A signature: a login, or `Name <mail>` for one that may belong to nobody."""
        if "<" in who:
            name, address = named(who)
            return Signature(name, address, self.now(), self.by_email(address))
        account = self.account(who)
        return Signature(account.name, account.email, self.now(), account)

    def make_commit(
        self,
        history: History[A],
        parents: Iterable[str],
        message: str,
        author: str,
        *,
        committer: str = "",
        co_authors: Iterable[str] = (),
        files: Iterable[File] = (),
    ) -> Commit[A]:
        """A new commit; co-authors also become trailers of the message."""
        people = (self.signature(author), *(self.signature(one) for one in co_authors))
        sha = sha_of(type(self).__module__, message, str(self.new_id()))
        return history.add_commit(sha, parents, message, (people, self.signature(committer or author)), files)


def changed_by(commits: Iterable[Commit[A]]) -> list[File]:
    """The files that these change together, as each was last; a merge brings what was resolved in it by hand."""
    return list({file.path: file for commit in commits for file in commit.files}.values())


def sha_of(*parts: str) -> str:
    """A commit id."""
    return hashlib.sha1("\0".join(parts).encode(), usedforsecurity=False).hexdigest()


def named(who: str) -> tuple[str, str]:
    """Name and address of `Name <mail>`."""
    name, _, address = who.rstrip(">").partition(" <")
    return name, address
