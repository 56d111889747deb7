"""Works off GitLab's deliveries: facts, and what hangs on them there: pipelines to write to, deployments to read."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Final

import structlog

from bot.forge.intake import remember_name
from config.policy.models import Policy, RepositoryPolicy
from integrations.gitlab.read import HeadPipeline
from integrations.gitlab.webhook import Facts, PipelineTold, parse, payload_of
from integrations.parsing import Ignored, Incomplete
from workflows.change.facts import CommitFacts, RequestFacts
from workflows.change.seen import CheckStatus, Forge, RequestState, Stirred
from workflows.change.snapshot import rules_for
from workflows.factbook import absorb, enqueue
from workflows.store.links import LinkReads
from workflows.store.rows import InboxRow, JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

PIPELINES: Final = "gitlab.pipeline"
"""Link scope: project and head → the pipeline that the verdict on this head is written to."""
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

    def __call__(self, uow: UnitOfWork, row: InboxRow) -> str:
        """Store what it tells and mark the requests concerned."""
        payload = payload_of(row.body or b"")
        event = row.headers.get("x-gitlab-event", "")
        found = parse(payload or {}, row.received_at, event=event, own=self.own())
        match found:
            case Ignored():
                return ""
            case Incomplete():
                log.info("delivery_incomplete", forge="gitlab", gl_kind=found.event, missing=found.missing)
                return "incomplete"
            case Facts():
                self._facts(uow, found, row)
                return "facts"

    def _facts(self, uow: UnitOfWork, found: Facts, row: InboxRow) -> None:
        remember_name(uow, Forge.GITLAB, found.repository, found.repository_id)
        for mark in absorb(uow, found.updates):
            enqueue(uow, mark)
        if found.pipeline is not None:
            self._pipeline(uow, found.pipeline, found.repository_id, row)
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
            if not elsewhere:
                show_in(uow, request, head, HeadPipeline(told.id, told.ref, told.sha))
            if elsewhere or (told.ended and _waits(uow, request, rules_for(request, self.policy))):
                place = {"forge": Forge.GITLAB, "repository_id": repository_id}
                stirred = Stirred.model_validate({**place, "number": request.number, "seen_at": row.received_at})
                for mark in absorb(uow, (stirred,)):
                    enqueue(uow, mark)


def pipeline_of(links: LinkReads, repository_id: str, head: str) -> HeadPipeline | None:
    """The pipeline that the verdict on a head is written to, None: none is known."""
    kept = links.get(PIPELINES, f"{repository_id}:{head}")
    return HeadPipeline(**json.loads(kept)) if kept else None


def show_in(uow: UnitOfWork, request: RequestFacts, head: str, pipeline: HeadPipeline) -> None:
    """Remember the head pipeline; in a new one the verdict has to be shown again."""
    known = pipeline_of(uow.links, request.repository_id, head)
    if known is not None and _rank(known) >= _rank(pipeline):
        return
    uow.links.put(PIPELINES, f"{request.repository_id}:{head}", json.dumps(asdict(pipeline)))
    report_again(uow, request, head, f"pipeline{pipeline.id}")


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
    """Open requests whose head the pipeline runs for, or which it names."""
    place = f"{Forge.GITLAB.value}:{repository_id}"
    rows = {row.key: row for row in uow.facts.by_head(place, told.sha) if row.scope == "request"}
    named = uow.facts.get("request", str(told.request)) if told.request else None
    if named is not None:
        rows[named.key] = named
    found = (RequestFacts.model_validate_json(row.doc) for row in rows.values())
    return [one for one in found if one.current is not None and one.current.state is RequestState.OPEN]


def _waits(uow: UnitOfWork, request: RequestFacts, rules: RepositoryPolicy | None) -> bool:
    """Whether a check that the policy asks for has not ended: somebody else may have set it, without a webhook."""
    if rules is None:
        return False
    row = uow.facts.get("commit", f"{request.forge.value}:{request.repository_id}:{request.head}")
    known = CommitFacts.model_validate_json(row.doc).checks if row else ()
    ended = {run.name for run in known if run.status is CheckStatus.COMPLETED}
    return not ended.issuperset(checks_asked(rules))


def checks_asked(rules: RepositoryPolicy) -> frozenset[str]:
    """Names of the checks that the policy asks for."""
    return frozenset((*(one.name for one in rules.checks), *(one.check for one in rules.security_tests)))
