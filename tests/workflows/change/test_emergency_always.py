"""Whatever happens in whatever order: a merge is let through for no other head than that of an emergency or a pass."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from config.policy.ids import Requirement
from tests.workflows.change.deployments import deployment, merged
from tests.workflows.change.test_emergency import BREAK, CONFIRM, REVIEW, held, settle
from tests.workflows.change.world import HEAD, NEXT_HEAD, NUMBER, World, check, checks_read, commit, reading, review
from workflows.change.codes import ChangeState, Finding, Settlement, VerdictStatus
from workflows.change.commands import Cancel, Evaluate
from workflows.change.emergency_commands import ClearFinding, EndEmergency, EscalateReview, RecordBypass
from workflows.change.result import Verdict
from workflows.change.seen import Forge
from workflows.change.state import ChangeCase, VerdictRecord
from workflows.change.workflow import WORKFLOW

WHO = st.sampled_from(("max", "lena", "tom", "eva"))
HEADS = st.sampled_from((HEAD, NEXT_HEAD))
Step = Callable[[World], object]


def _push(head: str) -> Step:
    def step(world: World) -> object:
        at = world.now
        told = (commit(), commit(NEXT_HEAD))
        return world.tell(reading(at=at, head=head, updated_at=at, commits=told), checks_read(head))

    return step


def _pass(head: str) -> Step:
    return lambda world: world.tell(
        review(sha=head, id=str(world.now.toordinal()), at=world.now), check("build", sha=head, id="5"),
        check("codeql", sha=head, id="6"),
    )  # fmt: skip


def _timers(world: World) -> object:
    ends = [world.do(EndEmergency(case=NUMBER, emergency=one.id)) for one in world.case.emergencies]
    late = [world.do(EscalateReview(case=NUMBER, review=one.id)) for one in world.case.reviews]
    return ends + late


def _bypassed(world: World) -> object:
    place: dict[str, Any] = {"forge": Forge.GITHUB, "repository_id": "7001", "repository": "beispiel/shop"}
    return world.do(RecordBypass(case=NUMBER, found=Finding.DIRECT_PUSH, commit=HEAD, branch="main", **place))


def _cleared(world: World) -> object:
    request = world.case.requests[0].ref
    return world.do(ClearFinding(case=NUMBER, commit=HEAD, request=request, repository="beispiel/shop"))


STEPS: st.SearchStrategy[Step] = st.one_of(
    WHO.map(lambda who: lambda world: world.do(BREAK, who)),
    WHO.map(lambda who: lambda world: world.do(CONFIRM, who)),
    WHO.map(lambda who: lambda world: world.do(EndEmergency(case=NUMBER, reason="vorbei"), who)),
    WHO.map(lambda who: lambda world: world.do(REVIEW, who)),
    st.tuples(WHO, st.sampled_from(Requirement), st.sampled_from(Settlement)).map(
        lambda one: lambda world: world.do(settle(one[1], one[2]), one[0])
    ),
    HEADS.map(_push),
    HEADS.map(_pass),
    st.just(lambda world: world.tell(merged(world.now))),
    st.sampled_from(("dev", "prod")).map(lambda place: lambda world: world.tell(deployment(place, at=world.now))),
    st.sampled_from((1, 60, 60 * 24, 60 * 24 * 8)).map(lambda by: lambda world: world.later(minutes=by)),
    st.just(_timers),
    st.just(_bypassed),
    st.just(_cleared),
    st.just(lambda world: world.do(Cancel(case=NUMBER, reason="entfällt"), "max")),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_no_other_head_is_ever_let_through(steps: list[Step]) -> None:
    world = held()
    for step in steps:
        step(world)
        world.now += timedelta(seconds=1)
        world.do(Evaluate(case=NUMBER, request=world.case.requests[0].ref))
        _holds(world)
    folded = WORKFLOW.blank(world.case.id, NUMBER, world.log[0].at)
    for item in world.log:
        folded = WORKFLOW.apply(folded, item)
    assert folded == ChangeCase.model_validate_json(world.case.model_dump_json())


def _holds(world: World) -> None:
    request = world.case.requests[0]
    for record in (request.verdict, request.frozen, *(stage.verdict for stage in request.stages)):
        if record is not None and record.opens and record.tree is not None:
            assert _justified(world, record, record.tree, request.frozen)
    if world.stands() is ChangeState.DONE:
        assert not world.case.unsettled or world.case.findings, "done comes after the review"
    for one in world.case.reviews:
        broke = {other.by for other in world.case.emergencies if one.held_at and other.at <= one.held_at}
        assert one.held_by not in {other for other in broke if other}
    for emergency in world.case.emergencies:
        assert emergency.second != emergency.by


def _justified(world: World, record: VerdictRecord, tree: Verdict, frozen: VerdictRecord | None) -> bool:
    """It passed by its requirements, or an emergency of two persons (or of who may alone) names this very commit."""
    if record.status is not VerdictStatus.EMERGENCY:
        return not any(result.held for result in tree.results)
    (meant,) = (one for one in world.case.emergencies if one.id == tree.emergency)
    judged = frozen.head if tree.environment and frozen else record.head
    return meant.head == judged and (meant.alone or meant.second is not None)
