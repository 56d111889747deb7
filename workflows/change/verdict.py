"""From the results of the requirements to a verdict.

Anything wrong: blocked. Else anything waiting or unknown: pending. Else a waiver was needed: waived. Else passed.
`unknown` never passes; `not_configured` and `not_applicable` hold nothing. What is held for the one commit that an
emergency names: emergency, and everything that was found stays in the tree.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from config.policy.ids import Gate, Mode
from workflows.change.codes import Fault, Outcome, Remedy, ResultCode, VerdictStatus, WaiverScope
from workflows.change.emergency import covering
from workflows.change.facts import RepositoryFacts, RequestFacts
from workflows.change.requirements.inputs import Inputs
from workflows.change.requirements.registry import JUDGES
from workflows.change.result import OPENING, GateResult, Result, Verdict
from workflows.change.seen import RequestState
from workflows.change.state import Waiver

MERGE_GATES: Final = (Gate.PLAN, Gate.DEV, Gate.REVIEW, Gate.TEST)
"""Judged on the head commit, before the merge."""


def status_of(results: Iterable[Result]) -> VerdictStatus:
    """What these results say together."""
    listed = tuple(results)
    held = [result for result in listed if result.held]
    if any(result.fault is Fault.WRONG for result in held):
        return VerdictStatus.BLOCKED
    if held:
        return VerdictStatus.PENDING
    return VerdictStatus.WAIVED if any(result.waiver for result in listed) else VerdictStatus.PASSED


def worst(statuses: Iterable[VerdictStatus]) -> VerdictStatus | None:
    """The worst of several verdicts on one commit; None when there is none."""
    order: Sequence[VerdictStatus] = tuple(VerdictStatus)
    return min(statuses, key=order.index, default=None)


def mode_of(inputs: Inputs, repository: RepositoryFacts | None) -> Mode:
    """Whether the gate holds here: the recorded decision, else what the policy says."""
    decided = repository.mode if repository else None
    return decided.mode if decided else inputs.rules.mode


def merge_verdict(inputs: Inputs, repository: RepositoryFacts | None, head: str) -> Verdict:
    """The verdict on merging this head: the gates from plan to test."""
    gates = tuple(_judge(gate, inputs, repository) for gate in MERGE_GATES)
    return _verdict(gates, mode_of(inputs, repository), head, emergency=_emergency(inputs, head))


def deploy_verdict(inputs: Inputs, repository: RepositoryFacts | None, commit: str) -> Verdict:
    """The verdict on deploying this merge commit to `inputs.environment`."""
    gates = (_judge(Gate.DEPLOY, inputs, repository),)
    merged = inputs.request.frozen if inputs.request else None
    emergency = _emergency(inputs, merged.head) if merged else None
    return _verdict(gates, mode_of(inputs, repository), commit, inputs.environment, emergency)


def too_old(facts: RequestFacts | None, inputs: Inputs) -> bool:
    """Whether the last reading of an open request is older than the policy allows for opening a gate."""
    if facts is None or facts.current is None or facts.current.state is not RequestState.OPEN:
        return False
    allowed = timedelta(seconds=inputs.policy.change.max_reading_age_seconds)
    return facts.read_at is None or inputs.now - facts.read_at > allowed


def held_back(verdict: Verdict, inputs: Inputs) -> Verdict:
    """The same verdict before a new reading: what would open the gate is unknown until then.

    An emergency needs no reading: it is about one commit, whatever is known of it.
    """
    if not verdict.gates or verdict.status is VerdictStatus.EMERGENCY:
        return verdict
    place = next((gate for gate in verdict.gates if gate.gate is Gate.DEV and gate.results), None)
    place = place or next((gate for gate in verdict.gates if gate.results), None)
    if place is None:
        return verdict
    unsure = {"outcome": Outcome.UNKNOWN, "code": ResultCode.TOO_OLD, "fault": None, "remedy": Remedy.READ_AGAIN}
    results = (place.results[0].model_copy(update={**unsure, "waiver": None}), *place.results[1:])
    gates = tuple(gate.model_copy(update={"results": results}) if gate is place else gate for gate in verdict.gates)
    return _verdict(gates, verdict.mode, verdict.head, verdict.environment, _emergency(inputs, verdict.head))


def _verdict(
    gates: tuple[GateResult, ...], mode: Mode, head: str, environment: str = "", emergency: UUID | None = None
) -> Verdict:
    status = status_of(result for gate in gates for result in gate.results)
    skips = emergency is not None and status not in OPENING
    return Verdict(
        status=VerdictStatus.EMERGENCY if skips else status,
        mode=mode,
        head=head,
        gates=gates,
        environment=environment,
        emergency=emergency if skips else None,
    )


def _emergency(inputs: Inputs, head: str) -> UUID | None:
    """The emergency that covers this head of the request."""
    if inputs.request is None:
        return None
    at = inputs.until or inputs.now
    found = covering(inputs.case.emergencies, str(inputs.request.ref), head, at)
    return found.id if found else None


def _judge(gate: Gate, inputs: Inputs, repository: RepositoryFacts | None) -> GateResult:
    asked = inputs.rules.requirements[gate]
    results = (JUDGES[requirement](inputs) for requirement in asked)
    return GateResult(gate=gate, results=tuple(_waived(result, inputs, repository) for result in results))


def _covers(waiver: Waiver, inputs: Inputs) -> bool:
    """A waiver for the change covers all its requests, one for a repository only those there."""
    if waiver.scope is WaiverScope.CHANGE:
        return True
    request = inputs.request
    return request is not None and (request.forge, request.repository_id) == (waiver.forge, waiver.repository_id)


def _waived(result: Result, inputs: Inputs, repository: RepositoryFacts | None) -> Result:
    if not result.held:
        return result
    at = inputs.until or inputs.now
    own = (waiver for waiver in inputs.case.waivers if waiver.counts(at) and _covers(waiver, inputs))
    shared = (
        waiver
        for waiver in (repository.waivers if repository else ())
        if waiver.granted_at <= at < waiver.expires and (waiver.ended_at is None or at < waiver.ended_at)
    )
    found = [waiver.id for waiver in own if waiver.requirement is result.requirement]
    found += [waiver.waiver_id for waiver in shared if waiver.requirement is result.requirement]
    return result.model_copy(update={"waiver": found[0]}) if found else result
