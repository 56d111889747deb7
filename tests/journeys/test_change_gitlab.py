"""A merge request between the fake GitLab and the gate: held, released, and held again, by signed webhooks alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Requirement
from tests.journeys.policies import TILL
from tests.journeys.telling import in_slack
from tests.journeys.test_change_github import NUMBER, PLAN
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState, Outcome, VerdictStatus

GATE = "wachbuch/gate"
JOBS = ("build", "scan")


@pytest.fixture
def till(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


class Request:
    """One merge request, and how GitLab shows it."""

    def __init__(
        self,
        till: World,
        *,
        by: str = "max",
        body: str = "",
        branch: str = "work",
        source: str = "",
        draft: bool = False,
    ) -> None:
        self.till, self.branch = till, branch
        self.home = source or TILL
        self.step("push", self.home, branch, by)
        more = {"source": source} if source else {}
        self.iid = int(
            self.step("open_request", TILL, branch, by, title="Rechnung", description=body, draft=draft, **more)
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
        self.step("approve", TILL, self.iid, by)

    def jobs(self, status: str = "success", *names: str) -> None:
        for name in names or JOBS:
            self.step("run_job", TILL, self.request.head, name, status)

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
        return self.till.gitlab.world.project(TILL).request(self.iid)

    @property
    def shown(self) -> str:
        """What GitLab shows for the gate in the head pipeline."""
        pipeline = self.till.gitlab.world.project(TILL).head_pipeline(self.request)
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


def test_a_request_is_held_until_everything_is_there_and_then_released(till: World) -> None:
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
