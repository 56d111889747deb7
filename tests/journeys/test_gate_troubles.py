"""When GitHub fails, limits, lags or forgets: the verdict arrives all the same, once, and never a wrong one."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Mode
from tests.journeys.policies import LAB, SHOP
from tests.journeys.test_change_github import GATE, GREEN, Request
from tests.journeys.world import World, world
from workflows.actors import Actor, Person, PersonId, Source
from workflows.change.codes import VerdictStatus
from workflows.change.commands import EnforceGate
from workflows.change.seen import Forge
from workflows.outcome import Accepted

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.full)], ids=["app", "token"])
def shop(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, as_app=request.param) as made:
        yield made


@pytest.fixture
def as_app(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def _writes(shop: World) -> int:
    names = ("checks.create", "checks.update", "statuses.create")
    return sum(shop.github.calls[name] for name in names)


def _waiting(shop: World) -> Request:
    """Everything is there but the approval."""
    request = Request(shop)
    request.green()
    assert request.shown == "pending"
    return request


TROUBLES: dict[str, dict[str, Any]] = {
    "403 with Retry-After": {"status": 403, "error": "secondary", "retry_after": 30},
    "403 without": {"status": 403, "error": "secondary"},
    "429 with Retry-After": {"status": 429, "error": "secondary", "retry_after": 30},
    "quota used up": {"error": "primary", "retry_after": 30},
    "502": {"status": 502},
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_write_in_trouble_is_made_later_and_once(shop: World, trouble: dict[str, Any]) -> None:
    request = _waiting(shop)
    write = "checks.update" if shop.app.settings.github_app_id else "statuses.create"
    shop.github.fail(write, **trouble)
    request.review("lena")
    assert request.shown == "pending"
    shop.github.reset_calls()
    shop.work(minutes=5)
    assert request.shown == "success"
    assert _writes(shop) == 1
    shop.intact()


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_reading_in_trouble_lets_nothing_through_and_is_made_later(shop: World, trouble: dict[str, Any]) -> None:
    request = _waiting(shop)
    request.review("lena")
    assert request.shown == "success"
    at_once = 3 if trouble.get("status") == 502 else 1
    shop.github.fail("graphql", times=at_once, **trouble)
    head = request.push(files=({"path": "src/app.py", "patch": "@@ -1 +1 @@\n-a\n+evil"},))
    assert request.pull.head == head
    assert request.shown in {"nothing", "pending"}
    shop.work(minutes=5)
    assert request.shown == "pending"
    for name in GREEN:
        request.check(name)
    request.review("lena")
    assert request.shown == "success"
    shop.intact()


def test_a_check_run_made_without_an_answer_is_not_made_twice(as_app: World) -> None:
    as_app.github.fail("checks.create", after_effect=True)
    request = Request(as_app)
    as_app.work(minutes=5)
    runs = [one for one in as_app.github.world.repository(SHOP).checks.values() if one.name == GATE]
    assert len(runs) == 1
    request.green()
    request.review("lena")
    assert request.shown == "success"


def test_a_comment_made_without_an_answer_is_not_made_twice(shop: World) -> None:
    shop.github.fail("comments.create", after_effect=True)
    request = Request(shop)
    shop.work(minutes=5)
    assert len(request.pull.comments) == 1
    request.green()
    assert len(request.pull.comments) == 1


def test_a_deleted_comment_is_written_anew_once(shop: World) -> None:
    request = _waiting(shop)
    request.pull.comments.clear()
    request.review("lena")
    assert len(request.pull.comments) == 1
    request.review("tom")
    assert len(request.pull.comments) == 1


def test_a_token_that_ends_early_holds_nothing_up(as_app: World) -> None:
    request = _waiting(as_app)
    as_app.github.expire_tokens()
    request.review("lena")
    assert request.shown == "success"


def test_nothing_is_written_when_nothing_changed(shop: World) -> None:
    request = _waiting(shop)
    shop.github.reset_calls()
    request.review("tom", "commented")
    request.check("build")
    request.step("set_status", SHOP, request.pull.head, "chatter", "pending")
    assert _writes(shop) == 0


def test_events_in_any_order_end_in_the_same_verdict(shop: World) -> None:
    request = _waiting(shop)
    shop.github.lose(1000)
    first = len(shop.github.hook.deliveries)
    shop.clock.move(seconds=2)
    shop.github.push(SHOP, "work", "max", files=({"path": "src/app.py", "patch": "@@ -1 +1 @@\n-a\n+b2"},))
    for name, app in GREEN.items():
        shop.github.run_check(SHOP, request.pull.head, name, "failure", app=app)
        shop.clock.move(seconds=2)
        shop.github.run_check(SHOP, request.pull.head, name, app=app)
    review = shop.github.review(SHOP, request.number, "lena")
    shop.clock.move(seconds=2)
    shop.github.dismiss(SHOP, request.number, review, "tom")
    shop.github.review(SHOP, request.number, "tom")
    shop.github.settle()
    shop.github.lose(0)
    for told in reversed(shop.github.hook.deliveries[first:]):
        shop.github.hook.again(told.id)
        shop.github.hook.again(told.id)
        shop.work(seconds=1)
    assert request.shown == "success"
    assert request.status is VerdictStatus.PASSED
    shop.intact()


def test_a_hundred_reviewers_cost_few_calls(shop: World) -> None:
    request = _waiting(shop)
    shop.github.lose(1000)
    for number in range(100):
        shop.github.review(SHOP, request.number, f"reviewer{number}")
    shop.github.settle()
    shop.github.lose(0)
    request.push(files=({"path": "src/app.py", "patch": "@@ -1 +1 @@\n-a\n+b2"},))
    assert sum(count for name, count in shop.github.calls.items() if "comments" not in name) <= 8, shop.github.calls


def test_an_enforced_gate_holds_what_was_open_before(shop: World) -> None:
    request = Request(shop, repo=LAB)
    assert (request.shown, request.status) == ("success", VerdictStatus.PENDING)
    repository = shop.github.world.repository(LAB)
    gerda = shop.app.core.policy.policy.person_by(id="gerda")
    assert gerda is not None
    command = EnforceGate(forge=Forge.GITHUB, repository_id=str(repository.id), repository=LAB)
    done = shop.app.core.service.handle(command, Actor(Person(PersonId("gerda"), gerda.name), gerda.roles, Source.CLI))
    assert isinstance(done, Accepted)
    shop.work(seconds=2)
    assert request.shown == "pending"
    verdict = shop.change().requests[0].verdict
    assert verdict is not None
    assert verdict.mode is Mode.ENFORCE


def test_nothing_is_posted_where_no_policy_covers_the_branch(shop: World) -> None:
    repository = shop.github.world.repository(SHOP)
    repository.branches["playground"] = repository.branches["main"]
    shop.github.push(SHOP, "work", "max")
    shop.work(seconds=1)
    shop.github.reset_calls()
    number = shop.github.open_pull(SHOP, "work", "max", base="playground")
    shop.work(seconds=5)
    assert not shop.github.calls, "neither read nor written"
    repository.pull(number).base_ref = "main"
    shop.clock.move(seconds=5)
    shop.github.edit_pull(SHOP, number, "max", title="Doch")
    shop.work(seconds=5)
    assert repository.pull(number).comments
    assert _writes(shop) == 1


def test_a_fork_s_request_is_judged_on_the_base_repository(shop: World) -> None:
    shop.github.push(SHOP, "work", "max")
    shop.work(seconds=2)
    number = shop.github.open_pull(SHOP, "work", "max", fork="max/shop")
    shop.work(seconds=2)
    fork = Request.__new__(Request)
    fork.shop, fork.repo, fork.branch, fork.number = shop, SHOP, "work", number
    assert fork.shown == "pending"
    fork.green()
    fork.review("lena")
    assert fork.shown == "success"
