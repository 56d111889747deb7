"""Where a change stands: forward gate by gate, back at once, at the merge to deploy, and then never back."""

import pytest

from config.policy.ids import Mode, Requirement
from tests.workflows.change.deployments import deployment, merged, merged_world
from tests.workflows.change.world import (
    GREEN,
    MERGE,
    NAME,
    NOON,
    NUMBER,
    REF,
    REPOSITORY,
    World,
    check,
    commit,
    core,
    green,
    person,
    policy,
    reading,
    review,
)
from workflows.change.codes import ChangeState, Finding, MoveCause, Outcome, ResultCode, VerdictStatus
from workflows.change.commands import (
    Amend,
    ApproveDeploy,
    Cancel,
    EnforceGate,
    Evaluate,
    LinkRequest,
    ObserveGate,
    Plan,
    PlanFromRequest,
    RecordDeployment,
)
from workflows.change.events import ChangeMoved, DeploymentRecorded, FindingOpened, VerdictChanged, VerdictFrozen
from workflows.change.moves import MOVES, machine
from workflows.change.seen import (
    DeploymentState,
    Forge,
    Identity,
    ModeDecided,
    RequestKey,
    RequestSeen,
    RequestState,
    ReviewState,
)
from workflows.change.state import OVER
from workflows.errors import BrokenInput
from workflows.machine import Allowed


def _path(world: World) -> list[str]:
    return [event.to_state.value for event in world.events(ChangeMoved)]


def test_nothing_leaves_the_end_states_and_only_the_table_moves() -> None:
    listed = {(move.source, move.target) for move in MOVES}
    for source in ChangeState:
        for target in ChangeState:
            assert isinstance(machine().attempt(source, target), Allowed) is ((source, target) in listed)
    left = [(move.source, move.target) for move in MOVES if move.source in OVER]
    assert left == [(ChangeState.DONE, ChangeState.ROLLED_BACK)], "production went back: the one way out of an end"


def test_forward_one_gate_at_a_time() -> None:
    world = World().planned()
    assert world.stands() is ChangeState.DEV
    world.evaluated(reading())
    assert world.stands() is ChangeState.REVIEW
    world.evaluated(review())
    assert world.stands() is ChangeState.TEST
    world.evaluated(*GREEN[2:])
    assert world.stands() is ChangeState.TEST
    assert world.status() is VerdictStatus.PASSED
    assert _path(world) == ["dev", "review", "test"]
    assert all(event.facts for event in world.events(ChangeMoved)[1:])


def test_back_to_the_first_gate_that_does_not_open() -> None:
    world = green()
    world.evaluated(review(state=ReviewState.DISMISSED))
    assert world.stands() is ChangeState.REVIEW
    world.do(Amend(case=NUMBER, description=" "), "max")
    world.evaluated()
    assert world.stands() is ChangeState.PLAN
    assert [event.cause for event in world.events(ChangeMoved)][-2:] == [MoveCause.FALL_BACK] * 2
    world.do(Amend(case=NUMBER, description="Rechnung"), "max")
    world.evaluated(review(id="2"))
    assert world.stands() is ChangeState.TEST


def test_a_fact_that_changes_nothing_adds_no_entry() -> None:
    world = green()
    known = len(world.log)
    world.evaluated(*GREEN)
    world.evaluated(check("lint", "failure"), check("build", id="7"), review(state=ReviewState.COMMENTED, id="8"))
    assert len(world.log) == known
    world.evaluated(check("build", "failure", id="9"))
    assert len(world.log) == known + 1


def test_merged_with_a_passed_verdict_goes_to_deploy_and_to_done() -> None:
    world = merged_world()
    assert world.stands() is ChangeState.DEPLOY
    (frozen,) = world.events(VerdictFrozen)
    assert (frozen.status, frozen.merge_commit) == (VerdictStatus.PASSED, MERGE)
    assert not world.case.findings
    world.evaluated(deployment("dev"))
    assert world.stands() is ChangeState.DEPLOY
    assert world.do(ApproveDeploy(case=NUMBER, environment="Prod"), "tom") == ()
    world.later(minutes=5).evaluated(deployment("prod", id="2", at=world.now))
    assert world.stands() is ChangeState.DONE
    assert not world.case.findings
    known = len(world.log)
    world.evaluated(check("build", id="4"), deployment("prod", DeploymentState.INACTIVE, id="2"))
    assert len(world.log) == known


def test_merged_without_a_passed_verdict_is_a_finding_only_where_the_gate_holds() -> None:
    for mode, findings in ((Mode.ENFORCE, [Finding.MERGED_UNPASSED]), (Mode.OBSERVE, [])):
        world = World(policy=policy(mode=mode)).planned().evaluated(reading(), *GREEN[2:]).later(minutes=1)
        world.evaluated(merged(world.now))
        assert world.stands() is ChangeState.DEPLOY
        assert world.case.requests[0].frozen is not None
        assert world.case.requests[0].frozen.status is VerdictStatus.PENDING
        assert [item.found for item in world.case.findings] == findings


