"""What a process may not do while another policy than its own is in force."""

from dataclasses import dataclass, field

from bot.jobs.outage import Outage
from bot.jobs.port import Handlers
from bot.startup import decides_by
from config.policy.loader import Loaded
from workflows.store.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Judging:
    """Looks, with each claim, whether the process decides by the policy in force; told in the log when that changes."""

    policy: Loaded
    handlers: Handlers
    _outage: Outage = field(default_factory=lambda: Outage("policy.in_force"))

    def closed(self, uow: UnitOfWork) -> frozenset[str]:
        """The kinds of jobs that are left to others: all that judge, while the policy is another."""
        if decides_by(uow.links, self.policy):
            self._outage.is_over()
            return frozenset()
        self._outage.begins("another policy was loaded since: nothing is judged here until a restart")
        return self.handlers.judging
