"""Deployments of a merged change: under which name, of which commit, back again, and once more."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.change.deployments import deployment, merged, merged_world
from tests.workflows.change.world import MERGE, NOON, NUMBER, REF, REPOSITORY, World, green, policy
from workflows.change.codes import ChangeState, DeploymentOutcome, Finding, Outcome, ResultCode, VerdictStatus
from workflows.change.commands import (
    ApproveDeploy,
    CheckDeploy,
    NameSuccessor,
    RecordDeployment,
    RecordOffline,
    RecordRollback,
)
from workflows.change.events import DeployChecked, DeployedOffline, DeploymentRecorded, FindingOpened, RolledBack
from workflows.change.seen import DeploymentRelated, DeploymentState, DeploymentStep, Update

LATER, EARLIER = "d" * 40, "e" * 40


def related(
    environment: str,
    *,
    id: str,  # noqa: A002  what the forge calls it
    minutes: float,
    carries: bool,
    state: DeploymentState = DeploymentState.SUCCESS,
) -> DeploymentRelated:
    """A deployment of another commit, as the merge commit is told of it."""
    at = NOON + timedelta(minutes=minutes)
    return DeploymentRelated(
        forge=REF.forge, repository_id=REPOSITORY, sha=MERGE, deployment_id=id, environment=environment,
        created_at=at, deployed=LATER if carries else EARLIER, carries=carries,
        states=(DeploymentStep(id=f"{id}1", state=state, at=at),),
    )  # fmt: skip


def approved(world: World | None = None) -> World:
    """In dev, and approved for production."""
    found = (world or merged_world()).evaluated(deployment("dev", at=NOON + timedelta(minutes=2))).later(minutes=2)
    assert found.do(ApproveDeploy(case=NUMBER, environment="PROD"), "tom") == ()
    return found.later(minutes=1)


def in_production() -> World:
    """Done."""
    world = approved()
    world.evaluated(deployment("prod", id="2", at=world.now)).later(minutes=5)
    assert world.stands() is ChangeState.DONE
    return world


def stage(world: World, environment: str = "prod") -> DeploymentOutcome | None:
    request = world.case.request(REF)
    found = request.stage(environment) if request else None
    return found.outcome if found else None


def shown(world: World, environment: str = "prod") -> VerdictStatus:
    request = world.case.request(REF)
    found = request.stage(environment) if request else None
    assert found is not None
    assert found.verdict is not None
    return found.verdict.status


NAMES = {"dev": ("dev-*",), "prod": ("production", "prod-eu")}


def test_the_forge_may_call_an_environment_otherwise_and_ignores_case() -> None:
    known = policy(environment_names=NAMES).change.repositories[0]
    told = ("dev", "DEV", "Dev-2", "Production", "PROD-EU", "prod", "staging", "dev2")
    assert [known.environment(name) for name in told] == ["dev", "dev", "dev", "prod", "prod", "prod", None, None]


def test_every_name_of_an_environment_counts_and_the_worst_of_them_decides() -> None:
    world = approved(merged_world(World(policy=policy(environment_names=NAMES))))
    world.evaluated(deployment("Production", id="2", at=world.now, state=DeploymentState.FAILURE))
    world.later(minutes=1).evaluated(deployment("prod-eu", id="3", at=world.now))
    assert world.stands() is ChangeState.DEPLOY, "one of the two failed"
    world.later(minutes=1).evaluated(deployment("production", id="4", at=world.now))
    assert world.stands() is ChangeState.DONE
    assert world.events(FindingOpened) == []


def test_a_later_commit_that_contains_it_is_judged_for_it_too() -> None:
    world = merged_world()
    world.evaluated(related("prod", id="9", minutes=3, carries=True))
    assert [event.found for event in world.events(FindingOpened)] == [Finding.DEPLOYED_UNPASSED]
    assert world.events(DeploymentRecorded)[0].commit == LATER

    world = merged_world().evaluated(related("dev", id="8", minutes=2, carries=True)).later(minutes=2)
    assert world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom") == ()
    world.later(minutes=2).evaluated(related("prod", id="9", minutes=6, carries=True))
    assert world.stands() is ChangeState.DONE
    assert world.events(FindingOpened) == []


def test_the_order_of_environments_is_that_of_one_commit() -> None:
    world = merged_world().evaluated(deployment("dev", at=NOON + timedelta(minutes=2))).later(minutes=2)
    assert world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom") == ()
    world.later(minutes=2).evaluated(related("prod", id="9", minutes=6, carries=True))
    assert [event.found for event in world.events(FindingOpened)] == [Finding.DEPLOYED_UNPASSED], "not that commit"


def test_what_is_there_is_not_carried_again() -> None:
    world = in_production()
    before = len(world.log)
    world.evaluated(related("prod", id="9", minutes=20, carries=True, state=DeploymentState.FAILURE))
    world.evaluated(related("dev", id="10", minutes=20, carries=True))
    assert (len(world.log), world.stands()) == (before, ChangeState.DONE)


def test_production_that_went_back_takes_the_change_with_it() -> None:
    world = in_production()
    world.evaluated(related("dev", id="9", minutes=20, carries=False))
    assert (world.stands(), stage(world, "dev")) == (ChangeState.DONE, DeploymentOutcome.ROLLED_BACK)
    world.evaluated(related("prod", id="10", minutes=21, carries=False, state=DeploymentState.FAILURE))
    assert world.stands() is ChangeState.DONE, "it did not get there"
    world.evaluated(related("prod", id="11", minutes=22, carries=False))
    assert (world.stands(), stage(world)) == (ChangeState.ROLLED_BACK, DeploymentOutcome.ROLLED_BACK)
    assert [event.commit for event in world.events(RolledBack)] == [EARLIER, EARLIER]
    assert world.events(FindingOpened) == [], "the way back is always open"


def test_an_older_deployment_before_it_takes_nothing_away() -> None:
    world = merged_world().evaluated(related("prod", id="9", minutes=1, carries=False))
    assert (world.stands(), stage(world)) == (ChangeState.DEPLOY, None)


def test_what_was_there_before_may_come_back_without_a_new_decision() -> None:
    world = in_production().evaluated(related("prod", id="9", minutes=20, carries=False)).later(minutes=30)
    assert world.do(CheckDeploy(case=NUMBER, request=REF, environment="prod", commit=MERGE)) == ()
    (checked,) = world.events(DeployChecked)
    assert checked.status is VerdictStatus.PASSED
    world.evaluated(deployment("prod", id="10", at=world.now))
    assert stage(world) is DeploymentOutcome.SUCCEEDED
    assert world.stands() is ChangeState.ROLLED_BACK, "what happened stays"
    assert world.events(FindingOpened) == []


def test_a_failed_deployment_keeps_the_change_and_can_be_tried_again() -> None:
    world = approved()
    world.evaluated(deployment("prod", DeploymentState.FAILURE, id="2", at=world.now)).later(minutes=1)
    assert (world.stands(), shown(world)) == (ChangeState.DEPLOY, VerdictStatus.PASSED)
    world.evaluated(deployment("prod", id="3", at=world.now))
    assert world.stands() is ChangeState.DONE
    assert world.events(FindingOpened) == []


def test_what_waited_is_judged_when_it_began_and_cannot_vouch_for_itself() -> None:
    waiting = deployment("prod", DeploymentState.PENDING, id="2", at=NOON + timedelta(minutes=3))
    world = merged_world().evaluated(deployment("dev", at=NOON + timedelta(minutes=2))).later(minutes=3)
    world.evaluated(waiting)
    assert (len(world.events(DeploymentRecorded)), world.events(FindingOpened)) == (1, []), "it has not begun"
    assert world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom") == ()
    began = NOON + timedelta(minutes=9)
    world.later(minutes=5).evaluated(deployment("prod", id="2", at=began).model_copy(update={"created_at": waiting.at}))
    assert (world.stands(), world.events(FindingOpened)) == (ChangeState.DONE, [])

    other = merged_world().evaluated(waiting)
    other.evaluated(deployment("prod", id="2", at=began).model_copy(update={"created_at": waiting.at}))
    assert [event.found for event in other.events(FindingOpened)] == [Finding.DEPLOYED_UNPASSED]


def test_an_older_deployment_told_late_does_not_count_for_the_newer() -> None:
    world = approved()
    world.evaluated(deployment("prod", id="3", at=world.now + timedelta(minutes=2)))
    world.evaluated(deployment("prod", DeploymentState.FAILURE, id="2", at=world.now))
    assert (world.stands(), stage(world)) == (ChangeState.DONE, DeploymentOutcome.SUCCEEDED)
    assert len(world.events(DeploymentRecorded)) == 3, "dev, and both of production"


def test_by_hand_back_and_forth() -> None:
    world = in_production()
    assert world.do(RecordRollback(case=NUMBER, environment="prod", reason=" "), "tom") == ("missing:reason",)
    assert world.do(RecordRollback(case=NUMBER, environment="mars", reason="Fehler"), "tom") == (
        "unknown_environment:environment",
    )
    assert world.do(RecordRollback(case=NUMBER, environment="Prod", reason="Fehler in der Kasse"), "tom") == ()
    assert (world.stands(), stage(world)) == (ChangeState.ROLLED_BACK, DeploymentOutcome.ROLLED_BACK)
    assert world.do(RecordRollback(case=NUMBER, environment="prod", reason="noch einmal"), "tom") == (
        "not_deployed:environment",
    )
    assert world.later(minutes=1).do(RecordDeployment(case=NUMBER, environment="prod"), "tom") == ()
    assert (world.stands(), stage(world)) == (ChangeState.ROLLED_BACK, DeploymentOutcome.SUCCEEDED)
    assert world.events(FindingOpened) == [], "it had been verified there"


def test_a_deployment_by_hand_is_of_a_commit_of_the_change() -> None:
    world = merged_world()
    for strange in ("c0ffee", LATER):
        command = RecordDeployment(case=NUMBER, environment="dev", commit=strange)
        assert world.do(command, "tom") == ("other_commit:commit",)
    assert world.do(RecordDeployment(case=NUMBER, environment="dev", commit="x", request=REF), "tom") != ()
    assert world.do(RecordDeployment(case=NUMBER, environment="dev", commit=LATER, request=REF), "tom") == ()
    assert world.do(RecordDeployment(case=NUMBER, environment="dev", commit=MERGE), "tom") == ()


def test_only_what_was_rolled_back_has_a_successor() -> None:
    world = in_production()
    other = world.case.model_copy(update={"number": "CHG-2026-0002"})
    world.related = {"CHG-2026-0002": other}
    name = NameSuccessor(case=NUMBER, successor="CHG-2026-0002")
    assert world.do(name, "max") == ("not_rolled_back:successor",)
    assert world.do(RecordRollback(case=NUMBER, environment="prod", reason="Fehler"), "tom") == ()
    assert world.do(NameSuccessor(case=NUMBER, successor=NUMBER), "max") == ("unknown_change:successor",)
    assert world.do(name, "max") == ()
    assert world.case.successor == "CHG-2026-0002"
    assert world.do(name, "max") == ("no_change:successor",)


def test_asking_is_recorded_once_per_answer_and_only_where_the_gate_holds() -> None:
    world = merged_world()
    ask = CheckDeploy(case=NUMBER, request=REF, environment="prod", commit=MERGE)
    assert [world.do(ask), world.do(ask)] == [(), ()]
    (first,) = world.events(DeployChecked)
    assert (first.status, first.environment) == (VerdictStatus.PENDING, "prod")
    world = approved(world)
    assert world.do(ask) == ()
    assert [event.status for event in world.events(DeployChecked)] == [VerdictStatus.PENDING, VerdictStatus.PASSED]
    observed = merged_world(World(policy=policy(mode="observe")))
    assert observed.do(ask) == ()
    assert observed.events(DeployChecked) == []
    assert world.do(CheckDeploy(case=NUMBER, request=REF, environment="mars", commit=MERGE)) == (
        "unknown_environment:environment",
    )


def test_before_the_merge_a_deployment_waits_for_it() -> None:
    world = green()
    head = world.case.requests[0].verdict
    assert head is not None
    assert world.do(CheckDeploy(case=NUMBER, request=REF, environment="dev", commit=head.head)) == ()
    (asked,) = world.events(DeployChecked)
    assert asked.status is VerdictStatus.PENDING
    world.later(minutes=1).evaluated(merged(world.now))
    assert world.do(CheckDeploy(case=NUMBER, request=REF, environment="dev", commit=MERGE)) == ()
    assert world.events(DeployChecked)[-1].status is VerdictStatus.PASSED


def test_what_was_let_through_offline_is_a_finding_once() -> None:
    world = merged_world().later(minutes=30)
    notice = world._new_id()
    told = RecordOffline(
        case=NUMBER, request=REF, environment="prod", commit=MERGE, notice=notice,
        at=NOON + timedelta(hours=9), reason="Dienst nicht erreichbar",
    )  # fmt: skip
    assert [world.do(told), world.do(told)] == [(), ()]
    (event,) = world.events(DeployedOffline)
    assert (event.status, event.at) == (VerdictStatus.PENDING, world.now), "no later than we heard of it"
    assert [found.found for found in world.events(FindingOpened)] == [Finding.DEPLOYED_OFFLINE]


def test_a_rollback_that_the_forge_told_of_gets_its_reason_once() -> None:
    world = approved().evaluated(related("dev", id="9", minutes=4, carries=False))
    assert stage(world, "dev") is DeploymentOutcome.ROLLED_BACK
    assert world.events(RolledBack)[0].reason is None
    why = RecordRollback(case=NUMBER, environment="dev", reason="Fehler in der Kasse")
    assert world.do(why, "tom") == (), "the reason for what the forge told"
    assert world.do(why, "tom") == ("not_deployed:environment",)
    world.later(minutes=5).evaluated(deployment("dev", id="10", at=NOON + timedelta(minutes=5)))
    assert stage(world, "dev") is DeploymentOutcome.SUCCEEDED, "the reason came later, and tells of an earlier time"


STORY: tuple[Update, ...] = (
    deployment("dev", at=NOON + timedelta(minutes=2)),
    deployment("prod", DeploymentState.FAILURE, id="2", at=NOON + timedelta(minutes=6)),
    related("prod", id="3", minutes=8, carries=True),
    related("prod", id="4", minutes=10, carries=False),
    related("dev", id="5", minutes=12, carries=True),
)


@cache
def _merged() -> World:
    return merged_world()


def _copy(world: World) -> World:
    return replace(world, documents=dict(world.documents), log=list(world.log))


@cache
def _straight() -> World:
    return merged_world().evaluated(*STORY)


@settings(max_examples=25)
@given(told=st.permutations(STORY), evaluate=st.lists(st.booleans(), min_size=len(STORY), max_size=len(STORY)))
def test_the_order_in_which_deployments_are_told_does_not_matter(told: list[Update], evaluate: list[bool]) -> None:
    straight, world = _straight(), _copy(_merged())
    for update, now in zip(told, evaluate, strict=True):
        world.tell(update)
        if now:
            world.evaluated()
    world.evaluated()
    assert (world.stands(), stage(world), stage(world, "dev")) == (
        straight.stands(), stage(straight), stage(straight, "dev"),
    )  # fmt: skip
    assert world.stands() is ChangeState.ROLLED_BACK
    recorded = {(event.deployment, event.outcome) for event in world.events(DeploymentRecorded)}
    assert recorded >= {("1", DeploymentOutcome.SUCCEEDED), ("2", DeploymentOutcome.FAILED)}


@pytest.mark.parametrize("order", list(permutations(STORY[:3])))
def test_each_deployment_is_judged_once(order: tuple[Update, ...]) -> None:
    world = merged_world()
    for update in (*order, *order):
        world.evaluated(update)
    findings = [(event.environment, event.commit) for event in world.events(FindingOpened)]
    assert len(findings) == len(set(findings))
    assert {item[1] for item in findings} <= {MERGE, LATER}


def test_the_reason_why_it_may_come_back_stands_in_the_tree() -> None:
    world = in_production().later(minutes=1)
    assert world.do(CheckDeploy(case=NUMBER, request=REF, environment="prod", commit=MERGE)) == ()
    stage_ = world.case.requests[0].stage("prod")
    assert stage_ is not None
    assert stage_.checked is not None
    assert stage_.checked.tree is not None
    results = stage_.checked.tree.results
    assert {(one.outcome, one.code) for one in results} == {(Outcome.NOT_APPLICABLE, ResultCode.DEPLOYED_BEFORE)}
