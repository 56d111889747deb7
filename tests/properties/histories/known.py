"""What a service could know at a moment, and what of it forbids an open gate. Independent of our rules on purpose.

A forge tells by webhooks, and shows everything there is to whoever reads it. Nothing else is known.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

WAITING: Final = "waiting"
SUCCESS: Final = "success"


@dataclass(frozen=True, slots=True)
class Core:
    """A request as a whole."""

    at: datetime
    head: str
    draft: bool = False
    open: bool = True


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody said about a commit: approved, objected, or nothing any more."""

    by: str
    says: str
    at: datetime
    number: int
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A check's run. Of one number a later state takes the place of an earlier one."""

    number: int
    state: str


CheckKey = tuple[str, str, str]
"""Commit, name and source of a check."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one webhook told, or one reading showed (then `whole`)."""

    number: int = 0
    core: Core | None = None
    opinions: tuple[Opinion, ...] = ()
    runs: tuple[tuple[CheckKey, Run], ...] = ()
    wrote: frozenset[str] = frozenset()
    pushed: tuple[tuple[str, str], ...] = ()
    """Heads and who pushed them."""
    heads: frozenset[str] = frozenset()
    whole: bool = False


@dataclass(slots=True)
class Request:
    """Everything known of a request. `cores` holds those of the latest moment."""

    cores: list[Core] = field(default_factory=list)
    opinions: dict[int, Opinion] = field(default_factory=dict)
    wrote: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)

    def tell_core(self, core: Core, *, whole: bool) -> None:
        """The later telling holds; of two in one second either may, until somebody reads."""
        latest = self.cores[0].at if self.cores else core.at
        if core.at > latest or (whole and core.at == latest):
            self.cores = [core]
        elif core.at == latest and core not in self.cores:
            self.cores.append(core)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the policy of the test asks for: checks as (name, source; none: any)."""

    checks: tuple[tuple[str, str], ...]
    security: str
    readings_replace_opinions: bool = False
    """GitLab keeps no opinion that was taken back."""


@dataclass(slots=True)
class Known:
    """Everything known of a repository. `same_changes`: whether two commits bring the same into the base."""

    rules: Rules
    same_changes: Callable[[str, str], bool]
    requests: dict[int, Request] = field(default_factory=dict)
    runs: dict[CheckKey, Run] = field(default_factory=dict)
    pushed: dict[str, str] = field(default_factory=dict)

    def tell(self, told: Told) -> None:
        """Something more is known."""
        for key, run in told.runs:
            last = self.runs.get(key)
            newer = last is None or run.number > last.number
            if newer or (last is not None and run.number == last.number and last.state == WAITING):
                self.runs[key] = run
        self.pushed.update(told.pushed)
        if not told.number:
            return
        request = self.requests.setdefault(told.number, Request())
        if told.core is not None:
            request.tell_core(told.core, whole=told.whole)
            request.heads.add(told.core.head)
        if told.whole and self.rules.readings_replace_opinions:
            request.opinions = {}
        for one in told.opinions:
            last_said = request.opinions.get(one.number)
            if last_said is None or last_said.says != "dismissed":
                request.opinions[one.number] = one
        request.wrote |= told.wrote
        request.heads |= told.heads

    def head(self, number: int) -> str | None:
        """The head, when there is no doubt about it."""
        heads = {core.head for core in self.requests[number].cores} if number in self.requests else set()
        return heads.pop() if len(heads) == 1 else None

    def unmet(self, number: int) -> frozenset[str]:
        """Requirements that what is known contradicts, whichever of several tellings is true."""
        request = self.requests[number]
        return frozenset.intersection(*(frozenset(self._unmet(request, core)) for core in request.cores))

    def _unmet(self, request: Request, core: Core) -> Iterable[str]:
        if core.draft:
            yield "request.open"
        if any(not self._green(core.head, name, source) for name, source in self.rules.checks):
            yield "checks.green"
        if not self._green(core.head, self.rules.security, ""):
            yield "security.tests"
        last = self._last(request)
        if any(one.says == "objected" for one in last):
            yield "no.objection"
        approved = {one.by for one in last if one.says == "approved" and self._counts(one, core.head)}
        if not approved:
            yield "approvals.count"
        if not approved - request.wrote - {self.pushed[head] for head in request.heads if head in self.pushed}:
            yield "four.eyes"

    def _green(self, head: str, name: str, source: str) -> bool:
        found = [run for key, run in self.runs.items() if key[:2] == (head, name) and source in ("", key[2])]
        return bool(found) and all(run.state == SUCCESS for run in found)

    @staticmethod
    def _last(request: Request) -> list[Opinion]:
        ordered = sorted(request.opinions.values(), key=lambda one: (one.at, one.number))
        return list({one.by: one for one in ordered if one.says != "commented"}.values())

    def _counts(self, opinion: Opinion, head: str) -> bool:
        return opinion.commit is not None and (opinion.commit == head or self.same_changes(opinion.commit, head))
