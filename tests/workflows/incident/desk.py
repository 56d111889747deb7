"""An incident in memory: commands are decided and folded as the service does it, without a store."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from config.policy.ids import Criterion, Impact, Severity, Spread
from config.policy.loader import load_texts
from config.policy.models import Policy
from workflows.actors import Actor, Person, PersonId, Source
from workflows.commands import Command
from workflows.context import Context
from workflows.decisions import Approved, Decision, Declined, Happening, Reason
from workflows.events import Event, Recorded
from workflows.holding import cast_of, held_roles
from workflows.incident.apply import apply
from workflows.incident.commands import Advance, Answer, Assess, Close, Given, RecordAction, RecordEvidence, Report
from workflows.incident.decide import decide
from workflows.incident.state import IncidentCase
from workflows.incident.terms import ActionKind, Goal, Kind, PersonalData, State
from workflows.incident.workflow import WORKFLOW

START: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""A Friday."""
NUMBER: Final = "INC-2026-0042"
TEAM: Final = """
organisation: Beispiel GmbH
people:
  - {id: jana, name: Jana K., roles: [responder]}
  - {id: tom, name: Tom L., roles: [responder]}
  - {id: petra, name: Petra M., roles: [isb]}
  - {id: dieter, name: Dieter N., roles: [deputy]}
  - {id: dora, name: Dora D., roles: [dpo]}
  - {id: lena, name: Lena W., roles: [management]}
  - {id: sven, name: Sven O., roles: [service_owner]}
  - {id: max, name: Max H., roles: [engineer]}
  - {id: ada, name: Ada A., roles: [admin]}
duty_roster: [jana]
"""
ALONE: Final = """
organisation: Beispiel GmbH
people:
  - {id: petra, name: Petra M., roles: [isb, responder, service_owner]}
  - {id: lena, name: Lena W., roles: [management]}
  - {id: max, name: Max H., roles: [engineer]}
second_persons:
  incident.duty: {roles: [isb, deputy], fallback: management}
"""


@cache
def policy_of(text: str) -> Policy:
    return load_texts({"policy.yaml": text.encode()}).policy


def other_case(number: str, state: str, successor: str | None = None) -> SimpleNamespace:
    """A change as far as an incident looks at it."""
    return SimpleNamespace(id=UUID(int=sum(number.encode())), number=number, state=state, successor=successor)


@dataclass
class Desk:
    """One case and the people around it. Entries are numbered and dated as the service would."""

    policy: Policy = field(default_factory=lambda: policy_of(TEAM))
    now: datetime = START
    related: dict[str, Any] = field(default_factory=dict)
    entries: list[Recorded] = field(default_factory=list)
    case: IncidentCase = field(default_factory=lambda: WORKFLOW.blank(UUID(int=42), NUMBER, START))
    closer: str = "tom"

    def person(self, name: str) -> Person:
        known = self.policy.person_by(id=name)
        return Person(PersonId(name), known.name if known else name.title())

    def actor(self, name: str) -> Actor:
        """Somebody of the policy, or (empty) the machine."""
        if not name:
            return Actor(None, frozenset(), Source.TIMER)
        known = self.policy.person_by(id=name)
        return Actor(self.person(name), known.roles if known else frozenset(), Source.CLI)

    def context(self) -> Context:
        return Context(
            self.now, self.policy, lambda: UUID(int=1), lambda: b"\0" * 16, self.related, newest=len(self.entries)
        )

    def may(self, name: str, command: type[Command]) -> bool:
        """Whether the table of rights lets this person give such a command."""
        held = held_roles(WORKFLOW, self.case, self.actor(name))
        return not name or not WORKFLOW.access[command].isdisjoint(held)

    def tell(self, name: str, command: Command) -> Decision:
        """Decide, and record what holds or is kept."""
        assert self.may(name, type(command)), f"{name} may not {type(command).__name__}"
        actor = self.actor(name)
        cast, introduced = cast_of(self.case, command, actor)
        decision = decide(self.case, command, actor, cast, self.context())
        happenings = decision.happenings if isinstance(decision, Approved) else decision.kept
        for number, happening in enumerate(happenings, start=1):
            by = cast.of(actor.person) if actor.person else None
            self._fold(happening, actor.source, by, introduced if number == 1 else {})
        return decision

    def _fold(self, happening: Happening, source: Source, by: Any, introduced: Mapping[Any, Any]) -> None:
        seq = len(self.entries) + 1
        item = Recorded(happening.event, seq, self.now, source, by, None, happening.occurred_at, introduced)
        self.entries.append(item)
        self.case = apply(self.case, item)

    def do(self, name: str, command: Command) -> IncidentCase:
        decision = self.tell(name, command)
        assert isinstance(decision, Approved), decision.reasons
        return self.case

    def refused(self, name: str, command: Command) -> tuple[Reason, ...]:
        before = self.case.state
        decision = self.tell(name, command)
        assert isinstance(decision, Declined), decision
        assert self.case.state is before
        return decision.reasons

    def record(self, event: Event) -> None:
        """An entry as it could stand in the ledger, without asking the rules."""
        self._fold(Happening(event), Source.CLI, None, {})

    def kinds(self) -> list[type[Event]]:
        return [type(item.event) for item in self.entries]

    def answer(self, criterion: Criterion, by: str = "jana", **given: Any) -> IncidentCase:
        return self.do(by, Answer(answers=(Given(criterion=criterion, **given),)))

    def later(self, **span: float) -> "Desk":
        self.now += timedelta(**span)
        return self

    def copy(self) -> "Desk":
        """The same case, to be continued differently."""
        return replace(self, entries=list(self.entries), related=dict(self.related))


