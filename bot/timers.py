"""Timers: what falls due without anybody asking. Each looks at the case as it then is."""

from dataclasses import dataclass
from uuid import UUID

from bot.jobs.port import Handlers, Job
from bot.startup import MACHINE
from config.policy.ids import Role
from workflows.access import is_on_duty
from workflows.actors import Actor, Person, PersonId, Source
from workflows.change.commands import EndWaiver
from workflows.change.effects_emergency import EMERGENCY_REPORT, EMERGENCY_TIMER, REVIEW_TIMER
from workflows.change.emergency import Emergency
from workflows.change.emergency_commands import EndEmergency, EscalateReview, LinkEmergency
from workflows.change.state import ChangeCase
from workflows.events import IdentityData
from workflows.incident.commands import LinkChange, Report
from workflows.incident.effects import RECURRENCE
from workflows.incident.recurrence import recurrences, reopening
from workflows.incident.state import IncidentCase
from workflows.outcome import Accepted
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
        handlers.inbox(EMERGENCY_TIMER, self.emergency)
        handlers.inbox(EMERGENCY_REPORT, self.report)
        handlers.inbox(REVIEW_TIMER, self.review)

    def waiver(self, job: Job, uow: UnitOfWork) -> None:
        """A waiver is over: say so, and judge the requests anew."""
        case = _change(uow, job)
        if case is None:
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

    def emergency(self, job: Job, uow: UnitOfWork) -> None:
        """The time of the second person is up: without one the commit is let through no longer."""
        case = _change(uow, job)
        if case is not None:
            command = EndEmergency(case=case.number, emergency=UUID(job.text("emergency")))
            self.service.handle_in(uow, command, MACHINE)

    def review(self, job: Job, uow: UnitOfWork) -> None:
        """A retrospective review is late, unless it was held meanwhile."""
        case = _change(uow, job)
        if case is not None:
            command = EscalateReview(case=case.number, review=UUID(job.text("review")))
            self.service.handle_in(uow, command, MACHINE)

    def report(self, job: Job, uow: UnitOfWork) -> None:
        """An emergency belongs to a case: the named one gets the link, else a report is opened in their name."""
        case = _change(uow, job)
        wanted = UUID(job.text("emergency"))
        known = next((one for one in case.emergencies if one.id == wanted), None) if case else None
        if case is None or known is None or not isinstance(known.reason, str):
            return
        number = known.incident
        if number is None:
            report = Report(what=f"{case.number}: {known.reason}")
            opened = self.service.handle_in(uow, report, self._first(case, known))
            if not isinstance(opened, Accepted):
                return
            number = opened.case.number
            link = LinkEmergency(case=case.number, emergency=wanted, incident=number)
            self.service.handle_in(uow, link, MACHINE)
        row = uow.load_case(number) if isinstance(number, str) else None
        if row is not None and isinstance(read_case(row), IncidentCase):
            self.service.handle_in(uow, LinkChange(case=row.number, number=case.number), MACHINE)

    def _first(self, case: ChangeCase, known: Emergency) -> Actor:
        """Whoever broke the glass, as far as they are still known by name."""
        who = case.people.get(known.by)
        if not isinstance(who, IdentityData):
            return MACHINE
        policy = self.service.policy_today()
        person = policy.person_by(id=who.id)
        roles = person.roles if person else frozenset({Role.ENGINEER})
        on_duty = is_on_duty(policy, who.id)
        return Actor(Person(PersonId(who.id), who.name), roles, Source.TIMER, on_duty)


def _change(uow: UnitOfWork, job: Job) -> ChangeCase | None:
    row = uow.load_case_by_id(UUID(job.text("case")))
    case = read_case(row) if row else None
    return case if isinstance(case, ChangeCase) else None
