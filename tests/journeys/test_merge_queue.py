"""GitHub's merge queue: the commit that it builds waits for our check, and gets what the request deserves."""

from collections.abc import Iterator

import pytest

from tests.fakes.github.world import GitHubError
from tests.journeys.policies import SHOP
from tests.journeys.test_change_github import GATE, Request
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.full)], ids=["app", "token"])
def shop(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en", as_app=request.param) as made:
        yield made


def shown_on(shop: World, sha: str) -> str:
    """What GitHub shows for the gate on a commit."""
    repository = shop.github.world.repository(SHOP)
    runs = [one for one in repository.latest_checks(sha) if one.name == GATE]
    states = [one for one in repository.latest_statuses(sha) if one.context == GATE]
    return str(runs[0].conclusion or "pending") if runs else (states[0].state if states else "nothing")


def test_a_queued_request_is_merged_by_the_queue_when_it_passed(shop: World) -> None:
    asked = Request(shop)
    asked.green()
    with pytest.raises(GitHubError, match="wachbuch/gate"):
        asked.step("enqueue", SHOP, asked.number, "max")
    asked.review("lena")
    queued = asked.step("enqueue", SHOP, asked.number, "max")
    assert shown_on(shop, queued) == asked.shown == "success"
    asked.step("work_off_queue", SHOP, asked.number)
    change = shop.change()
    assert (change.state, change.findings) == (ChangeState.DONE, ())
    shop.intact()


def test_what_is_taken_back_while_it_waits_holds_the_queue_too(shop: World) -> None:
    asked = Request(shop)
    asked.green()
    asked.review("lena")
    queued = asked.step("enqueue", SHOP, asked.number, "max")
    asked.review("petra", "changes_requested")
    assert shown_on(shop, queued) == "failure"
    with pytest.raises(GitHubError, match="wachbuch/gate"):
        asked.step("work_off_queue", SHOP, asked.number)
    asked.review("petra")
    assert shown_on(shop, queued) == "success"
    asked.step("work_off_queue", SHOP, asked.number)
    asked.step("redeliver")
    assert shop.change().findings == ()
    shop.intact()
