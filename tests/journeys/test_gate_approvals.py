"""Attempts to get a request released without a second person, against the running service."""

from dataclasses import replace

import pytest

from tests.journeys.policies import SHOP
from tests.journeys.test_change_github import GREEN, Request
from tests.journeys.world import World
from workflows.change.codes import VerdictStatus

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

OTHER_PATCH = ({"path": "src/app.py", "patch": "@@ -1 +1 @@\n-a\n+evil"},)


def test_a_stranger_s_approval_of_a_public_request_releases_nothing(shop: World) -> None:
    shop.github.add_user("sockpuppet", 900, outside=True)
    shop.github.add_user("colleague", 901)
    request = Request(shop)
    request.green()
    request.review("sockpuppet")
    assert request.shown == "pending"
    request.review("colleague")
    assert request.shown == "success", "who may write need not be named in the policy"


def test_an_approval_of_an_earlier_commit_that_arrives_after_the_push_counts_for_nothing(shop: World) -> None:
    request = Request(shop)
    request.green()
    approved = request.pull.head
    request.push(files=OTHER_PATCH)
    for name in GREEN:
        request.check(name)
    request.review("lena", commit=approved)
    assert request.shown == "pending"
    request.review("lena")
    assert request.shown == "success"


def test_an_approval_of_the_same_patch_counts_even_when_it_arrives_after_the_update(shop: World) -> None:
    request = Request(shop)
    request.green()
    approved = request.pull.head
    request.step("push", SHOP, "main", "tom", files=("docs/other.md",))
    request.step("update_branch", SHOP, request.number, "max")
    for name in GREEN:
        request.check(name)
    request.review("lena", commit=approved)
    assert request.shown == "success"


def test_a_forced_push_voids_the_approval_and_who_pushed_stays_a_contributor(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("lena")
    assert request.shown == "success"
    request.push("tom", force=True, author="max", files=OTHER_PATCH)
    for name in GREEN:
        request.check(name)
    assert request.shown == "pending"
    request.review("tom")
    assert request.shown == "pending", "tom pushed what he approves"
    request.review("lena")
    assert request.shown == "success"


def test_who_wrote_in_a_version_that_was_pushed_away_is_no_second_person(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.push("max", author="lena")
    request.push("max", force=True)
    for name in GREEN:
        request.check(name)
    request.review("lena")
    assert request.shown == "pending"
    request.review("tom")
    assert request.shown == "success"


def test_a_co_author_is_no_second_person(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.push("max", co_authors=("lena",))
    for name in GREEN:
        request.check(name)
    request.review("lena")
    assert request.shown == "pending"
    request.review("tom")
    assert request.shown == "success"


def test_who_only_merged_the_base_in_may_approve(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.step("push", SHOP, "main", "tom", files=("docs/other.md",))
    request.step("update_branch", SHOP, request.number, "lena")
    for name in GREEN:
        request.check(name)
    assert request.shown == "pending"
    request.review("lena")
    assert request.shown == "success"


def test_an_author_nobody_knows_holds_until_the_commit_is_gone(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.push("max", author="Ghost <ghost@nowhere.example>")
    for name in GREEN:
        request.check(name)
    request.review("lena")
    assert request.shown == "pending"
    assert request.status is VerdictStatus.PENDING


def test_a_bot_s_approval_counts_for_nothing(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("helper[bot]")
    assert request.shown == "pending"
    request.review("lena")
    assert request.shown == "success"


def test_a_dismissed_approval_counts_no_more(shop: World) -> None:
    request = Request(shop)
    request.green()
    review = request.review("lena")
    assert request.shown == "success"
    request.step("dismiss", SHOP, request.number, review, "tom")
    assert request.shown == "pending"


def test_after_the_merge_an_approval_of_an_earlier_version_is_not_taken_for_one_of_the_head(shop: World) -> None:
    request = Request(shop)
    request.green()
    approved = request.pull.head
    request.review("lena")
    shop.github.lose(100)
    shop.github.push(SHOP, "work", "max", files=OTHER_PATCH)
    for name, app in GREEN.items():
        shop.github.run_check(SHOP, request.pull.head, name, app=app)
    shop.github.settle()
    shop.github.lose(0)
    request.step("merge", SHOP, request.number, "max", bypass=True)
    frozen = shop.change().requests[0].frozen
    assert frozen is not None
    assert frozen.head != approved
    assert frozen.status is VerdictStatus.PENDING
    assert shop.change().findings, "what was merged was never approved"


def test_who_pushed_the_branch_before_there_was_a_request_is_no_second_person(shop: World) -> None:
    shop.github.push(SHOP, "work", "lena", author="tom")
    shop.work(seconds=2)
    request = Request.__new__(Request)
    request.shop, request.repo, request.branch = shop, SHOP, "work"
    request.number = int(request.step("open_pull", SHOP, "work", "helper[bot]", title="Automatisch"))
    request.green()
    request.review("lena")
    assert request.shown == "pending"
    request.review("jana")
    assert request.shown == "success"


def test_who_pushed_an_earlier_commit_before_there_was_a_request_is_no_second_person(shop: World) -> None:
    """Neither do the forge's lists name who pushed, nor is that commit a version of the request."""
    shop.github.push(SHOP, "work", "lena", author="max")
    shop.work(seconds=2)
    request = Request(shop)
    request.green()
    assert (request.pull.head_ref, len(shop.github.world.repository(SHOP).commits_of(request.pull))) == ("work", 2)
    request.review("lena")
    assert request.shown == "pending", "lena pushed what she approves"
    request.review("tom")
    assert request.shown == "success"


def test_who_pushed_the_same_commit_to_a_branch_of_their_own_may_approve(shop: World) -> None:
    first = shop.github.push(SHOP, "work", "max")
    shop.github.branch_from(SHOP, "mine", first, "lena")
    shop.work(seconds=2)
    request = Request(shop)
    request.green()
    request.review("lena")
    assert request.shown == "success", "nobody wrote anything in it by that"


def test_an_account_that_took_over_a_login_is_not_that_person(shop: World) -> None:
    request = Request(shop)
    request.green()
    shop.github.world.accounts["lena"] = replace(shop.github.world.accounts["lena"], id=999, outside=True)
    request.review("lena")
    assert request.shown == "pending"
    request.review("tom")
    assert request.shown == "success"
