"""A pull request between the fake GitHub and the gate: held, released, and held again, by signed webhooks alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Requirement
from tests.journeys.policies import LAB, SHOP
from tests.journeys.telling import Who, in_slack
from tests.journeys.world import World, world
from workflows.change.codes import ChangeState, Outcome, VerdictStatus

NUMBER = "CHG-2026-0001"
GATE = "wachbuch/gate"
GREEN = {"build": "github-actions", "codeql": "codeql"}
PLAN: dict[str, Any] = {
    "title": "Zahlung auf Rechnung", "change_description": "Rechnung als Zahlart", "change_affected": "shop",
    "security": "keine neuen Daten", "rollback": "Schalter aus", "factors": ["none"],
}  # fmt: skip


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.full)], ids=["app", "token"])
def shop(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en", as_app=request.param) as made:
        yield made


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.full)], ids=["app", "token"])
def either_way(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    """By check run and by commit status, in every run of the tests."""
    with world(sqlite_url, language="en", as_app=request.param) as made:
        yield made


class Request:
    """One pull request, and how GitHub shows it."""

    def __init__(self, shop: World, *, repo: str = SHOP, by: str = "max", body: str = "", branch: str = "work") -> None:
        self.shop, self.repo, self.branch = shop, repo, branch
        self.step("push", repo, branch, by)
        self.number = int(self.step("open_pull", repo, branch, by, title="Rechnung", body=body))

    def step(self, action: str, *arguments: Any, **named: Any) -> Any:
        """Something happens on GitHub, is delivered, and worked off."""
        self.shop.clock.move(seconds=2)
        self.shop.github.reset_calls()
        done = getattr(self.shop.github, action)(*arguments, **named)
        self.shop.work(seconds=2)
        return done

    def push(self, by: str = "max", **named: Any) -> str:
        return str(self.step("push", self.repo, self.branch, by, **named))

    def review(self, by: str, state: str = "approved", **named: Any) -> int:
        return int(self.step("review", self.repo, self.number, by, state, **named))

    def check(self, name: str, conclusion: str | None = "success") -> None:
        self.step("run_check", self.repo, self.pull.head, name, conclusion, app=GREEN[name])

    def plan(self, who: str = "max", number: str = NUMBER) -> None:
        """Answer the questions of the plan in Slack."""
        self.shop.say(who, "/change", f"plan {number}")
        self.shop.fill(who, in_slack(PLAN, self.shop.clock.now))
        self.shop.work(seconds=2)

    def green(self) -> None:
        """Everything but the approval."""
        self.plan()
        for name in GREEN:
            self.check(name)

    @property
    def pull(self) -> Any:
        return self.shop.github.world.repository(self.repo).pull(self.number)

    @property
    def shown(self) -> str:
        """What GitHub shows for the gate on the head."""
        repository = self.shop.github.world.repository(self.repo)
        runs = [one for one in repository.latest_checks(self.pull.head) if one.name == GATE]
        states = [one for one in repository.latest_statuses(self.pull.head) if one.context == GATE]
        assert len(runs) + len(states) <= 1, "shown once, by check run or by status"
        if runs:
            return str(runs[0].conclusion or "pending")
        return states[0].state if states else "nothing"

    @property
    def status(self) -> VerdictStatus:
        verdict = self.shop.change().requests[0].verdict
        assert verdict is not None
        return verdict.status

    @property
    def open_points(self) -> set[Requirement]:
        """What the verdict still asks for."""
        verdict = self.shop.change().requests[0].verdict
        assert verdict is not None
        assert verdict.tree is not None
        results = [result for gate in verdict.tree.gates for result in gate.results]
        return {one.requirement for one in results if one.outcome in {Outcome.NOT, Outcome.UNKNOWN}}


def test_a_request_is_held_until_everything_is_there_and_then_released(either_way: World) -> None:
    shop = either_way
    request = Request(shop)
    assert shop.change().stands is ChangeState.PLAN
    assert (request.status, request.shown) == (VerdictStatus.PENDING, "pending")
    request.plan()
    assert shop.change().stands is ChangeState.REVIEW
    request.check("build")
    request.check("codeql")
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}
    request.review("lena")
    assert (request.status, request.shown) == (VerdictStatus.PASSED, "success")
    assert shop.change().stands is ChangeState.TEST or shop.change().stands is ChangeState.DEPLOY
    (comment,) = request.pull.comments
    assert comment.updated > comment.at, "one comment, edited in place"
    shop.intact()


def test_who_wrote_in_it_does_not_count_as_second_person(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.push("lena")
    for name in GREEN:
        request.check(name)
    request.review("lena")
    assert Requirement.FOUR_EYES in request.open_points
    assert request.shown == "pending"
    request.review("tom")
    assert request.shown == "success"


def test_a_push_voids_the_approval_unless_the_difference_is_the_same(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("lena")
    assert request.shown == "success"
    request.push(files=({"path": "src/app.py", "patch": "@@ -1 +1 @@\n-a\n+other"},))
    for name in GREEN:
        request.check(name)
    assert request.open_points == {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES}
    assert request.shown == "pending"


def test_an_approval_is_carried_over_a_clean_update_from_the_base(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("lena")
    request.step("push", SHOP, "main", "tom", files=("docs/other.md",))
    request.step("update_branch", SHOP, request.number, "max")
    for name in GREEN:
        request.check(name)
    assert not request.open_points
    assert request.shown == "success"


def test_a_required_check_blocks_while_it_is_red_and_turns_back_when_it_fails_later(either_way: World) -> None:
    shop = either_way
    request = Request(shop)
    request.green()
    request.review("lena")
    assert request.shown == "success"
    request.check("build", "failure")
    assert (request.status, request.shown) == (VerdictStatus.BLOCKED, "failure")
    assert Requirement.CHECKS_GREEN in request.open_points
    request.check("build", "success")
    assert (request.status, request.shown) == (VerdictStatus.PASSED, "success")


def test_an_objection_blocks_until_it_is_lifted(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("lena")
    request.review("tom", "changes_requested")
    assert (request.status, request.shown) == (VerdictStatus.BLOCKED, "failure")
    request.review("tom")
    assert request.shown == "success"


def test_the_merge_freezes_the_verdict(shop: World) -> None:
    request = Request(shop)
    request.green()
    request.review("lena")
    request.step("merge", SHOP, request.number, "max")
    case = shop.change()
    assert case.stands is ChangeState.DONE, "a repository without environments is done at the merge"
    assert case.requests[0].frozen is not None
    assert case.requests[0].frozen.status is VerdictStatus.PASSED
    request.step("run_check", SHOP, request.pull.head, "build", "failure", app="github-actions")
    after = shop.change()
    assert (after.stands, after.requests) == (case.stands, case.requests), "later facts drag nothing back"
    assert [one.requirement for one in after.findings] == [Requirement.CHECKS_GREEN], "they open a finding"
    shop.intact()


def test_a_merge_past_the_gate_opens_a_finding(shop: World) -> None:
    request = Request(shop)
    request.step("merge", SHOP, request.number, "max", bypass=True)
    case = shop.change()
    assert case.requests[0].frozen is not None
    assert case.requests[0].frozen.status is VerdictStatus.PENDING
    assert case.findings
    assert "finding.opened" in shop.kinds()
    shop.intact()


def test_a_gate_that_observes_lets_through_and_says_what_it_would_hold(shop: World) -> None:
    request = Request(shop, repo=LAB)
    assert request.shown == "success"
    (comment,) = request.pull.comments
    assert "Would be held because of" in comment.body
    assert request.status is VerdictStatus.PENDING
    request.step("merge", LAB, request.number, "max")
    assert not shop.change().findings, "findings only when a gate is enforced"
    shop.intact()


def test_a_waiver_of_the_risk_owner_releases_and_its_end_holds_again(shop: World) -> None:
    request = Request(shop)
    request.plan()
    request.check("build")
    request.review("lena")
    assert request.open_points == {Requirement.CHECKS_GREEN, Requirement.SECURITY_TESTS}
    for requirement in sorted(request.open_points):
        shop.say("max", "/change", f"waive {NUMBER}")
        asked = {"requirement": requirement.value, "scope": "change", "reason": "Scanner steht", "measure": "von Hand",
                 "waiver_owner": Who("sven"), "expires": "2026-03-10"}  # fmt: skip
        shop.fill("max", in_slack(asked, shop.clock.now))
        shop.say("max", "/change", f"waive {NUMBER} grant")
        shop.work(seconds=2)
        assert not any(one.granted_at for one in shop.change().waivers if one.requirement is requirement)
        assert request.shown == "pending", "who asks does not grant"
        granted = shop.say("rita", "/change", f"waive {NUMBER} grant").json()["text"]
        shop.proves(granted, "waiver.granted")
        shop.work(seconds=2)
    assert (request.status, request.shown) == (VerdictStatus.WAIVED, "success")
    shop.work(days=9)
    assert "waiver.ended" in shop.kinds()
    assert (request.status, request.shown) == (VerdictStatus.PENDING, "pending")
    shop.intact()


def test_a_verdict_takes_four_calls_cold_and_one_warm(either_way: World) -> None:
    shop = either_way
    request = Request(shop)
    cold = shop.github.calls - _comments(shop)
    assert 0 < cold.total() <= 4, cold
    request.plan()
    request.check("build")
    request.check("codeql")
    shop.github.reset_calls()
    request.review("lena")
    warm = shop.github.calls - _comments(shop)
    assert warm.total() == 1, warm
    assert request.shown == "success"


def _comments(shop: World) -> Any:
    """The comment is a job of its own, counted apart."""
    return type(shop.github.calls)({name: count for name, count in shop.github.calls.items() if "comments" in name})


def test_a_delivery_that_comes_twenty_times_is_stored_and_written_once(shop: World) -> None:
    request = Request(shop)
    request.green()
    entries, stored = len(shop.entries()), shop.inbox()
    shop.clock.move(seconds=2)
    shop.github.reset_calls()
    shop.github.review(SHOP, request.number, "lena")
    told = shop.github.hook.deliveries[-1]
    for _ in range(20):
        shop.github.hook.again(told.id)
    shop.github.settle()
    assert shop.inbox() == stored + 1
    shop.work(seconds=2)
    writes = [name for name in shop.github.calls if "create" in name or "update" in name]
    assert sum(shop.github.calls[name] for name in writes if "comment" not in name) == 1, shop.github.calls
    assert request.shown == "success"
    assert shop.kinds()[entries:].count("verdict.changed") == 1
    answers = [one.status_code for one in shop.github.hook.deliveries if one.guid == told.guid]
    assert (answers[0], set(answers[1:])) == (202, {200})
    shop.intact()


def test_a_change_line_in_the_body_puts_the_request_under_that_change(shop: World) -> None:
    shop.say("max", "/change", "plan Zahlung auf Rechnung")
    Request(shop, body=f"Change: {NUMBER}")
    assert len(shop.change().requests) == 1
    assert [kind for kind in shop.kinds() if kind == "change.planned"] == ["change.planned"]
    shop.intact()
