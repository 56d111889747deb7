"""Scenarios of drills as timers: each inject is told at its time and sets the next; at the end of a drill they stop."""

from dataclasses import dataclass
from uuid import UUID

from bot.jobs.port import Handlers, Job
from bot.startup import MACHINE
from workflows.incident.drill_commands import TellInject
from workflows.incident.drilling import due
from workflows.incident.effects import INJECT
from workflows.incident.state import IncidentCase
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Injects:
    """The handler of `timer.inject`."""

    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.inbox(INJECT, self)

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Tell the next if it is due, and look again when the one after it is."""
        case = self._drill(uow, job)
        at = due(self.service.policy, case) if case is not None else None
        if case is None or at is None:
            return
        if at <= self.service.moment.now():
            self.service.handle_in(uow, TellInject(case=case.number, no=case.injected), MACHINE)
            case = self._drill(uow, job) or case
            at = due(self.service.policy, case)
        if at is not None:
            mark = f"{INJECT}:{case.id}:{case.injected + 1}"
            uow.jobs.enqueue(JobDraft(INJECT, "", mark, {"case": str(case.id)}, run_at=at, timer=True))

    def _drill(self, uow: UnitOfWork, job: Job) -> IncidentCase | None:
        row = uow.load_case_by_id(UUID(job.text("case")))
        case = read_case(row) if row else None
        return case if isinstance(case, IncidentCase) else None
