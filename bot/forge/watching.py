"""Looking for news of a forge by ourselves: what is kept between two looks, and what a forge has to offer for it.

The same looks are the way in without webhooks, every minute, and find what webhooks did not tell, every hour.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from config.policy.models import Policy
from workflows.change.seen import Forge, RepositorySeen, Update
from workflows.continuity import Posture
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

DISCOVER: Final = "forge.discover"
WATCH: Final = "forge.watch"
COVERED: Final = "forge.covered"
"""Link scope: forge and repository id → name, of the repositories that the policy covers and we reach."""
STATE: Final = "forge.watch"
"""Link scope: forge and repository id → what is kept between two looks."""
_WILD: Final = frozenset("*?")
PACE: Final = "forge.pace"
"""Link scope: forge → seconds between two looks at a repository."""


@dataclass(frozen=True, slots=True)
class Place:
    """A repository."""

    forge: Forge
    repository_id: str
    name: str

    @property
    def key(self) -> str:
        """As the scopes here name it."""
        return f"{self.forge.value}:{self.repository_id}"


class Kept(BaseModel):
    """Root of what is kept: frozen, and lenient towards what another version wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Marks(Kept):
    """What one list of checks of a commit looked like: its tag and digest, whether some run, and their names."""

    etag: str = ""
    digest: str = ""
    running: bool = False
    names: tuple[str, ...] = ()


class Head(Kept):
    """The head of an open request, and how its checks looked. `settled`: all that are asked for are there and done."""

    sha: str
    lists: Mapping[str, Marks] = Field(default_factory=dict)
    settled: bool = False
    looked_at: datetime | None = None


class Watched(Kept):
    """What is kept of a repository between two looks.

    `owed` are requests still to be read. `fresh` ones changed in the moment of the last look: forges date to the second
    and their lists can lag, so the next look reads them once more. `listed` are the requests of the last list, where it
    has no tag. `blind` are the parts that we may not see.
    """

    etags: Mapping[str, str] = Field(default_factory=dict)
    requests_until: datetime | None = None
    pushes_until: str = ""
    deployments_until: datetime | None = None
    running: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    heads: Mapping[int, Head] = Field(default_factory=dict)
    owed: tuple[int, ...] = ()
    fresh: tuple[int, ...] = ()
    blind: tuple[str, ...] = ()
    failures: int = 0
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a step found: facts, what to keep, and heads where somebody else put a status of our name."""

    watched: Watched
    updates: tuple[Update, ...] = ()
    forged: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """A repository that our credentials reach. `remember` keeps what its forge needs to know besides."""

    seen: RepositorySeen
    remember: Callable[[UnitOfWork], None] = lambda _: None

    @property
    def place(self) -> Place:
        """Which one it is."""
        return Place(self.seen.forge, self.seen.repository_id, self.seen.name)


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done so that webhooks arrive: deliveries sent again, a hook switched on."""

    redelivered: int = 0
    switched_on: bool = False


class Watcher(Protocol):
    """How one forge is looked at."""

    def discover(self, now: datetime) -> Iterable[Reached]:
        """All repositories that our credentials reach. May raise Retry."""

    def pushes(self, place: Place, watched: Watched, now: datetime) -> Look:
        """Branches that were pushed, and by whom. May raise Retry, as all looks."""

    def requests(self, place: Place, watched: Watched, now: datetime) -> Look:
        """Requests that changed: owed from now on."""

    def heads(self, place: Place, watched: Watched, now: datetime, *, thorough: bool) -> Look:
        """The checks of open requests. `thorough`: of all, not only where something is expected."""

    def deployments(self, place: Place, watched: Watched, now: datetime) -> Look:
        """Deployments and their states."""

    def pause(self, place: Place) -> float:
        """Seconds for which the forge should not be asked for news (rate limits); 0: ask at once."""

    def mend(self, place: Place | None, since: datetime, now: datetime) -> Mended:
        """Have lost deliveries sent again and the hook switched on: of a repository, or (None) of the forge as a whole.

        May raise Retry or GiveUp: whoever may not see hooks cannot mend them.
        """

    def posture(self, place: Place, *, enforced: bool, told: bool, now: datetime) -> Posture:
        """What really holds there. May raise Retry or GiveUp."""


def watch_job(place: Place) -> JobDraft:
    """The rounds at one repository: one row, so one process at a time."""
    payload: dict[str, str | int] = {"forge": place.forge.value, "repository": place.repository_id}
    return JobDraft(WATCH, f"watch:{place.key}", f"watch:{place.key}", payload)


def discover_job(forge: Forge) -> JobDraft:
    """The rounds that find the repositories of a forge."""
    return JobDraft(DISCOVER, f"discover:{forge.value}", f"discover:{forge.value}", {"forge": forge.value})


def named_branches(policy: Policy, place: Place, default: str) -> tuple[str, ...]:
    """The judged branches that have a name of their own, and the default branch where a pattern covers it."""
    entries = [one for one in policy.change.repositories if one.names(place.name)]
    named = [name for one in entries for name in one.branches if not _WILD & set(name)]
    covered = [default] if any(one.covers(default) for one in entries) else []
    return tuple(dict.fromkeys((*covered, *named)))


def calls_us(url: str, public_url: str, path: str) -> bool:
    """Whether a webhook calls us; without a public address that is told by its path alone."""
    wanted, found = urlsplit(public_url), urlsplit(url)
    return found.path.endswith(path) and wanted.netloc in ("", found.netloc)
