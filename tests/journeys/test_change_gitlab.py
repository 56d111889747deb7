"""A merge request between the fake GitLab and the gate: held, released, and held again, by signed webhooks alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Requirement
from tests.journeys.policies import DEPOT, TILL
from tests.journeys.telling import in_slack
from tests.journeys.test_change_github import NUMBER, PLAN
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState, DeploymentOutcome, Outcome, VerdictStatus

GATE = "wachbuch/gate"
JOBS = ("build", "scan")


@pytest.fixture
def till(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


class Request:
    """One merge request, and how GitLab shows it."""

    project = TILL

    def __init__(
        self,
        till: World,
        *,
        by: str = "max",
        body: str = "",
        branch: str = "work",
        source: str = "",
        draft: bool = False,
        project: str = TILL,
    ) -> None:
        self.till, self.branch, self.project = till, branch, project
        self.home = source or project
        self.step("push", self.home, branch, by)
        more = {"source": source} if source else {}
        self.iid = int(
            self.step("open_request", self.project, branch, by, title="Rechnung", description=body, draft=draft, **more)
        )

    def step(self, action: str, *arguments: Any, **named: Any) -> Any:
        """Something happens on GitLab, is delivered, and worked off."""
        self.till.clock.move(seconds=2)
        self.till.gitlab.reset_calls()
        done = getattr(self.till.gitlab, action)(*arguments, **named)
        self.till.work(seconds=2)
        return done

    def push(self, by: str = "max", **named: Any) -> str:
        return str(self.step("push", self.home, self.branch, by, **named))

    def approve(self, by: str) -> None:
        self.step("approve", self.project, self.iid, by)

    def jobs(self, status: str = "success", *names: str) -> None:
        for name in names or JOBS:
            self.step("run_job", self.project, self.request.head, name, status)

    def plan(self, who: str = "max") -> None:
        """Answer the questions of the plan in Slack."""
        self.till.say(who, "/change", f"plan {NUMBER}")
        self.till.fill(who, in_slack(PLAN, self.till.clock.now))
        self.till.work(seconds=2)

    def green(self) -> None:
        """Everything but the approval."""
        self.plan()
        self.jobs()

    @property
    def request(self) -> Any:
        return self.till.gitlab.world.project(self.project).request(self.iid)

    @property
    def shown(self) -> str:
        """What GitLab shows for the gate in the head pipeline."""
        pipeline = self.till.gitlab.world.project(self.project).head_pipeline(self.request)
        found = [one for one in pipeline.latest if one.name == GATE] if pipeline else []
        assert len(found) <= 1, "shown once"
        return str(found[0].status) if found else "nothing"

    @property
    def note(self) -> str:
        """Our one note."""
        (found,) = [one for one in self.request.notes if "wachbuch/gate" in one.body]
        return str(found.body)

    @property
    def status(self) -> VerdictStatus:
        verdict = self.till.change().requests[0].verdict
        assert verdict is not None
        return verdict.status

    @property
    def open_points(self) -> set[Requirement]:
        """What the verdict still asks for."""
        verdict = self.till.change().requests[0].verdict
        assert verdict is not None
        assert verdict.tree is not None
        results = [result for gate in verdict.tree.gates for result in gate.results]
        return {one.requirement for one in results if one.outcome in {Outcome.NOT, Outcome.UNKNOWN}}


@pytest.fixture
def everywhere(database_url: str) -> Iterator[World]:
    with world(database_url, language="en") as made:
        yield made


def test_a_request_is_held_until_everything_is_there_and_then_released(everywhere: World) -> None:
    till = everywhere
    request = Request(till)
    assert till.change().stands is ChangeState.PLAN
    assert (request.status, request.shown) == (VerdictStatus.PENDING, "pending")
    request.plan()
    assert till.change().stands is ChangeState.REVIEW
    request.jobs()
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}
    request.approve("lena")
    assert (request.status, request.shown) == (VerdictStatus.PASSED, "success")
    assert "All 9 met" in request.note
    till.intact()


def test_who_wrote_in_it_does_not_count_as_second_person(till: World) -> None:
    till.gitlab.set_rules(TILL, author_approval=True, reset_approvals_on_push=False)
    request = Request(till)
    request.green()
    request.approve("max")
    assert request.open_points == {Requirement.FOUR_EYES}, "GitLab lets authors approve here"
    assert "@max wrote in it, so does not count here" in request.note
    request.push("lena")
    request.jobs()
    request.approve("lena")
    assert Requirement.FOUR_EYES in request.open_points
    till.gitlab.add_user("project_9_bot_ab12", 990, bot=True)
    request.approve("project_9_bot_ab12")
    assert Requirement.FOUR_EYES in request.open_points, "a machine is nobody's second pair of eyes"
    assert request.shown == "pending"
    request.approve("tom")
    assert request.shown == "success"


@pytest.mark.parametrize("resets", [True, False])
def test_a_push_voids_the_approval_whether_gitlab_resets_it_or_not(till: World, resets: bool) -> None:
    till.gitlab.set_rules(TILL, reset_approvals_on_push=resets)
    request = Request(till)
    request.green()
    request.approve("lena")
    assert request.shown == "success"
    request.push(files=["src/other.py"])
    request.jobs()
    assert bool(request.request.approvals) is not resets
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}
    assert request.shown == "pending"


@pytest.mark.full
def test_an_approval_is_carried_over_a_rebase_and_a_clean_merge_of_the_base(till: World) -> None:
    request = Request(till)
    request.green()
    request.approve("lena")
    for update in ("rebase", "update_branch"):
        request.step("push", TILL, "main", "tom", files=["docs/other.md"])
        request.step(update, TILL, request.iid, "max")
        request.jobs()
        assert not request.open_points, update
        assert request.shown == "success"
    request.step("push", TILL, "main", "tom", files=["docs/third.md"])
    request.step("rebase", TILL, request.iid, "lena")
    request.jobs()
    assert request.open_points == {Requirement.FOUR_EYES}, "whoever rebases has pushed it"
    till.intact()


def test_a_red_job_blocks_and_one_that_runs_again_releases(till: World) -> None:
    request = Request(till)
    request.green()
    request.approve("lena")
    job = request.step("run_job", TILL, request.request.head, "build", "failed")
    assert (request.status, request.shown) == (VerdictStatus.BLOCKED, "failed")
    request.step("retry_job", TILL, job, "running")
    assert (request.status, request.shown) == (VerdictStatus.PENDING, "pending")
    request.jobs("success", "build")
    assert request.shown == "success"
    request.step("run_job", TILL, request.request.head, "scan", "failed", allow_failure=True)
    assert request.shown == "failed", "the pipeline lets it pass, the policy does not"
    till.intact()


def test_an_approval_taken_back_and_an_objection_hold_again(till: World) -> None:
    request = Request(till)
    request.green()
    request.approve("lena")
    request.step("unapprove", TILL, request.iid, "lena")
    assert (request.status, request.shown) == (VerdictStatus.PENDING, "pending")
    request.approve("lena")
    request.step("request_changes", TILL, request.iid, "tom")
    assert (request.status, request.shown) == (VerdictStatus.BLOCKED, "failed")
    assert "Changes requested by @tom" in request.note
    request.approve("tom")
    assert request.shown == "success"


def test_a_draft_and_another_target_are_told_apart(till: World) -> None:
    request = Request(till, draft=True)
    request.green()
    request.approve("lena")
    assert request.open_points == {Requirement.REQUEST_OPEN}
    request.step("set_draft", TILL, request.iid, "max", draft=False)
    assert request.shown == "success"
    request.step("push", TILL, "side", "tom")
    request.step("retarget", TILL, request.iid, "max", "side")
    writes = till.gitlab.calls["statuses.create"]
    request.push()
    assert (writes, till.gitlab.calls["statuses.create"]) == (0, 0), "the policy says nothing about that branch"
    request.step("retarget", TILL, request.iid, "max", "main")
    assert request.shown == "pending"


@pytest.mark.full
def test_a_request_from_a_fork_is_told_that_nothing_holds_it(till: World) -> None:
    till.gitlab.add_project("max/till", fork_of=TILL)
    request = Request(till, source="max/till")
    assert request.status is VerdictStatus.PENDING
    assert till.gitlab.calls["statuses.create"] == 0
    assert "this merge request comes from a fork, where the verdict cannot hold the merge" in request.note
    request.step("run_pipeline", TILL, request.request.head, request=request.iid)
    assert request.shown == "pending", "in a pipeline of the project itself it can"
    assert "comes from a fork" not in request.note or request.shown == "pending"
    till.intact()


def test_an_external_status_check_of_our_name_is_answered_and_holds_forks_too(till: World) -> None:
    till.gitlab.add_project("max/till", fork_of=TILL)
    till.gitlab.set_rules(TILL, tier="ultimate", status_checks_must_pass=True)
    check = till.gitlab.add_status_check(TILL, GATE)
    request = Request(till, source="max/till")

    def answer() -> str:
        return till.gitlab.check_status(request.request, check)

    assert answer() == "pending"
    till.clock.move(minutes=3)
    assert answer() == "failed", "GitLab waits two minutes"
    request.plan()
    assert "comes from a fork" not in request.note, "here it holds"
    for name in JOBS:
        request.step("set_status", TILL, request.request.head, name, "success", by="scanner", ref="work")
    assert Requirement.CHECKS_GREEN in request.open_points, "build has to be a job of the project"
    request.step("run_pipeline", TILL, request.request.head, jobs=dict.fromkeys(JOBS, "success"), request=request.iid)
    request.approve("lena")
    assert (request.status, answer()) == (VerdictStatus.PASSED, "passed")
    asked = till.gitlab.calls["checks.list"]
    request.step("unapprove", TILL, request.iid, "lena")
    assert answer() == "pending"
    assert (asked, till.gitlab.calls["checks.list"]) == (0, 0), "asked once in a while"
    till.intact()


def test_the_verdict_goes_into_each_new_head_pipeline(till: World) -> None:
    request = Request(till)
    first = till.gitlab.world.project(TILL).head_pipeline(request.request)
    assert first is not None
    assert first.source == "external", "without one GitLab makes one"
    assert request.shown == "pending"
    request.step("run_pipeline", TILL, request.request.head, request=request.iid)
    assert till.gitlab.world.project(TILL).head_pipeline(request.request) is not first
    assert request.shown == "pending"
    request.step("run_pipeline", TILL, request.request.head, jobs={"build": "success", "scan": "success"},
                 request=request.iid, merged_result=True)  # fmt: skip
    assert request.shown == "pending"
    request.plan()
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}, "jobs of the merged result"
    request.approve("lena")
    assert request.shown == "success"
    till.intact()


@pytest.mark.full
def test_a_late_word_of_an_earlier_pipeline_does_not_lead_the_verdict_there(till: World) -> None:
    request = Request(till)
    till.gitlab.set_rules(TILL, reset_approvals_on_push=False)
    old = request.request.head
    request.step("run_pipeline", TILL, old, jobs={"build": "running"}, request=request.iid)
    request.push(files=["src/other.py"])
    request.step("run_job", TILL, old, "build", "success")
    project = till.gitlab.world.project(TILL)
    with till.store.reading() as reads:
        kept = {key for key in reads.links.of("gitlab.written") if request.request.head in key}
    pipeline = project.head_pipeline(request.request)
    assert pipeline is not None
    assert kept == {f"{project.id}@{request.request.head}:{number}" for number in (0, pipeline.id)}
    assert request.shown == "pending"


def test_the_same_state_again_is_no_error_and_costs_no_second_write(till: World) -> None:
    request = Request(till)
    request.plan()
    request.jobs("running", "build", "scan")
    assert (request.status, request.shown) == (VerdictStatus.PENDING, "pending")
    request.jobs("success", "build")
    assert till.gitlab.calls["statuses.create"] == 0, "it waits for less, which the note says"
    with till.store.transaction() as uow:
        for key in uow.links.of("gitlab.written"):
            uow.links.remove("gitlab.written", key)
    request.jobs("success", "scan")
    assert till.gitlab.calls["statuses.create"] == 1, "refused by GitLab, since it stands there already"
    assert request.shown == "pending"
    till.intact()


def test_a_status_of_our_name_by_somebody_else_does_not_stay(till: World) -> None:
    request = Request(till)
    pipeline = request.step("run_pipeline", TILL, request.request.head, request=request.iid)
    assert request.shown == "pending"
    request.step("set_status", TILL, request.request.head, GATE, "success", by="mallory", pipeline_id=pipeline)
    request.step("comment", TILL, request.iid, "tom", "Looks good")
    assert request.shown == "pending"
    till.intact()


@pytest.mark.parametrize("method", ["merge", *(pytest.param(one, marks=pytest.mark.full) for one in ("ff", "squash"))])
def test_the_merge_freezes_the_verdict_whatever_commit_it_makes(till: World, method: str) -> None:
    till.gitlab.set_rules(TILL, merge_method="ff" if method != "merge" else "merge")
    request = Request(till)
    request.green()
    request.approve("lena")
    request.request.squash = method == "squash"
    tip = request.step("merge", TILL, request.iid, "max")
    case = till.change()
    assert case.stands is ChangeState.DONE, "a repository without environments is done at the merge"
    assert case.requests[0].merge_commit == tip
    assert case.requests[0].frozen is not None
    assert case.requests[0].frozen.status is VerdictStatus.PASSED
    till.intact()


@pytest.mark.full
def test_deployments_are_read_with_their_whole_commit(till: World) -> None:
    till.gitlab.add_project(DEPOT)
    request = Request(till, project=DEPOT)
    request.plan()
    request.approve("lena")
    tip = request.step("merge", DEPOT, request.iid, "max")
    assert till.change().stands is ChangeState.DEPLOY

    def outcome(environment: str) -> DeploymentOutcome | None:
        found = till.change().requests[0].stage(environment)
        return found.outcome if found else None

    request.step("deploy", DEPOT, tip, "dev", "max")
    assert outcome("dev") is DeploymentOutcome.SUCCEEDED
    till.say("ralf", "/change", f"approve {NUMBER} deploy prod")
    failed = request.step("deploy", DEPOT, tip, "production", "max", status="running")
    assert outcome("prod") is DeploymentOutcome.RUNNING
    request.step("finish_deployment", DEPOT, failed, "failed")
    assert outcome("prod") is DeploymentOutcome.FAILED
    request.step("deploy", DEPOT, tip, "production", "max")
    assert till.change().stands is ChangeState.DONE
    assert not till.change().findings
    till.intact()


def test_a_merge_past_the_gate_opens_a_finding(till: World) -> None:
    request = Request(till)
    request.step("merge", TILL, request.iid, "max", bypass=True)
    assert till.change().findings
    till.intact()


def test_a_verdict_takes_four_calls_cold_and_one_warm(till: World) -> None:
    request = Request(till)
    assert 0 < _calls(till) <= 4, till.gitlab.calls
    request.plan()
    request.jobs()
    request.approve("lena")
    assert 0 < _calls(till) <= 4, till.gitlab.calls
    assert request.shown == "success"
    request.jobs("failed", "build")
    assert request.shown == "failed"
    assert till.gitlab.calls["statuses.create"] == 1
    assert till.gitlab.calls["graphql"] <= 1, "its pipeline ended: statuses of others may have come"


def _calls(till: World) -> int:
    """The note is a job of its own, counted apart."""
    return sum(count for name, count in till.gitlab.calls.items() if "note" not in name)


def test_a_delivery_that_comes_twenty_times_is_stored_and_written_once(till: World) -> None:
    request = Request(till)
    request.green()
    stored, sent = till.inbox(), len(till.gitlab.hooks.deliveries)
    till.clock.move(seconds=2)
    till.gitlab.reset_calls()
    till.gitlab.approve(TILL, request.iid, "lena")
    till.gitlab.settle()
    told = till.gitlab.hooks.deliveries[sent:]
    for one in told * 20:
        till.gitlab.hooks.send(one)
    till.gitlab.settle()
    assert till.inbox() == stored + len(told)
    till.work(seconds=2)
    assert till.gitlab.calls["statuses.create"] == 1
    assert request.shown == "success"
    till.intact()


@pytest.mark.full
def test_before_gitlab_tells_times_its_own_notes_do(till: World) -> None:
    till.gitlab.hide_approval_times()
    request = Request(till)
    request.green()
    request.approve("lena")
    assert request.shown == "success"
    till.gitlab.set_rules(TILL, reset_approvals_on_push=False)
    request.push(files=["src/other.py"])
    request.jobs()
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}
    request.request.notes[:] = [one for one in request.request.notes if "wachbuch" in one.body]
    request.step("comment", TILL, request.iid, "tom", "?")
    assert "not certain that @lena approved this very diff: GitLab does not tell" in request.note
    assert request.shown == "pending"


@pytest.mark.full
def test_a_check_that_another_system_reports_is_read_with_who_reports_it(till: World) -> None:
    request = Request(till)
    request.plan()
    request.approve("lena")
    head = request.request.head
    request.step("set_status", TILL, head, "scan", "success", by="scanner")
    request.jobs("success", "build")
    assert not request.open_points
    request.step("set_status", TILL, head, "scan", "failed", by="scanner")
    request.step("comment", TILL, request.iid, "tom", "?")
    assert request.shown == "failed"


@pytest.mark.full
def test_the_note_speaks_german_where_the_policy_does(sqlite_url: str) -> None:
    with world(sqlite_url) as till:
        till.gitlab.set_rules(TILL, author_approval=True)
        request = Request(till)
        assert "**Wartet auf" in request.note
        assert "Pull" not in request.note
        request.green()
        request.approve("max")
        assert "@max hat mitgeschrieben und zählt hier nicht" in request.note
        request.approve("lena")
        assert "**Alle 9 erfüllt.**" in request.note
        assert len([one for one in request.request.notes if "wachbuch/gate" in one.body]) == 1
        till.intact()


def test_what_arrives_while_gitlab_is_read_is_read_at_once(till: World) -> None:
    """It is no lag of the forge, which takes seconds: somebody approved in the moment of the reading."""
    request = Request(till)
    request.green()
    inner, arms = till.gitlab.handle, [True]

    def handle(asked: Any) -> Any:
        reply = inner(asked)
        if asked.path.endswith("/graphql") and arms:
            arms.clear()
            till.clock.move(milliseconds=10)
            till.gitlab.approve(TILL, request.iid, "lena")
            till.gitlab.settle()
            till.app.runner.drain(till.clock.now)  # Another worker takes it in meanwhile.
        return reply

    till.gitlab.handle = handle  # type: ignore[method-assign, assignment]
    till.gitlab.comment(TILL, request.iid, "max", "Wer mag?")
    till.work(seconds=1)
    assert not arms, "it was read"
    till.work(seconds=1)
    assert request.shown == "success"
    till.intact()
