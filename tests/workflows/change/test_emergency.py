"""The emergency way: one commit, two persons, everything skipped due afterwards. Each refusal beside its success."""

from datetime import timedelta
from typing import Any

import pytest

from config.policy.ids import ChangeKind, Fallback, Requirement, Role, SecondPersonRule
from config.policy.models import EmergencyPolicy, PolicyPerson
from tests.workflows.change.deployments import deployment, merged
from tests.workflows.change.world import (
    HEAD,
    NEXT_HEAD,
    NUMBER,
    PLAN,
    World,
    check,
    checks_read,
    commit,
    green,
    policy,
    reading,
)
from workflows.change.codes import (
    ChangeState,
    EmergencyEnd,
    Escalation,
    Fault,
    Finding,
    Settlement,
    VerdictStatus,
)
from workflows.change.commands import ApproveDeploy
from workflows.change.emergency_commands import (
    BreakGlass,
    ClearFinding,
    ConfirmEmergency,
    EndEmergency,
    EscalateReview,
    HoldReview,
    LinkEmergency,
    RecordBypass,
    SettleOwed,
)
from workflows.change.emergency_events import RequirementOwed, RetrospectiveDemanded, RetrospectiveEscalated
from workflows.change.state import ChangeCase
from workflows.change.workflow import WORKFLOW
from workflows.commands import Command

BREAK = BreakGlass(case=NUMBER, reason="Kasse steht")
CONFIRM = ConfirmEmergency(case=NUMBER)
REVIEW = HoldReview(case=NUMBER, account="Kasse stand", justified=True, prevention="Probe vor dem Fest")


def held(**roles: Any) -> World:
    """A described change whose request nobody approved, and whose checks are red."""
    world = World(policy=_policy(**roles)).planned()
    return world.evaluated(reading(), check("build", "failure"), check("codeql"), checks_read())


def _policy(*, alone: tuple[Role, ...] = (Role.RELEASE_MANAGER,), asks: tuple[Role, ...] = (Role.ENGINEER,)) -> Any:
    given = policy()
    change = given.change.model_copy(update={"emergency": EmergencyPolicy(roles=asks, alone=alone)})
    return given.model_copy(update={"change": change})


def settle(requirement: Requirement, how: Settlement = Settlement.DONE, note: str = "nachgeholt") -> SettleOwed:
    return SettleOwed(case=NUMBER, requirement=requirement, settlement=how, note=note)


def test_one_alone_opens_only_with_the_role_and_the_other_waits_for_the_second_person() -> None:
    world = held()
    assert world.do(BREAK, "max") == ()
    assert world.case.review is None
    assert world.do(CONFIRM, "max")[0] == "second_person:change.emergency"
    assert world.do(CONFIRM, "eva") == ("not_allowed:change.emergency",)
    assert world.status() is VerdictStatus.BLOCKED, "asked for, not open"
    assert world.do(CONFIRM, "lena") == ()
    now = world.case
    assert (now.requests[0].verdict and now.requests[0].verdict.status) is VerdictStatus.EMERGENCY
    assert now.kind is ChangeKind.EMERGENCY
    assert now.review is not None
    other = held()
    assert other.do(BREAK, "tom") == ()
    assert other.status() is VerdictStatus.EMERGENCY, "who may open alone opens at once"
    assert other.case.emergencies[0].second is None
    assert other.do(CONFIRM, "tom")[0] == "second_person:change.emergency"
    assert other.do(CONFIRM, "lena") == ()
    assert other.do(CONFIRM, "lena") == ("unknown_emergency:emergency",)


def test_the_tree_still_says_what_is_held() -> None:
    world = held()
    world.do(BREAK, "tom")
    tree = world.verdict.tree
    assert tree.emergency == world.case.emergencies[0].id
    assert Requirement.CHECKS_GREEN in tree.named(fault=Fault.WRONG)
    assert Requirement.FOUR_EYES in tree.named(fault=Fault.WAITS)
    assert world.stands() is ChangeState.REVIEW, "no gate is met by it"


def test_who_may_open_alone_does_not_wait_for_the_answer_to_somebody_elses_question() -> None:
    world = held()
    assert world.do(BREAK, "max") == ()
    assert world.do(BREAK, "eva") == ("emergency_known:emergency",)
    assert world.do(BREAK, "tom") == ()
    assert world.status() is VerdictStatus.EMERGENCY
    assert world.do(BREAK, "tom") == ("emergency_known:emergency",)


