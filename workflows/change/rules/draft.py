"""One decision in the making: who acts, and the change as the events so far make it."""

from datetime import datetime
from typing import cast as typed

from config.policy.models import Policy
from workflows.actors import Actor, Pseudonym
from workflows.change.apply import apply
from workflows.change.codes import ChangeState, MoveCause
from workflows.change.events import ChangeMoved
from workflows.change.moves import machine
from workflows.change.snapshot import Snapshot
from workflows.change.state import ChangeCase
from workflows.context import Context
from workflows.decisions import Cast, Happening
from workflows.errors import Tampered
from workflows.events import Event, Recorded
from workflows.machine import Allowed


class Draft:
    """The events of one decision, folded one by one, so that each rule sees what the rules before it decided."""

    __slots__ = ("__case", "__happenings", "actor", "cast", "context")

    def __init__(self, case: ChangeCase, actor: Actor, cast: Cast, context: Context) -> None:
        self.__case = case
        self.__happenings: list[Happening] = []
        self.actor = actor
        self.cast = cast
        self.context = context

    @property
    def case(self) -> ChangeCase:
        """The change as the events so far make it."""
        return self.__case

    @property
    def happenings(self) -> tuple[Happening, ...]:
        """The events so far."""
        return tuple(self.__happenings)

    @property
    def now(self) -> datetime:
        """The moment of the decision."""
        return self.context.now

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.context.policy

    @property
    def facts(self) -> Snapshot:
        """What the forges told, as stored."""
        return typed("Snapshot", self.context.facts or Snapshot())

    @property
    def me(self) -> Pseudonym | None:
        """Who acts; None for the machine."""
        return self.cast.of(self.actor.person) if self.actor.person else None

    def add(self, event: Event, occurred_at: datetime | None = None) -> None:
        """Record an event. `occurred_at`: the time it tells about, where that is not now."""
        seq = len(self.__happenings) + 1
        recorded = Recorded(event, seq, self.now, self.actor.source, self.me, occurred_at=occurred_at)
        self.__case = apply(self.__case, recorded)
        self.__happenings.append(Happening(event, occurred_at))

    def move(self, target: ChangeState, facts: str | None = None) -> None:
        """Move the change, as the table allows. Raises Tampered for a move that it does not have: a rule is broken."""
        attempt = machine().attempt(self.case.state, target)
        if not isinstance(attempt, Allowed):
            message = f"change: expected one of {', '.join(attempt.possible)} after {attempt.source}, found {target}"
            raise Tampered(message)
        cause = MoveCause(attempt.move.name)
        self.add(ChangeMoved(from_state=self.case.stands, to_state=target, cause=cause, facts=facts))
