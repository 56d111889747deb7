"""Without any webhook: GitHub is asked for news, and every verdict is the one that webhooks would have led to."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Requirement
from tests.journeys.policies import LAB, SHOP
from tests.journeys.test_change_github import GREEN, Request
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState, VerdictStatus
from workflows.change.facts import CommitFacts
from workflows.change.seen import DeploymentState

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

ROUND = 70
"""Seconds: a round at every repository has passed, however it was spread."""


class Polled(Request):
    """A pull request of which nobody tells us."""

    def step(self, action: str, *arguments: Any, **named: Any) -> Any:
        """Something happens on GitHub, and a round later we have seen it."""
        self.shop.clock.move(seconds=2)
        done = getattr(self.shop.github, action)(*arguments, **named)
        self.shop.github.reset_calls()
        self.shop.work(seconds=ROUND)
        return done


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.full)], ids=["app", "token"])
def shop(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, as_app=request.param, polls=True) as made:
        made.work(seconds=1)
        yield made


@pytest.fixture
def quiet(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, polls=True) as made:
        made.work(seconds=1)
        yield made


def test_a_request_is_held_released_red_and_merged(shop: World) -> None:
    request = Polled(shop)
    assert (request.status, request.shown) == (VerdictStatus.PENDING, "pending")
    request.plan()
    request.check("build", None)
    request.check("codeql")
    assert Requirement.CHECKS_GREEN in request.open_points
    request.check("build")
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}
    request.review("lena")
    assert (request.status, request.shown) == (VerdictStatus.PASSED, "success")
    shop.work(seconds=600)
    request.check("build", "failure")
    for _ in range(3):
        shop.work(seconds=ROUND)
    assert (request.status, request.shown) == (VerdictStatus.BLOCKED, "failure")
    request.check("build")
    for _ in range(3):
        shop.work(seconds=ROUND)
    assert request.shown == "success"
    request.step("merge", SHOP, request.number, "max")
    assert shop.change().stands is not ChangeState.TEST
    assert shop.inbox() == 0
    assert len(request.pull.comments) == 1
    shop.intact()


def test_what_does_not_change_costs_no_quota(quiet: World) -> None:
    request = Polled(quiet)
    request.plan()
    request.check("build", None)
    for _ in range(3):
        quiet.work(seconds=ROUND)
    left = quiet.github.quota.remaining
    quiet.github.reset_calls()
    for _ in range(5):
        quiet.work(seconds=ROUND)
    assert quiet.github.calls["pulls.list"] >= 10, "both repositories, in every round"
    assert quiet.github.calls["commits.checks"] >= 5, "a check is still running: looked at in every round"
    spent = left - quiet.github.quota.remaining
    assert spent == quiet.github.calls["app.installations"] + quiet.github.calls["installation.repositories"] <= 2
    assert not quiet.github.calls["graphql"]


@pytest.mark.full
def test_who_pushed_counts_as_having_written_in_it(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    request.push("lena", author="max")
    for name in GREEN:
        request.check(name)
    request.review("lena")
    assert request.open_points == {Requirement.FOUR_EYES}
    request.review("tom")
    assert request.shown == "success"


def test_what_happened_while_nobody_looked_is_caught_up_on(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    merged = Polled(quiet, branch="other", by="tom")
    closed = Polled(quiet, branch="third", by="tom")
    assert (merged.number, closed.number) == (2, 3)
    github = quiet.github
    quiet.clock.move(hours=5)
    github.review(SHOP, request.number, "lena")
    quiet.clock.move(hours=30)
    github.merge(SHOP, merged.number, "tom", bypass=True)
    github.close_pull(SHOP, closed.number, "tom")
    github.push(SHOP, "late", "jana")
    late = github.open_pull(SHOP, "late", "jana")
    quiet.clock.move(hours=40)
    quiet.work(seconds=ROUND)
    quiet.work(seconds=ROUND)
    assert request.shown == "success"
    assert quiet.change("CHG-2026-0002").requests[0].frozen is not None
    assert [one.found.value for one in quiet.change("CHG-2026-0002").findings] == ["merged_unpassed"]
    assert closed.shown == "failure"
    assert quiet.change("CHG-2026-0004").requests[0].number == late
    quiet.intact()


def test_deployments_are_seen_in_order_and_their_states(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    request.review("lena")
    sha = request.step("merge", SHOP, request.number, "max")
    deployment = request.step("deploy", SHOP, sha, "production", "ralf", state="in_progress")
    request.step("finish_deployment", SHOP, deployment, "success", "ralf")
    with quiet.store.reading() as reads:
        (row,) = [one for one in reads.facts.by_scope("commit") if sha in one.key]
    (told,) = CommitFacts.model_validate_json(row.doc).deployments
    assert told.state is DeploymentState.SUCCESS
    assert [step.state.value for step in told.states] == ["in_progress", "success"]


LIMITS: dict[str, dict[str, Any]] = {
    "secondary": {"error": "secondary", "status": 403, "retry_after": 600},
    "primary": {"error": "primary", "retry_after": 600},
}


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_a_limit_hit_in_the_middle_of_a_round_is_kept_and_nothing_is_lost(quiet: World, limit: dict[str, Any]) -> None:
    request = Polled(quiet)
    request.green()
    quiet.github.review(SHOP, request.number, "lena")
    quiet.github.fail("graphql", **limit)
    quiet.work(seconds=ROUND)
    assert request.shown == "pending"
    quiet.github.reset_calls()
    for _ in range(4):
        quiet.work(seconds=ROUND)
    assert set(quiet.github.calls) <= {"app.installations"}, "nobody asks before the time that GitHub named"
    quiet.work(seconds=600)
    assert request.shown == "success"
    quiet.intact()


def test_the_share_of_the_quota_is_kept_and_verdicts_go_on(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    quiet.github.exhaust(remaining=2400, reset_in=1800)
    quiet.github.review(SHOP, request.number, "lena")
    quiet.work(seconds=ROUND)
    quiet.github.reset_calls()
    for _ in range(10):
        quiet.work(seconds=ROUND)
    assert not quiet.github.calls["pulls.list"]
    quiet.work(seconds=1900)
    assert request.shown == "success"


def test_a_repository_that_fails_does_not_hold_its_neighbour(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    lab = quiet.github.world.repositories.pop(LAB)
    for _ in range(3):
        quiet.work(seconds=ROUND)
    request.review("lena")
    assert request.shown == "success"
    quiet.github.world.repositories[LAB] = lab
    other = Polled(quiet, repo=LAB, branch="try")
    quiet.work(seconds=700)
    assert other.shown == "success", "observed"
    quiet.intact()


@pytest.mark.full
def test_a_request_that_cannot_be_read_does_not_hold_the_others(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    quiet.github.push(SHOP, "other", "tom")
    quiet.github.open_pull(SHOP, "other", "tom")
    quiet.clock.move(seconds=1)
    quiet.github.review(SHOP, request.number, "lena")
    quiet.github.fail("graphql", times=3, status=502)
    quiet.work(seconds=ROUND)
    quiet.work(seconds=ROUND)
    assert request.shown == "success"
    assert quiet.change("CHG-2026-0002").requests


@pytest.mark.full
def test_a_status_of_our_name_by_somebody_else_does_not_stay(sqlite_url: str) -> None:
    with world(sqlite_url, as_app=False, polls=True) as shop:
        request = Polled(shop)
        assert request.shown == "pending"
        request.step("set_status", SHOP, request.pull.head, "wachbuch/gate", "success", by="mallory")
        shop.work(seconds=ROUND)
        assert request.shown == "pending"


@pytest.mark.full
def test_a_repository_that_the_policy_does_not_cover_is_left_alone(quiet: World) -> None:
    quiet.github.add_repository("acme/private")
    quiet.github.push("acme/private", "work", "max")
    quiet.github.open_pull("acme/private", "work", "max")
    for _ in range(12):
        quiet.work(seconds=ROUND)
    assert set(quiet.kinds()) == {"log.opened", "policy.loaded", "gate.standing", "gate.checked"}
    assert quiet.github.calls["pulls.list"]
    with quiet.store.reading() as reads:
        assert not reads.facts.by_scope("request")


@pytest.mark.full
def test_a_push_past_the_gate_is_found_and_a_merge_is_none(quiet: World) -> None:
    quiet.work(seconds=ROUND)
    request = Polled(quiet)
    request.green()
    request.review("lena")
    request.step("merge", SHOP, request.number, "max")
    quiet.work(seconds=900)
    assert "finding.opened" not in quiet.kinds()
    request.step("push", SHOP, "main", "max")
    quiet.work(seconds=900)
    assert quiet.kinds().count("finding.opened") == 1
    quiet.intact()