def test_what_came_after_the_merge_does_not_make_the_verdict_better() -> None:
    world = World().planned().evaluated(reading(), *GREEN[2:]).later(minutes=5)
    world.evaluated(merged(NOON.replace(minute=2)), review(at=NOON.replace(minute=3)))
    assert world.case.requests[0].frozen is not None
    assert world.case.requests[0].frozen.status is VerdictStatus.PENDING
    assert [event.found for event in world.events(FindingOpened)] == [Finding.MERGED_UNPASSED]


def test_later_facts_open_findings_and_drag_nothing_back() -> None:
    world = merged_world()
    world.evaluated(check("build", "failure", id="5", at=NOON.replace(minute=30)))
    world.evaluated(check("build", "failure", id="6", at=NOON.replace(minute=31)))
    assert world.stands() is ChangeState.DEPLOY
    found = world.events(FindingOpened)
    assert [(event.found, event.requirement) for event in found] == [
        (Finding.WRONG_AFTER_MERGE, Requirement.CHECKS_GREEN)
    ]


def test_a_merge_is_judged_only_when_its_head_was_read() -> None:
    world = World().planned().evaluated(merged())
    assert world.stands() is ChangeState.PLAN
    assert not world.case.findings
    late = reading(state=RequestState.MERGED, merge_commit=MERGE, merged_at=NOON)
    world.evaluated(late, *GREEN[1:])
    assert world.stands() is ChangeState.DEPLOY
    assert not world.case.findings


def test_a_repository_without_environments_is_done_at_the_merge() -> None:
    world = merged_world(World(policy=policy(environments=(), approve_environments=())))
    assert world.stands() is ChangeState.DONE


def test_a_deployment_that_the_gate_did_not_let_through_is_a_finding() -> None:
    world = merged_world()
    world.evaluated(deployment("prod"))
    assert [event.found for event in world.events(FindingOpened)] == [Finding.DEPLOYED_UNPASSED]
    world.evaluated(deployment("prod", DeploymentState.FAILURE, at=NOON.replace(minute=9)))
    assert len(world.events(FindingOpened)) == 1
    assert [event.outcome for event in world.events(DeploymentRecorded)] == ["succeeded", "failed"]


def test_a_failed_earlier_environment_is_wrong_order() -> None:
    world = merged_world().evaluated(deployment("dev", DeploymentState.FAILURE))
    record = world.case.requests[0].stage("prod")
    assert record is not None
    assert record.verdict is not None
    assert record.verdict.status is VerdictStatus.BLOCKED


def test_a_deployment_recorded_by_hand_counts_in_the_order() -> None:
    world = merged_world()
    assert world.do(RecordDeployment(case=NUMBER, environment="qa"), "tom") == ("unknown_environment:environment",)
    assert world.do(RecordDeployment(case=NUMBER, environment="dev"), "tom") == ()
    assert world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom") == ()
    assert world.do(RecordDeployment(case=NUMBER, environment="prod"), "tom") == ()
    assert world.stands() is ChangeState.DONE
    assert not world.case.findings


def test_with_several_requests_the_change_stands_where_its_last_one_stands() -> None:
    world = green()
    second = RequestKey(Forge.GITHUB, REPOSITORY, 5)
    assert world.do(LinkRequest(case=NUMBER, request=second, repository=NAME), "max") == ()
    world.do(Evaluate(case=NUMBER))
    assert world.stands() is ChangeState.PLAN
    world.later(minutes=1).evaluated(merged(world.now))
    assert world.stands() is ChangeState.PLAN
    assert world.case.requests[0].merged
    assert world.do(Cancel(case=NUMBER, reason="doch nicht"), "max") == ("merged:cancel",)
    other = [update.model_copy(update={"number": 5}) for update in GREEN[:2]]
    world.evaluated(*other)
    assert world.stands() is ChangeState.TEST
    world.later(minutes=1).evaluated(merged(world.now).model_copy(update={"number": 5}))
    assert world.stands() is ChangeState.DEPLOY


@pytest.mark.parametrize("ended", [ChangeState.CANCELLED, ChangeState.DONE])
def test_what_is_over_never_moves(ended: ChangeState) -> None:
    world = green(World(policy=policy(environments=(), approve_environments=())))
    if ended is ChangeState.CANCELLED:
        assert world.do(Cancel(case=NUMBER, reason="doch nicht"), "max") == ()
    else:
        world.later(minutes=1).evaluated(merged(world.now))
    assert world.stands() is ended
    known = world.case.state
    world.evaluated(review(state=ReviewState.DISMISSED), check("build", None, id="9"))
    assert world.do(Amend(case=NUMBER, title="Anders"), "max") == ("over:plan",)
    assert world.case.state == known


