"""Each requirement: its absence holds the gate, its presence, all else equal, opens it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from config.policy.ids import GATE_OF, Gate, Requirement
from config.policy.models import Policy
from tests.workflows.change.deployments import deployment, merged_world
from tests.workflows.change.world import (
    EVA,
    GREEN,
    HARD,
    LENA,
    NOON,
    NUMBER,
    REF,
    TOM,
    World,
    check,
    checks_read,
    commit,
    policy,
    reading,
    review,
)
from workflows.change.codes import Fault, LinkSource, VerdictStatus
from workflows.change.commands import Amend, ApproveDeploy, ApprovePlan, Evaluate, LinkRequest
from workflows.change.requirements.registry import JUDGES
from workflows.change.result import Verdict
from workflows.change.seen import ReviewState, Update


@dataclass(frozen=True)
class Case:
    """A world where only this requirement is unmet, what is said about it, and what cures it."""

    lacking: Callable[[], World]
    fault: Fault
    cure: Callable[[World], object]
    environment: str = ""


def _undescribed() -> World:
    return World().planned(description=None).evaluated(*GREEN)


def _unclassified() -> World:
    # Without a risk it cannot be said either whether the plan needs approval.
    return World(policy=_only(Requirement.RISK_CLASSIFIED)).planned(factors=None).evaluated(*GREEN)


def _unapproved() -> World:
    return World().planned(factors=HARD).evaluated(*GREEN)


def _draft() -> World:
    return World().planned().evaluated(reading(draft=True), *GREEN[1:])


def _names_other() -> World:
    return World().planned(link=LinkSource.BODY).evaluated(reading(body="Change: CHG-2026-0099"), *GREEN[1:])


def _no_approval() -> World:
    # Without any approval four eyes are missing too, so the policy of this world asks for the count alone.
    world = World(policy=_only(Requirement.APPROVALS_COUNT))
    return world.planned().evaluated(reading(), *GREEN[2:])


def _self_approved() -> World:
    return World().planned().evaluated(reading(commits=(commit(), commit("d" * 40, co_authors=(LENA,)))), *GREEN[1:])


def _objection() -> World:
    against = review(state=ReviewState.CHANGES_REQUESTED, id="9", at=NOON)
    other = against.model_copy(update={"review": against.review.model_copy(update={"reviewer": EVA})})
    return World().planned().evaluated(*GREEN, other)


def _red() -> World:
    return World().planned().evaluated(reading(), review(), check("build", "failure"), check("codeql"), checks_read())


def _untested() -> World:
    return World().planned().evaluated(reading(), review(), check("build"), checks_read())


def _only(requirement: Requirement) -> Policy:
    gates = dict.fromkeys(Gate, ()) | {GATE_OF[requirement]: (requirement,)}
    return policy(requirements=gates)


def _approve_plan(world: World) -> object:
    return world.do(ApprovePlan(case=NUMBER), "lena")


def _cure(*told: Update) -> Callable[[World], object]:
    return lambda world: world.tell(*told)


CASES: Mapping[Requirement, Case] = {
    Requirement.CHANGE_DESCRIBED: Case(
        _undescribed, Fault.WAITS, lambda world: world.do(Amend(case=NUMBER, description="Rechnung"), "max")
    ),
    Requirement.RISK_CLASSIFIED: Case(
        _unclassified, Fault.WAITS, lambda world: world.do(Amend(case=NUMBER, factors=()), "max")
    ),
    Requirement.PLAN_APPROVED: Case(_unapproved, Fault.WAITS, _approve_plan),
    Requirement.REQUEST_OPEN: Case(_draft, Fault.WAITS, _cure(reading(at=NOON.replace(minute=1)))),
    Requirement.CHANGE_LINKED: Case(
        _names_other,
        Fault.WRONG,
        lambda world: world.do(LinkRequest(case=NUMBER, request=REF, repository="beispiel/shop"), "max"),
    ),
    Requirement.APPROVALS_COUNT: Case(_no_approval, Fault.WAITS, _cure(review())),
    Requirement.FOUR_EYES: Case(_self_approved, Fault.WAITS, _cure(review(TOM, id="2"))),
    Requirement.NO_OBJECTION: Case(
        _objection, Fault.WRONG, _cure(review(EVA, ReviewState.APPROVED, id="10", at=NOON.replace(minute=1)))
    ),
    Requirement.CHECKS_GREEN: Case(_red, Fault.WRONG, _cure(check("build", id="2"))),
    Requirement.SECURITY_TESTS: Case(_untested, Fault.WAITS, _cure(check("codeql"))),
    Requirement.ENVIRONMENTS_ORDER: Case(
        lambda: _approved(merged_world()), Fault.WAITS, _cure(deployment("dev")), environment="prod"
    ),
    Requirement.DEPLOY_APPROVED: Case(
        lambda: merged_world().evaluated(deployment("dev")),
        Fault.WAITS,
        lambda world: world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom"),
        environment="prod",
    ),
}


def test_every_requirement_has_a_judge_and_a_case() -> None:
    assert set(JUDGES) == set(Requirement)
    assert set(CASES) == set(Requirement)


@pytest.mark.parametrize("requirement", tuple(Requirement))
def test_absence_holds_and_presence_opens(requirement: Requirement) -> None:
    case = CASES[requirement]
    world = case.lacking()
    before = _verdict(world, case.environment)
    held = [result.requirement for result in before.results if result.held]
    assert held == [requirement]
    found = before.of(requirement)
    assert found is not None
    assert found.fault is case.fault
    assert found.controls
    assert before.status is (VerdictStatus.BLOCKED if case.fault is Fault.WRONG else VerdictStatus.PENDING)

    assert case.cure(world) in ((), world)
    world.do(Evaluate(case=NUMBER, request=REF))
    after = _verdict(world, case.environment)
    assert after.status is VerdictStatus.PASSED
    assert not any(result.held for result in after.results)


def _approved(world: World) -> World:
    assert world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom") == ()
    return world


def _verdict(world: World, environment: str) -> Verdict:
    request = world.case.request(REF)
    assert request is not None
    stage = request.stage(environment) if environment else None
    record = stage.verdict if stage else request.verdict
    assert record is not None
    assert record.tree is not None
    return record.tree
