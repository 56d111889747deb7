"""Another target shows another diff of the same commit: what was approved before does not count for it."""

from collections.abc import Iterator

import pytest

from tests.journeys.policies import SHOP
from tests.journeys.test_change_github import Request
from tests.journeys.world import World, world


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        repository = made.github.world.repository(SHOP)
        repository.branches["side"] = repository.branches["main"]
        yield made


def _approved(shop: World) -> Request:
    request = Request(shop)
    request.green()
    request.review("lena")
    assert request.shown == "success"
    return request


def test_an_approval_from_before_a_new_target_does_not_count_and_a_new_one_does(shop: World) -> None:
    request = _approved(shop)
    request.step("retarget", SHOP, request.number, "max", "side")
    request.step("retarget", SHOP, request.number, "max", "main")
    assert request.shown == "pending"
    assert "approved this very diff" in request.pull.comments[0].body
    request.review("lena")
    assert request.shown == "success"


def test_an_approval_given_while_the_target_was_another_does_not_count(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.step("retarget", SHOP, request.number, "max", "side")
    request.review("lena")
    request.step("retarget", SHOP, request.number, "max", "main")
    assert request.shown == "pending"
    request.review("lena")
    assert request.shown == "success"


def test_there_and_back_before_anything_is_worked_off(shop: World) -> None:
    request = Request(shop)
    request.green()
    assert request.shown == "pending"
    for target in ("side", "main"):
        shop.clock.move(seconds=2)
        shop.github.retarget(SHOP, request.number, "max", target)
        if target == "side":
            shop.clock.move(seconds=2)
            shop.github.review(SHOP, request.number, "lena", "approved")
    shop.work(seconds=2)
    assert request.shown == "pending"


def test_an_edited_title_takes_no_approval_away(shop: World) -> None:
    request = _approved(shop)
    request.step("edit_pull", SHOP, request.number, "max", title="Zahlung")
    assert request.shown == "success"


def test_a_patch_is_compared_with_the_target_of_today(shop: World) -> None:
    request = _approved(shop)
    request.step("retarget", SHOP, request.number, "max", "side")
    request.step("retarget", SHOP, request.number, "max", "main")
    request.review("lena")
    request.step("push", SHOP, "main", "tom", files=("docs/other.md",))
    request.step("update_branch", SHOP, request.number, "max")
    assert request.shown == "pending"
    for name in ("build", "codeql"):
        request.check(name)
    assert request.shown == "success", "the approval is carried over to the same patch"
