"""May this commit be deployed there? The same answer for pipelines, the forges' own protection rules, and people.

A commit carries every merged request that it contains and the environment lacks. Each belongs to a change, and each
change's deploy gate is judged; a commit that no change covers is held.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NoReturn

from bot.forge.marks import names
from bot.startup import MACHINE
from config.policy.ids import Mode
from config.policy.models import RepositoryPolicy
from workflows.actors import Actor, Source
from workflows.change.codes import DeploymentOutcome, VerdictStatus
from workflows.change.commands import CheckDeploy
from workflows.change.facts import CommitFacts, RepositoryFacts, RequestFacts
from workflows.change.presence import standing
from workflows.change.result import Verdict
from workflows.change.rules.asking import verdict_on
from workflows.change.rules.draft import Draft
from workflows.change.seen import Forge, RequestKey
from workflows.change.snapshot import read_snapshot
from workflows.change.state import ChangeCase, LinkedRequest
from workflows.change.verdict import worst
from workflows.context import Context
from workflows.decisions import Cast
from workflows.leavers import today
from workflows.lineage import Lineage, Merge, merge_of
from workflows.pointers import REQUEST_CHANGE
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.unit_of_work import UnitOfWork

PIPELINE: Final = Actor(None, frozenset(), Source.API)
"""Who asks with a token of a pipeline."""
_THERE: Final = frozenset({DeploymentOutcome.SUCCEEDED})


@dataclass(frozen=True, slots=True)
class Question:
    """A commit on its way. `environment` is the policy's name for it, `rules` the policy's entry."""

    forge: Forge
    repository_id: str
    repository: str
    environment: str
    commit: str
    rules: RepositoryPolicy

    @property
    def place(self) -> str:
        """The key of the repository's facts."""
        return f"{self.forge.value}:{self.repository_id}"


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody asks about, in their words. `forge` is only needed where two of them know such a repository."""

    repository: str
    environment: str
    commit: str
    forge: Forge | None = None


class Lacks(StrEnum):
    """Why there is nothing to judge."""

    REPOSITORY = "repository"
    FORGE = "forge"
    POLICY = "policy"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class NoQuestion:
    """It cannot be judged, and what was expected instead."""

    lacks: Lacks
    expected: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One change that the commit carries, and the verdict on it."""

    case: ChangeCase
    request: LinkedRequest
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate says. `uncovered`: commits that no change covers. `back`: the commit, or a later one, is there."""

    question: Question
    mode: Mode
    judged: tuple[Judged, ...] = ()
    uncovered: tuple[str, ...] = ()
    back: bool = False

    @property
    def status(self) -> VerdictStatus:
        """The worst of everything; what nobody covers is wrong."""
        if self.uncovered:
            return VerdictStatus.BLOCKED
        holding = [one.verdict.status for one in self.judged if not one.verdict.lets_through]
        return worst(holding or [one.verdict.status for one in self.judged]) or VerdictStatus.PASSED

    @property
    def passed(self) -> bool:
        """Whether the deployment may go on: what only observes holds nothing."""
        if self.uncovered and self.mode is Mode.ENFORCE:
            return False
        return all(one.verdict.lets_through for one in self.judged)

    @property
    def held_if_enforced(self) -> bool:
        """Whether an enforcing gate would hold what this one lets through."""
        return self.passed and (bool(self.uncovered) or not all(one.verdict.opens for one in self.judged))


@dataclass(frozen=True, slots=True)
class DeployGate:
    """Asks the gate over stored facts."""

    service: Service

    def question(self, uow: UnitOfWork, place: Place) -> Question | NoQuestion:
        """The question in our terms."""
        forges = (place.forge,) if place.forge else tuple(Forge)
        ids = ((forge, uow.links.get(names(forge), place.repository)) for forge in forges)
        known = [(forge, number) for forge, number in ids if number is not None]
        if not known:
            return NoQuestion(Lacks.REPOSITORY, "one of which news have arrived")
        if len(known) > 1:
            return NoQuestion(Lacks.FORGE, f"forge: {' or '.join(forge.value for forge, _ in known)}")
        rules = self.service.policy.change.repository(place.repository)
        if rules is None:
            return NoQuestion(Lacks.POLICY, "a repository of the policy")
        environment = rules.environment(place.environment)
        if environment is None:
            return NoQuestion(Lacks.ENVIRONMENT, f"one of: {', '.join(rules.environments)}")
        return Question(*known[0], place.repository, environment, place.commit, rules)

    def brought(self, uow: UnitOfWork, question: Question) -> tuple[tuple[ChangeCase, LinkedRequest], ...]:
        """The changes that the commit brings there, its own in any case; by ascending id."""
        own = Lineage(uow.links, uow.facts, question.place).merge(question.commit)
        if own is None:
            return ()
        numbers = dict.fromkeys(merge.number for merge in (own, *self.carried(uow, question, own)))
        found = (self.change_of(uow, question, number) for number in numbers)
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one[0].id))

    def left(self, uow: UnitOfWork, question: Question) -> tuple[tuple[ChangeCase, LinkedRequest], ...]:
        """The changes that are there, and that the commit does not contain; by ascending id."""
        lineage = Lineage(uow.links, uow.facts, question.place)
        own = lineage.merge(question.commit)
        later = lineage.after(own, self.service.moment.now()) if own is not None else []
        there = (merge for merge in later if self._is_there(uow, question, merge))
        found = (self.change_of(uow, question, merge.number) for merge in there)
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one[0].id))

    def ask(self, uow: UnitOfWork, question: Question, actor: Actor = MACHINE) -> Answer:
        """Judge the commit, and record what is new where the gate holds."""
        lineage = Lineage(uow.links, uow.facts, question.place)
        mode = self.mode(uow, question)
        own = lineage.merge(question.commit)
        if own is None:
            return self._unmerged(uow, question, mode, actor)
        if self._is_there(uow, question, own):
            # A later commit that contains it is there: this one goes back, or is the same once more (A.8.32).
            return Answer(question, mode, back=True)
        carried = {merge.number: merge.commit for merge in (own, *self.carried(uow, question, own))}
        return self._judged(uow, question, mode, carried, actor)

    def carried(self, uow: UnitOfWork, question: Question, own: Merge) -> Iterator[Merge]:
        """Other merges that the commit contains and the environment lacks."""
        lineage = Lineage(uow.links, uow.facts, question.place)
        yield from lineage.along(own)
        within = (lineage.merge(sha) for sha in sorted(lineage.within(own)))
        for merge in (*lineage.before(own), *(one for one in within if one is not None)):
            if not self._is_there(uow, question, merge):
                yield merge

    def change_of(self, uow: UnitOfWork, question: Question, number: int) -> tuple[ChangeCase, LinkedRequest] | None:
        """The change that a request of the repository belongs to."""
        ref = RequestKey(question.forge, question.repository_id, number)
        home = uow.links.get(REQUEST_CHANGE, str(ref))
        row = uow.load_case(home) if home else None
        case = read_case(row) if row else None
        request = case.request(ref) if isinstance(case, ChangeCase) else None
        return (case, request) if isinstance(case, ChangeCase) and request else None

    def _judged(
        self, uow: UnitOfWork, question: Question, mode: Mode, commits: Mapping[int, str], actor: Actor
    ) -> Answer:
        homes = (self.change_of(uow, question, number) for number in commits)
        known = [found for found in homes if found is not None]
        # Cases by ascending id, as everywhere: two that ask at once never wait for each other.
        found = [self._judge(uow, question, *one, actor) for one in sorted(known, key=lambda one: one[0].id)]
        judged = tuple(one for one in found if one is not None)
        seen = {one.request.ref.number for one in judged}
        return Answer(
            question, mode, judged, tuple(dict.fromkeys(sha for number, sha in commits.items() if number not in seen))
        )

    def _judge(
        self, uow: UnitOfWork, question: Question, case: ChangeCase, request: LinkedRequest, actor: Actor
    ) -> Judged | None:
        command = CheckDeploy(
            case=case.number, request=request.ref, environment=question.environment, commit=question.commit
        )
        self.service.handle_in(uow, command, actor)
        now = self.service.moment.now()
        policy = today(self.service.policy, uow.links, now)
        context = Context(now, policy, _never, _never, {}, read_snapshot(case, command, uow.facts))
        draft = Draft(case, actor, Cast(), context)
        verdict = verdict_on(draft, request.ref, question.environment, question.commit)
        return Judged(case, request, verdict) if verdict is not None else None

    def _unmerged(self, uow: UnitOfWork, question: Question, mode: Mode, actor: Actor) -> Answer:
        """The head of a request waits for its merge; anything else is covered by no change.

        So is the head of one that is merged already: nothing says what else it contains, or lacks.
        """
        told = [row for row in uow.facts.by_head(question.place, question.commit) if row.scope == "request"]
        requests = [RequestFacts.model_validate_json(row.doc) for row in told]
        numbers = {one.number: question.commit for one in requests if merge_of(one) is None}
        if not numbers:
            return Answer(question, mode, uncovered=(question.commit,))
        found = self._judged(uow, question, mode, numbers, actor)
        return replace(found, uncovered=() if found.judged else (question.commit,))

    def _is_there(self, uow: UnitOfWork, question: Question, merge: Merge) -> bool:
        row = uow.facts.get("commit", f"{question.place}:{merge.commit}")
        told = standing(
            CommitFacts.model_validate_json(row.doc) if row else None, question.rules, question.environment
        )  # fmt: skip
        if told is not None:
            return told.outcome in _THERE
        found = self.change_of(uow, question, merge.number)
        stage = found[1].stage(question.environment) if found else None
        return stage is not None and stage.by_hand and stage.outcome in _THERE

    def mode(self, uow: UnitOfWork, question: Question) -> Mode:
        """Whether the gate holds there."""
        row = uow.facts.get("repository", question.place)
        decided = RepositoryFacts.model_validate_json(row.doc).mode if row else None
        return decided.mode if decided else question.rules.mode


def _never() -> NoReturn:
    raise AssertionError("a verdict makes no ids and no salts")
