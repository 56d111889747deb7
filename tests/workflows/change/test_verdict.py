"""From results to a verdict, and what the verdict's digest covers."""

from itertools import product
from uuid import UUID

import pytest
from pydantic import TypeAdapter

from config.policy.ids import GATE_OF, Gate, Mode, Requirement
from tests.workflows.change.deployments import merged, merged_world
from tests.workflows.change.world import GREEN, NOON, NUMBER, World, check, commit, green, policy, reading, review
from workflows.change.codes import Fault, LinkSource, Outcome, ResultCode, VerdictStatus
from workflows.change.commands import Evaluate, LinkRequest
from workflows.change.requirements.inputs import CONTROLS
from workflows.change.result import GateResult, Result, Verdict
from workflows.change.seen import Forge, RequestKey
from workflows.change.state import ChangeCase
from workflows.change.verdict import status_of, worst

KINDS: dict[str, tuple[Outcome, Fault | None, bool]] = {
    "satisfied": (Outcome.SATISFIED, None, False),
    "waits": (Outcome.NOT, Fault.WAITS, False),
    "wrong": (Outcome.NOT, Fault.WRONG, False),
    "unknown": (Outcome.UNKNOWN, None, False),
    "not applicable": (Outcome.NOT_APPLICABLE, None, False),
    "not configured": (Outcome.NOT_CONFIGURED, None, False),
    "waived": (Outcome.NOT, Fault.WRONG, True),
}


def _result(kind: str) -> Result:
    outcome, fault, waived = KINDS[kind]
    return Result(
        requirement=Requirement.CHECKS_GREEN, outcome=outcome, fault=fault, code=ResultCode.MET,
        waiver=UUID(int=1) if waived else None,
    )  # fmt: skip


@pytest.mark.parametrize(("one", "other"), tuple(product(KINDS, KINDS)))
def test_the_matrix(one: str, other: str) -> None:
    found = status_of((_result(one), _result(other)))
    both = {one, other}
    if "wrong" in both:
        expected = VerdictStatus.BLOCKED
    elif both & {"waits", "unknown"}:
        expected = VerdictStatus.PENDING
    elif "waived" in both:
        expected = VerdictStatus.WAIVED
    else:
        expected = VerdictStatus.PASSED
    assert found is expected


def test_the_worst_of_several() -> None:
    assert worst((VerdictStatus.PASSED, VerdictStatus.PENDING, VerdictStatus.WAIVED)) is VerdictStatus.PENDING
    assert worst(()) is None


def test_an_observing_gate_lets_through_what_it_would_hold() -> None:
    for mode, through in ((Mode.OBSERVE, True), (Mode.ENFORCE, False)):
        world = World(policy=policy(mode=mode)).planned().evaluated(reading())
        verdict = world.verdict.tree
        assert (verdict.status, verdict.mode, verdict.lets_through) == (VerdictStatus.PENDING, mode, through)


def test_the_digest_holds_outcomes_but_neither_people_nor_facts() -> None:
    verdict = green().verdict.tree
    first = verdict.gates[0].results[0]
    renamed = first.model_copy(update={"people": ("jemand",), "facts": ()})
    worse = first.model_copy(update={"outcome": Outcome.UNKNOWN})
    assert _with(verdict, renamed).digest == verdict.digest
    assert _with(verdict, worse).digest != verdict.digest
    assert Verdict.model_validate_json(verdict.model_dump_json()) == verdict
    assert verdict.model_copy(update={"head": "f" * 40}).digest != verdict.digest


def _with(verdict: Verdict, result: Result) -> Verdict:
    gate = verdict.gates[0]
    altered = GateResult(gate=gate.gate, results=(result, *gate.results[1:]))
    return verdict.model_copy(update={"gates": (altered, *verdict.gates[1:])})


def test_every_requirement_names_its_controls_and_gate() -> None:
    assert set(CONTROLS) == set(Requirement) == set(GATE_OF)
    TypeAdapter(dict[Gate, tuple[Requirement, ...]]).validate_python(policy().change.repositories[0].requirements)


def test_what_the_policy_names_nothing_for_is_shown_and_holds_nothing() -> None:
    world = World(policy=policy(checks=(), security_tests=())).planned().evaluated(reading(), review())
    verdict = world.verdict.tree
    assert verdict.status is VerdictStatus.PASSED
    assert verdict.of(Requirement.CHECKS_GREEN).outcome is Outcome.NOT_CONFIGURED


@pytest.mark.parametrize("conclusion", ["failure", "neutral", "skipped", "cancelled", "timed_out", "stale"])
def test_only_success_counts(conclusion: str) -> None:
    world = World().planned().evaluated(*GREEN[:2], check("build", conclusion), *GREEN[3:])
    assert world.status() is VerdictStatus.BLOCKED
    world.evaluated(check("build", None, id="2"))
    assert world.status() is VerdictStatus.PENDING
    world.evaluated(check("build", id="2"))
    assert world.status() is VerdictStatus.PASSED


def test_a_check_of_another_app_does_not_count() -> None:
    world = World().planned().evaluated(*GREEN[:2], check("build", source="irgendwer"), *GREEN[3:])
    checks = world.verdict.tree.of(Requirement.CHECKS_GREEN)
    assert (checks.code, checks.parts[0].code) == (ResultCode.CHECKS_WAITING, ResultCode.CHECK_MISSING)


def test_what_was_not_read_is_unknown() -> None:
    world = World().planned().evaluated(reading(truncated=True), *GREEN[1:])
    assert world.status() is VerdictStatus.PENDING
    assert world.verdict.tree.of(Requirement.FOUR_EYES).outcome is Outcome.UNKNOWN


def test_carried_changes_are_merged_with_a_passed_verdict_first() -> None:
    other = "CHG-2026-0002"
    carrying = reading(commits=(commit(changes=(NUMBER, other)),))
    world = World().planned().evaluated(carrying, *GREEN[1:])
    linked = world.verdict.tree.of(Requirement.CHANGE_LINKED)
    assert (linked.outcome, linked.code, linked.found) == (Outcome.UNKNOWN, ResultCode.CARRIED_UNKNOWN, other)
    for carried, code in (
        (green().case, ResultCode.CARRIED_UNMERGED),
        (_merged_unpassed(), ResultCode.CARRIED_UNPASSED),
        (merged_world().case, ResultCode.MET),
    ):
        world.related = {other: carried}
        world.do(Evaluate(case=NUMBER, carries=(other,)))
        assert world.verdict.tree.of(Requirement.CHANGE_LINKED).code is code


def _merged_unpassed() -> ChangeCase:
    world = World().planned().evaluated(reading(), *GREEN[2:])
    return world.later(minutes=1).evaluated(merged(world.now)).case


def test_a_request_of_the_change_may_come_by_any_way_but_names_no_other() -> None:
    world = World().planned(link=LinkSource.OPENED).evaluated(reading(body=""), *GREEN[1:])
    assert world.status() is VerdictStatus.PASSED
    world.evaluated(reading(title="CHG-2026-0002", body="", at=NOON.replace(minute=1)))
    assert world.verdict.tree.of(Requirement.CHANGE_LINKED).code is ResultCode.NAMES_OTHER
    other = RequestKey(Forge.GITHUB, "7002", 1)
    assert world.do(LinkRequest(case=NUMBER, request=other, repository="fremd/lager"), "max") == ()
