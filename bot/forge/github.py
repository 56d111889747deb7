"""GitHub as the jobs see it: reading requests, writing verdicts and the one comment."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.forge.intake import AGAIN, AGAINST_FORGERY, INSTALLATIONS
from bot.forge.marks import request_of
from bot.forge.queue_github import follow, waiting_at
from bot.forge.reading import ForgeReader
from bot.forge.standing import Standing, standing, worst_on
from bot.forge.surroundings import surroundings
from bot.forge.troubles import answers
from bot.jobs.port import Job, JobTools, Retry
from config.i18n import Translator
from config.policy.ids import CarryOver
from config.policy.models import Policy, RepositoryPolicy
from integrations.github.client import Client
from integrations.github.gate import Way, Written, comment, report
from integrations.github.read import read_request
from integrations.telling.comment import Commented
from integrations.telling.texts import Told, told
from workflows.change.facts import RequestFacts
from workflows.change.result import Verdict
from workflows.change.seen import RequestKey, Update
from workflows.change.snapshot import rules_for
from workflows.leavers import today
from workflows.store.store import Store

WRITTEN: Final = "github.written"
"""Link scope: repository and head → what stands there by our hand."""
COMMENTED: Final = "github.comment"
"""Link scope: key of a request → our comment on it."""
_LAG: Final = timedelta(seconds=5)
"""A request that was never told is read in the meantime, or by reconciliation."""


@dataclass(frozen=True, slots=True)
class GitHubReader(ForgeReader[Client]):
    """Reads a request with one query, more only where its lists are long."""

    def look(
        self, request: RequestKey, name: str, facts: RequestFacts | None, rules: RepositoryPolicy | None
    ) -> Iterable[Update]:
        """All facts of the request and its head, as of now."""
        carry_over = rules is None or rules.carry_over is not CarryOver.NEVER
        know_installation(self.client, self.store, request, name)
        with answers():
            reading = read_request(
                self.client, name, request.number, self.now(), carry_over=carry_over, known=_known(facts)
            )
        return reading.updates


def _known(facts: RequestFacts | None) -> Mapping[str, str]:
    return {version.sha: version.diff for version in facts.versions if version.diff} if facts else {}


def know_installation(client: Client, store: Store, request: RequestKey, name: str) -> None:
    """Tell the client where the App is installed, as a webhook told us: spares a call."""
    with store.reading() as reads:
        installation = reads.links.get(INSTALLATIONS, request.repository_id)
    if installation:
        client.know_installation(name, int(installation))


@dataclass(frozen=True, slots=True)
class GitHubReporter:
    """Handlers of `github.report`, `github.queue` and `github.comment`.

    They render at delivery, from the case as it then is.
    """

    client: Client
    store: Store
    policy: Policy
    texts: Translator
    way: Way
    now: Callable[[], datetime]
    details_url: str = ""

    def report(self, job: Job, _: JobTools) -> None:
        """Let the commit show the worst verdict of all open requests whose head it is."""
        request, head = request_of(job), job.text("head")
        if AGAINST_FORGERY in job.payload and self.way is Way.CHECK_RUN:
            return  # Nobody can overwrite the check run of an App.
        with self.store.reading() as reads:
            found = worst_on(reads, self.policy, request.forge, request.repository_id, head)
            queued = found is not None and waiting_at(reads.links, found.facts.ref) is not None
        if found is None:
            return
        written = self._show(job, found, found.verdict)
        if queued:
            self.store.retrying(lambda uow: follow(uow, found.facts.ref, written.content))

    def queue(self, job: Job, _: JobTools) -> None:
        """Let the commit that a merge queue built for a request show what its head shows."""
        request, sha = request_of(job), job.text("head")
        with self.store.reading() as reads:
            row = reads.facts.get("request", str(request))
            facts = RequestFacts.model_validate_json(row.doc) if row else None
            covered = facts is not None and rules_for(facts, self.policy) is not None
            head = (facts.head or "") if facts else ""
            found = worst_on(reads, self.policy, request.forge, request.repository_id, head)
            waits = waiting_at(reads.links, request) == sha
        if not waits or (facts is not None and not covered):
            return
        if found is None:
            raise Retry("not_judged_yet", _LAG)
        self._show(job, found, found.verdict.model_copy(update={"head": sha}))

    def _show(self, job: Job, found: Standing, verdict: Verdict) -> Written:
        """Let the commit that the verdict names show it."""
        repository = found.facts.repository
        know_installation(self.client, self.store, found.facts.ref, repository)
        place = f"{repository}@{verdict.head}"
        kept = None if AGAIN in job.payload else self._kept(WRITTEN, place)
        with answers():
            written = report(
                self.client, repository, verdict, self._told(found), way=self.way,
                last=Written.from_dict(json.loads(kept)) if kept else None, details_url=self.details_url,
                unsure=job.is_repeat,
            )  # fmt: skip
        self._keep(WRITTEN, place, json.dumps(written.as_dict()))
        return written

    def comment(self, job: Job, _: JobTools) -> None:
        """Bring the one comment up to date."""
        request = request_of(job)
        with self.store.reading() as reads:
            found = standing(reads, request)
        if found is None:
            return
        know_installation(self.client, self.store, request, found.facts.repository)
        key = str(found.linked.ref)
        kept = self._kept(COMMENTED, key)
        with answers():
            written = comment(
                self.client, found.facts.repository, found.linked.number, self._told(found),
                last=Commented(**json.loads(kept)) if kept else None,
            )  # fmt: skip
        self._keep(COMMENTED, key, json.dumps(asdict(written)))

    def _told(self, found: Standing) -> Told:
        now = self.now()
        with self.store.reading() as reads:
            policy = today(self.policy, reads.links, now)
        return told(self.texts, found.verdict, surroundings(policy, found, now))

    def _kept(self, scope: str, key: str) -> str | None:
        with self.store.reading() as reads:
            return reads.links.get(scope, key)

    def _keep(self, scope: str, key: str, value: str) -> None:
        with self.store.transaction() as uow:
            uow.links.put(scope, key, value)
