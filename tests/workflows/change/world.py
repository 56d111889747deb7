"""A small world for the rules: people, a policy, a clock, stored facts, and a change that commands act on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from config.policy.ids import Mode, Risk, Role, SecurityTool
from config.policy.loader import default_policy
from config.policy.models import ChangePolicy, CheckRule, Policy, PolicyPerson, RepositoryPolicy, RiskRule, SecurityTest
from workflows.actors import Actor, Person, PersonId, Pseudonym, Source
from workflows.change.codes import ChangeState, LinkSource, RiskFactor, VerdictStatus
from workflows.change.commands import Evaluate, LinkRequest, Plan
from workflows.change.facts import Document, document_type, merge
from workflows.change.seen import (
    CheckRun,
    CheckSeen,
    CheckStatus,
    Commit,
    CommitRead,
    Forge,
    Identity,
    RequestCore,
    RequestKey,
    RequestRead,
    RequestState,
    Review,
    ReviewSeen,
    ReviewState,
    Update,
)
from workflows.change.state import ChangeCase
from workflows.change.workflow import WORKFLOW
from workflows.commands import Command
from workflows.context import Context
from workflows.decisions import Approved, Cast, Declined
from workflows.events import Event, IdentityData, Recorded

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REPOSITORY = "7001"
NAME = "beispiel/shop"
REF = RequestKey(Forge.GITHUB, REPOSITORY, 4)
HEAD, NEXT_HEAD, MERGE = "a" * 40, "b" * 40, "c" * 40
NUMBER = "CHG-2026-0001"

MAX = Identity(id="11", login="max", email="max@beispiel.example")
LENA = Identity(id="12", login="lena", email="lena@beispiel.example")
TOM = Identity(id="13", login="tom", email="tom@beispiel.example")
EVA = Identity(id="14", login="eva", email="eva@beispiel.example")


def _person(name: str, number: int, *roles: Role) -> PolicyPerson:
    return PolicyPerson(
        id=name,
        name=name.capitalize(),
        roles=frozenset(roles),
        github_login=name,
        github_id=number,
        emails=(f"{name}@beispiel.example", f"{name}@privat.example"),
    )


PEOPLE = (
    _person("max", 11),
    _person("lena", 12, Role.ISB, Role.RISK_OWNER, Role.RELEASE_MANAGER, Role.SERVICE_OWNER),
    _person("tom", 13, Role.RISK_OWNER, Role.RELEASE_MANAGER),
    _person("eva", 14),
)


@cache
def _defaults() -> Policy:
    return default_policy()


def policy(**repository: Any) -> Policy:
    """One repository with everything configured, in enforce mode; `repository` alters its entry."""
    entry: dict[str, Any] = {
        "match": "beispiel/*",
        "mode": Mode.ENFORCE,
        "checks": (CheckRule(name="build", source="github-actions"),),
        "security_tests": (SecurityTest(tool=SecurityTool.SAST, check="codeql"),),
        "environments": ("dev", "prod"),
        "approve_environments": ("prod",),
    }
    change = ChangePolicy(
        repositories=(RepositoryPolicy(**{**entry, **repository}),),
        risk_rules=(RiskRule(paths=("auth/**",), risk=Risk.HIGH),),
        max_reading_age_seconds=600,
    )
    return _defaults().model_copy(update={"people": PEOPLE, "change": change})


def core(**parts: Any) -> RequestCore:
    """The request, open and ready."""
    given: dict[str, Any] = {
        "title": "Neue Kasse",
        "body": f"Change: {NUMBER}",
        "head": HEAD,
        "base": "main",
        "head_ref": "kasse",
        "state": RequestState.OPEN,
        "author": MAX,
        "updated_at": NOON,
    }
    return RequestCore(**{**given, **parts})


def reading(*, commits: Iterable[Commit] | None = None, at: datetime = NOON, **parts: Any) -> RequestRead:
    """A complete reading of the request."""
    extra = {name: parts.pop(name) for name in ("reviews", "paths", "versions", "truncated") if name in parts}
    listed = tuple(commits) if commits is not None else (commit(),)
    return RequestRead(
        forge=REF.forge, repository_id=REPOSITORY, number=REF.number, repository=NAME,
        core=core(**parts), commits=listed, read_at=at, **{"paths": ("src/kasse.py",), **extra},
    )  # fmt: skip


def commit(sha: str = HEAD, **parts: Any) -> Commit:
    """A commit by Max."""
    return Commit(**{"sha": sha, "authors": (MAX,), "committer": MAX, **parts})


def review(
    who: Identity = LENA, state: ReviewState = ReviewState.APPROVED, *, id: str = "1", sha: str = HEAD,  # noqa: A002
    at: datetime = NOON,
) -> ReviewSeen:  # fmt: skip
    """A review of the head."""
    told = Review(id=id, reviewer=who, state=state, commit=sha, submitted_at=at)
    return ReviewSeen(forge=REF.forge, repository_id=REPOSITORY, number=REF.number, review=told)


def check(
    name: str, conclusion: str | None = "success", *, source: str = "github-actions", id: str = "1",  # noqa: A002
    sha: str = HEAD, at: datetime = NOON,
) -> CheckSeen:  # fmt: skip
    """A check of the head; `conclusion` None: it is running."""
    status, ended = (CheckStatus.COMPLETED, at) if conclusion else (CheckStatus.IN_PROGRESS, None)
    run = CheckRun(
        name=name, source=source, id=id, conclusion=conclusion, status=status, completed_at=ended,
        started_at=at - timedelta(minutes=2),
    )  # fmt: skip
    return CheckSeen(forge=REF.forge, repository_id=REPOSITORY, sha=sha, check=run)


def checks_read(sha: str = HEAD) -> CommitRead:
    """All checks of the head were read; there were none."""
    return CommitRead(forge=REF.forge, repository_id=REPOSITORY, sha=sha, read_at=NOON)


GREEN: tuple[Update, ...] = (reading(), review(), check("build"), check("codeql"), checks_read())
"""Everything the forge has to tell for a passed verdict."""

PLAN = Plan(
    title="Neue Kasse", description="Zahlung auf Rechnung", affected=("shop",), security="none: keine neuen Daten",
    rollback="Schalter aus", factors=(),
)  # fmt: skip


@dataclass
class World:
    """The service in small: the same calls in the same order, without a store."""

    policy: Policy = field(default_factory=policy)
    now: datetime = NOON
    case: ChangeCase = field(default_factory=lambda: WORKFLOW.blank(UUID(int=1), NUMBER, NOON))
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    log: list[Recorded] = field(default_factory=list)
    related: Mapping[str, ChangeCase] = field(default_factory=dict)
    ids: int = 100

    def tell(self, *updates: Update) -> "World":
        """The forge tells."""
        for update in updates:
            place = (update.scope, update.key)
            self.documents[place] = merge(self.documents.get(place), update)
        return self

    def do(self, command: Command, who: str | None = None) -> tuple[str, ...]:
        """Give a command; the codes of the refusal, empty when it held. `who` None: the machine."""
        actor = self.actor(who)
        cast, introduced = self._cast(command, actor)
        facts = WORKFLOW.read_facts(self.case, command, self)
        context = Context(self.now, self.policy, self._new_id, lambda: b"", self.related, facts)
        decision = WORKFLOW.decide(self.case, command, actor, cast, context)
        if isinstance(decision, Declined):
            return tuple(f"{reason.code}:{reason.subject}" for reason in decision.reasons)
        self._record(decision, actor, cast, introduced)
        return ()

    def get(self, scope: str, key: str) -> Any:
        """The port of the facts; documents go through JSON as in the store."""
        found = self.documents.get((scope, key))
        return None if found is None else _Row(found.model_dump_json().encode())

    def some(self, scope: str, keys: Iterable[str]) -> dict[str, Any]:
        """Those of these documents that exist."""
        found = ((key, self.get(scope, key)) for key in keys)
        return {key: row for key, row in found if row is not None}

    def actor(self, who: str | None) -> Actor:
        """A person of the policy, or the machine."""
        if who is None:
            return Actor(None, frozenset(), Source.GITHUB)
        known = self.policy.person_by(id=who)
        roles = known.roles if known else frozenset()
        return Actor(person(who), roles, Source.SLACK)

    def planned(self, who: str = "max", *, link: LinkSource = LinkSource.COMMAND, **parts: Any) -> "World":
        """A described change with the request linked."""
        answers = {name: getattr(PLAN, name) for name in ("title", "description", "affected", "security", "rollback")}
        assert self.do(Plan(**{**answers, "factors": (), **parts}), who) == ()
        command = LinkRequest(case=NUMBER, request=REF, repository=NAME, link=link, author=person("max"))
        assert self.do(command, who if link is LinkSource.COMMAND else None) == ()
        return self

    def evaluated(self, *updates: Update) -> "World":
        """The forge tells, and the machine judges."""
        self.tell(*updates)
        assert self.do(Evaluate(case=NUMBER, request=REF)) == ()
        return self

    def later(self, **by: float) -> "World":
        """Time goes on."""
        self.now += timedelta(**by)
        return self

    def stands(self) -> ChangeState:
        """The state of the change."""
        return self.case.stands

    def status(self) -> VerdictStatus:
        """Status of the last recorded merge verdict."""
        found: VerdictStatus = self.verdict.status
        return found

    @property
    def verdict(self) -> Any:
        """The last recorded merge verdict."""
        request = self.case.request(REF)
        assert request is not None
        return request.verdict

    def events(self, kind: type[Event]) -> list[Any]:
        """What was recorded of one kind."""
        return [item.event for item in self.log if isinstance(item.event, kind)]

    def _record(
        self, decision: Approved, actor: Actor, cast: Cast, introduced: Mapping[Pseudonym, IdentityData]
    ) -> None:
        by = cast.of(actor.person) if actor.person else None
        for number, happening in enumerate(decision.happenings):
            recorded = Recorded(
                happening.event, len(self.log) + 1, self.now, actor.source, by, None, happening.occurred_at,
                introduced if number == 0 else {},
            )  # fmt: skip
            self.case = WORKFLOW.apply(self.case, recorded)
            self.log.append(recorded)

    def _cast(self, command: Command, actor: Actor) -> tuple[Cast, Mapping[Pseudonym, IdentityData]]:
        known: dict[str, Pseudonym] = {}
        new: dict[Pseudonym, IdentityData] = {}
        for one in (*((actor.person,) if actor.person else ()), *command.persons()):
            pseudonym = self.case.pseudonym_of(one.id) or known.get(one.id)
            if pseudonym is None:
                pseudonym = Pseudonym(f"p{len(self.case.people) + len(new) + 1}")
                new[pseudonym] = IdentityData(id=one.id, name=one.name)
            known[one.id] = pseudonym
        return Cast(known), new

    def _new_id(self) -> UUID:
        self.ids += 1
        return UUID(int=self.ids)


@dataclass(frozen=True)
class _Row:
    doc: bytes
    version: int = 1


def person(who: str) -> Person:
    """A person as commands name them."""
    return Person(PersonId(who), who.capitalize())


def through_store(document: Document, scope: str) -> Document:
    """A document written and read back."""
    return document_type(scope).model_validate_json(document.model_dump_json())


def green(world: World | None = None) -> World:
    """A change whose request may be merged."""
    return (world or World()).planned().evaluated(*GREEN)


HARD: tuple[RiskFactor, ...] = (RiskFactor.ACCESS_CONTROL,)
"""Answers that make a change one of high risk."""
