"""Deployments that the forge holds until the gate has answered: GitHub's protection rules, GitLab's approvals."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from bot.forge.held import ANSWER, Held, HeldDeployments, hold
from bot.jobs.port import Job, JobTools
from config.i18n import translator
from tests.journeys.deploys import Release
from tests.journeys.policies import DEPOT, LAB
from tests.journeys.telling import in_slack
from tests.journeys.test_change_github import NUMBER, PLAN, Request
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from workflows.change.codes import ChangeState
from workflows.change.commands import ObserveGate
from workflows.change.seen import Forge

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def wanted(release: Request, sha: str, environment: str = "production", repo: str = DEPOT) -> int:
    """A workflow comes to an environment with our rule."""
    return int(release.step("request_deployment", repo, sha, environment, "max"))


def state(shop: World, run: int, repo: str = DEPOT) -> str:
    return str(shop.github.protection(repo, run)["state"])


def reports(shop: World, run: int) -> list[str]:
    return list(shop.github.protection(DEPOT, run)["reports"])


def waiting(shop: World) -> int:
    """How many held deployments are kept."""
    with shop.store.reading() as reads:
        number = shop.github.world.repository(DEPOT).id
        return len(reads.links.of(f"held:github:{number}"))


def test_it_waits_reports_what_for_and_is_approved_when_the_gate_opens(shop: World) -> None:
    release = Release(shop)
    run = wanted(release, release.sha)
    assert (state(shop, run), waiting(shop)) == ("waiting", 1)
    (first,) = reports(shop, run)
    assert "Can help: Ralf Mehl." in first
    release.deploy("dev")
    assert (state(shop, run), len(reports(shop, run))) == ("waiting", 2)
    release.approve("max")
    assert state(shop, run) == "waiting", "its author cannot approve it"
    release.approve()
    assert (state(shop, run), waiting(shop)) == ("approved", 0)
    deployment = shop.github.protection(DEPOT, run)["deployment"]
    release.step("finish_deployment", DEPOT, deployment, "success", "github-actions[bot]")
    assert shop.change().stands is ChangeState.DONE
    assert shop.change().findings == (), "judged when it began, not when it began to wait"
    shop.intact()


def test_nothing_is_reported_twice(shop: World) -> None:
    release = Release(shop)
    run = wanted(release, release.sha)
    for _ in range(3):
        shop.work(minutes=20)
    assert len(reports(shop, run)) == 1


def test_many_causes_make_one_look_later(shop: World) -> None:
    release = Release(shop)
    run = wanted(release, release.sha)
    for _ in range(3):
        release.step("deploy", DEPOT, release.sha, "dev", "max", state="in_progress")
    release.deploy("dev")
    with shop.store.reading() as reads:
        unsettled = reads.jobs.unsettled()
    assert sum(count for (kind, _), count in unsettled.items() if kind == ANSWER) == 1
    assert state(shop, run) == "waiting"


def test_what_is_wrong_is_rejected(shop: World) -> None:
    release = Release(shop)
    release.deploy("dev", "failure")
    run = wanted(release, release.sha)
    assert (state(shop, run), waiting(shop)) == ("rejected", 0)
    assert shop.change().findings == ()


def test_a_commit_that_no_change_covers_is_rejected_after_some_patience(shop: World) -> None:
    release = Release(shop)
    stray = str(release.step("push", DEPOT, "main", "max"))
    run = wanted(release, stray, "dev")
    assert state(shop, run) == "waiting", "news of a merge may be on the way"
    shop.work(minutes=5)
    assert state(shop, run) == "waiting"
    for _ in range(8):
        shop.work(minutes=1)
    assert state(shop, run) == "rejected"


def test_what_was_rejected_was_never_deployed(shop: World) -> None:
    release = Release(shop)
    loose = shop.github.world.make_commit(shop.github.world.repository(DEPOT), (), "Von Hand", "max")
    run = wanted(release, loose.sha, "dev")
    for _ in range(13):
        shop.work(minutes=1)
    assert state(shop, run) == "rejected"
    shop.work(minutes=15)
    assert "finding.opened" not in shop.kinds()


def test_an_observing_gate_approves_what_it_would_hold(shop: World) -> None:
    release = Release(shop)
    number = str(shop.github.world.repository(DEPOT).id)
    loosen = ObserveGate(forge=Forge.GITHUB, repository_id=number, repository=DEPOT, reason="Umbau der Pipeline")
    shop.app.core.service.handle(loosen, actor("petra"))
    run = wanted(release, release.sha)
    assert state(shop, run) == "approved"
    held = release.shop.change().requests[0].stage("prod")
    assert held is not None
    assert held.verdict is not None
    assert not held.verdict.opens


def test_an_environment_that_the_policy_does_not_name_stays_held(shop: World) -> None:
    request = Request(shop, repo=LAB)
    sha = str(request.step("merge", LAB, request.number, "max", bypass=True))
    run = wanted(request, sha, "prod", LAB)
    assert state(shop, run, LAB) == "waiting", "the policy names no environments there: nothing can be said"
    assert "names no such environment" in shop.github.protection(LAB, run)["reports"][0]


def test_the_answer_arrives_when_github_answers_again_and_only_once(shop: World) -> None:
    release = Release(shop)
    shop.github.fail("runs.protection", status=502, times=1)
    run = wanted(release, release.sha, "dev")
    for _ in range(3):
        shop.work(minutes=2)
    assert (state(shop, run), waiting(shop)) == ("approved", 0)
    shop.intact()


def test_somebody_else_was_faster(shop: World) -> None:
    release = Release(shop)
    run = wanted(release, release.sha)
    repository = shop.github.world.repository(DEPOT)
    shop.github.answer_protection(repository, repository.waiting[run], "approved", "by hand")
    release.deploy("dev")
    assert (state(shop, run), waiting(shop)) == ("approved", 0)
    shop.intact()


def test_an_address_elsewhere_is_never_called(shop: World) -> None:
    release = Release(shop)
    shop.github.hook.transport = None
    run = wanted(release, release.sha, "dev")
    shop.github.hook.transport = shop.door
    found = [one for one in shop.github.hook.deliveries if one.event == "deployment_protection_rule"]
    payload = json.loads(found[-1].body)
    payload["deployment_callback_url"] = payload["deployment_callback_url"].replace("127.0.0.1", "127.0.0.2")
    shop.github.hook.emit("deployment_protection_rule", payload)
    shop.github.reset_calls()
    shop.work(seconds=5)
    assert (state(shop, run), waiting(shop)) == ("waiting", 0)
    assert not shop.github.calls


class Blocked:
    """A merged merge request of a project on GitLab, whose production waits for one approval."""

    def __init__(self, shop: World) -> None:
        self.shop = shop
        shop.gitlab.add_project(DEPOT)
        shop.gitlab.protect_environment(DEPOT, "production", 1)
        self.step("push", DEPOT, "work", "max")
        self.iid = int(self.step("open_request", DEPOT, "work", "max", title="Rechnung", description=""))
        shop.say("max", "/change", f"plan {NUMBER}")
        shop.fill("max", in_slack(PLAN, shop.clock.now))
        self.step("approve", DEPOT, self.iid, "lena")
        self.sha = str(self.step("merge", DEPOT, self.iid, "max"))

    def step(self, action: str, *arguments: Any, **named: Any) -> Any:
        self.shop.clock.move(seconds=2)
        done = getattr(self.shop.gitlab, action)(*arguments, **named)
        self.shop.work(seconds=2)
        return done

    def deployment(self, number: int) -> Any:
        return self.shop.gitlab.world.project(DEPOT).deployments[number]


def test_gitlab_holds_until_we_approve(shop: World) -> None:
    blocked = Blocked(shop)
    number = int(blocked.step("deploy", DEPOT, blocked.sha, "production", "max"))
    assert (blocked.deployment(number).status, blocked.deployment(number).approvals) == ("blocked", [])
    blocked.step("deploy", DEPOT, blocked.sha, "dev", "max")
    assert blocked.deployment(number).status == "blocked"
    shop.say("ralf", "/change", f"approve {NUMBER} deploy prod")
    shop.work(seconds=2)
    assert blocked.deployment(number).status == "created"
    ((_, given, comment, _),) = blocked.deployment(number).approvals
    assert given == "approved"
    assert "requirements met" in comment
    blocked.step("finish_deployment", DEPOT, number, "running")
    blocked.step("finish_deployment", DEPOT, number, "success")
    assert shop.change().stands is ChangeState.DONE
    assert shop.change().findings == ()
    shop.intact()


def test_gitlab_is_told_no_when_the_order_is_broken(shop: World) -> None:
    blocked = Blocked(shop)
    blocked.step("deploy", DEPOT, blocked.sha, "dev", "max", status="failed")
    number = int(blocked.step("deploy", DEPOT, blocked.sha, "production", "max"))
    assert blocked.deployment(number).status == "failed"
    assert [one[1] for one in blocked.deployment(number).approvals] == ["rejected"]


class AskedAnewMeanwhile:
    """A forge at which the run is started anew while our answer is on its way to it."""

    observing: ClassVar[bool] = True

    def __init__(self, shop: World) -> None:
        self.shop = shop
        self.answers = 0

    def answer(self, held: Held, *, approved: bool, comment: str) -> None:
        assert approved, comment
        self.answers += 1
        if self.answers == 1:
            with self.shop.store.transaction() as uow:
                hold(uow, held.model_copy(update={"asked_at": held.asked_at + timedelta(minutes=1)}))

    def report(self, held: Held, comment: str) -> bool:
        raise AssertionError((held, comment))


def test_a_run_that_is_started_anew_while_it_is_answered_is_answered_again(shop: World) -> None:
    release = Release(shop)
    release.deploy("dev")
    release.approve()
    place, repository = f"github:{shop.github.world.repository(DEPOT).id}", shop.github.world.repository(DEPOT)
    held = Held(
        forge=Forge.GITHUB, repository_id=str(repository.id), repository=DEPOT, environment="production",
        sha=release.sha, number=77, asked_at=shop.clock.now,
    )  # fmt: skip
    with shop.store.transaction() as uow:
        hold(uow, held)
    forge = AskedAnewMeanwhile(shop)
    desk = HeldDeployments(shop.app.core.service, translator("en"), {Forge.GITHUB: forge})
    payload = {"scope": f"held:{place}", "key": held.key}
    for tries in (1, 2, 3):
        closing = desk.answer(Job(tries, ANSWER, "", "", payload, 1), JobTools(shop.clock.now, lambda: False))
        if closing is not None:
            with shop.store.transaction() as uow:
                closing(uow)
    assert (forge.answers, waiting(shop)) == (2, 0), "answered once more, and then never again"
