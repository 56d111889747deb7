"""What went past an enforced gate, from stored facts: pushes and deployments, once the forge had its time.

Once per commit, however often it is told. A finding goes to the change that knows the commit, else to a new one.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from bot.forge.marks import SOURCES, names
from bot.forge.persons import person_of
from bot.jobs.port import Job
from workflows.actors import Actor, Person, Source
from workflows.change.bypass import Known, judge_deployment, judge_push
from workflows.change.codes import Finding
from workflows.change.deployed import DeploymentFacts
from workflows.change.emergency_commands import ClearFinding, RecordBypass
from workflows.change.facts import CommitFacts, RepositoryFacts, RequestFacts
from workflows.change.presence import begun_at
from workflows.change.pushed import Push
from workflows.change.snapshot import rules_for
from workflows.factbook import BYPASS, LISTENING, bypass_key
from workflows.lineage import MERGED, Lineage
from workflows.outcome import Accepted
from workflows.pointers import REQUEST_CHANGE
from workflows.service import Service
from workflows.store.unit_of_work import UnitOfWork

STOOD: Final = "stood_on_branch"
"""Link scope: commit that a covered branch held before somebody pushed there."""
BYPASSED: Final = "bypassed_commit"
"""Link scope: commit → number of the change that holds what was found about it."""


def record_bypass(uow: UnitOfWork, service: Service, command: RecordBypass, source: Source) -> str | None:
    """Record it under the change that knows the commit, else under a new one; its number. None: it was told before."""
    commit = f"{command.forge.value}:{command.repository_id}:{command.commit}"
    mark = bypass_key(commit, command.found, command.environment)
    if uow.links.get(BYPASS, mark) is not None:
        return None
    meant = replace(command, case=_home(uow, command) or "")
    outcome = service.handle_in(uow, meant, Actor(None, frozenset(), source))
    if not isinstance(outcome, Accepted):
        return None
    uow.links.put(BYPASS, mark, outcome.case.number)
    uow.links.put(BYPASSED, commit, outcome.case.number)
    return outcome.case.number


def _home(uow: UnitOfWork, command: RecordBypass) -> str | None:
    """The number of the change that knows the commit: as a merge, by an earlier finding, or as a request's head."""
    place = f"{command.forge.value}:{command.repository_id}"
    commit = f"{place}:{command.commit}"
    merged = uow.links.get(MERGED, commit)
    if merged is not None:
        number = uow.links.get(REQUEST_CHANGE, f"{place}:{merged}")
        if number is not None:
            return number
    earlier = uow.links.get(BYPASSED, commit)
    if earlier is not None:
        return earlier
    heads = (row.key for row in uow.facts.by_head(place, command.commit) if row.scope == "request")
    return next((number for key in heads if (number := uow.links.get(REQUEST_CHANGE, key))), None)