def test_who_may_ask_stands_in_the_policy() -> None:
    world = held(asks=(Role.SERVICE_OWNER,), alone=(Role.RELEASE_MANAGER,))
    assert world.do(BREAK, "eva") == ("not_allowed:emergency",)
    assert world.do(BREAK, "lena") == ()


def test_it_needs_a_reason_and_something_that_is_held() -> None:
    world = held()
    assert world.do(BreakGlass(case=NUMBER, reason=" "), "tom") == ("missing:reason",)
    assert world.do(BREAK, "tom") == ()
    assert world.do(BREAK, "tom") == ("emergency_known:emergency",)
    assert green().do(BREAK, "tom") == ("not_held:emergency",)
    nothing = World()
    nothing.do(PLAN, "max")
    assert nothing.do(BREAK, "tom") == ("no_head:request",)


def test_a_case_that_is_named_has_to_exist() -> None:
    world = held()
    named = BreakGlass(case=NUMBER, reason="Kasse steht", incident="CHG-2026-0009")
    assert world.do(named, "tom") == ("unknown_case:incident",)
    world.related = {"CHG-2026-0009": ChangeCase(id=world.case.id, number="CHG-2026-0009", opened_at=world.now)}
    assert world.do(named, "tom") == ()
    assert world.case.incidents == ("CHG-2026-0009",)


def test_a_push_shuts_the_gate_again() -> None:
    world = held()
    world.do(BREAK, "tom")
    assert world.status() is VerdictStatus.EMERGENCY
    moved = {"head": NEXT_HEAD, "updated_at": world.now + timedelta(minutes=1)}
    world.later(minutes=2).evaluated(
        reading(at=world.now + timedelta(minutes=2), commits=(commit(), commit(NEXT_HEAD)), **moved),
        check("build", "failure", sha=NEXT_HEAD, id="9"), checks_read(NEXT_HEAD),
    )  # fmt: skip
    assert (world.verdict.head, world.status()) == (NEXT_HEAD, VerdictStatus.BLOCKED)
    assert world.do(BREAK, "tom") == (), "the next commit takes an emergency of its own"
    assert world.status() is VerdictStatus.EMERGENCY


def test_without_a_second_person_it_shuts_after_a_working_day_and_that_is_a_finding() -> None:
    world = held()
    world.do(BREAK, "tom")
    (asked,) = world.case.emergencies
    assert asked.second_due - world.now > timedelta(hours=24), "to the end of the next working day"
    lapse = EndEmergency(case=NUMBER, emergency=asked.id)
    world.do(lapse)
    assert world.status() is VerdictStatus.EMERGENCY, "the timer ends nothing before its time"
    world.now = asked.second_due
    assert world.do(CONFIRM, "lena") == ("unknown_emergency:emergency",), "too late"
    world.do(lapse)
    assert world.case.emergencies[0].end is EmergencyEnd.UNCONFIRMED
    assert [one.found for one in world.case.findings] == [Finding.EMERGENCY_UNCONFIRMED]
    assert world.status() is VerdictStatus.BLOCKED
    world.do(lapse)
    assert len(world.case.findings) == 1


def test_what_nobody_confirmed_and_never_opened_is_no_finding() -> None:
    world = held()
    world.do(BREAK, "max")
    (asked,) = world.case.emergencies
    world.now = asked.second_due
    world.do(EndEmergency(case=NUMBER, emergency=asked.id))
    assert (world.case.findings, world.case.review) == ((), None)


def test_it_is_ended_by_who_asked_or_may_be_second() -> None:
    world = held()
    world.do(BREAK, "tom")
    assert world.do(EndEmergency(case=NUMBER, reason="vorbei"), "eva") == ("not_allowed:emergency",)
    assert world.do(EndEmergency(case=NUMBER), "tom") == ("missing:reason",)
    assert world.do(EndEmergency(case=NUMBER, reason="vorbei"), "lena") == ()
    assert world.status() is VerdictStatus.BLOCKED
    assert world.do(EndEmergency(case=NUMBER, reason="vorbei"), "lena") == ("unknown_emergency:emergency",)


def merged_in_emergency() -> World:
    world = held()
    world.do(BREAK, "tom")
    world.do(CONFIRM, "lena")
    world.later(minutes=1)
    return world.evaluated(merged(world.now))


