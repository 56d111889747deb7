"""Deployments that a forge holds until we answer: asked, reported on while something waits, approved or rejected once.

Each is kept as a link until its final answer. The answer goes out from a job, again when the verdict changes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Final, Protocol

import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.forge.deploy_gate import Answer, DeployGate, Lacks, NoQuestion, Place
from bot.forge.gate_desk import lines_of
from bot.forge.troubles import answers
from bot.jobs.port import Closing, GiveUp, Job, JobTools
from config.i18n import Translator
from config.policy.ids import Mode
from workflows.change.codes import VerdictStatus
from workflows.change.seen import Forge
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

ANSWER: Final = "forge.answer"
"""Job: answer one held deployment."""
REPORTS: Final = 9
"""Reports while it waits: GitHub takes ten."""
LONGEST_COMMENT: Final = 1000
PATIENCE: Final = timedelta(minutes=10)
"""How long a commit may be covered by no change before it is rejected: news of its merge may be on the way."""
_AGAIN: Final = timedelta(minutes=15)
_SOON: Final = timedelta(minutes=1)
_OVER: Final = timedelta(days=31)
"""GitHub itself ends what waits after 30 days."""


class Held(BaseModel):
    """A deployment that waits for us. `number`: the run on GitHub, the deployment on GitLab."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    forge: Forge
    repository_id: str
    repository: str
    environment: str
    sha: str
    number: int
    asked_at: AwareDatetime
    reports: int = 0
    told: str = ""
    """Digest of the last report."""

    @property
    def place(self) -> str:
        """The key of the repository's facts."""
        return f"{self.forge.value}:{self.repository_id}"

    @property
    def key(self) -> str:
        """Its key among those of the repository: one run can wait at several environments."""
        return f"{self.number}:{hashlib.sha256(self.environment.encode()).hexdigest()[:8]}"

    @property
    def scope(self) -> str:
        """The scope of the links of this repository's held deployments."""
        return f"held:{self.place}"


class Answerer(Protocol):
    """Answers a held deployment at its forge. `observing`: also where the gate only observes, by letting it through."""

    observing: ClassVar[bool]

    def answer(self, held: Held, *, approved: bool, comment: str) -> None:
        """The final word. Raises Retry; GiveUp when nothing waits there any more."""

    def report(self, held: Held, comment: str) -> bool:
        """Say what it waits for. False: this forge takes no such report."""


