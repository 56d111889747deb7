"""Ways around the gate of a deployment that were tried: each is held, and what is allowed next to it passes."""

from collections.abc import Iterator

import pytest

from tests.journeys.deploys import Release, ask, token
from tests.journeys.policies import DEPOT
from tests.journeys.telling import in_slack
from tests.journeys.test_change_github import NUMBER, Request
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState, Finding, ResultCode

SECOND = "CHG-2026-0002"
REVIEW = {"account": "Es brannte", "justified": "yes", "prevention": "Notfallweg nutzen"}


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def question(sha: str, environment: str = "prod") -> dict[str, str]:
    return {"repository": DEPOT, "environment": environment, "sha": sha}


def test_what_was_merged_past_the_gate_is_held_until_its_review(shop: World) -> None:
    request, secret = Request(shop, repo=DEPOT), token(shop)
    request.plan()
    sha = str(request.step("merge", DEPOT, request.number, "max", bypass=True))
    held = ask(shop, secret, **question(sha, "dev")).json()
    (result,) = (one for one in held["changes"][0]["requirements"] if one["held"])
    assert (held["passed"], held["status"], result["code"]) == (False, "blocked", ResultCode.MERGED_UNPASSED)
    later = Release(shop, number=SECOND, branch="more")
    assert ask(shop, secret, **question(later.sha, "dev")).json()["passed"] is False, "it would go along"
    shop.say("petra", "/change", f"review {NUMBER}")
    shop.fill("petra", in_slack(REVIEW, shop.clock.now))
    shop.work(seconds=2)
    assert ask(shop, secret, **question(sha, "dev")).json()["passed"] is True
    request.step("deploy", DEPOT, later.sha, "dev", "max")
    assert {one.found for one in shop.change().findings} == {Finding.MERGED_UNPASSED}
    shop.intact()


def test_a_rollback_that_passes_is_no_finding(shop: World) -> None:
    first, secret = Release(shop), token(shop)
    second = Release(shop, number=SECOND, branch="more")
    second.deploy("dev")
    first.approve()
    second.approve()
    second.deploy("production")
    assert ask(shop, secret, **question(first.sha)).json()["back"] is True
    first.deploy("production")
    assert [shop.change(one).stands for one in (NUMBER, SECOND)] == [ChangeState.DONE, ChangeState.ROLLED_BACK]
    assert shop.change().findings == ()
    shop.intact()


def test_what_left_with_a_rollback_comes_back_through_the_gate_alone(shop: World) -> None:
    base, secret = Release(shop), token(shop)
    first = Release(shop, number=SECOND, branch="more")
    second = Release(shop, number="CHG-2026-0003", branch="most")
    base.deploy("dev")
    second.deploy("dev")
    for one in (base, first, second):
        one.approve()
    base.deploy("production")
    second.deploy("production")
    base.deploy("production")
    held = ask(shop, secret, **question(first.sha)).json()
    assert (held["passed"], held["back"]) == (False, False), "this commit was never deployed anywhere"
    first.deploy("production")
    assert {one.found for one in shop.change(SECOND).findings} == {Finding.DEPLOYED_UNPASSED}
    shop.intact()


def test_the_head_of_a_merged_request_is_not_its_merge(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    head = ask(shop, secret, **question(release.pull.head, "dev")).json()
    assert (head["passed"], head["uncovered"]) == (False, [release.pull.head])
    assert ask(shop, secret, **question(release.sha, "dev")).json()["passed"] is True
