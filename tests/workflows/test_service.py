"""The one door in, with many people at it at once, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.startup import record_start
from tests.journeys.policies import policy
from tests.journeys.world import Clock, moment_of, opened
from tests.properties.audit import audit
from tests.properties.catalog import COMMANDS, actor
from workflows.change.commands import Evaluate, Plan
from workflows.errors import NotFound
from workflows.incident.commands import Acknowledge, Advance, Assess, MarkUrgent, Note, Report
from workflows.incident.terms import State
from workflows.outcome import Accepted, Refused
from workflows.registry import WORKFLOWS, workflow_of
from workflows.service import Service
from workflows.store.store import Store

NUMBER = "INC-2026-0001"


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    clock = Clock()
    with opened(database_url, clock) as store:
        yield _started(store, clock)


@pytest.fixture
def quiet(sqlite_url: str) -> Iterator[Service]:
    """On SQLite, for what the database makes no difference to."""
    clock = Clock()
    with opened(sqlite_url, clock) as store:
        yield _started(store, clock)


def _started(store: Store, clock: Clock) -> Service:
    service = Service(store, policy().policy, policy().sha256, moment_of(clock), frozenset({"slack", "timer"}))
    record_start(service, policy())
    return service


def test_many_reports_at_once_have_numbers_without_gaps(service: Service) -> None:
    def report(number: int) -> str:
        outcome = service.handle(Report(what=f"Meldung {number}"), actor("jana"))
        assert isinstance(outcome, Accepted)
        return outcome.case.number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(report, range(24)))
    assert sorted(numbers) == [f"INC-2026-{number:04d}" for number in range(1, 25)]
    audit(service.store)


def test_everybody_who_writes_in_one_case_at_once_is_recorded_once(service: Service) -> None:
    service.handle(Report(what="Meldung"), actor("jana"))

    def note(number: int) -> bool:
        return isinstance(service.handle(Note(case=NUMBER, text=f"Notiz {number}"), actor("tom")), Accepted)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(note, range(24)))
    with service.store.reading() as reads:
        kinds = [entry.kind for entry in reads.entries()]
    assert kinds.count("incident.noted") == 24
    audit(service.store)


def test_one_step_taken_by_many_at_once_happens_once(service: Service) -> None:
    service.handle(Report(what="Meldung"), actor("jana"))
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: service.handle(MarkUrgent(case=NUMBER), actor("tom")), range(8)))
    assert sum(bool(one.recorded) for one in outcomes if isinstance(one, Accepted)) == 1
    audit(service.store)


def test_a_refused_opening_uses_up_no_number(quiet: Service) -> None:
    outcome = quiet.handle(Report(what=""), actor("jana"))
    assert isinstance(outcome, Refused)
    accepted = quiet.handle(Report(what="Meldung"), actor("jana"))
    assert isinstance(accepted, Accepted)
    assert accepted.case.number == NUMBER
    audit(quiet.store)


def test_absent_and_invisible_cases_have_the_same_answer(quiet: Service) -> None:
    quiet.handle(Report(what="Meldung"), actor("jana"))
    said = []
    for number in (NUMBER, "INC-2026-0002"):
        with pytest.raises(NotFound) as error:
            quiet.handle(Note(case=number, text="x"), actor("max"))
        said.append(str(error.value).replace(number, ""))
    assert said[0] == said[1]
    assert isinstance(quiet.handle(Note(case=NUMBER, text="x"), actor("tom")), Accepted)


def test_a_command_of_the_other_workflow_finds_no_case(quiet: Service) -> None:
    planned = quiet.handle(Plan(title="Kasse"), actor("max"))
    assert isinstance(planned, Accepted)
    with pytest.raises(NotFound):
        quiet.handle(Acknowledge(case=planned.case.number), actor("petra"))


def test_what_only_the_machine_may_do_nobody_may_ask_for(quiet: Service) -> None:
    quiet.handle(Plan(title="Kasse"), actor("max"))
    for who in ("max", "petra", "gerda", "rita"):
        outcome = quiet.handle(Evaluate(case="CHG-2026-0001"), actor(who))
        assert isinstance(outcome, Refused)
        assert [reason.code for reason in outcome.reasons] == ["not_allowed"]


def test_a_refusal_keeps_what_came_along_and_says_who_can_help(quiet: Service) -> None:
    quiet.handle(Report(what="Meldung"), actor("jana"))
    given = Assess(category="phishing")
    outcome = quiet.handle(Advance(case=NUMBER, to=State.CONTAIN, assess=given), actor("tom"))
    assert isinstance(outcome, Refused)
    assert outcome.kept
    assert "category" not in {reason.subject for reason in outcome.reasons}
    assert len(outcome.reasons) > 3, "all at once"
    for reason in outcome.reasons:
        assert reason.who, f"{reason.subject}: who can supply it?"
        assert reason.remedy, f"{reason.subject}: how?"
    audit(quiet.store)


def test_every_command_belongs_to_exactly_one_workflow() -> None:
    for command in COMMANDS:
        owners = [workflow for workflow in WORKFLOWS.values() if command in workflow.access]
        assert len(owners) == 1
    with pytest.raises(LookupError):
        workflow_of(object())  # type: ignore[arg-type]
