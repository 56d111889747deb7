"""Timers: what falls due without anybody asking. Each looks at the case as it then is."""

from dataclasses import dataclass
from uuid import UUID

from bot.jobs.port import Handlers, Job
from bot.startup import MACHINE
from workflows.change.commands import EndWaiver
from workflows.change.state import ChangeCase
from workflows.incident.effects import RECURRENCE
from workflows.incident.recurrence import recurrences, reopening
from workflows.incident.state import IncidentCase
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.reads import Reads
from workflows.store.rows import CaseFilter
from workflows.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Timers:
    """The handlers of `timer.…`; they decide and end in one transaction."""

    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which jobs are ours."""
        handlers.inbox("timer.waiver", self.waiver)
        handlers.inbox(RECURRENCE, self.recurrence)

    def waiver(self, job: Job, uow: UnitOfWork) -> None:
        """A waiver is over: say so, and judge the requests anew."""
        row = uow.load_case_by_id(UUID(job.text("case")))
        case = read_case(row) if row else None
        if not isinstance(case, ChangeCase):
            return
        waiver = case.waiver(UUID(job.text("waiver")))
        if waiver is not None and waiver.ended_at is None:
            self.service.handle_in(uow, EndWaiver(case=case.number, waiver=waiver.id), MACHINE)

    def recurrence(self, job: Job, uow: UnitOfWork) -> None:
        """The same root cause came back: reopen the corrective actions that were to keep it away (10.2)."""
        row = uow.load_case_by_id(UUID(job.text("case")))
        case = read_case(row) if row else None
        if not isinstance(case, IncidentCase):
            return
        rows = Reads(uow.connection).all_cases(CaseFilter(workflow="incident"))
        others = [found for found in map(read_case, rows) if isinstance(found, IncidentCase)]
        # Cases by ascending id, as everywhere: two of these at once never wait for each other.
        for found in sorted(recurrences(case, others), key=lambda one: (one.case_id, one.no)):
            self.service.handle_in(uow, reopening(found, case), MACHINE)
