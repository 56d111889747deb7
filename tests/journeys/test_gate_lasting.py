"""Verdicts that must not stay wrong: shared heads, moved and cancelled changes, forged and asked-for status."""

from collections.abc import Iterator

import pytest

from tests.journeys.policies import SHOP
from tests.journeys.test_change_github import GATE, GREEN, NUMBER, Request
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

SECOND = "CHG-2026-0002"


@pytest.fixture
def token_shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, as_app=False) as made:
        yield made


def _released(shop: World) -> Request:
    request = Request(shop)
    request.green()
    request.review("lena")
    assert request.shown == "success"
    return request


def _twin(shop: World, of: Request, base: str = "") -> int:
    """A second request with the same head, under a branch of its own."""
    repository = shop.github.world.repository(SHOP)
    repository.branches["twin"] = of.pull.head
    return int(of.step("open_pull", SHOP, "twin", "tom", title="Zweiter", base=base))


def test_a_closed_request_with_the_same_head_holds_nobody(shop: World) -> None:
    request = _released(shop)
    twin = _twin(shop, request)
    assert request.shown == "pending", "two open requests share one status, so the worse holds"
    request.step("close_pull", SHOP, twin, "tom")
    assert request.shown == "success"
    request.step("reopen_pull", SHOP, twin, "tom")
    assert request.shown == "pending"


def test_a_request_that_moves_to_another_head_releases_the_shared_one(shop: World) -> None:
    request = _released(shop)
    _twin(shop, request)
    assert request.shown == "pending"
    request.step("push", SHOP, "twin", "tom")
    assert request.shown == "success"


def test_a_request_that_goes_to_a_branch_outside_the_policy_releases_the_shared_head(shop: World) -> None:
    request = _released(shop)
    twin = _twin(shop, request)
    repository = shop.github.world.repository(SHOP)
    repository.branches["playground"] = repository.branches["main"]
    assert request.shown == "pending"
    repository.pull(twin).base_ref = "playground"
    request.step("edit_pull", SHOP, twin, "tom", title="Spielwiese")
    assert request.shown == "success"


def test_a_closed_request_is_not_left_green(shop: World) -> None:
    request = _released(shop)
    request.step("close_pull", SHOP, request.number, "max")
    assert request.shown == "failure"
    request.step("reopen_pull", SHOP, request.number, "max")
    assert request.shown == "success"


def test_a_draft_is_held_and_released_again(shop: World) -> None:
    request = _released(shop)
    request.step("set_draft", SHOP, request.number, "max", draft=True)
    assert request.shown == "pending"
    request.step("set_draft", SHOP, request.number, "max", draft=False)
    assert request.shown == "success"


def test_a_cancelled_change_lets_nothing_through_until_the_request_names_another(shop: World) -> None:
    request = _released(shop)
    shop.say("max", "/change", f"cancel {NUMBER} Wird nicht gebraucht")
    shop.work(seconds=2)
    assert shop.change().stands is ChangeState.CANCELLED
    assert request.shown == "failure"
    request.push()
    assert request.shown == "failure"
    shop.say("max", "/change", "plan Zahlung auf Rechnung")
    request.plan(number=SECOND)
    request.step("edit_pull", SHOP, request.number, "max", body=f"Change: {SECOND}")
    for name in GREEN:
        request.check(name)
    request.review("lena")
    assert request.shown == "success"
    assert shop.change().stands is ChangeState.CANCELLED
    shop.intact()


def test_a_merged_request_is_not_moved_under_another_change_by_its_text(shop: World) -> None:
    request = _released(shop)
    request.step("merge", SHOP, request.number, "max")
    shop.say("max", "/change", "plan Etwas anderes")
    shop.work(seconds=2)
    request.step("edit_pull", SHOP, request.number, "max", body=f"Change: {SECOND}")
    assert not shop.change(SECOND).requests
    assert shop.change(SECOND).stands is ChangeState.PLAN
    shop.intact()


def test_a_request_that_carries_another_change_is_released_by_its_merge(shop: World) -> None:
    request = _released(shop)
    request.step("push", SHOP, "release", "max", message=f"Stapel\n\nChange: {SECOND}\nChange: {NUMBER}")
    carrier = Request.__new__(Request)
    carrier.shop, carrier.repo, carrier.branch = shop, SHOP, "release"
    carrier.number = int(carrier.step("open_pull", SHOP, "release", "max", title="Stapel"))
    carrier.plan(number=SECOND)
    for name in GREEN:
        carrier.check(name)
    carrier.review("lena")
    assert carrier.shown == "pending", "what it carries is not merged"
    request.step("merge", SHOP, request.number, "max")
    assert carrier.shown == "success"


def test_a_status_that_somebody_else_set_in_our_name_is_put_right(token_shop: World) -> None:
    request = Request(token_shop)
    assert request.shown == "pending"
    for _ in range(5):
        request.step("set_status", SHOP, request.pull.head, GATE, "success", by="max")
    token_shop.work(minutes=2)
    assert request.shown == "pending"
    written = [one for one in token_shop.github.world.repository(SHOP).statuses if one.creator.login == "gate-user"]
    assert len(written) <= 5, "no fight over it"


def test_a_check_of_our_name_by_another_app_changes_nothing(shop: World) -> None:
    request = Request(shop)
    request.step("run_check", SHOP, request.pull.head, GATE, "success", app="github-actions")
    ours = [
        one
        for one in shop.github.world.repository(SHOP).checks.values()
        if one.name == GATE and one.app.slug != "github-actions"
    ]
    assert [one.status for one in ours] == ["in_progress"]


def test_our_check_is_written_anew_when_somebody_asks_for_it(shop: World) -> None:
    request = _released(shop)
    repository = shop.github.world.repository(SHOP)
    before = [one.id for one in repository.checks.values() if one.name == GATE]
    request.step("rerequest", SHOP, before[-1], "max")
    after = [one.id for one in repository.checks.values() if one.name == GATE]
    assert len(after) == len(before) + 1
    assert request.shown == "success"


def test_a_list_that_lags_behind_the_head_is_read_again(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request = Request(shop)
    request.plan()
    repository = shop.github.world.repository(SHOP)
    real = type(repository).commits_of
    monkeypatch.setattr(type(repository), "commits_of", lambda self, pull: real(self, pull)[:-1])
    request.push()
    monkeypatch.undo()
    shop.work(seconds=30)
    for name in GREEN:
        request.check(name)
    request.review("lena")
    assert request.shown == "success"


def test_a_request_judged_along_on_old_facts_is_read_for_itself(shop: World) -> None:
    shop.say("max", "/change", "plan Zahlung auf Rechnung")
    body = f"Change: {NUMBER}"
    first = Request(shop, body=body)
    risky = Request(shop, body=body, branch="risky")
    first.plan()
    for request in (first, risky):
        for name in GREEN:
            request.check(name)
        request.review("lena")
    assert first.shown == "success"
    risky.push(files=("src/auth/login.py",))
    assert first.shown == "pending", "at high risk the plan has to be approved"
    shop.work(minutes=20)
    risky.push(force=True)
    assert first.shown == "success"
