"""Random people, random commands, facts in any order and twice, and a process that dies between any two steps."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from config.policy.ids import Criterion, Impact, Spread
from tests.fakes.github.world import GitHubError
from tests.journeys.policies import SHOP
from tests.journeys.world import START
from tests.properties.audit import audit
from tests.properties.catalog import ACTORS, COMMANDS, Making, person
from tests.properties.town import Town
from workflows.change import commands as change
from workflows.change.state import ChangeCase
from workflows.incident import commands as incident
from workflows.incident.commands import Given
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind, PersonalData, State

GATE = "wachbuch/gate"
CODERS = ("max", "lena")
BRANCHES = ("one", "two")
NUMBERS = ("INC-2026-0001", "INC-2026-0002", "INC-S-2026-0001", "CHG-2026-0001", "CHG-2026-0002")
DEATHS = st.none() | st.integers(min_value=1, max_value=40)
"""Never, or at which statement."""
CONCLUSIONS = ("success", "success", "failure", None)
HAPPENINGS = ("close_pull", "reopen_pull", "merge", "bypass", "update_branch", "draft", "ready", "link")
DESCRIBED = change.Amend(description="Rechnung", affected=("shop",), security="keine", rollback="Schalter", factors=())
MAKING = Making(START, NUMBERS, ())
WHOLE = incident.Assess(
    kind=Kind.INCIDENT, reason="Schadcode", category="phishing", confidentiality=Impact.LOW, integrity=Impact.LOW,
    availability=Impact.NONE, authenticity=Impact.NONE, spread=Spread.SINGLE, personal_data=PersonalData.NO,
    affected="Mail",
)  # fmt: skip


def answers_to(state: State) -> tuple[Given, ...]:
    """What suffices to go on from a state."""
    known: dict[State, tuple[Given, ...]] = {
        State.CONTAIN: (
            Given(criterion=Criterion.CONTAINMENT_ACTION, text="gesperrt", detail="drei Konten"),
            Given(criterion=Criterion.EVIDENCE, choice="none", text="keine Spuren"),
            Given(criterion=Criterion.CREDENTIALS, choice="revoked"),
        ),
        State.ERADICATE: (
            Given(criterion=Criterion.ROOT_CAUSE, choice="known", text="Makros", detail="makros"),
            Given(criterion=Criterion.ENTRY_PATH, text="zu"),
            Given(criterion=Criterion.SIMILAR_SYSTEMS, text="geprüft"),
        ),
        State.RECOVER: (
            Given(criterion=Criterion.RESTORE_SOURCE, text="Sicherung"),
            Given(criterion=Criterion.SYSTEMS_VERIFIED, text="läuft"),
            Given(criterion=Criterion.MONITORING_OVER, when=START),
            Given(criterion=Criterion.RECOVERY_DECLARED, person=person("tom")),
            Given(criterion=Criterion.SERVICE_OWNER_AGREES, person=person("sven")),
        ),
        State.REVIEW: (
            Given(criterion=Criterion.REVIEW_HELD, choice="meeting", when=START, choices=("lead", "isb")),
            Given(criterion=Criterion.PROCESS_CAUSE, text="nie geregelt"),
            Given(criterion=Criterion.LESSONS, text="früh gemeldet", detail="zu viele Konten"),
            Given(criterion=Criterion.CORRECTIVE_ACTION, choice="none", text="schon geschehen"),
            Given(criterion=Criterion.RETENTION_CLASS, choice="standard"),
        ),
    }
    return known.get(state, ())


ONWARD = {
    State.CONTAIN: State.ERADICATE, State.ERADICATE: State.RECOVER, State.RECOVER: State.REVIEW,
    State.REVIEW: State.CLOSED, State.IDENTIFY: State.CONTAIN,
}  # fmt: skip


class Life(RuleBasedStateMachine):
    """Everything at once. After each death, and at the end, the whole database is audited."""

    def __init__(self) -> None:
        super().__init__()
        self.town = Town()

    # people ---------------------------------------------------------------------------------------------------

    @rule(who=st.sampled_from(ACTORS), command=st.sampled_from(COMMANDS).flatmap(MAKING.command), dies=DEATHS)
    def somebody_wants_something(self, who: str, command: Any, dies: int | None) -> None:
        self.town.give(who, command, dies)

    @rule(who=st.sampled_from(("jana", "max", "tom")), dies=DEATHS)
    def somebody_reports(self, who: str, dies: int | None) -> None:
        self.town.give(who, incident.Report(what="Anhang geöffnet"), dies)

    @rule(who=st.sampled_from(("tom", "petra", "paul")), place=st.integers(min_value=0, max_value=9), dies=DEATHS)
    def an_incident_is_taken_on(self, who: str, place: int, dies: int | None) -> None:
        known = [case for case in self.town.cases() if isinstance(case, IncidentCase) and case.state in ONWARD]
        if not known:
            return
        case = known[place % len(known)]
        assess = WHOLE if case.state is State.IDENTIFY else None
        answers = answers_to(case.state)
        onward = incident.Advance(case=case.number, to=ONWARD[case.state], answers=answers, assess=assess)
        self.town.give(who, onward, dies)

    @rule(place=st.integers(min_value=0, max_value=9), dies=DEATHS)
    def a_plan_is_described(self, place: int, dies: int | None) -> None:
        known = [case for case in self.town.cases() if isinstance(case, ChangeCase) and not case.over]
        if known:
            number = known[place % len(known)].number
            self.town.give("max", replace(DESCRIBED, case=number), dies)

    # GitHub ---------------------------------------------------------------------------------------------------

    def _on_github(self, action: str, *arguments: Any, **named: Any) -> None:
        self.town.clock.move(seconds=2)
        with suppress(GitHubError):
            getattr(self.town.github, action)(SHOP, *arguments, **named)

    @rule(by=st.sampled_from(CODERS), branch=st.sampled_from(BRANCHES), force=st.booleans())
    def somebody_pushes(self, by: str, branch: str, force: bool) -> None:
        known = branch in self.town.repository.branches
        self._on_github("push", branch, by, force=force and known)
        if not any(pull.head_ref == branch and pull.state == "open" for pull in self.town.repository.pulls.values()):
            self._on_github("open_pull", branch, by, title=f"Arbeit {branch}")

    @precondition(lambda self: self.town.repository.pulls)
    @rule(by=st.sampled_from(("lena", "max", "tom", "stranger", "renovate[bot]")),
          state=st.sampled_from(("approved", "approved", "changes_requested", "commented")),
          place=st.integers(min_value=0, max_value=9))  # fmt: skip
    def somebody_reviews(self, by: str, state: str, place: int) -> None:
        self._on_github("review", self._pull(place).number, by, state)

    @precondition(lambda self: self.town.repository.pulls)
    @rule(name=st.sampled_from(("build", "codeql")), conclusion=st.sampled_from(CONCLUSIONS),
          app=st.sampled_from(("github-actions", "github-actions", "elsewhere")),
          place=st.integers(min_value=0, max_value=9))  # fmt: skip
    def a_check_runs(self, name: str, conclusion: str | None, app: str, place: int) -> None:
        self._on_github("run_check", self._pull(place).head, name, conclusion, app=app)

    @precondition(lambda self: self.town.repository.pulls)
    @rule(place=st.integers(min_value=0, max_value=9), dies=DEATHS)
    def a_request_gets_all_it_needs(self, place: int, dies: int | None) -> None:
        """So that the gate opens often enough to be found open wrongly."""
        pull = self._pull(place)
        self.town.deliver_all()
        self.town.work(minutes=1)
        mine = [case for case in self.town.cases() if isinstance(case, ChangeCase) and not case.over
                and any(request.number == pull.number for request in case.requests)]  # fmt: skip
        for case in mine:
            self.town.give("max", replace(DESCRIBED, case=case.number))
        for name in ("build", "codeql"):
            self.a_check_runs(name, "success", "github-actions", place)
        self.somebody_reviews("tom", "approved", place)
        self.town.deliver_all()
        self.town.work(dies, minutes=1)

    @precondition(lambda self: self.town.repository.pulls)
    @rule(what=st.sampled_from(HAPPENINGS), place=st.integers(min_value=0, max_value=9))
    def something_happens_to_a_request(self, what: str, place: int) -> None:
        pull = self._pull(place)
        match what:
            case "bypass":
                self._on_github("merge", pull.number, "max", bypass=True)
            case "draft" | "ready":
                self._on_github("set_draft", pull.number, "max", draft=what == "draft")
            case "link":
                self._on_github("edit_pull", pull.number, "max", body="Change: CHG-2026-0001")
            case _:
                self._on_github(what, pull.number, "max")

    def _pull(self, place: int) -> Any:
        pulls = list(self.town.repository.pulls.values())
        return pulls[place % len(pulls)]

    @precondition(lambda self: self.town.github.hook.deliveries)
    @rule(place=st.integers(min_value=0, max_value=40), dies=DEATHS)
    def a_delivery_arrives(self, place: int, dies: int | None) -> None:
        """Any of them: late, early, once more."""
        sent = self.town.github.hook.deliveries
        self.town.deliver(sent[-1 - place % len(sent)], dies)

    # the machine ----------------------------------------------------------------------------------------------

    @rule(dies=DEATHS, minutes=st.sampled_from((0, 1, 30)))
    def jobs_are_worked_off(self, dies: int | None, minutes: int) -> None:
        self.town.work(dies, minutes=minutes)

    @rule()
    def the_process_restarts(self) -> None:
        self.town.restart()

    # the end --------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        """Everything settles; then all of it has to hold, and the gate must not be open for what it should hold."""
        try:
            self.town.settle()
            audit(self.town.store, self.town.receipts)
            with self.town.store.reading() as reads:
                assert not reads.jobs.dead(), reads.jobs.dead()
                assert all(state.value != "received" for state in reads.inbox.counts())
            for pull in self.town.repository.pulls.values():
                self._is_not_open_wrongly(pull)
        finally:
            self.town.close()

    def _is_not_open_wrongly(self, pull: Any) -> None:
        """Said by GitHub's own memory of what happened there, not by our rules."""
        repository = self.town.repository
        ours = [run for run in repository.checks.values() if run.name == GATE and run.sha == pull.head]
        if pull.state != "open" or not ours or ours[-1].conclusion != "success" or self._waived():
            return
        checks = {
            run.name: run.conclusion for run in repository.latest_checks(pull.head) if run.app.slug != "elsewhere"
        }
        assert checks.get("build") == "success", "open with a build that is not green"
        wrote = {
            who.account.id for commit in repository.commits_of(pull) for who in (*commit.authors, commit.committer)
        }
        wrote |= {pull.author.id}
        last = {one.user.id: one for one in pull.reviews if one.state in {"APPROVED", "CHANGES_REQUESTED"}}
        assert not [one for one in last.values() if one.state == "CHANGES_REQUESTED"], "open against an objection"
        able = [one for one in last.values() if one.user.id not in wrote and one.user.kind == "User"]
        assert able, "open without a second person"
        assert not pull.draft

    def _waived(self) -> bool:
        return any(waiver.granted_at for case in self.town.cases() if isinstance(case, ChangeCase)
                   for waiver in case.waivers)  # fmt: skip


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
quick = settings(max_examples=1, stateful_step_count=25, deadline=None, suppress_health_check=SLOW)
large = settings(max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=SLOW)


def test_whatever_happens_the_database_holds() -> None:
    run_state_machine_as_test(Life, settings=quick)


@pytest.mark.full
def test_whatever_happens_for_long_the_database_holds() -> None:
    run_state_machine_as_test(Life, settings=large)
