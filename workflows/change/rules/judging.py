"""Judging the requests of a change on the stored facts, and moving it to where they let it stand."""

from dataclasses import replace
from hashlib import sha256
from typing import Final

from config.policy.ids import Gate, Mode
from config.policy.models import RepositoryPolicy
from workflows.change.bypass import enforced_at
from workflows.change.codes import ChangeState, Fault, Finding, Outcome, WaiverEnd
from workflows.change.events import FindingOpened, RiskSet, VerdictChanged, VerdictFrozen, WaiverEnded
from workflows.change.facts import RequestFacts
from workflows.change.moves import JUDGED
from workflows.change.requirements.inputs import Inputs
from workflows.change.result import Verdict
from workflows.change.risk import derive
from workflows.change.rules.draft import Draft
from workflows.change.rules.owing import demand, owe
from workflows.change.seen import RequestCore, RequestKey, RequestState
from workflows.change.snapshot import rules_for
from workflows.change.state import LinkedRequest
from workflows.change.verdict import held_back, merge_verdict, too_old
from workflows.errors import Tampered
from workflows.ledger.canonical import canonical

UNCOVERED: Final = RepositoryPolicy(match="**")
"""Stands in where no entry of the policy covers a request: nothing is held, and no verdict is recorded."""

_PLACE: Final = {state: place for place, state in enumerate((*JUDGED, ChangeState.DEPLOY))}
_LATER_WRONG: Final = frozenset({Gate.REVIEW, Gate.TEST})


def settle(draft: Draft) -> None:
    """What follows from any command by itself: waivers that are over, the risk, and without requests the place."""
    _end_waivers(draft)
    classify(draft)
    if not draft.case.requests:
        place(draft, ())


def evaluate(draft: Draft) -> None:
    """Judge every request anew, then move. What was merged before only yields findings.

    The requests of a cancelled change are judged too: what was let through must not stay so.
    """
    if draft.case.stands is ChangeState.ROLLED_BACK:
        return
    _end_waivers(draft)
    classify(draft)
    verdicts = tuple(_judge(draft, item.ref) for item in draft.case.requests)
    place(draft, verdicts)


def classify(draft: Draft) -> None:
    """Derive the risk anew, unless a person set it or the change is merged; it needs the plan's answers."""
    case = draft.case
    ready = case.by_policy or case.factors is not None
    if case.risk_overridden or case.merged or case.over or not ready:
        return
    risk = derive(case, paths(draft), draft.policy.change)
    if risk is not case.risk:
        draft.add(RiskSet(risk=risk))


def paths(draft: Draft) -> tuple[str, ...]:
    """All files that the requests of the change alter."""
    told = (draft.facts.request(item.ref) for item in draft.case.requests)
    return tuple(path for facts in told if facts for path in facts.paths)


def inputs_for(draft: Draft, request: LinkedRequest) -> Inputs:
    """What the requirements look at when they judge a request on its head."""
    facts = draft.facts.request(request.ref)
    return Inputs(
        case=draft.case,
        rules=rules_for(facts, draft.policy) or UNCOVERED,
        policy=draft.policy,
        now=draft.now,
        request=request,
        facts=facts,
        commit=draft.facts.commit(request.ref, facts.head if facts else None),
        related=draft.context.related,
        pushes=draft.facts.pushes(request.ref),
    )


def place(draft: Draft, verdicts: tuple[Verdict | None, ...]) -> None:
    """Move the change to where its last request stands: forward gate by gate, back at once, at the merge to deploy."""
    case = draft.case
    if case.stands not in JUDGED:
        return
    target = ChangeState.DEPLOY if case.merged else min(_standings(draft, verdicts), key=_PLACE.__getitem__)
    if target is case.stands:
        return
    facts = _digest(verdicts)
    if target is ChangeState.DEPLOY:
        draft.move(target, facts)
        return
    if _PLACE[target] < _PLACE[case.stands]:
        draft.move(target, facts)
    while draft.case.stands is not target:
        draft.move(JUDGED[_PLACE[draft.case.stands] + 1], facts)


def standing(verdict: Verdict) -> ChangeState:
    """The phase whose gate is the first that does not open; `test` when all do, since only the merge goes further."""
    shut = next((gate.gate for gate in verdict.gates if not gate.open), Gate.TEST)
    return ChangeState(shut.value)


def _standings(draft: Draft, verdicts: tuple[Verdict | None, ...]) -> tuple[ChangeState, ...]:
    if not draft.case.requests:
        without = Inputs(case=draft.case, rules=UNCOVERED, policy=draft.policy, now=draft.now)
        return (standing(merge_verdict(without, None, "")),)
    pairs = zip(draft.case.requests, verdicts, strict=True)
    return tuple(standing(verdict) for request, verdict in pairs if verdict and not request.merged)


def _judge(draft: Draft, ref: RequestKey) -> Verdict | None:
    """Judge one request and record what is new. None: it was merged before."""
    request = draft.case.request(ref)
    if request is None:
        return None
    inputs = inputs_for(draft, request)
    if request.frozen is not None:
        _found_later(draft, inputs, request)
        return None
    if _ready_to_freeze(inputs):
        return _freeze(draft, inputs, request)
    return _record(draft, inputs, request)


