"""Answers the external status check of our name, where a project has one (Ultimate)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.forge.marks import request_of
from bot.forge.standing import standing
from bot.forge.troubles import answers
from bot.jobs.port import Closing, Job, JobTools
from bot.links import StoredLinks
from integrations.gitlab.client import Client
from integrations.gitlab.gate import shown
from integrations.gitlab.status_check import answer, check_named
from integrations.telling.texts import GATE
from workflows.store.links import LinkReads
from workflows.store.rows import JobDraft
from workflows.store.store import Store

CHECK: Final = "gitlab.check"
CHECKS: Final = "gitlab.status_check"
"""Link scope: project → number of its check of our name (null: it has none), and when that was asked."""
ANSWERED: Final = "gitlab.answered"
"""Link scope: key of a request → head and answer that were given last."""
_KNOWN_FOR: Final = timedelta(hours=12)
"""Whether a project has such a check is asked again after so long."""


def check_job(job: Job) -> JobDraft:
    """To follow a verdict that was told."""
    request = request_of(job)
    payload: dict[str, str | int] = {
        "forge": request.forge.value,
        "repository": request.repository_id,
        "number": request.number,
    }
    return JobDraft(CHECK, f"check:{request}", f"check:{job.dedup}", payload)


def may_have_check(links: LinkReads, project: str, now: datetime) -> bool:
    """Whether a project has a check of our name, or that is not known."""
    known = _known(links.get(CHECKS, project), now)
    return known is None or known.number is not None


def has_check(links: LinkReads, project: str) -> bool:
    """Whether a project is known to have a check of our name: then GitLab holds the merge by it, also from forks."""
    kept = links.get(CHECKS, project)
    return kept is not None and json.loads(kept)["id"] is not None


@dataclass(frozen=True, slots=True)
class _Known:
    number: int | None


def _known(kept: str | None, now: datetime) -> _Known | None:
    if kept is None:
        return None
    found = json.loads(kept)
    return _Known(found["id"]) if now - datetime.fromisoformat(found["at"]) < _KNOWN_FOR else None


@dataclass(frozen=True, slots=True)
class StatusCheck:
    """The handler of `gitlab.check`."""

    client: Client
    store: Store
    now: Callable[[], datetime]

    def __call__(self, job: Job, _: JobTools) -> Closing | None:
        """Tell GitLab what the verdict is, for the head that it was given on."""
        request = request_of(job)
        with self.store.reading() as reads:
            found = standing(reads, request)
            kept = reads.links.get(CHECKS, request.repository_id)
            last = reads.links.get(ANSWERED, str(request))
        if found is None or not found.is_open:
            return None
        with answers():
            check = self._check(request.repository_id, kept)
            state, head = shown(found.verdict), found.verdict.head
            told = f"{head}:{state.value}"
            if check is None or told == last:
                return None
            given = answer(self.client, request.repository_id, request.number, check, head, state)
        return (lambda uow: uow.links.put(ANSWERED, str(request), told)) if given else None

    def _check(self, project: str, kept: str | None) -> int | None:
        known = _known(kept, self.now())
        if known is not None:
            return known.number
        number = check_named(self.client, project, GATE)
        StoredLinks(self.store).put(CHECKS, project, json.dumps({"id": number, "at": self.now().isoformat()}))
        return number
