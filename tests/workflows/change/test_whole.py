"""The whole workflow under any facts and commands: never passed with something unmet, always what the entries say."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import Mode, Requirement
from tests.workflows.change.deployments import deployment, merged
from tests.workflows.change.world import (
    GREEN,
    HARD,
    LENA,
    NOON,
    NUMBER,
    REF,
    REPOSITORY,
    TOM,
    World,
    check,
    commit,
    green,
    person,
    policy,
    reading,
    review,
)
from workflows.change.codes import ChangeState, Outcome, VerdictStatus
from workflows.change.commands import (
    Amend,
    ApproveDeploy,
    ApprovePlan,
    Cancel,
    EndWaiver,
    Evaluate,
    GrantWaiver,
    ObjectPlan,
    RequestWaiver,
    UnlinkRequest,
)
from workflows.change.decide import RULES
from workflows.change.effects import effects
from workflows.change.events import EVENTS, ChangeMoved, VerdictChanged, VerdictEvent
from workflows.change.moves import MOVES
from workflows.change.seen import DeploymentState, Identity, ReviewState, Update
from workflows.change.state import OVER, ChangeCase
from workflows.change.workflow import ACCESS, WORKFLOW
from workflows.commands import Command
from workflows.events import ERASED, Event, is_disclosed
from workflows.ledger import disclosure
from workflows.record import Envelope, to_draft

FACTS: tuple[Update, ...] = (
    *GREEN,
    reading(draft=True, updated_at=NOON - timedelta(minutes=1), at=NOON - timedelta(minutes=1)),
    reading(commits=(commit(co_authors=(LENA,)),), at=NOON + timedelta(minutes=1)),
    reading(commits=(commit(authors=(Identity(email="x@y.example"),)),), at=NOON + timedelta(minutes=1)),
    review(TOM, id="2"),
    review(TOM, ReviewState.CHANGES_REQUESTED, id="3", at=NOON + timedelta(minutes=1)),
    review(LENA, ReviewState.DISMISSED),
    check("build", "failure", id="2"),
    check("build", id="3"),
    check("codeql", None, id="4"),
    merged(NOON + timedelta(minutes=2)),
    deployment("dev"),
    deployment("prod", id="2", at=NOON + timedelta(minutes=9)),
    deployment("dev", DeploymentState.FAILURE, id="3"),
)

COMMANDS: tuple[tuple[Command, str | None], ...] = (
    (Evaluate(case=NUMBER), None),
    (Amend(case=NUMBER, factors=HARD), "max"),
    (Amend(case=NUMBER, description=" "), "max"),
    (Amend(case=NUMBER, description="Rechnung"), "max"),
    (ApprovePlan(case=NUMBER), "tom"),
    (ApprovePlan(case=NUMBER), "lena"),
    (ObjectPlan(case=NUMBER, reason="nein"), "lena"),
    (ApproveDeploy(case=NUMBER, environment="prod"), "tom"),
    (UnlinkRequest(case=NUMBER, request=REF), "max"),
    (Cancel(case=NUMBER, reason="entfällt"), "max"),
    (
        RequestWaiver(
            case=NUMBER, requirement=Requirement.FOUR_EYES, reason="a", measure="b", owner=person("tom"),
            expires=NOON + timedelta(days=1),
        ),
        "max",
    ),
    (GrantWaiver(case=NUMBER, requirement=Requirement.FOUR_EYES), "lena"),
)  # fmt: skip

STEPS = st.lists(st.one_of(st.sampled_from(FACTS), st.sampled_from(COMMANDS)), max_size=14)


def _play(steps: list[object], mode: Mode) -> World:
    world = World(policy=policy(mode=mode)).planned()
    for step in steps:
        before = world.case.state
        known = len(world.log)
        if isinstance(step, tuple):
            world.do(*step)
        else:
            world.evaluated(step)  # type: ignore[arg-type]
        _legal(world, before, known)
    return world


def _legal(world: World, before: str, known: int) -> None:
    moves = [item.event for item in world.log[known:] if isinstance(item.event, ChangeMoved)]
    table = {(move.source, move.target) for move in MOVES}
    place = before
    for move in moves:
        assert move.from_state == place
        assert (move.from_state, move.to_state) in table
        place = move.to_state
    assert world.case.state == place
    assert before not in OVER or not moves


@given(steps=STEPS, mode=st.sampled_from(Mode))
def test_never_an_illegal_state_and_never_passed_with_something_unmet(steps: list[object], mode: Mode) -> None:
    world = _play(steps, mode)
    for event in world.events(VerdictEvent) + world.events(VerdictChanged):
        held = (*event.waiting, *event.wrong, *event.unknown)
        assert (event.status in {VerdictStatus.PASSED, VerdictStatus.WAIVED}) is (not held)
    for request in world.case.requests:
        tree = request.verdict.tree if request.verdict else None
        if tree is not None and tree.opens:
            allowed = {Outcome.SATISFIED, Outcome.NOT_APPLICABLE, Outcome.NOT_CONFIGURED}
            assert all(result.outcome in allowed or result.waiver for result in tree.results)


@given(told=st.permutations(FACTS[:12]), repeated=st.lists(st.sampled_from(FACTS[:12]), max_size=5))
def test_any_order_of_the_same_facts_ends_in_the_same_place(told: list[Update], repeated: list[Update]) -> None:
    straight, mixed = World().planned().evaluated(*FACTS[:12]), World().planned()
    for update in batched((*told, *repeated)):
        mixed.evaluated(*update)
    assert straight.stands() is mixed.stands()
    assert straight.verdict.digest == mixed.verdict.digest


@given(steps=STEPS)
def test_the_entries_alone_give_the_same_change(steps: list[object]) -> None:
    world = _play(steps, Mode.ENFORCE)
    folded = WORKFLOW.blank(world.case.id, NUMBER, NOON)
    for item in world.log:
        folded = WORKFLOW.apply(folded, item)
    assert folded == world.case
    assert ChangeCase.model_validate_json(world.case.model_dump_json()) == world.case


def test_every_event_goes_through_an_entry_and_back() -> None:
    seen: set[type[Event]] = set()
    envelope = Envelope(UUID(int=1), "0" * 64, lambda: UUID(int=2), lambda: b"s" * 16, NUMBER)
    for world in (_busy(), green()):
        for item in world.log:
            seen.add(type(item.event))
            draft = to_draft(item, envelope)
            opened = {name: disclosure.open_disclosure(text).value for name, text in draft.disclosures.items()}
            own = {name: value for name, value in opened.items() if name in type(item.event).model_fields}
            moved = {"from_state": draft.from_state, "to_state": draft.to_state}
            values = {**draft.data, **own, **{name: value for name, value in moved.items() if value}}
            assert type(item.event).model_validate(values) == item.event
    assert len(seen) >= 12


def test_an_erased_text_stays_foldable() -> None:
    world = _busy()
    folded = WORKFLOW.blank(world.case.id, NUMBER, NOON)
    for item in world.log:
        kind = type(item.event)
        gone = {name: ERASED for name in kind.model_fields if is_disclosed(kind, name)}
        known = {name: value for name, value in gone.items() if getattr(item.event, name) is not None}
        erased = type(item)(
            item.event.model_copy(update=known), item.seq, item.at, item.source, item.by, item.role, item.occurred_at,
            item.introduces,
        )  # fmt: skip
        folded = WORKFLOW.apply(folded, erased)
    assert folded.state == world.case.state
    assert ChangeCase.model_validate_json(folded.model_dump_json()) == folded
    assert WORKFLOW.index(folded).search


def test_every_command_has_a_rule_and_an_access() -> None:
    assert set(RULES) == set(ACCESS)
    assert ACCESS[Evaluate] == frozenset()
    assert len({event.kind for event in EVENTS}) == len(EVENTS)


def test_what_follows_a_verdict_is_reported_and_carries_ids_only() -> None:
    world = World()
    before = world.case
    world.planned()
    known = len(world.log)
    middle = world.case
    world.evaluated(*GREEN)
    found = effects(middle, world.case, tuple(world.log[known:]), 3)
    assert [effect.kind for effect in found] == ["github.report", "github.comment", "slack.change", "slack.homes"]
    assert found[0].key == f"report:github:{REPOSITORY}:{'a' * 40}"
    texts = {str(value) for effect in found for value in effect.payload.values()}
    assert not texts & {"Neue Kasse", "beispiel/shop", "max"}
    linked = effects(before, middle, tuple(world.log[:known]), 2)
    assert [effect.kind for effect in linked] == ["forge.evaluate", "slack.homes"]
    again = effects(middle, world.case, tuple(world.log[known:]), 4)
    common = {effect.dedup for effect in again} & {effect.dedup for effect in found}
    assert common == {effect.dedup for effect in found if effect.kind == "slack.homes"}, "one for all of this moment"


def test_a_granted_waiver_wakes_at_its_end() -> None:
    world = green()
    known, before = len(world.log), world.case
    world.do(*COMMANDS[-2])
    world.do(*COMMANDS[-1])
    found = effects(before, world.case, tuple(world.log[known:]), 5)
    timer = next(effect for effect in found if effect.timer)
    assert (timer.kind, timer.after) == ("timer.waiver", NOON + timedelta(days=1))


def batched(told: tuple[Update, ...]) -> list[tuple[Update, ...]]:
    """Facts in threes, as deliveries are judged together."""
    return [told[place : place + 3] for place in range(0, len(told), 3)]


def _busy() -> World:
    world = green(World(policy=policy()))
    world.do(*COMMANDS[10])
    world.do(*COMMANDS[11])
    world.do(EndWaiver(case=NUMBER, waiver=world.case.waivers[0].id), "lena")
    world.do(*COMMANDS[6])
    world.do(Amend(case=NUMBER, rollback="Datenstand"), "max")
    world.do(ApprovePlan(case=NUMBER), "lena")
    world.later(minutes=1).evaluated(merged(world.now))
    world.do(ApproveDeploy(case=NUMBER, environment="prod"), "tom")
    world.evaluated(deployment("prod", id="2", at=world.now), deployment("dev", at=world.now))
    assert world.stands() is ChangeState.DONE
    return world