def test_each_skipped_requirement_is_due_once_and_the_merge_is_no_finding() -> None:
    world = merged_in_emergency()
    assert world.case.requests[0].frozen is not None
    assert world.case.requests[0].frozen.status is VerdictStatus.EMERGENCY
    skipped = {Requirement.APPROVALS_COUNT, Requirement.FOUR_EYES, Requirement.CHECKS_GREEN}
    assert {item.requirement for item in world.case.open_owed} == skipped
    assert not world.case.findings
    world.evaluated()
    assert len(world.events(RequirementOwed)) == len(skipped)


def test_the_deployment_is_open_for_that_commit_and_what_it_skips_is_due_there() -> None:
    world = merged_in_emergency()
    stage = world.case.requests[0].stage("prod")
    assert stage is not None
    assert stage.verdict is not None
    assert stage.verdict.status is VerdictStatus.EMERGENCY
    world.later(minutes=1)
    world.evaluated(deployment("prod", at=world.now))
    there = {item.requirement for item in world.case.open_owed if item.environment == "prod"}
    assert there == {Requirement.ENVIRONMENTS_ORDER, Requirement.DEPLOY_APPROVED}
    assert not world.case.findings


def test_an_emergency_after_a_passed_merge_opens_the_deployment_alone() -> None:
    world = green().later(minutes=1)
    world.evaluated(merged(world.now))
    assert world.do(BREAK, "tom") == ()
    assert world.case.emergencies[0].head == HEAD
    stage = world.case.requests[0].stage("prod")
    assert stage is not None
    assert stage.verdict is not None
    assert stage.verdict.status is VerdictStatus.EMERGENCY
    assert world.case.requests[0].frozen is not None
    assert world.case.requests[0].frozen.status is VerdictStatus.PASSED


def deployed_in_emergency() -> World:
    world = merged_in_emergency().later(minutes=1)
    world.evaluated(deployment("dev", at=world.now))
    world.later(minutes=1)
    world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom")
    world.later(minutes=1)
    return world.evaluated(deployment("prod", id="2", at=world.now))


def test_the_change_is_done_only_when_the_review_is_held_and_everything_settled() -> None:
    world = deployed_in_emergency()
    assert world.stands() is ChangeState.DEPLOY
    assert world.do(REVIEW, "tom")[0] == "second_person:change.review", "who broke the glass does not review it"
    assert world.do(REVIEW, "max")[0] == "second_person:change.review", "nor who asked for the change"
    assert world.do(REVIEW, "eva") == ("not_allowed:change.review",)
    empty = HoldReview(case=NUMBER, account=" ", justified=True, prevention="")
    assert world.do(empty, "lena") == ("missing:account", "missing:prevention")
    assert world.do(REVIEW, "lena") == ()
    assert world.do(REVIEW, "lena") == ("no_review:review",)
    assert world.stands() is ChangeState.DEPLOY
    due = dict.fromkeys(item.requirement for item in world.case.open_owed)
    assert world.do(settle(Requirement.REQUEST_OPEN), "lena") == ("not_owed:request.open",)
    assert world.do(settle(Requirement.FOUR_EYES, note=" "), "lena") == ("missing:settle_note",)
    for requirement in due:
        assert world.stands() is ChangeState.DEPLOY
        assert world.do(settle(requirement), "lena") == ()
    assert world.stands() is ChangeState.DONE


def test_a_risk_is_accepted_by_who_answers_for_it_and_did_not_act() -> None:
    world = merged_in_emergency()
    accept = settle(Requirement.FOUR_EYES, Settlement.ACCEPTED, "klein genug")
    assert world.do(accept, "tom") == ("second_person:change.acceptance",)
    assert world.do(accept, "eva") == ("not_allowed:change.acceptance",)
    assert world.do(accept, "lena") == ()
    (item,) = (one for one in world.case.owed if one.requirement is Requirement.FOUR_EYES)
    assert (item.settlement, item.settled_by) == (Settlement.ACCEPTED, world.case.pseudonym_of("lena"))


