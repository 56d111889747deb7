"""What a rule looks at, and where it puts what it decides."""

from dataclasses import dataclass, replace
from datetime import datetime

from config.policy.ids import CaseRole, Role
from config.policy.models import Policy
from workflows.actors import Actor, Person, Pseudonym
from workflows.context import Context
from workflows.decisions import Cast, Happening
from workflows.events import Event, IdentityData, Recorded
from workflows.incident.apply import apply
from workflows.incident.state import IncidentCase


@dataclass(frozen=True, slots=True)
class Situation:
    """The case, who acts on it, and the moment."""

    case: IncidentCase
    actor: Actor
    cast: Cast
    context: Context

    @property
    def now(self) -> datetime:
        """The moment of the decision."""
        return self.context.now

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.context.policy

    @property
    def me(self) -> Pseudonym | None:
        """Who acts; None for the machine, and for somebody whom the case does not know yet."""
        return self.of(self.actor.person)

    def of(self, person: Person | None) -> Pseudonym | None:
        """The pseudonym of a person."""
        return self.by_id(person.id) if person else None

    def by_id(self, person_id: str) -> Pseudonym | None:
        """The pseudonym of the person with this id."""
        return self.cast.known.get(person_id) or self.case.pseudonym_of(person_id)

    def roles(self) -> frozenset[Role | CaseRole]:
        """Standing roles of the actor, and those in this case."""
        return frozenset({*self.actor.roles, *self.case.roles_of(self.me)})

    def standing(self, pseudonym: Pseudonym) -> frozenset[Role]:
        """The standing roles of somebody in the case."""
        if pseudonym == self.me:
            return self.actor.roles
        ids = {known: person_id for person_id, known in self.cast.known.items()}
        who = self.case.people.get(pseudonym)
        person_id = ids.get(pseudonym) or (who.id if isinstance(who, IdentityData) else "")
        person = self.policy.person_by(id=person_id) if person_id else None
        return person.roles if person else frozenset()


class Proposal:
    """The events of one decision, folded one by one, so that each rule sees the case as the rules before left it."""

    __slots__ = ("__events", "__situation")

    def __init__(self, situation: Situation) -> None:
        self.__situation = situation
        self.__events: list[Happening] = []

    @property
    def situation(self) -> Situation:
        """The situation as the events so far make it."""
        return self.__situation

    @property
    def case(self) -> IncidentCase:
        """The case as the events so far make it."""
        return self.__situation.case

    @property
    def happenings(self) -> tuple[Happening, ...]:
        """The events so far."""
        return tuple(self.__events)

    def add(self, event: Event, occurred_at: datetime | None = None) -> None:
        """One more event. `occurred_at` is the time it tells about, where that is not now."""
        now = self.__situation.now
        told = None if occurred_at == now else occurred_at
        actor = self.__situation.actor
        recorded = Recorded(event, 0, now, actor.source, self.__situation.me, None, told)
        self.__events.append(Happening(event, told))
        self.__situation = replace(self.__situation, case=apply(self.case, recorded))
