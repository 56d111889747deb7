"""What goes past an enforced gate on GitHub is found afterwards, once, and closed by its review alone."""

import json
from typing import Any

import pytest

from config.policy.ids import ChangeKind
from tests.fakes.github.hooks import Delivery
from tests.journeys.deploys import Release
from tests.journeys.policies import DEPOT, DIGEST, LAB, SHOP, slack_id
from tests.journeys.telling import in_slack
from tests.journeys.test_change_github import NUMBER, Request
from tests.journeys.world import World
from tests.properties.catalog import actor
from workflows.change.codes import ChangeState, Finding
from workflows.change.commands import EnforceGate
from workflows.change.seen import Forge
from workflows.outcome import Accepted

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""

SECOND = "CHG-2026-0002"
REVIEW = {"account": "Es brannte", "justified": "yes", "prevention": "Notfallweg nutzen"}


def happens(shop: World, action: str, *arguments: Any, **named: Any) -> Any:
    """Something happens on GitHub; the time in which it could still prove to be a merge passes."""
    shop.clock.move(seconds=2)
    done = getattr(shop.github, action)(*arguments, **named)
    shop.work(seconds=2)
    shop.work(minutes=11)
    return done


def found(shop: World) -> list[tuple[str, Finding]]:
    """All findings, with their changes."""
    numbers = [f"CHG-2026-{number:04d}" for number in range(1, 1 + shop.kinds().count("change.planned"))]
    return [(number, one.found) for number in numbers for one in shop.change(number).findings if not one.cleared_at]


def hold_review(shop: World, number: str, who: str = "petra") -> None:
    shop.say(who, "/change", f"review {number}")
    shop.fill(who, in_slack(REVIEW, shop.clock.now))


def test_a_direct_push_opens_a_change_with_a_finding_that_its_review_closes(shop: World) -> None:
    pushed = happens(shop, "push", SHOP, "main", "petra")
    assert found(shop) == [(NUMBER, Finding.DIRECT_PUSH)]
    case = shop.change()
    assert (case.kind, case.stands) == (ChangeKind.EMERGENCY, ChangeState.DEPLOY)
    assert (case.findings[0].commit, case.findings[0].branch) == (pushed, "main")
    alert = json.dumps(shop.slack.world.channels[DIGEST].messages[-1].blocks, ensure_ascii=False)
    assert f"<@{slack_id('petra')}>" in alert
    assert "direkt auf einen geschützten Branch gepusht" in alert
    told = shop.github.hook.deliveries[-1]
    shop.github.hook.again(told.id)
    shop.work(minutes=11)
    assert found(shop) == [(NUMBER, Finding.DIRECT_PUSH)]
    hold_review(shop, NUMBER)
    assert shop.change().review is not None, "who pushed does not review it"
    hold_review(shop, NUMBER, "paul")
    assert shop.change().stands is ChangeState.DONE
    shop.intact()


def test_a_force_push_is_a_finding_of_its_own_kind(shop: World) -> None:
    happens(shop, "push", SHOP, "main", "max")
    happens(shop, "push", SHOP, "main", "max", force=True)
    assert found(shop) == [(NUMBER, Finding.DIRECT_PUSH), (SECOND, Finding.FORCE_PUSH)]
    shop.intact()


def test_only_enforced_branches_count(shop: World) -> None:
    happens(shop, "push", SHOP, "work", "max")
    happens(shop, "push", LAB, "main", "max")
    assert found(shop) == []
    enforce(shop, LAB)
    happens(shop, "push", LAB, "main", "max")
    assert [one for _, one in found(shop)] == [Finding.DIRECT_PUSH]


def test_a_merge_past_the_gate_is_one_finding_and_its_push_none(shop: World) -> None:
    request = Request(shop)
    request.step("merge", SHOP, request.number, "max", bypass=True)
    shop.work(minutes=11)
    assert found(shop) == [(NUMBER, Finding.MERGED_UNPASSED)]
    shop.intact()


def passed(shop: World) -> Request:
    request = Request(shop)
    request.green()
    request.review("lena")
    assert request.shown == "success"
    return request


