"""Duplicates as jobs: the case that goes on gets to know what was dismissed as its duplicate, and what no longer is."""

from dataclasses import dataclass
from uuid import UUID

from bot.jobs.port import Handlers, Job
from bot.startup import MACHINE
from workflows.incident.effects import MERGE
from workflows.incident.merging_commands import JoinDuplicate
from workflows.incident.state import IncidentCase
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Merging:
    """The handler of `timer.merge`. It looks at both as they then are, so that whatever came between counts."""

    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.inbox(MERGE, self)

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Write it into the case that goes on, once."""
        case, main = _incident(uow, job.text("case")), _incident(uow, job.text("main"))
        if case is None or main is None:
            return
        wanted = case.merged_into == main.id
        if wanted is not any(one.id == case.id for one in main.duplicates):
            command = JoinDuplicate(case=main.number, other=case.id, number=case.number, removed=not wanted)
            self.service.handle_in(uow, command, MACHINE)


def _incident(uow: UnitOfWork, case_id: str) -> IncidentCase | None:
    row = uow.load_case_by_id(UUID(case_id))
    case = read_case(row) if row else None
    return case if isinstance(case, IncidentCase) else None
