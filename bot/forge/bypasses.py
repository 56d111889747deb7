"""What went past an enforced gate, from stored facts: pushes once their time to settle is over, and what others report.

Once per commit, however often it is told. A finding goes to the change that knows the commit, else to a new one.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from bot.forge.marks import SOURCES
from bot.forge.persons import person_of
from bot.jobs.port import Job
from workflows.actors import Actor, Source
from workflows.change.bypass import Known, judge_push
from workflows.change.codes import Finding
from workflows.change.emergency_commands import ClearFinding, RecordBypass
from workflows.change.facts import CommitFacts, RepositoryFacts, RequestFacts
from workflows.change.pushed import Push
from workflows.factbook import BYPASS, LISTENING, bypass_key
from workflows.lineage import MERGED
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
class Pushes:
    """The handler of `forge.push`."""

    service: Service

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Judge every push of a commit; where it turns out to be a merge, take back what was found before."""
        commit = f"{job.text('forge')}:{job.text('repository')}:{job.text('sha')}"
        row = uow.facts.get("commit", commit)
        facts = CommitFacts.model_validate_json(row.doc) if row else None
        for push in facts.pushes if facts else ():
            known = self._known(uow, facts, push) if facts else Known()
            found = judge_push(push, known, self.service.policy)
            if facts is not None and found is not None:
                record_bypass(uow, self.service, self._command(facts, push, found), SOURCES[facts.forge])
            elif facts is not None and known.merged is not None:
                self._clear(uow, facts, known.merged)
            self._remember(uow, job, push)

    def _known(self, uow: UnitOfWork, facts: CommitFacts, push: Push) -> Known:
        place = f"{facts.forge.value}:{facts.repository_id}"
        row, since = uow.facts.get("repository", place), uow.links.get(LISTENING, place)
        return Known(
            repository=RepositoryFacts.model_validate_json(row.doc) if row else None,
            merged=self._merged(uow, facts),
            stood=uow.links.get(STOOD, f"{place}:{facts.sha}") is not None,
            since=datetime.fromisoformat(since) if since else None,
            fresh=any(one.fresh for one in facts.pushes if one == push or one.branch != push.branch),
        )

    def _merged(self, uow: UnitOfWork, facts: CommitFacts) -> RequestFacts | None:
        place = f"{facts.forge.value}:{facts.repository_id}"
        number = uow.links.get(MERGED, f"{place}:{facts.sha}")
        row = uow.facts.get("request", f"{place}:{number}") if number else None
        return RequestFacts.model_validate_json(row.doc) if row else None

    def _command(self, facts: CommitFacts, push: Push, found: Finding) -> RecordBypass:
        return RecordBypass(
            found=found,
            forge=facts.forge,
            repository_id=facts.repository_id,
            repository=push.repository,
            commit=facts.sha,
            branch=push.branch,
            by=person_of(self.service.policy, push.pusher),
            pushed_at=push.at.astimezone(UTC) if push.at else None,
        )

    def _clear(self, uow: UnitOfWork, facts: CommitFacts, merged: RequestFacts) -> None:
        commit = f"{facts.forge.value}:{facts.repository_id}:{facts.sha}"
        number = uow.links.get(BYPASS, bypass_key(commit, Finding.DIRECT_PUSH))
        if number is not None:
            command = ClearFinding(
                case=number, commit=facts.sha, request=merged.ref, repository=merged.repository
            )  # fmt: skip
            self.service.handle_in(uow, command, Actor(None, frozenset(), SOURCES[facts.forge]))

    def _remember(self, uow: UnitOfWork, job: Job, push: Push) -> None:
        """What a covered branch held before was judged when it came, or came before anybody listened."""
        covered = self.service.policy.change.repository(push.repository, push.branch) if push.branch else None
        if covered is not None and push.before is not None and not push.forced:
            uow.links.put(STOOD, f"{job.text('forge')}:{job.text('repository')}:{push.before}", "1")
