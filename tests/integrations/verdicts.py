"""Verdicts for tests, made of results as the requirements give them."""

from uuid import UUID

from config.policy.ids import GATE_OF, Gate, Mode, Requirement
from workflows.change.codes import Fault, Outcome, Remedy, ResultCode, VerdictStatus
from workflows.change.result import GateResult, Part, Result, Verdict
from workflows.change.verdict import status_of

HEAD = "4f2a91c" + "0" * 33
SHOWN_GATES = (Gate.PLAN, Gate.DEV, Gate.REVIEW, Gate.TEST)


def met(requirement: Requirement) -> Result:
    return Result(requirement=requirement, outcome=Outcome.SATISFIED, code=ResultCode.MET)


def needs_second_person(*people: str) -> Result:
    return Result(
        requirement=Requirement.FOUR_EYES,
        outcome=Outcome.NOT,
        code=ResultCode.APPROVER_CONTRIBUTED,
        fault=Fault.WAITS,
        expected="1",
        found="0",
        who=("reviewer",),
        remedy=Remedy.REVIEW_REQUEST,
        people=people or ("max",),
    )


def red_check(name: str = "ci") -> Result:
    part = Part(subject=name, outcome=Outcome.NOT, code=ResultCode.CHECK_RED, fault=Fault.WRONG, found="failure")
    return Result(
        requirement=Requirement.CHECKS_GREEN,
        outcome=Outcome.NOT,
        code=ResultCode.CHECKS_RED,
        fault=Fault.WRONG,
        expected="1",
        found="0",
        who=("author",),
        remedy=Remedy.FIX_CHECK,
        parts=(part,),
    )


def waived(result: Result) -> Result:
    return result.model_copy(update={"waiver": UUID(int=1)})


def verdict(*special: Result, mode: Mode = Mode.ENFORCE, head: str = HEAD) -> Verdict:
    """A merge verdict in which everything is met but these."""
    by_requirement = {result.requirement: result for result in special}
    gates = tuple(
        GateResult(
            gate=gate,
            results=tuple(by_requirement.get(one) or met(one) for one in Requirement if GATE_OF[one] is gate),
        )
        for gate in SHOWN_GATES
    )
    status: VerdictStatus = status_of(result for gate in gates for result in gate.results)
    return Verdict(status=status, mode=mode, head=head, gates=gates)
