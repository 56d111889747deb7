"""A forge as a history sees it: what can happen there, and what it tells and shows."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from tests.fakes.github import FakeGitHub
from tests.fakes.github.world import Repository
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.gitlab.world import Project
from tests.fakes.history import Commit, History, changed_by
from tests.fakes.wire import Request
from tests.properties.histories.known import Rules, Told
from workflows.change.seen import Forge


class Side(ABC):
    """One repository with branches and requests. Numbers are those of requests; times are the fake's."""

    forge: ClassVar[Forge]
    name: ClassVar[str]
    rules: ClassVar[Rules]
    fake: FakeGitHub | FakeGitLab

    @property
    @abstractmethod
    def place(self) -> Repository | Project:
        """The repository as the forge has it."""

    @property
    def repository_id(self) -> str:
        """Its number at the forge."""
        return str(self.place.id)

    @property
    @abstractmethod
    def requests(self) -> Mapping[int, Any]:
        """The requests, by number."""

    @property
    @abstractmethod
    def sent(self) -> Sequence[Any]:
        """Everything the forge wanted to tell, oldest first."""

    @abstractmethod
    def envelope(self, sent: Any) -> tuple[Mapping[str, str], bytes]:
        """Headers and body of a delivery, as they would arrive now."""

    @abstractmethod
    def lasting(self, sent: Any) -> bool:
        """Whether a delivery tells what no reading of a request shows: pushes and deployments, which are read apart."""

    @abstractmethod
    def told(self, sent: Any) -> Told:
        """What a delivery tells."""

    @abstractmethod
    def shown(self, number: int) -> Told:
        """What a reading of a request shows now."""

    @abstractmethod
    def read_of(self, operation: str, request: Request) -> int | None:
        """The request that a call reads, None: it reads none."""

    @abstractmethod
    def shows_open(self, number: int) -> bool:
        """Whether the forge shows the gate open on the head of a request."""

    def same_changes(self, one: str, other: str) -> bool:
        """Whether two commits bring the same into the base."""
        place: History[Any] = self.place
        base = place.branches["main"]
        return changed_by(place.between(base, one)) == changed_by(place.between(base, other))

    def merges(self, sha: str) -> bool:
        """Whether a commit is a clean merge, which nobody wrote."""
        place: History[Any] = self.place
        return sha in place.commits and place.commits[sha].merges_cleanly

    @abstractmethod
    def answered(self, sent: Any, *, fine: bool) -> None:
        """The forge notes how a delivery went."""

    def reconnect(self, receive: Callable[[Mapping[str, str], bytes], None] | None) -> bool:
        """What is sent from now on arrives by itself. False: the service finds nothing by itself at this forge."""
        return False

    # what happens ---------------------------------------------------------------------------------------------

    def push(self, branch: str, by: str, *, force: bool = False, author: str = "", files: str = "") -> None:
        """A commit on a branch."""
        self.fake.push(self.name, branch, by, force=force, author=author, files=[files or "src/app.py"])

    @abstractmethod
    def open(self, branch: str, by: str) -> None:
        """A request for a branch."""

    @abstractmethod
    def branch_of(self, number: int) -> str:
        """The branch of a request."""

    @abstractmethod
    def head_of(self, number: int) -> str:
        """The head of a request."""

    @abstractmethod
    def is_open(self, number: int) -> bool:
        """Whether a request is open."""

    @abstractmethod
    def merge_commit(self, number: int) -> str | None:
        """The commit that a merge made."""

    @abstractmethod
    def ran_after_merge(self, number: int) -> bool:
        """Whether a check ran again on a merged head: the forge then no longer shows how it had ended before."""

    @abstractmethod
    def versions_of(self, number: int) -> Sequence[Sequence[Commit[Any]]]:
        """The commits of a request, oldest first: as they are now, and as they were before forced pushes."""

    def merges_in_doubt(self, number: int) -> bool:
        """Whether the base was merged in more than once, before later work, or in what was pushed away.

        Who followed the request knows that each merge was clean; who reads it now only sees that somebody wrote it.
        """
        now, *before = self.versions_of(number)
        merges = [place for place, one in enumerate(now) if one.merges]
        worked_on = any(not one.merges for one in now[merges[0] :]) if merges else False
        return worked_on or len(merges) > 1 or any(one.merges for commits in before for one in commits)

    @property
    @abstractmethod
    def acts(self) -> Mapping[str, Callable[[int, str, int], object]]:
        """What somebody does to a request (number, who, choice), by kind of step. May raise the forge's refusal."""

    @abstractmethod
    def deploy(self, sha: str, environment: str, state: str) -> None:
        """A deployment gets there, or fails."""
