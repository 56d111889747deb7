"""What one answer is made with: who asks, in which language, at what moment, over which policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from bot.chat.entry_numbers import by_entry
from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import Reading
from bot.chat.parser import Years
from bot.chat.port import Directory, Queries, Speaker
from bot.chat.short_numbers import years_for
from bot.chat.surface import Surface, surface_of
from bot.chat.texts.incident_events import Telling as IncidentTelling
from bot.chat.texts.refusal import Explaining
from bot.chat.texts.telling import Telling as ChangeTelling
from bot.chat.typed import ME
from bot.chat.verbs import fold
from config.i18n import Translator
from config.policy.ids import CaseRole, Role
from config.policy.models import Policy
from workflows.actors import Actor, Person, Pseudonym
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.context import Context
from workflows.decisions import Reason
from workflows.events import IdentityData
from workflows.holding import held_roles, unauthorised
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind
from workflows.registry import WORKFLOWS
from workflows.workflow import Case


@dataclass(frozen=True, slots=True)
class WithSelf:
    """People, where `me` is whoever speaks."""

    directory: Directory
    actor: Actor

    def find(self, token: str) -> Person | None:
        """The person; the speaker for `me`, `ich`, and their own id."""
        own = self.actor.person
        wanted = token.strip().removeprefix("@")
        if own is not None and (fold(wanted) in ME or wanted == own.id):
            return own
        return self.directory.find(token)


@dataclass(frozen=True, slots=True)
class Room:
    """One exchange."""

    speaker: Speaker
    t: Translator
    policy: Policy
    now: datetime
    queries: Queries
    directory: Directory
    tells_on_call: bool = False

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.speaker.actor

    @property
    def surface(self) -> Surface:
        """Where they do."""
        return surface_of(self.actor.source)

    @property
    def years(self) -> Years:
        """The year of a short number."""
        return years_for(self.actor, self.queries, self.policy, self.now)

    def telling(self, case: IncidentCase) -> IncidentTelling:
        """For sentences about an incident."""
        return IncidentTelling(self.t, case, self.policy, self.now)

    def telling_change(self, case: ChangeCase) -> ChangeTelling:
        """For sentences about a change."""
        return ChangeTelling(self.t, case, self.policy.zone)

    def explaining(self, case: Case | None) -> Explaining:
        """For the lines of a refusal."""
        own = frozenset(role.value for role in self.roles(case))
        me = self.actor.person.name if self.actor.person else ""
        return Explaining(self.t, self.policy, case, self.now, own, me)

    def roles(self, case: Case | None) -> frozenset[Role | CaseRole]:
        """Standing roles of the asker, and those in this case."""
        for workflow in WORKFLOWS.values():
            if case is not None and isinstance(case, workflow.case_type):
                return held_roles(workflow, case, self.actor)
        return frozenset({*self.actor.roles, Role.ENGINEER})

    def may(self, command: type[Command], case: Case) -> bool:
        """Whether the asker's roles allow a command; the rules may still say no."""
        return any(command in one.access for one in WORKFLOWS.values()) and self.refusal(command, case) is None

    def refusal(self, command: type[Command], case: Case) -> Reason | None:
        """Why the asker's roles do not allow a command, with who may; None where they do."""
        found = (one for one in WORKFLOWS.values() if command in one.access)
        return next((unauthorised(one, case, command, self.actor) for one in found), None)

    def is_me(self, case: Case, pseudonym: Pseudonym | None) -> bool:
        """Whether somebody of the case is the asker."""
        own, other = self.actor.person, case.people.get(pseudonym) if pseudonym else None
        return own is not None and isinstance(other, IdentityData) and other.id == own.id

    def questions(self, values: Mapping[str, str] | None = None) -> Questions:
        """For a form."""
        return Questions(self.t, self.policy, values or {})

    def reading(self, values: Mapping[str, str], case: Case | None = None) -> Reading:
        """For the answers of a form about a case."""
        return Reading(
            by_entry(values, self.queries, case),
            self.t,
            self.policy,
            self.now,
            WithSelf(self.directory, self.actor),
            self.years,
            case,
        )

    def context(self, case: IncidentCase) -> Context:
        """For questions to the rules that decide nothing: linked cases, as far as the asker may see them."""
        related: dict[str, Any] = {}
        original = (case.duplicate_of,) if case.kind is Kind.DUPLICATE else ()
        for number in (*(link.number for link in case.fixes), *original):
            found = self.queries.case(number, self.actor) if isinstance(number, str) else None
            if found is not None:
                related[found.number] = found
        return Context(self.now, self.policy, _never, _never, related)


Clock = Callable[[], datetime]


def _never() -> NoReturn:
    raise AssertionError("a question about a move makes no ids and no salts")
