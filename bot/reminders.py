"""What was promised and is due: once at its time, and once more to the ISB when it is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bot.jobs.port import Handlers, Job
from workflows.incident.effects import DUE, REMIND
from workflows.incident.promises import Promise, is_owed, of_stamp
from workflows.incident.state import IncidentCase
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

LATE: Final = "late"


def owed_by(job: Job) -> tuple[Promise, datetime]:
    """What a job is about, and when it was due."""
    return list(Promise)[job.number("what")], of_stamp(job.number("due"))


@dataclass(frozen=True, slots=True)
class Reminders:
    """The handler of `timer.due`. What was done meanwhile, or promised anew, reminds nobody."""

    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.inbox(DUE, self)

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Have people reminded, and look once more later."""
        row = uow.load_case_by_id(UUID(job.text("case")))
        case = read_case(row) if row else None
        promise, due = owed_by(job)
        if not isinstance(case, IncidentCase) or case.drill or not is_owed(case, promise, due):
            return
        late = LATE in job.payload
        mark = f"{case.id}:{promise.value}:{job.number('due')}:{int(late)}"
        payload = {**job.payload}
        if "slack" in self.service.routes:
            uow.jobs.enqueue(JobDraft(REMIND, f"{REMIND}:{case.id}", f"{REMIND}:{mark}", payload))
        # That a service owner has not answered is for the lead, who may ask another one: it wakes nobody else.
        if not late and promise is not Promise.OWNER:
            again = due + timedelta(minutes=self.service.policy.paging.escalate_minutes)
            uow.jobs.enqueue(JobDraft(DUE, "", f"{DUE}:{mark}:late", {**payload, LATE: 1}, run_at=again, timer=True))
