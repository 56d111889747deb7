"""GitLab as the jobs see it: reading requests and deployments, writing verdicts and the one note."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from bot.forge.gitlab_check import check_job, has_check, may_have_check
from bot.forge.gitlab_deploys import take_deployment
from bot.forge.gitlab_intake import WRITTEN, checks_asked, pipelines_of, report_again, show_read, written_key
from bot.forge.intake import AGAINST_FORGERY
from bot.forge.marks import request_of
from bot.forge.reading import ForgeReader
from bot.forge.standing import Standing, standing, worst_on
from bot.forge.surroundings import surroundings
from bot.forge.troubles import answers
from bot.jobs.port import Closing, Job, JobTools
from config.i18n import Translator
from config.policy.models import Policy, RepositoryPolicy
from integrations.errors import NotThere
from integrations.gitlab.client import Client
from integrations.gitlab.deployments import look_at
from integrations.gitlab.gate import Place, Written, note, report
from integrations.gitlab.read import RequestReading, read_request
from integrations.telling.comment import Commented
from integrations.telling.texts import Told, told
from workflows.change.facts import RequestFacts
from workflows.change.seen import RequestKey, RequestState, Update
from workflows.change.snapshot import rules_for
from workflows.leavers import today
from workflows.store.reads import Reads
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

NOTED: Final = "gitlab.note"
"""Link scope: key of a request → our note on it."""


@dataclass(frozen=True, slots=True)
class GitLabReader(ForgeReader[Client]):
    """Reads a request with one query, two calls more where somebody approved it."""

    def look(
        self, request: RequestKey, name: str, facts: RequestFacts | None, rules: RepositoryPolicy | None
    ) -> Iterable[Update]:
        """All facts of the request and its head, as of now."""
        wanted = checks_asked(rules) if rules else frozenset[str]()
        known = frozenset(one.sha for one in facts.commits) if facts else frozenset[str]()
        with answers():
            reading = read_request(
                self.client, name, request.number, self.now(), checks=wanted, known=known,
                before=facts.reviews if facts else (),
            )  # fmt: skip
        if facts is not None:
            self.store.retrying(lambda uow: _settle(uow, facts, reading))
        return reading.updates


def _settle(uow: UnitOfWork, facts: RequestFacts, reading: RequestReading) -> None:
    """Show the verdict in a head pipeline that was not known, and again where somebody else's took its place."""
    head, pipeline = reading.request.core.head, reading.pipeline
    if pipeline is None:
        return
    show_read(uow, facts, head, pipeline, reading.request.read_at)
    kept = uow.links.get(WRITTEN, written_key(facts.repository_id, head, pipeline.id))
    ours = Written.from_dict(json.loads(kept)).number if kept else 0
    if ours and reading.gate is not None and reading.gate > ours:
        report_again(uow, facts, head, f"forged{reading.gate}", **{AGAINST_FORGERY: pipeline.id})


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
        with self.store.reading() as reads:
            found = worst_on(reads, self.policy, request.forge, request.repository_id, head)
            places = places_of(reads, self.policy, request, head)
            kept = {one: reads.links.get(WRITTEN, written_key(one.project, head, one.number)) for one in places}
        if found is None:
            return None
        written: dict[str, Written] = {}
        with answers():
            for place in places:
                last = kept[place]
                made = report(
                    self.client, place, found.verdict, self._told(found, advisory=False),
                    last=Written.from_dict(json.loads(last)) if last else None, details_url=self.details_url,
                    unsure=job.is_repeat, forged=place.number > 0 and job.payload.get(AGAINST_FORGERY) == place.number,
                )  # fmt: skip
                for number in {place.number, made.pipeline}:
                    written[written_key(place.project, head, number)] = made
        return _keeping(WRITTEN, {key: json.dumps(one.as_dict()) for key, one in written.items()})

    def comment(self, job: Job, _: JobTools) -> Closing | None:
        """Bring the one note up to date."""
        request = request_of(job)
        with self.store.reading() as reads:
            found = standing(reads, request)
            held = has_check(reads.links, request.repository_id)
            advisory = found is not None and not (held or _holds(reads, found))
            kept = reads.links.get(NOTED, str(request))
            asks = found is not None and may_have_check(reads.links, request.repository_id, self.now())
        if found is None:
            return None
        with answers():
            written = note(
                self.client, request.repository_id, request.number, self._told(found, advisory=advisory),
                last=Commented(**json.loads(kept)) if kept else None,
            )  # fmt: skip

        def close(uow: UnitOfWork) -> None:
            uow.links.put(NOTED, str(request), json.dumps(asdict(written)))
            if asks:
                uow.jobs.enqueue(check_job(job))

        return close

    def deployment(self, job: Job, tools: JobTools) -> Closing | None:
        """Read a deployment whose webhook came; one that is gone since then tells nothing."""
        with answers():
            try:
                found = look_at(self.client, job.text("repository"), job.number("deployment"))
            except NotThere:
                return None
        return lambda uow: take_deployment(uow, found, tools.now)

    def _told(self, found: Standing, *, advisory: bool) -> Told:
        now = self.now()
        with self.store.reading() as reads:
            policy = today(self.policy, reads.links, now)
        return told(self.texts, found.verdict, surroundings(policy, found, now, advisory=advisory))


def places_of(reads: Reads, policy: Policy, request: RequestKey, head: str) -> tuple[Place, ...]:
    """Where the verdict on a head is written: the head pipelines of all requests that have it, each holding its own.

    Of the closed ones when none is open. Where a branch has no pipeline yet, GitLab makes one.
    """
    rows = reads.facts.by_head(f"{request.forge.value}:{request.repository_id}", head)
    told = [RequestFacts.model_validate_json(row.doc) for row in rows if row.scope == "request"]
    covered = [one for one in told if rules_for(one, policy) is not None]
    still = [one for one in covered if one.current and one.current.state is RequestState.OPEN] or covered
    found: dict[int, Place] = {}
    for one in still:
        branch = one.current.head_ref if one.current else ""
        known = pipelines_of(reads.links, one.ref, head)
        found |= {pipeline.id: Place(request.repository_id, branch, pipeline) for pipeline in known}
    with_pipeline = {place.branch for place in found.values()}
    bare = {one.current.head_ref for one in still if one.current and not one.current.fork} - with_pipeline
    return (*found.values(), *(Place(request.repository_id, branch) for branch in sorted(bare)))


def _holds(reads: Reads, found: Standing) -> bool:
    """Whether a status of ours can hold the merge: in a fork's pipeline GitLab lets us write none."""
    current = found.facts.current
    pipelines = pipelines_of(reads.links, found.linked.ref, found.verdict.head)
    return bool(pipelines) or current is None or not current.fork


def _keeping(scope: str, values: Mapping[str, str]) -> Closing:
    def keep(uow: UnitOfWork) -> None:
        for key, value in values.items():
            uow.links.put(scope, key, value)

    return keep
