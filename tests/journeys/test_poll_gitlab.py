"""GitLab without any webhook: asked for news; and what its webhooks fail to tell is found."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Requirement
from tests.journeys.policies import TILL
from tests.journeys.test_change_gitlab import Request
from tests.journeys.test_poll_github import ROUND
from tests.journeys.test_reconcile_github import HOUR, standing, told
from tests.journeys.world import World, world
from workflows.change.codes import VerdictStatus
from workflows.continuity import ForgeReconciled, Gap, Part


class Polled(Request):
    """A merge request of which nobody tells us."""

    def step(self, action: str, *arguments: Any, **named: Any) -> Any:
        """Something happens on GitLab, and two rounds later we have seen it and what it led to."""
        self.till.clock.move(seconds=2)
        done = getattr(self.till.gitlab, action)(*arguments, **named)
        self.till.work(seconds=ROUND)
        self.till.work(seconds=ROUND)
        return done


@pytest.fixture
def quiet(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en", polls=True) as made:
        made.work(seconds=1)
        yield made


@pytest.fixture
def hooked(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        made.work(seconds=1)
        yield made


def test_a_request_is_held_released_red_and_merged(quiet: World) -> None:
    request = Polled(quiet)
    assert (request.status, request.shown) == (VerdictStatus.PENDING, "pending")
    request.plan()
    request.jobs("running", "build")
    request.jobs("success", "scan")
    assert Requirement.CHECKS_GREEN in request.open_points
    request.jobs("success", "build")
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}
    request.approve("lena")
    assert (request.status, request.shown) == (VerdictStatus.PASSED, "success")
    request.jobs("failed", "build")
    quiet.work(seconds=200)
    assert (request.status, request.shown) == (VerdictStatus.BLOCKED, "failed")
    request.jobs("success", "build")
    quiet.work(seconds=200)
    assert request.shown == "success"
    request.step("merge", TILL, request.iid, "max")
    assert quiet.change().requests[0].frozen is not None
    assert quiet.inbox() == 0
    quiet.intact()


@pytest.mark.full
def test_who_pushed_counts_as_having_written_in_it(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    request.push("lena", author="max")
    request.jobs()
    request.approve("lena")
    assert Requirement.FOUR_EYES in request.open_points
    request.approve("tom")
    assert request.shown == "success"


@pytest.mark.full
def test_what_happened_while_nobody_looked_is_caught_up_on(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    quiet.clock.move(hours=30)
    quiet.gitlab.approve(TILL, request.iid, "lena")
    quiet.clock.move(hours=40)
    quiet.work(seconds=ROUND)
    assert request.shown == "success"
    quiet.intact()


@pytest.mark.full
def test_a_limit_is_kept_and_nothing_is_lost(quiet: World) -> None:
    request = Polled(quiet)
    request.green()
    quiet.gitlab.fail("requests.list", status=429, retry_after=300)
    quiet.gitlab.approve(TILL, request.iid, "lena")
    quiet.work(seconds=ROUND)
    assert request.shown == "pending"
    quiet.gitlab.reset_calls()
    quiet.work(seconds=ROUND)
    assert not quiet.gitlab.calls
    quiet.work(seconds=400)
    assert request.shown == "success"


def test_what_a_webhook_did_not_tell_is_found_and_said(hooked: World) -> None:
    request = Request(hooked)
    request.green()
    (hook,) = hooked.gitlab.hooks.hooks.values()
    hook.events.discard("merge_requests_events")
    request.approve("lena")
    hook.events.add("merge_requests_events")
    assert request.shown == "pending", "nobody told us"
    hooked.work(seconds=HOUR)
    assert request.shown == "success"
    repaired = [one for one in told(hooked, ForgeReconciled) if one.repository == TILL]
    assert [(one.requests, one.parts) for one in repaired] == [((request.iid,), (Part.REVIEWS,))]
    hooked.intact()


@pytest.mark.full
def test_a_hook_that_gitlab_switched_off_is_found_and_switched_on(hooked: World) -> None:
    Request(hooked)
    (hook,) = hooked.gitlab.hooks.hooks.values()
    hook.off = True
    hooked.work(seconds=HOUR)
    assert not hook.off
    assert Part.HOOK in [part for one in told(hooked, ForgeReconciled) for part in one.parts]


def test_what_the_gate_is_worth_follows_the_project_s_settings(hooked: World) -> None:
    assert Gap.PIPELINES_OPTIONAL in standing(hooked, TILL).gaps
    hooked.gitlab.set_rules(TILL, pipelines_must_succeed=True)
    hooked.work(seconds=HOUR)
    assert standing(hooked, TILL).gaps == ()
    hooked.gitlab.set_rules(TILL, skipped_is_success=True)
    hooked.gitlab.world.project(TILL).protected.clear()
    hooked.work(seconds=HOUR)
    assert standing(hooked, TILL).gaps == (Gap.UNPROTECTED, Gap.SKIPPED_PIPELINES)
    hooked.intact()
