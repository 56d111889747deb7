"""What watches over kept files: each is hashed again in time (A.5.28), and destroyed only when nobody needs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bot.evidence.folder import EvidenceFolder
from bot.jobs.port import Handlers, Job, JobTools, Retry
from bot.startup import MACHINE
from workflows.incident.evidence_commands import CheckEvidence
from workflows.incident.evidence_effects import DISPOSE
from workflows.incident.evidence_events import EvidenceDisposed
from workflows.incident.state import IncidentCase
from workflows.pointers import EVIDENCE_CASE, EVIDENCE_CHECKED, EVIDENCE_FILE
from workflows.queries import steps_between
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

RECHECK: Final = "timer.recheck"
RECHECK_JOB: Final = JobDraft(RECHECK, "", RECHECK, {})
EVERY: Final = timedelta(hours=1)
AT_ONCE: Final = 50
"""So many files in one round; what is left comes in the next."""
WANTED_LATELY: Final = 3600.0
"""A content that was put again within this many seconds is about to be recorded: it is not removed yet."""


@dataclass(frozen=True, slots=True)
class EvidenceUpkeep:
    """The handlers."""

    service: Service
    folder: EvidenceFolder

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which jobs are ours."""
        handlers.rounds(RECHECK, self.round)
        handlers.outbox(DISPOSE, self.dispose)

    def begin(self) -> None:
        """At the start: look soon."""
        self.service.retrying(lambda uow: uow.jobs.keep(RECHECK_JOB))

    def round(self, _job: Job, tools: JobTools) -> timedelta:
        """Hash again what is due by the policy, the longest unchecked first."""
        self.folder.sweep(tools.now.timestamp())
        with self.service.store.reading() as reads:
            checked = reads.links.of(EVIDENCE_CHECKED)
        before = tools.now - timedelta(days=self.service.policy.evidence.recheck_days)
        due = sorted((at, number) for number, at in checked.items() if datetime.fromisoformat(at) <= before)
        for _, number in due[:AT_ONCE]:
            if tools.is_stopping():
                break
            check(self.service, self.folder, number)
        return EVERY if len(due) <= AT_ONCE else timedelta(minutes=1)

    def dispose(self, job: Job, tools: JobTools) -> None:
        """Delete the file of a disposed item, unless another item keeps the same content."""
        digest = self.service.retrying(lambda uow: self._disposed(uow, job))
        if digest is None:
            return
        if self.folder.age(digest, tools.now.timestamp()) < WANTED_LATELY and self.folder.path(digest).exists():
            raise Retry("wanted_lately", timedelta(seconds=WANTED_LATELY))
        self.folder.remove(digest)

    def _disposed(self, uow: UnitOfWork, job: Job) -> str | None:
        """The digest that nobody needs any more."""
        row = uow.load_case_by_id(UUID(job.text("case")))
        case = read_case(row) if row else None
        if not isinstance(case, IncidentCase):
            return None
        with self.service.store.reading() as reads:
            found = steps_between(reads, case.id, job.number("seq"), job.number("seq"))
        event = found[0][0].event if found else None
        if not isinstance(event, EvidenceDisposed):
            return None
        item = next((one for one in case.evidence if one.no == event.no), None)
        if item is None or item.sha256 is None or uow.links.keys_of(EVIDENCE_FILE, item.sha256):
            return None
        return item.sha256


def check(service: Service, folder: EvidenceFolder, number: str) -> None:
    """Hash the file of one item again, and record what that showed."""
    with service.store.reading() as reads:
        place, digest = reads.links.get(EVIDENCE_CASE, number), reads.links.get(EVIDENCE_FILE, number)
    if place is None or digest is None:
        return
    case, _, no = place.partition(" ")
    result, found = folder.check(digest)
    service.handle(CheckEvidence(case=case, no=int(no), result=result, found=found), MACHINE)
