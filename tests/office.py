"""An organisation at work: cases made by commands through the real service, on any database, at times of our own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from bot.startup import record_start
from config.policy.ids import Criterion, Impact, Spread
from config.policy.loader import Loaded, load_texts
from tests.templates import laid_out
from workflows.actors import Actor, Person, PersonId, Source
from workflows.commands import Command
from workflows.incident.commands import Advance, Assess, Close, Given, Report
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind, PersonalData, State
from workflows.moment import Moment
from workflows.outcome import Accepted, Outcome
from workflows.queries import Queries
from workflows.service import Service
from workflows.store.store import Store

POLICY: Final = """
organisation: Beispiel GmbH
people:
  - {id: jana, name: Jana Kowalski, roles: [responder], os_user: jana, slack: U0JANA}
  - {id: petra, name: Petra Meier-Schmidt, roles: [isb], os_user: petra, github_login: petra-dev}
  - {id: tom, name: Tom Li, roles: [responder, service_owner], os_user: tom}
  - {id: dora, name: Dora Däubler, roles: [dpo], os_user: dora}
  - {id: lena, name: Lena Weiß, roles: [management], os_user: lena}
  - {id: ada, name: Ada Okafor, roles: [admin], os_user: ada}
  - {id: max, name: Max Hübner, roles: [engineer], os_user: max}
duty_roster: [jana]
"""
START: Final = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Stands still until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass(slots=True)
class Office:
    """The service, and people who give it commands."""

    store: Store
    policy: Loaded
    clock: Clock
    service: Service
    numbers: list[str] = field(default_factory=list)

    def actor(self, person: str) -> Actor:
        known = self.policy.policy.person_by(id=person)
        if known is None:
            return Actor(Person(PersonId(person), person.title()), frozenset(), Source.CLI)
        return Actor(self.person(person), known.roles, Source.CLI)

    def person(self, person: str) -> Person:
        known = self.policy.policy.person_by(id=person)
        return Person(PersonId(person), known.name if known else person.title())

    def tell(self, person: str, command: Command) -> Outcome:
        return self.service.handle(command, self.actor(person))

    def do(self, person: str, command: Command) -> IncidentCase:
        """A command that has to be carried out; the case afterwards."""
        outcome = self.tell(person, command)
        assert isinstance(outcome, Accepted), outcome.reasons
        assert isinstance(outcome.case, IncidentCase)
        return outcome.case

    def report(self, what: str = "Phishing mail clicked", by: str = "max", **more: Any) -> str:
        number = self.do(by, Report(what=what, **more)).number
        self.numbers.append(number)
        return number

    def assess(self, number: str, **more: Any) -> IncidentCase:
        values: dict[str, Any] = {
            "kind": Kind.INCIDENT, "reason": "A password was entered", "category": "phishing",
            "confidentiality": Impact.LOW, "integrity": Impact.NONE, "availability": Impact.NONE,
            "authenticity": Impact.NONE, "spread": Spread.SINGLE, "personal_data": PersonalData.NO,
            "affected": "Mailbox", "lead": self.person("jana"),
        }  # fmt: skip
        return self.do("jana", Assess(case=number, **(values | more)))

    def closed(self, number: str, **texts: str) -> IncidentCase:
        """Through all phases, a quarter of an hour each, closed by another person than the lead."""
        for state, answers in self.phases(texts).items():
            self.clock.forward(minutes=15)
            if state is State.CLOSED:
                self.clock.forward(hours=9)
                return self.do("tom", Close(case=number, answers=answers))
            self.do("jana", Advance(case=number, to=state, answers=answers))
        raise AssertionError("the last phase closes")

    def phases(self, texts: dict[str, str]) -> dict[State, tuple[Given, ...]]:
        now = self.clock()
        return {
            State.CONTAIN: (),
            State.ERADICATE: (
                Given(criterion=Criterion.CONTAINMENT_ACTION, text="Account locked", detail="No more sign-ins"),
                Given(criterion=Criterion.EVIDENCE, choice="preserved", text="Mail headers", detail="Case folder"),
                Given(criterion=Criterion.CREDENTIALS, choice="revoked", text="Password replaced"),
            ),
            State.RECOVER: (
                Given(criterion=Criterion.ROOT_CAUSE, choice="known", text=texts.get("root", "No second factor"),
                      detail=texts.get("tag", "missing-mfa")),
                Given(criterion=Criterion.ENTRY_PATH, text="Link blocked"),
                Given(criterion=Criterion.SIMILAR_SYSTEMS, text="No other mailbox"),
            ),
            State.REVIEW: (
                Given(criterion=Criterion.RESTORE_SOURCE, skip="Nothing to restore"),
                Given(criterion=Criterion.SYSTEMS_VERIFIED, text="Sign-in works"),
                Given(criterion=Criterion.MONITORING_OVER, when=now + timedelta(minutes=30)),
                Given(criterion=Criterion.RECOVERY_DECLARED, person=self.person("jana")),
                Given(criterion=Criterion.SERVICE_OWNER_AGREES, person=self.person("tom")),
            ),
            State.CLOSED: (
                Given(criterion=Criterion.REVIEW_HELD, choice="form", when=now, choices=("lead", "isb")),
                Given(criterion=Criterion.PROCESS_CAUSE, text=texts.get("cause", "Second factor was optional")),
                Given(criterion=Criterion.LESSONS, text=texts.get("worked", "Reported at once"),
                      detail=texts.get("did_not", "Nobody was on call")),
                Given(criterion=Criterion.CORRECTIVE_ACTION, choice="action", text=texts.get("action", "Enforce MFA"),
                      person=self.person("max"), when=now + timedelta(days=30)),
                Given(criterion=Criterion.DUTIES_DECIDED, choice="not_required", text="No personal data"),
                Given(criterion=Criterion.RETENTION_CLASS, choice="standard"),
            ),
        }  # fmt: skip

    def case(self, number: str) -> IncidentCase:
        with self.store.reading() as reads:
            row = reads.case(number)
        assert row is not None
        return IncidentCase.model_validate_json(row.doc)

    @property
    def queries(self) -> Queries:
        return Queries(self.store)


def counted_ids(clock: Clock) -> Moment:
    """Ids and salts that are the same every time."""
    ids, salts = iter(range(1, 10**9)), iter(range(1, 10**9))
    return Moment(
        clock,
        lambda: UUID(int=(int(clock().timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | next(ids)),
        lambda: next(salts).to_bytes(16, "big"),
    )


@contextmanager
def office(
    url: str, policy: str = POLICY, start: datetime = START, routes: frozenset[str] = frozenset()
) -> Iterator[Office]:
    """An office on this database, with its first entries written."""
    loaded = load_texts({"policy.yaml": policy.encode()})
    clock = Clock(start)
    with Store.open(laid_out(url), origin="test.example/wachbuch", runner=True, clock_tolerance=None) as store:
        store.migrate()
        service = Service(store, loaded.policy, loaded.sha256, counted_ids(clock), routes)
        record_start(service, loaded)
        yield Office(store, loaded, clock, service)


def write_policy(folder: Path, text: str = POLICY) -> Path:
    """A policy folder with this text."""
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    return folder