def blank() -> IncidentCase:
    return WORKFLOW.blank(UUID(int=42), NUMBER, START)


def subjects(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.subject for reason in reasons]


HARMLESS: Final[dict[str, Any]] = {goal.value: Impact.NONE for goal in Goal}
ASSESSED: Final[dict[str, Any]] = {
    "kind": Kind.INCIDENT,
    "reason": "A password was entered",
    "category": "phishing",
    **HARMLESS,
    "confidentiality": Impact.LOW,
    "spread": Spread.SINGLE,
    "personal_data": PersonalData.NO,
    "affected": "Mailbox",
}
"""A full assessment as an S4."""


def reported(policy: str = TEAM, by: str = "max", **more: Any) -> Desk:
    desk = Desk(policy_of(policy))
    desk.do(by, Report(what="Phishing mail clicked", **more))
    return desk


def assessed(desk: Desk | None = None, by: str = "jana", **more: Any) -> Desk:
    """A report assessed as incident; who assesses leads."""
    found = desk or reported()
    found.do(by, Assess(**{**ASSESSED, **more}))
    return found


def containment(desk: Desk, by: str = "jana") -> None:
    desk.do(by, RecordAction(kind=ActionKind.CONTAINMENT, text="Account locked", result="No sign-ins"))


def evidence(desk: Desk, by: str = "jana") -> None:
    desk.do(by, RecordEvidence(description="Mail headers"))


def given_for(to: State, desk: Desk, owner: str = "sven") -> tuple[Given, ...]:
    """Answers that suffice to move on to `to`."""
    now = desk.now
    return {
        State.CONTAIN: (),
        State.ERADICATE: (
            Given(criterion=Criterion.CONTAINMENT_ACTION, text="Account locked", detail="No sign-ins"),
            Given(criterion=Criterion.EVIDENCE, choice="preserved", text="Mail headers"),
            Given(criterion=Criterion.CREDENTIALS, choice="revoked"),
        ),
        State.RECOVER: (
            Given(criterion=Criterion.ROOT_CAUSE, text="No second factor", detail="missing-mfa"),
            Given(criterion=Criterion.ENTRY_PATH, text="Link blocked"),
            Given(criterion=Criterion.SIMILAR_SYSTEMS, text="No other mailbox"),
        ),
        State.REVIEW: (
            Given(criterion=Criterion.RESTORE_SOURCE, text="Backup of Monday, scanned"),
            Given(criterion=Criterion.SYSTEMS_VERIFIED, text="Sign-in works"),
            Given(criterion=Criterion.MONITORING_OVER, when=now - timedelta(minutes=1)),
            Given(criterion=Criterion.RECOVERY_DECLARED, person=desk.person("petra")),
            Given(criterion=Criterion.SERVICE_OWNER_AGREES, person=desk.person(owner)),
        ),
        State.CLOSED: (
            Given(criterion=Criterion.REVIEW_HELD, choice="form", when=now, choices=("lead", "isb")),
            Given(criterion=Criterion.PROCESS_CAUSE, text="Second factor was optional"),
            Given(criterion=Criterion.LESSONS, text="Report earlier", detail="Good phone list"),
            Given(criterion=Criterion.CORRECTIVE_ACTION, choice="none", text="Done meanwhile"),
            Given(criterion=Criterion.RETENTION_CLASS, choice="standard"),
        ),
    }[to]


PHASES: Final = (State.CONTAIN, State.ERADICATE, State.RECOVER, State.REVIEW)


def reached(state: State, desk: Desk | None = None, by: str = "jana", owner: str = "sven", **more: Any) -> Desk:
    """An incident that went forward up to this state, an hour a phase."""
    found = assessed(desk, by, **more)
    for target in PHASES:
        if found.case.state is state:
            return found
        found.later(hours=1).do(by, Advance(to=target, answers=given_for(target, found, owner)))
    if state is State.CLOSED:
        found.later(hours=1).do(found.closer, Close(answers=given_for(State.CLOSED, found)))
    assert found.case.state is state
    return found


def near_miss() -> Desk:
    """A near miss in review."""
    desk = reported()
    desk.do("jana", Assess(kind=Kind.NEAR_MISS, reason="Blocked by the gateway"))
    desk.do("jana", Advance(to=State.REVIEW))
    return desk


def dismissed(severity: Severity | None = None) -> Desk:
    """A false alarm, dismissed."""
    desk = reported()
    reason = "Loud test" if severity else ""
    desk.do("jana", Assess(kind=Kind.FALSE_ALARM, reason="A drill", severity=severity, severity_reason=reason))
    desk.do("petra", Advance(to=State.DISMISSED))
    return desk
