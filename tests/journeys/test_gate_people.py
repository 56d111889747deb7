"""Whose approval counts at the gate: of whoever left none, of a role by user group what is decided here."""

from collections.abc import Iterator

import pytest

from config.policy.ids import Requirement
from config.policy.loader import load_texts
from tests.journeys.policies import SHOP, policy_text, slack_id
from tests.journeys.test_change_github import NUMBER, Request
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState

GROUP = "S0OWNERS"
BY_GROUP = (
    policy_text("de")
    .replace("slack:\n", f"slack:\n  groups: {{{GROUP}: service_owner}}\n", 1)
    .replace("change:\n", "change:\n  plan_approval_from: low\n", 1)
    + "second_persons:\n  change.plan_approval: {roles: [service_owner]}\n"
)


@pytest.fixture
def grouped(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, decided=load_texts({"policy.yaml": BY_GROUP.encode()})) as made:
        yield made


def account(shop: World, who: str, *, closed: bool) -> None:
    assert shop.sender.user_changed(slack_id(who), deleted=closed).status == 200
    shop.work(seconds=3)
    shop.work(seconds=3)


def test_an_approval_counts_no_more_when_its_giver_leaves_and_again_when_they_are_back(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("lena")
    assert request.shown == "success"
    account(shop, "ralf", closed=True)
    assert request.shown == "success", "somebody who approved nothing"
    account(shop, "lena", closed=True)
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}
    assert request.shown == "pending"
    (comment,) = request.pull.comments
    assert "Die Freigabe von @lena zählt nicht mehr" in comment.body
    able = comment.body.partition("Möglich")[2].splitlines()[0]
    assert "@tom" in able
    assert "@lena" not in able
    assert "@ralf" not in able, "nobody who left is named as able to approve"
    account(shop, "lena", closed=False)
    assert request.shown == "success"
    account(shop, "lena", closed=True)
    request.review("tom")
    assert request.shown == "success"
    shop.intact()


def test_what_was_merged_while_they_were_there_stays_so(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("lena")
    request.step("merge", SHOP, request.number, "max")
    account(shop, "lena", closed=True)
    case = shop.change()
    assert (case.stands, case.findings) == (ChangeState.DONE, ())
    shop.intact()


def test_a_merge_past_the_gate_after_they_left_is_found(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("lena")
    account(shop, "lena", closed=True)
    assert request.shown == "pending"
    request.step("merge", SHOP, request.number, "max", bypass=True)
    assert shop.change().findings
    shop.intact()


def test_whoever_holds_a_role_by_group_approves_the_plan_and_the_gate_counts_it(grouped: World) -> None:
    request = Request(grouped)
    request.green()
    request.review("tom")
    assert request.open_points == {Requirement.PLAN_APPROVED}
    refused = grouped.say("lena", "/change", f"approve {NUMBER} plan").json()["text"]
    assert not grouped.change().plan_approvals, refused
    assert grouped.sender.group_changed(GROUP, [slack_id("lena")]).status == 200
    grouped.work(seconds=3)
    told = grouped.say("lena", "/change", f"approve {NUMBER} plan").json()["text"]
    grouped.proves(told, "plan.approved")
    grouped.work(seconds=3)
    assert request.shown == "success"
    assert grouped.sender.group_changed(GROUP, []).status == 200
    grouped.work(seconds=3)
    request.check("build")
    assert request.shown == "success", "what was decided with the role stays"
    grouped.intact()