def test_a_late_review_goes_to_the_owner_and_then_to_the_isb_each_once() -> None:
    world = held()
    world.do(BREAK, "tom")
    review = world.case.review
    assert review is not None
    remind = EscalateReview(case=NUMBER, review=review.id)
    assert world.do(remind) == ()
    assert world.events(RetrospectiveEscalated) == []
    for moment, to in ((review.due, Escalation.OWNER), (review.escalate_at, Escalation.ISB)):
        world.now = moment
        world.do(remind)
        world.do(remind)
        assert [event.to for event in world.events(RetrospectiveEscalated)][-1] is to
    assert len(world.events(RetrospectiveEscalated)) == 2
    assert world.do(REVIEW, "lena") == ()
    world.do(remind)
    assert len(world.events(RetrospectiveEscalated)) == 2


def test_one_review_deals_with_all_that_came_before_it_and_the_next_finding_takes_another() -> None:
    world = merged_in_emergency()
    assert world.do(REVIEW, "lena") == ()
    world.later(minutes=1)
    world.evaluated(check("codeql", "failure", id="99", at=world.now))
    assert [one.found for one in world.case.findings] == [Finding.WRONG_AFTER_MERGE]
    assert len(world.events(RetrospectiveDemanded)) == 2
    assert len(world.case.open_findings) == 1


def test_where_the_only_second_person_acted_management_steps_in() -> None:
    lone = PolicyPerson(id="ivo", name="Ivo", roles=frozenset({Role.ISB, Role.RELEASE_MANAGER}), github_login="ivo")
    boss = PolicyPerson(id="gerda", name="Gerda", roles=frozenset({Role.MANAGEMENT}), github_login="gerda")
    world = held()
    rules = {
        **world.policy.second_persons,
        SecondPersonRule.EMERGENCY: world.policy.second_persons[SecondPersonRule.EMERGENCY].model_copy(
            update={"roles": (Role.ISB,), "fallback": Fallback.MANAGEMENT}
        ),
    }
    people = (*(one for one in world.policy.people if one.id != "lena"), lone, boss)
    world.policy = world.policy.model_copy(update={"people": people, "second_persons": rules})
    assert world.do(BREAK, "ivo") == ()
    assert world.do(CONFIRM, "eva") == ("not_allowed:change.emergency",)
    assert world.do(CONFIRM, "gerda") == ()


def test_the_fold_of_the_entries_is_the_case() -> None:
    world = deployed_in_emergency()
    world.do(REVIEW, "lena")
    case = WORKFLOW.blank(world.case.id, NUMBER, world.log[0].at)
    for item in world.log:
        case = WORKFLOW.apply(case, item)
    assert case == world.case
    assert ChangeCase.model_validate_json(case.model_dump_json()) == case


def test_a_verdict_without_an_emergency_keeps_the_digest_it_had() -> None:
    tree = green().verdict.tree
    assert tree.emergency is None
    assert tree.digest == tree.model_copy().digest
    assert tree.model_copy(update={"emergency": world_id()}).digest != tree.digest


def world_id() -> Any:
    world = held()
    world.do(BREAK, "tom")
    return world.case.emergencies[0].id


MACHINES = (EscalateReview, LinkEmergency, RecordBypass, ClearFinding)


@pytest.mark.parametrize("command", MACHINES, ids=lambda one: one.__name__)
def test_no_role_gives_the_commands_of_the_machine(command: type[Command]) -> None:
    assert WORKFLOW.access[command] == frozenset()


ABLE: dict[str, tuple[Command, set[str]]] = {
    "break": (BREAK, {"max", "lena", "tom", "eva"}),
    "confirm": (CONFIRM, {"lena"}),
    "review": (REVIEW, {"lena"}),
    "done": (settle(Requirement.FOUR_EYES), {"max", "lena", "tom", "eva"}),
    "accept": (settle(Requirement.FOUR_EYES, Settlement.ACCEPTED), {"lena"}),
    "end": (EndEmergency(case=NUMBER, reason="vorbei"), {"lena", "tom"}),
}
"""Who may what: `max` asked for the change and wrote it, `tom` broke the glass, `lena` holds the roles, `eva` none."""


@pytest.mark.parametrize("who", ["max", "lena", "tom", "eva"])
@pytest.mark.parametrize("step", ABLE)
def test_who_may_do_what(step: str, who: str) -> None:
    command, able = ABLE[step]
    world = held()
    if step != "break":
        world.do(BREAK, "tom")
    if step in {"done", "accept"}:
        world.later(minutes=1)
        world.evaluated(merged(world.now))
    assert (world.do(command, who) == ()) is (who in able)
