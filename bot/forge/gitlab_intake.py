"""Works off GitLab's deliveries: facts, and what hangs on them there: pipelines to write to, deployments to read."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.forge.alerts import alert_job
from bot.forge.intake import remember_name
from bot.forge.issues import intake as issue_intake
from config.policy.models import Policy, RepositoryPolicy
from integrations.gitlab.gate import Shown, Written
from integrations.gitlab.read import HeadPipeline
from integrations.gitlab.webhook import Facts, Parsed, PipelineTold, parse, payload_of
from integrations.parsing import Ignored, Incomplete
from workflows.change.facts import CommitFacts, RequestFacts
from workflows.change.seen import CheckStatus, Forge, RequestCore, RequestKey, RequestState, Stirred
from workflows.change.snapshot import rules_for
from workflows.factbook import absorb, enqueue
from workflows.incident.alerts import Alert
from workflows.incident.issues import IssueTold
from workflows.store.links import LinkReads
from workflows.store.rows import InboxRow, JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

PIPELINE_READ: Final = "gitlab.pipeline.read"
"""Link scope: request and head → the head pipeline as last read."""
PIPELINE_TOLD: Final = "gitlab.pipeline.told"
"""Link scope: request and head → the pipeline that webhooks told of and that can be the head pipeline."""
WRITTEN: Final = "gitlab.written"
"""Link scope: `written_key` → what stands there by our hand."""
_OF_REQUESTS: Final = "refs/merge-requests/"
REPORT: Final = "gitlab.report"
DEPLOYMENT: Final = "gitlab.deployment"


@dataclass(frozen=True, slots=True)
class GitLabIntake:
    """Understands deliveries of GitLab. `own` gives our login: what we wrote ourselves is no news.

    `reads`: whether there are credentials to read what webhooks leave out.
    """

    own: Callable[[], str]
    policy: Policy
    reads: bool

    def __call__(self, uow: UnitOfWork, row: InboxRow) -> str | Ignored:
        """Store what it tells and mark the requests concerned."""
        found = self._read(row)
        match found:
            case Ignored():
                return found
            case Incomplete():
                log.info("delivery_incomplete", forge="gitlab", gl_kind=found.event, missing=found.missing)
                return "incomplete"
            case Alert():
                uow.jobs.enqueue(alert_job(row, found))
                return "alert"
            case IssueTold():
                return issue_intake(uow, row, found)
            case Facts():
                self._facts(uow, found, row)
                return "facts"

    def alerts(self, row: InboxRow) -> tuple[Alert, ...]:
        """The warning that a delivery tells of, if any."""
        found = self._read(row)
        return (found,) if isinstance(found, Alert) else ()

    def issue(self, row: InboxRow) -> IssueTold | None:
        """The issue that a delivery tells of, if any."""
        found = self._read(row)
        return found if isinstance(found, IssueTold) else None

    def _read(self, row: InboxRow) -> Parsed:
        payload = payload_of(row.body or b"")
        return parse(payload or {}, row.received_at, event=row.headers.get("x-gitlab-event", ""), own=self.own())

    def _facts(self, uow: UnitOfWork, found: Facts, row: InboxRow) -> None:
        remember_name(uow, Forge.GITLAB, found.repository, found.repository_id)
        for mark in absorb(uow, found.updates):
            enqueue(uow, mark)
        if found.pipeline is not None:
            self._pipeline(uow, found.pipeline, found.repository_id, row)
        for request in _unshown(uow, found):
            _read_again(uow, request, row)
        covered = self.policy.change.repository(found.repository) is not None
        if found.deployment is not None and covered and self.reads:
            payload: dict[str, str | int] = {"repository": found.repository_id, "deployment": found.deployment}
            key = f"{DEPLOYMENT}:{found.repository_id}:{found.deployment}"
            uow.jobs.enqueue(JobDraft(DEPLOYMENT, key, f"{key}:{row.id}", payload))

    def _pipeline(self, uow: UnitOfWork, told: PipelineTold, repository_id: str, row: InboxRow) -> None:
        for request in _concerned(uow, told, repository_id):
            head = request.head
            if head is None:
                continue
            # Another commit is that of a merged result, or an earlier head: which, only a reading tells.
            elsewhere = told.sha != head
            pipeline = HeadPipeline(told.id, told.ref, told.sha)
            fresh = not elsewhere and told.jobs and _is_news(uow.links, request, head, pipeline)
            if not elsewhere:
                show_told(uow, request, head, pipeline)
            if elsewhere or fresh or self._asks_to_read(uow, told, request, head):
                _read_again(uow, request, row)

    def _asks_to_read(self, uow: UnitOfWork, told: PipelineTold, request: RequestFacts, head: str) -> bool:
        """Whether somebody else seems to have set a status, of which no webhook tells: a check, or even ours."""
        if told.opens and _held_in(uow.links, request.repository_id, head, told.id):
            return True
        return told.ended and _waits(uow, request, rules_for(request, self.policy))


def _read_again(uow: UnitOfWork, request: RequestFacts, row: InboxRow) -> None:
    """Only a reading from after this delivery tells how the request stands."""
    place = {"forge": request.forge, "repository_id": request.repository_id, "number": request.number}
    for mark in absorb(uow, (Stirred.model_validate({**place, "seen_at": row.received_at}),)):
        enqueue(uow, mark)


def _unshown(uow: UnitOfWork, found: Facts) -> Iterable[RequestFacts]:
    """Open requests at whose head a job ended, in a pipeline that nothing told of and that can be the head pipeline."""
    ended = found.ended
    if ended is None:
        return []
    rows = uow.facts.by_head(f"{Forge.GITLAB.value}:{found.repository_id}", ended.sha)
    told = (RequestFacts.model_validate_json(row.doc) for row in rows if row.scope == "request")
    fitting = (one for one in told if one.current is not None and _can_head(one.current, ended.ref))
    return [one for one in fitting if all(known.id < ended.id for known in pipelines_of(uow.links, one.ref, ended.sha))]


def _can_head(current: RequestCore, ref: str) -> bool:
    return current.state is RequestState.OPEN and (ref == current.head_ref or ref.startswith(_OF_REQUESTS))


def pipelines_of(links: LinkReads, request: RequestKey, head: str) -> tuple[HeadPipeline, ...]:
    """The pipelines that the verdict on a head is written to: the one that was read, and a later one that was told.

    GitLab chooses the head pipeline some time after it told of it, so until then both have to show the verdict.
    """
    read, told = (_kept(links, scope, request, head) for scope in (PIPELINE_READ, PIPELINE_TOLD))
    if read is not None and told is not None and _rank(told) <= _rank(read):
        told = None
    return tuple(one for one in (read, told) if one is not None)


def show_told(uow: UnitOfWork, request: RequestFacts, head: str, pipeline: HeadPipeline) -> None:
    """Show the verdict in a pipeline that was told, where it can be the head pipeline."""
    shown = pipelines_of(uow.links, request.ref, head)
    if any(_rank(one) >= _rank(pipeline) for one in shown):
        return
    uow.links.put(PIPELINE_TOLD, _key(request.ref, head), json.dumps(asdict(pipeline)))
    report_again(uow, request, head, f"pipeline{pipeline.id}")


def show_read(uow: UnitOfWork, request: RequestFacts, head: str, pipeline: HeadPipeline, at: datetime) -> None:
    """Show the verdict in the head pipeline as GitLab named it at that time."""
    if _kept(uow.links, PIPELINE_READ, request.ref, head) == pipeline:
        return
    uow.links.put(PIPELINE_READ, _key(request.ref, head), json.dumps(asdict(pipeline)))
    report_again(uow, request, head, f"pipeline{pipeline.id}:{at.isoformat()}")


def written_key(repository_id: str, head: str, pipeline: int) -> str:
    """Key of what stands by our hand in one pipeline; 0: where GitLab chose it."""
    return f"{repository_id}@{head}:{pipeline}"


def _key(request: RequestKey, head: str) -> str:
    return f"{request}@{head}"


def _kept(links: LinkReads, scope: str, request: RequestKey, head: str) -> HeadPipeline | None:
    kept = links.get(scope, _key(request, head))
    return HeadPipeline(**json.loads(kept)) if kept else None


def _is_news(links: LinkReads, request: RequestFacts, head: str, pipeline: HeadPipeline) -> bool:
    """Whether the pipeline can be the head pipeline, while another one was read as such: whose jobs count is open."""
    read = _kept(links, PIPELINE_READ, request.ref, head)
    return read is None or _rank(pipeline) > _rank(read)


def _held_in(links: LinkReads, repository_id: str, head: str, pipeline: int) -> bool:
    """Whether what we wrote there lets no merge pass."""
    kept = links.get(WRITTEN, written_key(repository_id, head, pipeline))
    return kept is not None and Written.from_dict(json.loads(kept)).shown is not Shown.SUCCESS


def _rank(pipeline: HeadPipeline) -> tuple[bool, int]:
    """Where both exist, GitLab takes a pipeline of the request before one of its branch, then the newest."""
    return (pipeline.ref.startswith(_OF_REQUESTS), pipeline.id)


def report_again(uow: UnitOfWork, request: RequestFacts, head: str, cause: str, **more: int) -> None:
    """Write the verdict once more; the same cause does so only once."""
    place = f"report:{request.forge.value}:{request.repository_id}:{head}"
    payload: dict[str, str | int] = {
        "forge": request.forge.value,
        "repository": request.repository_id,
        "number": request.number,
        "head": head,
        **more,
    }
    uow.jobs.enqueue(JobDraft(REPORT, place, f"{place}:{cause}", payload))


def _concerned(uow: UnitOfWork, told: PipelineTold, repository_id: str) -> Iterable[RequestFacts]:
    """Open requests whose head pipeline it can be: the one that it names, else those of its branch and commit."""
    if told.request is not None:
        named = uow.facts.get("request", str(told.request))
        rows = [named] if named else []
    else:
        rows = uow.facts.by_head(f"{Forge.GITLAB.value}:{repository_id}", told.sha)
    found = (RequestFacts.model_validate_json(row.doc) for row in rows if row.scope == "request")
    return [one for one in found if one.current is not None and _fits(one.current, told)]


def _fits(current: RequestCore, told: PipelineTold) -> bool:
    own = told.request is not None or (current.head_ref == told.ref and not current.fork)
    return own and current.state is RequestState.OPEN


def _waits(uow: UnitOfWork, request: RequestFacts, rules: RepositoryPolicy | None) -> bool:
    """Whether a check that the policy asks for has not ended: somebody else may have set it, without a webhook."""
    if rules is None:
        return False
    row = uow.facts.get("commit", f"{request.forge.value}:{request.repository_id}:{request.head}")
    known = CommitFacts.model_validate_json(row.doc).checks if row else ()
    own = (run for run in known if run.pipeline in {None, request.pipeline})
    ended = {run.name for run in own if run.status is CheckStatus.COMPLETED}
    return not ended.issuperset(checks_asked(rules))


def checks_asked(rules: RepositoryPolicy) -> frozenset[str]:
    """Names of the checks that the policy asks for."""
    return frozenset((*(one.name for one in rules.checks), *(one.check for one in rules.security_tests)))