def _record(draft: Draft, inputs: Inputs, request: LinkedRequest) -> Verdict:
    covered = rules_for(inputs.facts, draft.policy) is not None
    verdict = _merge_verdict(draft, inputs, request)
    known = request.verdict
    was_open = known is not None and known.opens and known.head == verdict.head
    if verdict.opens and covered and not was_open and too_old(inputs.facts, inputs):
        verdict = held_back(verdict, inputs)
    if covered and verdict.head and (known is None or known.digest != verdict.digest):
        draft.add(VerdictChanged.model_validate(sums(request, verdict)))
    return verdict


def _merge_verdict(draft: Draft, inputs: Inputs, request: LinkedRequest) -> Verdict:
    head = inputs.facts.head if inputs.facts else None
    if rules_for(inputs.facts, draft.policy) is None:
        return merge_verdict(inputs, None, head or "")
    return merge_verdict(inputs, draft.facts.repository(request.ref), head or "")


def _ready_to_freeze(inputs: Inputs) -> bool:
    """Whether the request was merged and its head was read: before that nothing can be said about the merge."""
    facts = inputs.facts
    current = facts.current if facts else None
    if facts is None or current is None or current.state is not RequestState.MERGED or not facts.settled:
        return False
    checks_known = inputs.commit is not None or not (inputs.rules.checks or inputs.rules.security_tests)
    return current.merge_commit is not None and checks_known


def _freeze(draft: Draft, inputs: Inputs, request: LinkedRequest) -> Verdict:
    """The verdict as it was at the merge: what came later does not count for it."""
    current = _current(inputs.facts)
    merged_at = current.merged_at or current.updated_at
    at_merge = replace(inputs, until=merged_at)
    verdict = _merge_verdict(draft, at_merge, request)
    merged = {"merge_commit": current.merge_commit, "merged_at": merged_at}
    draft.add(VerdictFrozen.model_validate({**sums(request, verdict), **merged}), occurred_at=merged_at)
    if not verdict.lets_through and enforced_at(inputs.rules, draft.facts.repository(request.ref), merged_at):
        open_finding(draft, request, Finding.MERGED_UNPASSED, commit=current.merge_commit)
    owe(draft, request, verdict)
    return verdict


def _found_later(draft: Draft, inputs: Inputs, request: LinkedRequest) -> None:
    """What turned wrong after a passed merge: one finding per requirement, and the change stays where it is."""
    frozen = request.frozen
    if frozen is None or frozen.mode is not Mode.ENFORCE or not frozen.opens:
        return
    verdict = _merge_verdict(draft, inputs, request)
    known = {(item.request, item.requirement) for item in draft.case.findings}
    known |= {(item.request, item.requirement) for item in draft.case.owed}
    for gate in verdict.gates:
        for result in gate.results if gate.gate in _LATER_WRONG else ():
            if result.held and result.fault is Fault.WRONG and (str(request.ref), result.requirement) not in known:
                open_finding(draft, request, Finding.WRONG_AFTER_MERGE, requirement=result.requirement)


def open_finding(draft: Draft, request: LinkedRequest, found: Finding, **details: object) -> None:
    """Open a finding about a request, and demand its retrospective review."""
    values = {**named(request), "finding": draft.context.new_id(), "found": found, **details}
    draft.add(FindingOpened.model_validate(values))
    demand(draft)


def named(request: LinkedRequest) -> dict[str, object]:
    """The fields by which events name a request."""
    return {
        "forge": request.forge,
        "repository_id": request.repository_id,
        "number": request.number,
        "repository": request.repository,
    }


def sums(request: LinkedRequest, verdict: Verdict) -> dict[str, object]:
    """The fields of an event that holds a verdict."""
    return {
        **named(request),
        "head": verdict.head,
        "status": verdict.status,
        "mode": verdict.mode,
        "digest": verdict.digest,
        "waiting": verdict.named(fault=Fault.WAITS),
        "wrong": verdict.named(fault=Fault.WRONG),
        "unknown": verdict.named(outcome=Outcome.UNKNOWN),
        "waived": verdict.waived,
        "tree": verdict.model_dump_json(),
    }


def _end_waivers(draft: Draft) -> None:
    for waiver in draft.case.waivers:
        if waiver.ended_at is None and waiver.granted_at is not None and waiver.expires <= draft.now:
            draft.add(WaiverEnded(waiver=waiver.id, end=WaiverEnd.EXPIRED), occurred_at=waiver.expires)


def _digest(verdicts: tuple[Verdict | None, ...]) -> str | None:
    """One digest for the verdicts that justify a move; of a single one its own."""
    digests = [verdict.digest for verdict in verdicts if verdict]
    if len(digests) <= 1:
        return digests[0] if digests else None
    return sha256(canonical(digests)).hexdigest()


def _current(facts: RequestFacts | None) -> RequestCore:
    if facts is None or facts.current is None:
        message = "expected a request that the forge told about, found none"
        raise Tampered(message)
    return facts.current
