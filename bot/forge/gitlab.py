"""GitLab as the jobs see it: reading requests and deployments, writing verdicts and the one note."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.forge.gitlab_check import check_job, has_check, may_have_check
from bot.forge.gitlab_intake import checks_asked, pipeline_of, report_again, show_in
from bot.forge.intake import AGAINST_FORGERY
from bot.forge.marks import request_of
from bot.forge.standing import Standing, standing, worst_on
from bot.forge.surroundings import surroundings
from bot.forge.troubles import answers
from bot.jobs.port import Closing, Job, JobTools
from config.i18n import Translator
from config.policy.models import Policy
from integrations.errors import NotThere
from integrations.gitlab.client import Client
from integrations.gitlab.deployments import read_deployment
from integrations.gitlab.gate import Place, Written, note, report
from integrations.gitlab.read import HeadPipeline, RequestReading, read_request
from integrations.telling.comment import Commented
from integrations.telling.texts import Told, told
from workflows.change.facts import RequestFacts
from workflows.change.seen import RequestKey, Update
from workflows.change.snapshot import Why, rules_for
from workflows.factbook import absorb, enqueue
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

WRITTEN: Final = "gitlab.written"
"""Link scope: project and head → what stands there by our hand."""
NOTED: Final = "gitlab.note"
"""Link scope: key of a request → our note on it."""


@dataclass(frozen=True, slots=True)
class GitLabReader:
    """Reads a request with one query, two calls more where somebody approved it."""

    client: Client
    store: Store
    policy: Policy
    now: Callable[[], datetime]

    def read(
        self, request: RequestKey, name: str, facts: RequestFacts | None, why: tuple[Why, ...]
    ) -> Iterable[Update]:
        """All facts of the request and its head, as of now."""
        log.info("forge_read", request=str(request), why=[one.value for one in why])
        rules = rules_for(facts, self.policy)
        wanted = checks_asked(rules) if rules else frozenset[str]()
        known = frozenset(one.sha for one in facts.commits) if facts else frozenset[str]()
        with answers():
            reading = read_request(self.client, name, request.number, self.now(), checks=wanted, known=known)
        if facts is not None and reading.pipeline is not None:
            self.store.retrying(lambda uow: _settle(uow, facts, reading, reading.pipeline))
        return reading.updates


def _settle(uow: UnitOfWork, facts: RequestFacts, reading: RequestReading, pipeline: HeadPipeline | None) -> None:
    """Show the verdict in a head pipeline that was not known, and again where somebody else's took its place."""
    head = reading.request.core.head
    if pipeline is None:
        return
    show_in(uow, facts, head, pipeline)
    kept = uow.links.get(WRITTEN, f"{facts.repository_id}@{head}")
    last = Written.from_dict(json.loads(kept)) if kept else None
    ours = last is not None and last.pipeline == pipeline.id and last.number
    if ours and reading.gate is not None and reading.gate > ours:
        report_again(uow, facts, head, f"forged{reading.gate}", **{AGAINST_FORGERY: 1})


@dataclass(frozen=True, slots=True)
class GitLabReporter:
    """Handlers of `gitlab.report` and `gitlab.comment`: they render at delivery, from the case as it then is."""

    client: Client
    store: Store
    policy: Policy
    texts: Translator
    now: Callable[[], datetime]
    details_url: str = ""

    def report(self, job: Job, _: JobTools) -> Closing | None:
        """Let the head show the worst verdict of all open requests whose head it is."""
        request, head = request_of(job), job.text("head")
        key = f"{request.repository_id}@{head}"
        with self.store.reading() as reads:
            found = worst_on(reads, self.policy, request.forge, request.repository_id, head)
            pipeline = pipeline_of(reads.links, request.repository_id, head)
            kept = reads.links.get(WRITTEN, key)
        if found is None or not _holds(found, pipeline):
            return None
        branch = found.facts.current.head_ref if found.facts.current else ""
        with answers():
            written = report(
                self.client, Place(request.repository_id, branch, pipeline), found.verdict,
                self._told(found, pipeline), last=Written.from_dict(json.loads(kept)) if kept else None,
                details_url=self.details_url, unsure=job.is_repeat, forged=AGAINST_FORGERY in job.payload,
            )  # fmt: skip
        return _keeping(WRITTEN, key, json.dumps(written.as_dict()))

    def comment(self, job: Job, _: JobTools) -> Closing | None:
        """Bring the one note up to date."""
        request = request_of(job)
        with self.store.reading() as reads:
            found = standing(reads, request)
            pipeline = pipeline_of(reads.links, request.repository_id, found.verdict.head) if found else None
            kept = reads.links.get(NOTED, str(request))
            asks = found is not None and may_have_check(reads.links, request.repository_id, self.now())
            held = has_check(reads.links, request.repository_id)
        if found is None:
            return None
        around = surroundings(self.policy, found, self.now(), advisory=not (held or _holds(found, pipeline)))
        with answers():
            written = note(
                self.client, request.repository_id, request.number, told(self.texts, found.verdict, around),
                last=Commented(**json.loads(kept)) if kept else None,
            )  # fmt: skip

        def close(uow: UnitOfWork) -> None:
            uow.links.put(NOTED, str(request), json.dumps(asdict(written)))
            if asks:
                uow.jobs.enqueue(check_job(job))

        return close

    def deployment(self, job: Job, _: JobTools) -> Closing | None:
        """Read a deployment whose webhook came; one that is gone since then tells nothing."""
        with answers():
            try:
                update = read_deployment(self.client, job.text("repository"), job.number("deployment"))
            except NotThere:
                return None
        return lambda uow: [enqueue(uow, mark) for mark in absorb(uow, (update,))]

    def _told(self, found: Standing, pipeline: HeadPipeline | None) -> Told:
        around = surroundings(self.policy, found, self.now(), advisory=not _holds(found, pipeline))
        return told(self.texts, found.verdict, around)


def _holds(found: Standing, pipeline: HeadPipeline | None) -> bool:
    """Whether a status of ours can hold the merge: in a fork's pipeline GitLab lets us write none."""
    current = found.facts.current
    return pipeline is not None or current is None or not current.fork


def _keeping(scope: str, key: str, value: str) -> Closing:
    return lambda uow: uow.links.put(scope, key, value)
