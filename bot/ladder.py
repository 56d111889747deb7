"""The paging ladder as timers: each step looks at the report as it then is, calls, and sets the next one."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bot.jobs.port import Handlers, Job
from bot.startup import MACHINE
from config.policy.models import PolicyPerson
from workflows.actors import Person, PersonId
from workflows.incident.effects import LADDER, PAGER_CALL
from workflows.incident.paging import called, due
from workflows.incident.paging_commands import Page
from workflows.incident.promises import stamp
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting
from workflows.leavers import today
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

_EARLY: Final = "early"
"""In the payload: at once, since who was called before cannot."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The handler of `timer.page`."""

    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.inbox(LADDER, self)

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Call whom the step names, and set the next step; nothing once somebody looks after the report."""
        row = uow.load_case_by_id(UUID(job.text("case")))
        case = read_case(row) if row else None
        step = job.number("step")
        policy = today(self.service.policy, uow.links, self.service.moment.now())
        at = due(policy, case, step) if isinstance(case, IncidentCase) else None
        if not isinstance(case, IncidentCase) or at is None or not is_waiting(case):
            return
        if _EARLY not in job.payload and self.service.moment.now() < at:
            self._set(uow, case, step)
            return
        if any(page.step >= step for page in case.called):
            return  # It was taken early, and set the steps after it.
        if "pager" in self.service.routes:
            mark = f"{PAGER_CALL}:{case.id}:{_place(case, step)}"
            payload: dict[str, str | int] = {"case": str(case.id), "step": step}
            uow.jobs.enqueue(JobDraft(PAGER_CALL, f"pager:{case.id}", mark, payload))
        people = called(policy, case, step)
        if people:
            self.service.handle_in(uow, Page(case=case.number, step=step, called=tuple(map(_person, people))), MACHINE)
        self._set(uow, case, step + 1)

    def _set(self, uow: UnitOfWork, case: IncidentCase, step: int) -> None:
        """A step at its time, once. Without one the ladder ends."""
        at = due(self.service.policy, case, step)
        payload: dict[str, str | int] = {"case": str(case.id), "step": step}
        if at is not None:
            uow.jobs.enqueue(
                JobDraft(LADDER, "", f"{LADDER}:{case.id}:{_place(case, step)}", payload, run_at=at, timer=True)
            )


def _place(case: IncidentCase, step: int) -> str:
    """Which step, and of which time that the report waited."""
    return f"step{step}" if case.reopened is None else f"step{step}:{stamp(case.reopened)}"


def _person(known: PolicyPerson) -> Person:
    return Person(PersonId(known.id), known.name)
