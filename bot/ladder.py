"""The paging ladder as timers: each step looks at the report as it then is, calls, and sets the next one.

One timer and one call to the pager for each step of each round: what makes them unique is the number of the step, which
counts on. So neither a restart nor a second process makes two of one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from bot.jobs.port import Handlers, Job
from bot.startup import MACHINE
from config.policy.models import Policy, PolicyPerson
from workflows.actors import Person, PersonId
from workflows.incident.paging import begins_round, called, due, following, is_nobody_left
from workflows.incident.paging_commands import NoteUnanswered, Page
from workflows.incident.paging_effects import LADDER, PAGER_CALL, UNANSWERED
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
        if not isinstance(case, IncidentCase) or not is_waiting(case):
            return
        step, now = job.number("step"), self.service.moment.now()
        policy = today(self.service.policy, uow.links, now)
        at = due(policy, case, step)
        if at is None:
            return
        if _EARLY in job.payload:
            if is_nobody_left(policy, case):
                self._unanswered(uow, case)
            elif not begins_round(policy, step):
                self._take(uow, policy, case, step)
        elif now < at:
            self._set(uow, case, step, at, put_off=True)
        else:
            self._take(uow, policy, case, step)

    def _take(self, uow: UnitOfWork, policy: Policy, case: IncidentCase, step: int) -> None:
        if any(page.step >= step for page in case.called):
            return  # It was taken early, and set the steps after it.
        if step < policy.paging.end:
            self._call(uow, policy, case, step)
        elif case.unanswered is None:
            self._unanswered(uow, case)
        else:
            self._remind(uow, case, step)
        self._set(uow, case, step + 1, following(policy, case, step, self.service.moment.now()))

    def _call(self, uow: UnitOfWork, policy: Policy, case: IncidentCase, step: int) -> None:
        if "pager" in self.service.routes:
            mark = f"{PAGER_CALL}:{case.id}:{_place(case, step)}"
            payload: dict[str, str | int] = {"case": str(case.id), "step": step}
            uow.jobs.enqueue(JobDraft(PAGER_CALL, f"pager:{case.id}", mark, payload))
        people = called(policy, case, step)
        if people:
            self.service.handle_in(uow, Page(case=case.number, step=step, called=tuple(map(_person, people))), MACHINE)

    def _unanswered(self, uow: UnitOfWork, case: IncidentCase) -> None:
        """On record, and told, once."""
        if case.unanswered is None:
            self.service.handle_in(uow, NoteUnanswered(case=case.number), MACHINE)

    def _remind(self, uow: UnitOfWork, case: IncidentCase, step: int) -> None:
        if "slack" in self.service.routes:
            mark = f"{UNANSWERED}:{case.id}:{_place(case, step)}"
            uow.jobs.enqueue(JobDraft(UNANSWERED, f"{UNANSWERED}:{case.id}", mark, {"case": str(case.id)}))

    def _set(
        self, uow: UnitOfWork, case: IncidentCase, step: int, at: datetime | None, *, put_off: bool = False
    ) -> None:
        """A step at its time, once. Without one the ladder ends.

        `put_off`: the timer of this very step came before its time, since the policy lets people wait longer now.
        """
        payload: dict[str, str | int] = {"case": str(case.id), "step": step}
        if at is not None:
            mark = f"{LADDER}:{case.id}:{_place(case, step)}" + (f":{stamp(at)}" if put_off else "")
            uow.jobs.enqueue(JobDraft(LADDER, "", mark, payload, run_at=at, timer=True))


def _place(case: IncidentCase, step: int) -> str:
    """Which step, and of which time that the report waited."""
    return f"step{step}" if case.reopened is None else f"step{step}:{stamp(case.reopened)}"


def _person(known: PolicyPerson) -> Person:
    return Person(PersonId(known.id), known.name)
