"""Without any webhook: GitHub is asked for news, and every verdict is the one that webhooks would have led to."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Requirement
from tests.journeys.policies import LAB, SHOP
from tests.journeys.test_change_github import GREEN, Request
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState, VerdictStatus

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


@pytest.fixture(params=[True, False], ids=["app", "token"])
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
