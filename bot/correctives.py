"""Corrective actions that are due: planned when they are agreed or done, and looked at again at each time (10.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bot.jobs.port import Handlers, Job
from workflows.incident.corrective_effects import CORRECTIVE, CORRECTIVE_TOLD
from workflows.incident.items import Corrective
from workflows.incident.owed import Owed, Step, is_owed, times
from workflows.incident.promises import of_stamp
from workflows.incident.state import IncidentCase
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import Case

STEP: Final = "step"


@dataclass(frozen=True, slots=True)
class Due:
    """What a job is about, as long as it is owed. `step` None: its reminders are still to be planned."""

    case: IncidentCase
    action: Corrective
    owed: Owed
    step: Step | None


def due_by(job: Job, read: Callable[[str], Case | None]) -> Due | None:
    """What a job is about; None when it was done meanwhile, or opened again."""
    case, no = read(job.text("case")), job.number("no")
    known = case.correctives if isinstance(case, IncidentCase) else ()
    action = next((one for one in known if one.no == no), None)
    owed = list(Owed)[job.number("what")]
    if not isinstance(case, IncidentCase) or action is None:
        return None
    if not is_owed(action, owed, of_stamp(job.number("due")), job.number("life")):
        return None
    return Due(case, action, owed, list(Step)[job.number(STEP)] if STEP in job.payload else None)


@dataclass(frozen=True, slots=True)
class Correctives:
    """The handler of `timer.corrective`."""

    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.inbox(CORRECTIVE, self)

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Plan the reminders, or have one told."""

        def read(case_id: str) -> Case | None:
            row = uow.load_case_by_id(UUID(case_id))
            return read_case(row) if row else None

        due = due_by(job, read)
        if due is None:
            return
        mark = ":".join(str(job.payload[name]) for name in ("case", "no", "what", "due", "life"))
        payload = {**job.payload}
        if due.step is not None:
            told = f"{CORRECTIVE_TOLD}:{mark}:{job.number(STEP)}"
            if "slack" in self.service.routes:
                uow.jobs.enqueue(JobDraft(CORRECTIVE_TOLD, told, told, payload))
            return
        for step, at in times(self.service.policy, due.action, due.owed, self.service.moment.now()):
            number = list(Step).index(step)
            wait = JobDraft(CORRECTIVE, "", f"{CORRECTIVE}:{mark}:{number}", {**payload, STEP: number}, at, timer=True)
            uow.jobs.enqueue(wait)
