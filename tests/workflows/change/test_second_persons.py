"""Plans, risks, deployments and waivers take a second person; each refusal stands beside its success."""

from datetime import timedelta

import pytest

from config.policy.ids import Requirement, Risk
from tests.workflows.change.deployments import merged_world
from tests.workflows.change.world import (
    GREEN,
    HARD,
    NAME,
    NOON,
    NUMBER,
    REF,
    REPOSITORY,
    World,
    check,
    checks_read,
    green,
    person,
    reading,
    review,
)
from workflows.change.codes import Outcome, ResultCode, VerdictStatus, WaiverScope
from workflows.change.commands import (
    Amend,
    ApproveDeploy,
    ApprovePlan,
    Cancel,
    EndWaiver,
    GrantWaiver,
    LinkRequest,
    ObjectPlan,
    RequestWaiver,
    SetRisk,
    UnlinkRequest,
)
from workflows.change.events import WaiverEnded
from workflows.change.projection import updates
from workflows.change.seen import Identity, RequestKey
from workflows.change.workflow import WORKFLOW


def _risky() -> World:
    return World().planned(factors=HARD).evaluated(*GREEN)


def _plan_result(world: World) -> ResultCode:
    code: ResultCode = world.evaluated().verdict.tree.of(Requirement.PLAN_APPROVED).code
    return code


def test_a_plan_is_approved_by_somebody_else_with_the_role() -> None:
    world = _risky()
    assert world.do(ApprovePlan(case=NUMBER), "max") == (
        "second_person:change.plan_approval",
        "not_allowed:change.plan_approval",
    )
    assert world.do(ApprovePlan(case=NUMBER), "eva") == ("not_allowed:change.plan_approval",)
    assert _plan_result(world) is ResultCode.PLAN_UNAPPROVED
    assert world.do(ApprovePlan(case=NUMBER), "tom") == ()
    assert _plan_result(world) is ResultCode.MET


def test_the_author_of_the_request_is_no_second_person_either() -> None:
    world = World().planned("eva", factors=HARD).evaluated(reading(author=_identity("tom")), *GREEN[1:])
    assert world.do(ApprovePlan(case=NUMBER), "tom") == ("second_person:change.plan_approval",)
    assert world.do(ApprovePlan(case=NUMBER), "lena") == ()


def test_an_incomplete_plan_is_not_approved() -> None:
    world = World().planned(factors=HARD, rollback=None, description=None)
    assert world.do(ApprovePlan(case=NUMBER), "tom") == ("missing:description", "missing:rollback")


def test_what_was_approved_and_is_different_now_is_approved_again() -> None:
    world = _risky()
    world.do(ApprovePlan(case=NUMBER), "tom")
    assert world.do(Amend(case=NUMBER, title="Neuer Titel"), "max") == ()
    assert _plan_result(world) is ResultCode.MET
    assert world.do(Amend(case=NUMBER, title="Neuer Titel"), "max") == ("no_change:plan",)
    assert world.do(Amend(case=NUMBER, description="Etwas anderes"), "max") == ()
    assert _plan_result(world) is ResultCode.PLAN_UNAPPROVED


def test_an_approval_counts_for_its_risk_and_those_below() -> None:
    world = _risky()
    world.do(ApprovePlan(case=NUMBER), "tom")
    assert world.do(SetRisk(case=NUMBER, risk=Risk.CRITICAL, reason="Kassenschluss"), "max") == ()
    assert _plan_result(world) is ResultCode.PLAN_UNAPPROVED
    world.do(ApprovePlan(case=NUMBER), "tom")
    assert _plan_result(world) is ResultCode.MET


def test_an_objection_is_wrong_until_its_person_approves() -> None:
    world = _risky()
    world.do(ApprovePlan(case=NUMBER), "tom")
    assert world.do(ObjectPlan(case=NUMBER, reason=" "), "lena") == ("missing:reason",)
    assert world.do(ObjectPlan(case=NUMBER, reason="Kein Rückweg"), "lena") == ()
    assert _plan_result(world) is ResultCode.PLAN_OBJECTED
    assert world.status() is VerdictStatus.BLOCKED
    world.do(Amend(case=NUMBER, rollback="Schalter und Datenstand"), "max")
    assert _plan_result(world) is ResultCode.PLAN_OBJECTED
    assert world.do(ApprovePlan(case=NUMBER), "lena") == ()
    assert _plan_result(world) is ResultCode.MET


def test_the_risk_follows_the_files_and_only_others_lower_it() -> None:
    world = World().planned().evaluated(reading(paths=("auth/login.py",)), *GREEN[1:])
    assert WORKFLOW.index(world.case).severity == Risk.HIGH
    lower = SetRisk(case=NUMBER, risk=Risk.LOW, reason="nur Kommentare")
    assert world.do(lower, "max") == ("second_person:risk", "not_allowed:risk")
    assert world.do(SetRisk(case=NUMBER, risk=Risk.CRITICAL, reason="heikel"), "max") == ()
    assert world.do(lower, "tom") == ()
    assert WORKFLOW.index(world.case).severity == Risk.LOW
    assert world.do(SetRisk(case=NUMBER, risk=Risk.HIGH, reason=""), "tom") == ("missing:reason",)


def test_a_deployment_is_approved_by_somebody_other_than_the_author() -> None:
    before = green()
    assert before.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom") == ("not_merged:deploy",)
    world = merged_world()
    assert world.do(ApproveDeploy(case=NUMBER, environment="prod"), "max") == (
        "second_person:change.deploy_approval",
        "not_allowed:change.deploy_approval",
    )
    assert world.do(ApproveDeploy(case=NUMBER, environment="dev"), "tom") == ("unknown_environment:environment",)
    assert world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom") == ()