@dataclass(frozen=True, slots=True)
class Bypasses:
    """The handler of `forge.push`: a commit that was pushed or deployed."""

    service: Service

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Judge every push and deployment of a commit; where it proves to be a merge, take back what was found."""
        commit = f"{job.text('forge')}:{job.text('repository')}:{job.text('sha')}"
        row = uow.facts.get("commit", commit)
        if row is None:
            return
        facts = CommitFacts.model_validate_json(row.doc)
        merged = self._merged(uow, facts)
        for push in facts.pushes:
            self._pushed(uow, facts, push, merged)
        if merged is not None:
            self._clear(uow, facts, merged)
        for told in facts.deployments if not self._covered(uow, facts) else ():
            self._deployed(uow, facts, told)

    def _pushed(self, uow: UnitOfWork, facts: CommitFacts, push: Push, merged: RequestFacts | None) -> None:
        place, since = _place(facts), uow.links.get(LISTENING, _place(facts))
        known = Known(
            repository=_repository(uow, facts),
            merged=merged,
            stood=uow.links.get(STOOD, f"{place}:{facts.sha}") is not None,
            fresh=any(one.fresh for one in facts.pushes if one == push or one.branch != push.branch),
            since=datetime.fromisoformat(since) if since else None,
        )
        found = judge_push(push, known, self.service.policy)
        if found is not None:
            command = _command(facts, found, push.repository, push.at, person_of(self.service.policy, push.pusher))
            self._record(uow, replace(command, branch=push.branch))
        self._remember(uow, place, push)

    def _deployed(self, uow: UnitOfWork, facts: CommitFacts, told: DeploymentFacts) -> None:
        name, policy = _name(uow, facts), self.service.policy
        asked = any(row.scope == "request" for row in uow.facts.by_head(_place(facts), facts.sha))
        found = judge_deployment(told, name, _repository(uow, facts), policy, asked=asked)
        if found is None:
            return
        creator = person_of(policy, told.creator) if told.creator else None
        command = _command(facts, found, name, begun_at(told), creator)
        self._record(uow, replace(command, environment=told.environment, deployment=told.id))

    def _record(self, uow: UnitOfWork, command: RecordBypass) -> None:
        record_bypass(uow, self.service, command, SOURCES[command.forge])

    def _merged(self, uow: UnitOfWork, facts: CommitFacts) -> RequestFacts | None:
        number = uow.links.get(MERGED, f"{_place(facts)}:{facts.sha}")
        row = uow.facts.get("request", f"{_place(facts)}:{number}") if number else None
        return RequestFacts.model_validate_json(row.doc) if row else None

    def _covered(self, uow: UnitOfWork, facts: CommitFacts) -> bool:
        """Whether a merge that the policy covers is in it: merges into other branches belong to no change."""
        position = Lineage(uow.links, uow.facts, _place(facts)).position(facts.sha)
        row = uow.facts.get("request", f"{_place(facts)}:{position.merge.number}") if position else None
        request = RequestFacts.model_validate_json(row.doc) if row else None
        return rules_for(request, self.service.policy) is not None

    def _clear(self, uow: UnitOfWork, facts: CommitFacts, merged: RequestFacts) -> None:
        number = uow.links.get(BYPASS, bypass_key(f"{_place(facts)}:{facts.sha}", Finding.DIRECT_PUSH))
        if number is not None:
            command = ClearFinding(case=number, commit=facts.sha, request=merged.ref, repository=merged.repository)
            self.service.handle_in(uow, command, Actor(None, frozenset(), SOURCES[facts.forge]))

    def _remember(self, uow: UnitOfWork, place: str, push: Push) -> None:
        """What a covered branch held before was judged when it came, or came before anybody listened."""
        covered = self.service.policy.change.repository(push.repository, push.branch) if push.branch else None
        if covered is not None and push.before is not None and not push.forced:
            uow.links.put(STOOD, f"{place}:{push.before}", "1")


def _place(facts: CommitFacts) -> str:
    return f"{facts.forge.value}:{facts.repository_id}"


def _command(
    facts: CommitFacts, found: Finding, repository: str, at: datetime | None, by: Person | None
) -> RecordBypass:
    return RecordBypass(
        found=found,
        forge=facts.forge,
        repository_id=facts.repository_id,
        repository=repository,
        commit=facts.sha,
        by=by,
        pushed_at=at.astimezone(UTC) if at else None,
    )


def _repository(uow: UnitOfWork, facts: CommitFacts) -> RepositoryFacts | None:
    row = uow.facts.get("repository", _place(facts))
    return RepositoryFacts.model_validate_json(row.doc) if row else None


def _name(uow: UnitOfWork, facts: CommitFacts) -> str:
    """The repository's name: as told about it last, else as the deliveries name it."""
    repository = _repository(uow, facts)
    if repository is not None and repository.seen is not None:
        return repository.seen.name
    return next(iter(uow.links.keys_of(names(facts.forge), facts.repository_id)), "")
