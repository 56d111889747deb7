"""Reads an issue when a task is tied to it: it may be closed already, and then no event is ever told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog

from bot.forge.issues import KNOWN, Issues, following
from bot.forge.marks import SOURCES, names
from bot.forge.troubles import answers
from bot.jobs.port import Closing, Job, JobTools
from workflows.change.seen import Forge
from workflows.incident.issues import IssueTold, Known
from workflows.incident.items import TaskIssue
from workflows.incident.state import IncidentCase
from workflows.incident.terms import IssueState
from workflows.registry import read_case
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)


class IssueReader(Protocol):
    """Reads issues of one forge."""

    def read(self, repository: str, number: int, now: datetime) -> IssueTold | None:
        """How it stands; None where the number is no issue's. Raises ForgeError."""


@dataclass(frozen=True, slots=True)
class IssueReading:
    """The handler of `forge.issue_read`. A forge that cannot be asked tells of the issue when it changes."""

    issues: Issues
    readers: Mapping[Forge, IssueReader]

    def __call__(self, job: Job, tools: JobTools) -> Closing | None:
        """Ask the forge, and let the task follow what it says. What does not come is tried again, and then given up."""
        case_id, no = job.text("case"), job.number("no")
        issue = self._issue(case_id, no)
        reader = self._reader(issue) if issue is not None else None
        if issue is None or reader is None or not isinstance(issue.repository, str):
            return None
        with answers():
            told = reader.read(issue.repository, issue.number, tools.now)
        if told is None:
            log.warning("issue_is_none", case=case_id, task=no)
            return None
        found = told
        return lambda uow: self._begin(uow, case_id, no, found)

    def _issue(self, case_id: str, no: int) -> TaskIssue | None:
        with self.issues.service.store.reading() as reads:
            row = reads.case_by_id(UUID(case_id))
        case = read_case(row) if row else None
        tasks = case.tasks if isinstance(case, IncidentCase) else ()
        return next((task.issue for task in tasks if task.no == no), None)

    def _reader(self, issue: TaskIssue) -> IssueReader | None:
        """Of the forge that was named, else of the one that knows the repository, else of the only one there is."""
        if issue.source is not None:
            return next((one for forge, one in self.readers.items() if SOURCES[forge] is issue.source), None)
        with self.issues.service.store.reading() as reads:
            knowing = [
                one for forge, one in self.readers.items() if reads.links.get(names(forge), str(issue.repository))
            ]
        found = knowing or list(self.readers.values())
        return found[0] if len(found) == 1 else None

    def _begin(self, uow: UnitOfWork, case_id: str, no: int, told: IssueTold) -> None:
        if (case_id, no) not in following(uow, told):
            # Tied to another one meanwhile, or the address is another forge's with a repository of the same name.
            return
        self.issues.take(uow, told)
        kept = Known.model_validate_json(uow.links.get(KNOWN, told.key) or "")
        if kept.state is IssueState.CLOSED:
            self.issues.follow(uow, case_id, no, replace(told, state=kept.state, at=kept.at))