def test_a_reading_that_is_too_old_opens_nothing_but_closes_nothing_either() -> None:
    world = World().planned().evaluated(reading(), *GREEN[2:]).later(minutes=30)
    world.evaluated(review(at=NOON))
    held = world.verdict.tree
    assert held.status is VerdictStatus.PENDING
    assert [(r.outcome, r.code) for r in held.results if r.held] == [(Outcome.UNKNOWN, ResultCode.TOO_OLD)]
    world.evaluated(reading(at=world.now))
    assert world.status() is VerdictStatus.PASSED
    world.later(minutes=30).evaluated()
    assert world.status() is VerdictStatus.PASSED


def test_a_draft_a_closed_one_and_a_test_merge() -> None:
    closed = core(state=RequestState.CLOSED, merge_commit=MERGE, updated_at=NOON.replace(minute=1))
    assert closed.merge_commit is None
    world = green()
    seen = RequestSeen(forge=REF.forge, repository_id=REPOSITORY, number=4, repository=NAME, core=closed, seen_at=NOON)
    world.evaluated(seen)
    assert world.status() is VerdictStatus.BLOCKED
    assert world.stands() is ChangeState.DEV


def test_a_branch_that_no_policy_covers_gets_no_verdict() -> None:
    world = World().planned().evaluated(reading(base="spielwiese"), *GREEN[1:])
    assert world.verdict is None
    assert not world.events(VerdictChanged)


def test_a_request_that_names_no_change_gets_one_with_its_questions() -> None:
    world = World().tell(*GREEN)
    command = PlanFromRequest(request=REF, author=person("max"))
    assert world.do(command) == ()
    world.evaluated()
    assert world.stands() is ChangeState.PLAN
    missing = world.verdict.tree.of(Requirement.CHANGE_DESCRIBED)
    assert missing.found == "description,affected,security"
    assert world.case.requester == "p1"


def test_a_bots_update_is_a_standard_change_while_only_bots_contributed() -> None:
    bot = Identity(id="49699333", login="dependabot[bot]", bot=True)
    wrote = commit(authors=(bot,), committer=Identity(login="web-flow", email="noreply@github.com"))
    update = reading(author=bot, body="", commits=(wrote,), paths=("auth/lock.txt",))
    world = World().tell(update, *GREEN[1:])
    assert world.do(PlanFromRequest(request=REF)) == ()
    world.evaluated()
    assert world.status() is VerdictStatus.PASSED
    assert world.verdict.tree.of(Requirement.PLAN_APPROVED).code is ResultCode.PRE_APPROVED
    both = reading(
        author=bot, body="", commits=(wrote, commit("d" * 40)), paths=("auth/lock.txt",), at=NOON.replace(minute=1)
    )
    world.evaluated(both)
    assert world.verdict.tree.of(Requirement.PLAN_APPROVED).code is ResultCode.PLAN_UNAPPROVED


def test_a_person_cannot_plan_around_the_approval_with_a_standard_change() -> None:
    world = World().planned(kind="standard").evaluated(reading(paths=("auth/login.py",)), *GREEN[1:])
    assert world.verdict.tree.of(Requirement.PLAN_APPROVED).code is ResultCode.PLAN_UNAPPROVED


def test_a_recorded_decision_turns_the_gate_on_and_back() -> None:
    for command, mode in (
        (EnforceGate(forge=REF.forge, repository_id=REPOSITORY, repository=NAME), Mode.ENFORCE),
        (ObserveGate(forge=REF.forge, repository_id=REPOSITORY, repository=NAME, reason="Umbau"), Mode.OBSERVE),
    ):
        world = World()
        assert world.do(command, "lena") == ()
        assert world.stands() is ChangeState.DONE
        assert world.case.gate is not None
        assert world.case.gate.mode is mode
    other = green(World(policy=policy(mode=Mode.OBSERVE)))
    assert other.verdict.tree.mode is Mode.OBSERVE
    decided = ModeDecided(forge=REF.forge, repository_id=REPOSITORY, mode=Mode.ENFORCE, decided_at=NOON)
    other.evaluated(decided)
    assert other.verdict.mode is Mode.ENFORCE


def test_a_repository_is_named_by_its_number() -> None:
    """Anything else is broken input, said as such."""
    for broken in ("", "seven", "\u0667", "7" * 21):
        with pytest.raises(BrokenInput, match="number of a repository"):
            World().do(EnforceGate(forge=REF.forge, repository_id=broken, repository=NAME), "lena")


def test_planning_without_a_title_is_refused() -> None:
    world = World()
    assert world.do(Plan(title=" "), "max") == ("missing:title",)
    assert world.do(Plan(title="Kasse"), "max") == ()
