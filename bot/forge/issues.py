"""Issues that tasks follow: closed at the forge, a task is done; opened again, it is open again. Each telling once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from bot.forge.marks import names
from bot.jobs.port import Job
from integrations.parsing import Ignored
from workflows.actors import Actor, Source
from workflows.change.seen import Forge
from workflows.incident.issues import IssueTold, Known, is_followed, is_wanted
from workflows.incident.state import IncidentCase
from workflows.incident.task_commands import FollowIssue
from workflows.outcome import Refused
from workflows.pointers import issue_scope
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.rows import InboxId, InboxRow, JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

ISSUE: Final = "forge.issue"
"""Job: take in what a delivery tells of an issue."""
_CALLED: Final = {Source.GITHUB: "issues", Source.GITLAB: "issue"}
"""What the forges call such deliveries."""
KNOWN: Final = "issue"
"""Link scope: key of an issue that tasks follow → how it stood last."""


def intake(uow: UnitOfWork, row: InboxRow, told: IssueTold) -> str | Ignored:
    """Have it looked at where a task follows it; one after the other for each issue."""
    if not following(uow, told):
        return Ignored(_CALLED[told.source])
    uow.jobs.enqueue(JobDraft(ISSUE, f"{ISSUE}:{told.key}", f"{ISSUE}:{row.id}", {"inbox": row.id}))
    return "issue"


@dataclass(frozen=True, slots=True)
class Issues:
    """The handler of `forge.issue`. `readers` by source: the issue that a delivery tells of."""

    service: Service
    readers: Mapping[str, Callable[[InboxRow], IssueTold | None]]

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Keep how the issue stands, and let every task that follows it do so, in one transaction."""
        row = uow.inbox.get(InboxId(job.number("inbox")))
        reader = self.readers.get(row.source) if row else None
        told = reader(row) if row and row.body is not None and reader else None
        if told is not None:
            self.take(uow, told)

    def take(self, uow: UnitOfWork, told: IssueTold) -> None:
        """What was told late or twice changes nothing: the newest state holds."""
        kept = uow.links.get(KNOWN, told.key)
        known = Known.model_validate_json(kept) if kept else None
        if known is not None and not known.is_news(told):
            return
        uow.links.put(KNOWN, told.key, Known(state=told.state, at=told.at).model_dump_json())
        for case_id, no in following(uow, told):
            self.follow(uow, case_id, no, told, known)

    def follow(self, uow: UnitOfWork, case_id: str, no: int, told: IssueTold, known: Known | None = None) -> None:
        """Let one task follow. `known`: how the issue stood before."""
        row = uow.load_case_by_id(UUID(case_id))
        case = read_case(row) if row else None
        listed = case.tasks if isinstance(case, IncidentCase) else ()
        task = next((one for one in listed if one.no == no), None)
        if row is None or task is None or not is_followed(task.issue, told) or not is_wanted(task, told, known):
            return
        command = FollowIssue(case=row.number, no=no, state=told.state, at=told.at, address=told.url, by=told.by)
        outcome = self.service.handle_in(uow, command, Actor(None, frozenset(), told.source))
        if isinstance(outcome, Refused):
            log.error("issue_not_followed", forge=told.source, reasons=[one.code for one in outcome.reasons])


def following(uow: UnitOfWork, told: IssueTold) -> list[tuple[str, int]]:
    """The tasks that follow an issue, by whichever name of its repository; cases by ascending id, as everywhere."""
    known = uow.links.keys_of(names(Forge(told.source.value)), told.repository_id)
    marks = {mark for key in told.keys(known) for mark in uow.links.of(issue_scope(key))}
    return sorted((case_id, int(no)) for case_id, _, no in (mark.partition(":") for mark in marks))
