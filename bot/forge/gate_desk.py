"""Answers for pipelines: the gate's word on a deployment as data and as text, and what they report afterwards."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from pydantic import ValidationError

from bot.chat.texts import change, requests
from bot.credentials import PipelineToken, seal_by
from bot.forge.bypasses import record_bypass
from bot.forge.deploy_gate import PIPELINE, Answer, DeployGate, Judged, Lacks, NoQuestion, Place, Question
from bot.forge.deploy_record import record
from bot.notices import Notice
from bot.web.gate_api import Asked, Deployed, Offline, Told
from config.i18n import Translator
from config.policy.ids import Mode
from workflows.actors import Source
from workflows.change.codes import Finding
from workflows.change.commands import RecordOffline
from workflows.change.emergency_commands import RecordBypass
from workflows.factbook import BYPASS, bypass_key
from workflows.outcome import Accepted, Refused
from workflows.service import Service
from workflows.store.links import LinkReads
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

NOTICED: Final = "offline_notice"
"""Link scope: id of a notice that was recorded → its seal."""
_PROBLEMS: Final[Mapping[Lacks, tuple[int, str]]] = {
    Lacks.REPOSITORY: (404, "nothing is known of this repository"),
    Lacks.FORGE: (422, "both forges have a repository of this name"),
    Lacks.POLICY: (404, "the policy covers no such repository"),
    Lacks.ENVIRONMENT: (422, "the policy names no such environment"),
}


@dataclass(frozen=True, slots=True)
class GateDesk:
    """Answers over the stored facts."""

    service: Service
    translator: Callable[[str], Translator]
    in_force: Callable[[LinkReads], bool]
    """Whether our policy is the one in force: by another nothing is judged."""
    gate: DeployGate = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "gate", DeployGate(self.service))

    def check(self, asked: Asked, token: PipelineToken) -> Told:
        """The verdict: passed or held, with the whole tree and one line per requirement that holds."""
        found = self.service.retrying(lambda uow: self._check(uow, asked))
        if isinstance(found, Told):
            return found
        log.info("gate_checked", token=token.name, environment=found.question.environment, passed=found.passed)
        return Told(200, self._shown(found, asked.language or self.service.policy.language))

    def record(self, deployed: Deployed, token: PipelineToken) -> Told:
        """Record the deployment for every change that the commit brings there."""
        log.info("gate_record", token=token.name)
        return self.service.retrying(lambda uow: self._record(uow, deployed))

    def offline(self, told: Offline, token: PipelineToken) -> Told:
        """Take notices in, each once. One that cannot be read or was not sealed by this token is refused."""
        results: list[dict[str, Any]] = []
        for given in told.notices:
            try:
                notice = Notice.model_validate(given)
            except ValidationError:
                return Told(422, {}, "a notice cannot be read", "a notice as `gate check` writes it")
            if not hmac.compare_digest(seal_by(token.digest, notice.message()), notice.seal):
                return Told(422, {}, "a notice was sealed by another token", "the token of the pipeline that wrote it")
            if not token.reaches(notice.repository):
                return Told(403, {}, "the token is for other repositories", "a token for this repository")
            results.append(self._take(notice))
        return Told(200, {"notices": results})

    # one transaction each -------------------------------------------------------------------------------------

    def _check(self, uow: UnitOfWork, asked: Asked) -> Answer | Told:
        question = self._question(uow, asked)
        return question if isinstance(question, Told) else self.gate.ask(uow, question, PIPELINE)

    def _record(self, uow: UnitOfWork, deployed: Deployed) -> Told:
        question = self._question(uow, deployed)
        if isinstance(question, Told):
            return question
        outcomes = record(self.gate, uow, question, PIPELINE, succeeded=deployed.succeeded)
        recorded = [case for case, outcome in outcomes if isinstance(outcome, Accepted)]
        if not recorded:
            return Told(422, {}, "no change covers this commit", "the merge commit of a request that has a change")
        changes = sorted(set(recorded))
        return Told(200, {"changes": changes, "environment": question.environment, "sha": question.commit})

    def _take(self, notice: Notice) -> dict[str, Any]:
        told = self.service.retrying(lambda uow: self._take_in(uow, notice))
        log.warning("deployed_offline", notice=str(notice.id), outcome=told)
        return {"id": str(notice.id), "outcome": told}

    def _take_in(self, uow: UnitOfWork, notice: Notice) -> str:
        """`recorded`, `known`, or why it is not recorded: the pipeline then keeps it."""
        taken = uow.links.get(NOTICED, str(notice.id))
        if taken is not None:
            return "known" if taken == notice.seal else "another notice has this id"
        asked = Asked(
            repository=notice.repository, environment=notice.environment, sha=notice.sha, forge=notice.forge
        )  # fmt: skip
        question = self._question(uow, asked)
        if isinstance(question, Told):
            return question.title
        changes, at = 0, min(notice.at.astimezone(UTC), self.service.moment.now())
        for case, request in self.gate.brought(uow, question):
            command = RecordOffline(
                case=case.number, request=request.ref, environment=question.environment, commit=question.commit,
                notice=notice.id, at=at, reason=notice.reason,
            )  # fmt: skip
            changes += not isinstance(self.service.handle_in(uow, command, PIPELINE), Refused)
        if not changes and not self._stray(uow, question, at):
            return "no change covers this commit"
        uow.links.put(NOTICED, str(notice.id), notice.seal)
        return "recorded"

    def _stray(self, uow: UnitOfWork, question: Question, at: datetime) -> bool:
        """A commit that no change covers was let through: found under a change of its own, where the gate holds."""
        if self.gate.mode(uow, question) is not Mode.ENFORCE:
            return True
        command = RecordBypass(
            found=Finding.DEPLOYED_OFFLINE, forge=question.forge, repository_id=question.repository_id,
            repository=question.repository, commit=question.commit, environment=question.environment,
            pushed_at=at,
        )  # fmt: skip
        mark = bypass_key(f"{question.place}:{question.commit}", command.found, command.environment)
        known = uow.links.get(BYPASS, mark) is not None
        return known or record_bypass(uow, self.service, command, Source.API) is not None

    def _question(self, uow: UnitOfWork, asked: Asked) -> Question | Told:
        if not self.in_force(uow.links):
            return Told(503, {}, "another policy is in force", "the same request later, or at another process")
        place = Place(asked.repository, asked.environment, asked.sha, asked.forge)
        found = self.gate.question(uow, place)
        if not isinstance(found, NoQuestion):
            return found
        status, title = _PROBLEMS[found.lacks]
        return Told(status, {}, title, found.expected)

    # showing --------------------------------------------------------------------------------------------------

    def _shown(self, answer: Answer, language: str) -> dict[str, Any]:
        t = self.translator(language)
        return {
            "passed": answer.passed,
            "status": answer.status.value,
            "mode": answer.mode.value,
            "repository": answer.question.repository,
            "environment": answer.question.environment,
            "sha": answer.question.commit,
            "back": answer.back,
            "uncovered": list(answer.uncovered),
            "changes": [self._change(one) for one in answer.judged],
            "lines": list(lines_of(t, self.service, answer)),
        }

    def _change(self, one: Judged) -> dict[str, Any]:
        left_out = {"facts": True, "people": True}
        return {
            "change": one.case.number,
            "request": requests.name(one.request),
            "status": one.verdict.status.value,
            "requirements": [
                result.model_dump(mode="json", exclude=left_out) | {"held": result.held}
                for result in one.verdict.results
            ],
        }


def lines_of(t: Translator, service: Service, answer: Answer) -> tuple[str, ...]:
    """The answer as people read it: what holds, and who can help."""
    lines: list[str] = []
    if answer.back:
        lines.append(
            t.gettext("{environment} has this commit or a later one: a rollback or the same once more passes.").format(
                environment=answer.question.environment
            )
        )
    nobody = t.gettext("✗ No change covers the commit {commit}.")
    lines += [nobody.format(commit=sha[:12]) for sha in answer.uncovered]
    policy = service.policy_today()
    for one in answer.judged:
        lines.append(f"{one.case.number} · {change.verdict_head(t, one.request, one.verdict)}")
        lines += [f"  {line}" for line in change.verdict_lines(t, policy, one.case, one.verdict)]
    if answer.held_if_enforced:
        lines.append(change.observed(t))
    return tuple(lines)