def test_the_merges_of_the_forge_raise_no_alarm_whichever_is_told_first(shop: World) -> None:
    request = passed(shop)
    shop.clock.move(seconds=2)
    real = shop.github.hook.transport
    shop.github.hook.transport = None
    before = len(shop.github.hook.deliveries)
    shop.github.merge(SHOP, request.number, "max")
    shop.github.settle()
    shop.github.hook.transport = real
    held: list[Delivery] = list(shop.github.hook.deliveries[before:])
    for told in sorted(held, key=lambda one: one.event != "push"):
        shop.github.hook.again(told.id)
        shop.work(seconds=30)
    shop.work(minutes=11)
    assert found(shop) == []
    assert shop.change().stands is ChangeState.DONE
    shop.intact()


def test_a_merge_that_is_told_hours_later_takes_the_finding_back(shop: World) -> None:
    request = passed(shop)
    shop.clock.move(seconds=2)
    real = shop.github.hook.transport
    shop.github.hook.transport = None
    before = len(shop.github.hook.deliveries)
    shop.github.merge(SHOP, request.number, "max")
    shop.github.settle()
    shop.github.hook.transport = real
    told = {one.event: one for one in shop.github.hook.deliveries[before:]}
    shop.github.hook.again(told["push"].id)
    shop.work(seconds=2)
    shop.work(minutes=11)
    assert found(shop) == [(SECOND, Finding.DIRECT_PUSH)]
    shop.github.hook.again(told["pull_request"].id)
    shop.work(hours=2)
    assert found(shop) == []
    assert shop.change(SECOND).stands is ChangeState.DONE
    assert shop.change().stands is ChangeState.DONE
    shop.intact()


def test_a_branch_that_starts_at_a_merged_commit_is_none(shop: World) -> None:
    request = passed(shop)
    merge = request.step("merge", SHOP, request.number, "max")
    repository = shop.github.world.repository(SHOP)
    shop.github._move(repository, "main", merge, shop.github.world.account("ralf"))
    shop.work(minutes=11)
    assert found(shop) == []


def enforce(shop: World, name: str) -> None:
    repository = shop.github.world.repository(name)
    command = EnforceGate(forge=Forge.GITHUB, repository_id=str(repository.id), repository=name)
    assert isinstance(shop.app.core.service.handle(command, actor("petra")), Accepted)


def test_a_deployment_that_no_change_covers_is_a_finding_of_that_commit(shop: World) -> None:
    release = Release(shop)
    release.deploy("prod")
    shop.work(minutes=11)
    judged = found(shop)
    assert {number for number, _ in judged} <= {NUMBER}, "what a change covers is judged there"
    loose = shop.github.world.make_commit(shop.github.world.repository(DEPOT), (), "Von Hand", "max")
    happens(shop, "deploy", DEPOT, loose.sha, "elsewhere", "max", state="success")
    waiting = happens(shop, "deploy", DEPOT, loose.sha, "prod", "max")
    rejected = happens(shop, "deploy", DEPOT, loose.sha, "prod", "max", state="queued")
    happens(shop, "finish_deployment", DEPOT, rejected, "failure", "max")
    assert found(shop) == judged, "an environment that the policy does not name; what waits, or never began"
    happens(shop, "finish_deployment", DEPOT, waiting, "in_progress", "max")
    happens(shop, "finish_deployment", DEPOT, waiting, "success", "max")
    assert found(shop) == [*judged, (SECOND, Finding.DEPLOYED_UNCOVERED)]
    assert shop.change(SECOND).findings[0].environment == "prod"
    hold_review(shop, SECOND)
    assert shop.change(SECOND).stands is ChangeState.DONE
    shop.intact()


def test_the_head_of_a_request_that_waits_for_its_merge_is_deployed_past_the_gate(shop: World) -> None:
    release = Release(shop, merge=False)
    happens(shop, "deploy", DEPOT, release.pull.head, "prod", "max", state="success")
    assert found(shop) == [(NUMBER, Finding.DEPLOYED_UNPASSED)]
    shop.intact()