def _waiver(**parts: object) -> RequestWaiver:
    given = {
        "case": NUMBER,
        "requirement": Requirement.SECURITY_TESTS,
        "reason": "Scanner steht",
        "measure": "Durchsicht zu zweit",
        "owner": person("tom"),
        "expires": NOON + timedelta(days=30),
    }
    return RequestWaiver(**{**given, **parts})  # type: ignore[arg-type]


def _untested() -> World:
    return World().planned().evaluated(reading(), review(), check("build"), checks_read())


def test_a_waiver_is_granted_by_a_risk_owner_who_did_not_ask_and_ends_by_itself() -> None:
    world = _untested()
    assert world.do(_waiver(), "tom") == ()
    grant = GrantWaiver(case=NUMBER, requirement=Requirement.SECURITY_TESTS)
    assert world.do(grant, "eva") == ("not_allowed:change.waiver",)
    assert world.do(grant, "tom") == ("second_person:change.waiver",)
    assert world.evaluated().status() is VerdictStatus.PENDING
    assert world.do(grant, "lena") == ()
    world.evaluated()
    assert world.status() is VerdictStatus.WAIVED
    waived = world.verdict.tree.of(Requirement.SECURITY_TESTS)
    assert (waived.outcome, waived.waiver) == (Outcome.NOT, world.case.waivers[0].id)
    assert world.do(grant, "lena") == ("waiver_decided:security.tests",)
    world.later(days=30)
    world.evaluated(reading(at=world.now))
    assert world.status() is VerdictStatus.PENDING
    assert len(world.events(WaiverEnded)) == 1
    world.do(EndWaiver(case=NUMBER, waiver=world.case.waivers[0].id))
    assert len(world.events(WaiverEnded)) == 1


def test_a_waiver_withdrawn_no_longer_counts() -> None:
    world = _untested()
    world.do(_waiver(), "max")
    world.do(GrantWaiver(case=NUMBER, requirement=Requirement.SECURITY_TESTS), "lena")
    assert world.evaluated().status() is VerdictStatus.WAIVED
    assert world.do(EndWaiver(case=NUMBER, waiver=world.case.waivers[0].id), "lena") == ()
    assert world.evaluated().status() is VerdictStatus.PENDING


@pytest.mark.parametrize(
    ("parts", "reasons"),
    [
        ({"reason": " "}, ("missing:reason",)),
        ({"measure": ""}, ("missing:measure",)),
        ({"expires": NOON}, ("waiver_expired:expires",)),
        ({"expires": NOON + timedelta(days=91)}, ("waiver_too_long:expires",)),
    ],
)
def test_a_waiver_needs_reason_measure_and_a_near_end(parts: dict[str, object], reasons: tuple[str, ...]) -> None:
    world = _untested()
    assert world.do(_waiver(**parts), "max") == reasons
    assert world.do(_waiver(), "max") == ()


def test_a_waiver_for_one_requirement_waives_no_other_and_one_granted_too_late_none() -> None:
    world = _untested()
    world.do(_waiver(requirement=Requirement.CHECKS_GREEN), "max")
    world.do(GrantWaiver(case=NUMBER, requirement=Requirement.CHECKS_GREEN), "lena")
    assert world.evaluated().status() is VerdictStatus.PENDING
    late = _untested()
    late.do(_waiver(), "max")
    late.later(days=31)
    grant = GrantWaiver(case=NUMBER, requirement=Requirement.SECURITY_TESTS)
    assert late.do(grant, "lena") == ("waiver_expired:security.tests",)
    assert late.do(GrantWaiver(case=NUMBER, requirement=Requirement.FOUR_EYES), "lena") == ("unknown_waiver:waiver",)


def test_a_waiver_for_the_repository_holds_for_its_other_changes() -> None:
    world = _untested()
    world.do(_waiver(scope=WaiverScope.REPOSITORY), "max")
    world.do(GrantWaiver(case=NUMBER, requirement=Requirement.SECURITY_TESTS), "lena")
    shared = updates(world.case, tuple(world.log))
    assert [(update.scope, update.key) for update in shared] == [("repository", f"github:{REPOSITORY}")]
    other = _untested()
    assert other.status() is VerdictStatus.PENDING
    assert other.evaluated(*shared).status() is VerdictStatus.WAIVED
    other.later(days=30)
    other.evaluated(reading(at=other.now))
    assert other.status() is VerdictStatus.PENDING


def test_linking_twice_unlinking_and_cancelling() -> None:
    world = World().planned()
    link = LinkRequest(case=NUMBER, request=REF, repository=NAME)
    assert world.do(link, "max") == ("linked_already:request",)
    stranger = RequestKey(REF.forge, "7002", 1)
    assert world.do(UnlinkRequest(case=NUMBER, request=stranger), "max") == ("not_linked:request",)
    assert world.do(UnlinkRequest(case=NUMBER, request=REF), "max") == ()
    assert world.do(link, "max") == ()
    assert world.do(Cancel(case=NUMBER, reason=""), "max") == ("missing:reason",)
    assert world.do(Cancel(case=NUMBER, reason="entfällt"), "max") == ()
    assert world.do(link, "max") == ("over:plan",)


def _identity(who: str) -> Identity:
    known = World().policy.person_by(id=who)
    assert known is not None
    return Identity(id=str(known.github_id), login=known.github_login)