@dataclass(frozen=True, slots=True)
class HeldDeployments:
    """The handlers of `forge.held` (ask anew for all of a repository) and `forge.answer` (answer one of them)."""

    service: Service
    texts: Translator
    answerers: Mapping[Forge, Answerer]

    def mark(self, job: Job, uow: UnitOfWork) -> None:
        """Every held deployment of a repository is to be answered anew."""
        scope = f"held:{job.text('forge')}:{job.text('repository')}"
        for stored in uow.links.of(scope).values():
            uow.jobs.enqueue(answer_job(Held.model_validate_json(stored), f"j{job.id}"))

    def answer(self, job: Job, tools: JobTools) -> Closing | None:
        """Judge it as the facts now are, and answer."""
        scope, key = job.text("scope"), job.text("key")
        with self.service.store.reading() as reads:
            stored = reads.links.get(scope, key)
        held = Held.model_validate_json(stored) if stored else None
        answerer = self.answerers.get(held.forge) if held else None
        if held is None or answerer is None:
            return None
        if tools.now - held.asked_at > _OVER:
            return lambda uow: uow.links.remove(scope, key)
        gate = DeployGate(self.service)
        place = Place(held.repository, held.environment, held.sha, held.forge)
        found = self.service.retrying(lambda uow: _ask(gate, uow, place))
        if isinstance(found, Answer) and found.mode is Mode.OBSERVE and not answerer.observing:
            return lambda uow: uow.links.remove(scope, key)
        decided = decision(found, waited=tools.now - held.asked_at)
        comment = self._comment(found)
        if decided is None:
            return self._waits(held, answerer, comment, found, tools.now)
        self._final(held, answerer, comment, approved=decided)
        return partial(_forget, held, stored)

    def _final(self, held: Held, answerer: Answerer, comment: str, *, approved: bool) -> None:
        try:
            with answers():
                answerer.answer(held, approved=approved, comment=comment)
        except GiveUp as error:
            # Somebody else decided, the run ended, or our word of an earlier try has arrived.
            log.info("held_deployment_gone", forge=held.forge, environment=held.environment, reason=error.reason)
        else:
            log.info("held_deployment_answered", forge=held.forge, environment=held.environment, approved=approved)

    def _waits(
        self, held: Held, answerer: Answerer, comment: str, found: Answer | NoQuestion, now: datetime
    ) -> Closing:
        digest = hashlib.sha256(comment.encode()).hexdigest()[:16]
        known = held
        if digest != held.told and held.reports < REPORTS:
            try:
                with answers():
                    reported = answerer.report(held, comment)
            except GiveUp:
                return lambda uow: uow.links.remove(held.scope, held.key)
            known = held.model_copy(update={"reports": held.reports + reported, "told": digest})
        young = isinstance(found, Answer) and bool(found.uncovered)
        step = _SOON if young else _AGAIN
        again = now + step
        # One look per step, however many causes there were to look in between.
        slot = f"every{step.seconds}:{int(again.timestamp()) // step.seconds}"

        def close(uow: UnitOfWork) -> None:
            if uow.links.get(held.scope, held.key) is not None:
                uow.links.put(held.scope, held.key, known.model_dump_json())
                uow.jobs.enqueue(answer_job(held, slot, again))

        return close

    def _comment(self, found: Answer | NoQuestion) -> str:
        if isinstance(found, Answer):
            text = "\n".join(lines_of(self.texts, self.service, found))
            return (text or self.texts.gettext("Every requirement is met."))[:LONGEST_COMMENT]
        if found.lacks is Lacks.ENVIRONMENT:
            return self.texts.gettext("The policy names no such environment, so it cannot be judged: {known}").format(
                known=found.expected
            )[:LONGEST_COMMENT]
        return self.texts.gettext("The policy covers no such repository, so it cannot be judged.")


def decision(found: Answer | NoQuestion, *, waited: timedelta) -> bool | None:
    """Approved, rejected, or None: it still waits. What cannot be judged stays held."""
    if isinstance(found, NoQuestion):
        return None
    if found.passed:
        return True
    if found.uncovered:
        return False if waited > PATIENCE else None
    return False if found.status is VerdictStatus.BLOCKED else None


def _forget(held: Held, stored: str | None, uow: UnitOfWork) -> None:
    """It was answered. A run that was started anew in the meantime stays, and is answered too."""
    if uow.links.get(held.scope, held.key) == stored:
        uow.links.remove(held.scope, held.key)


def hold(uow: UnitOfWork, held: Held) -> None:
    """Keep a deployment that waits for us, and answer it."""
    uow.links.put(held.scope, held.key, held.model_dump_json())
    uow.jobs.enqueue(answer_job(held, f"asked{held.asked_at.isoformat()}"))


def answer_job(held: Held, cause: str, run_at: datetime | None = None) -> JobDraft:
    """The job that answers one held deployment. Ids only."""
    payload: dict[str, str | int] = {"scope": held.scope, "key": held.key}
    order = "" if run_at else f"answer:{held.place}:{held.key}"
    return JobDraft(ANSWER, order, f"answer:{held.place}:{held.key}:{cause}", payload, run_at=run_at)


def _ask(gate: DeployGate, uow: UnitOfWork, place: Place) -> Answer | NoQuestion:
    question = gate.question(uow, place)
    return question if isinstance(question, NoQuestion) else gate.ask(uow, question)
