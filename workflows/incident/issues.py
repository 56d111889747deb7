"""Issues of a forge that stand for tasks: which one is meant, and what a telling of it means (A.5.26). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict

from workflows.actors import Source
from workflows.incident.items import Task, TaskIssue
from workflows.incident.terms import IssueState

_PARTS = ("issues", "work_items")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRef:
    """An issue as somebody named it. `source` None: the name alone does not say which forge; `address` as far as known.

    `repository`: `acme/shop`, as the address has it: below a path (`/git`) with that path.
    """

    repository: str
    number: int
    source: Source | None = None
    address: str = ""

    @property
    def key(self) -> str:
        """What is compared with what a forge tells: with the host where an address was given."""
        return _key(urlsplit(self.address).netloc if self.address else "", self.repository, self.number)


@dataclass(frozen=True, slots=True)
class IssueTold:
    """What a forge tells of an issue. `at`: when it last changed there; `reopened`: whether just now."""

    source: Source
    repository: str
    repository_id: str
    number: int
    state: IssueState
    at: datetime
    url: str = ""
    by: str = ""
    reopened: bool = False

    @property
    def key(self) -> str:
        """Which issue it is, whatever its repository is called."""
        return f"{self.source.value}:{self.repository_id}:{self.number}"

    def keys(self, names: Iterable[str] = ()) -> frozenset[str]:
        """Every way to name it: by these names of its repository too, with and without the host."""
        known = {self.repository, *names}
        found = {_key("", name, self.number) for name in known}
        read = split_address(self.url)
        if read is not None:
            # A forge may stand below a path, which is no part of the repository's name.
            path = read.repository.removesuffix(self.repository) if read.repository != self.repository else ""
            found |= {_key(urlsplit(self.url).netloc, f"{path}{name}", self.number) for name in known}
        return frozenset(found)


class Known(BaseModel):
    """What is kept of an issue that tasks follow: how it stood last, and when that was."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    state: IssueState
    at: AwareDatetime

    def is_news(self, told: IssueTold) -> bool:
        """Whether a telling is of a later moment. Of one moment, open counts: nothing is taken for done by mistake."""
        order = tuple(IssueState)
        return (told.at, order.index(told.state)) > (self.at, order.index(self.state))


def _key(host: str, repository: str, number: int) -> str:
    return "/".join(part for part in (host, repository) if part).casefold() + f"#{number}"


def split_address(url: str) -> IssueRef | None:
    """The issue behind an address of GitHub or GitLab; None for any other address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    steps = parts.path.strip("/").split("/")
    most = 9
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or len(steps) <= len(_PARTS) or not parts.netloc:
        return None
    *name, kind, number = steps
    dashed = name[-1] == "-"
    repository = "/".join(name[:-1] if dashed else name)
    if kind not in _PARTS or not repository or not (number.isascii() and number.isdigit()) or len(number) > most:
        return None
    source = Source.GITLAB if dashed else Source.GITHUB if parts.netloc == "github.com" else None
    address = f"{parts.scheme}://{parts.netloc}/{'/'.join(steps)}"
    return IssueRef(repository=repository, number=int(number), source=source, address=address)


def is_followed(issue: TaskIssue | None, told: IssueTold) -> bool:
    """Whether a task still follows this issue: of this forge, once that is known."""
    return issue is not None and issue.number == told.number and issue.source in {None, told.source}


def is_wanted(task: Task, told: IssueTold, known: Known | None) -> bool:
    """Whether a task changes by a telling that is news.

    Closed there, it is done. Open there, it is open again if the issue was closed in between: somebody may have ended
    the task by hand while the issue is still open.
    """
    if told.state is IssueState.CLOSED:
        return task.done_at is None
    again = told.reopened or (known is not None and known.state is IssueState.CLOSED)
    return task.done_at is not None and again
