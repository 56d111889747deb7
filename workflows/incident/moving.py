"""Moves: forward through the exit criteria, back with a reason. A refused move moves nothing and keeps the answers."""

from datetime import datetime
from typing import Final

from config.policy.criteria import CriterionId
from config.policy.ids import Criterion, Role, SecondPersonRule, Severity
from workflows.deadlines import contain_due, review_due
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.answers import exempt, take
from workflows.incident.asking import against, reasons_of, steps
from workflows.incident.assessment import assess
from workflows.incident.backfilling import last_moved, timed, times
from workflows.incident.codes import Code
from workflows.incident.commands import Advance, Answer, Close, Exempt, GivenAnswers, GoBack, Reopen, Walk
from workflows.incident.criteria.identify import SEVERE, assessor, needs_confirmation
from workflows.incident.criteria.registry import Judgement, Standing, judge
from workflows.incident.criteria.review import can_confirm, led_by
from workflows.incident.moves import MACHINE, ways_back
from workflows.incident.second import Second, countersign, holders, who
from workflows.incident.second import judge as judge_second
from workflows.incident.second_events import SecondAsked
from workflows.incident.settling import settle
from workflows.incident.situation import Proposal, Situation
from workflows.incident.terms import Kind, State
from workflows.incident.updates import next_due

Reasons = tuple[Reason, ...]
WALKABLE = (Severity.S3, Severity.S4)
RESPONDING: Final = (State.CONTAIN, State.ERADICATE, State.RECOVER)

SECONDS: Final = frozenset({Criterion.CLOSED_BY_OTHER.value, Criterion.DISMISSAL_CONFIRMED.value})
"""Criteria that another person meets by making the move."""


def bring(proposal: Proposal, command: GivenAnswers) -> Reasons:
    """Record what came along: the assessment first, then the answers."""
    problems = assess(proposal, command.assess) if command.assess else ()
    for given in timed(proposal.situation, command):
        problems += take(proposal, given)
    settle(proposal)
    return problems


def together(problems: Reasons, blocking: Reasons) -> Reasons:
    """Problems with answers, and what is missing besides; each subject once."""
    named = {reason.subject for reason in problems}
    return (*problems, *(reason for reason in blocking if reason.subject not in named))


def answer(proposal: Proposal, command: Answer) -> Reasons:
    """Answer without moving."""
    problems = bring(proposal, command)
    if problems or proposal.happenings:
        return problems
    return (Reason(Code.NEEDS_TEXT, subject="answer", remedy="answer"),)


def exempt_criterion(proposal: Proposal, command: Exempt) -> Reasons:
    """Not applicable, because."""
    return exempt(proposal, command.criterion, command.because)


def advance(proposal: Proposal, command: Advance) -> Reasons:
    """One move forward."""
    return _forward(proposal, command, command.to)


def close(proposal: Proposal, command: Close) -> Reasons:
    """The last one."""
    return _forward(proposal, command, State.CLOSED)


def _forward(proposal: Proposal, command: GivenAnswers, to: State) -> Reasons:
    problems = bring(proposal, command)
    moments, untimely = times(proposal.situation, command, (to,))
    reasons = (*together(problems, against(proposal.situation, to)), *untimely)
    if reasons:
        ask_others(proposal, to, reasons)
        return reasons
    move(proposal, to, at=moments.get(to))
    return ()


def walk(proposal: Proposal, command: Walk) -> Reasons:
    """Every remaining move, or none. Each is recorded apart with its criteria."""
    problems = bring(proposal, command)
    case = proposal.case
    if case.severity is not None and case.severity not in WALKABLE:
        return (*problems, Reason(Code.NOT_WALKABLE, subject="severity", found=case.severity.value))
    ahead = steps(case, command.to)
    if not ahead:
        return (*problems, *_no_such_move(case.state, command.to))
    moments, untimely = times(proposal.situation, command, tuple(target for _, target in ahead))
    reasons = (*together(problems, _against_all(proposal.situation, ahead)), *untimely)
    if reasons:
        ask_others(proposal, command.to, reasons)
        return reasons
    for _, target in ahead:
        move(proposal, target, at=moments.get(target))
    return ()


def _against_all(situation: Situation, ahead: tuple[tuple[State, State], ...]) -> Reasons:
    reasons: Reasons = ()
    for source, target in ahead:
        reasons = together(reasons, reasons_of(judge(situation, source, target)))
    if situation.case.severity is None and not any(reason.subject == Criterion.SEVERITY for reason in reasons):
        reasons += (Reason(Code.MISSING, Criterion.SEVERITY.value, remedy="assess"),)
    return reasons


def _no_such_move(source: State, target: State) -> Reasons:
    return (_impossible(source, target, tuple(State(move.target) for move in MACHINE.moves_from(source))),)


def _impossible(source: State, target: State, possible: tuple[State, ...]) -> Reason:
    named = " ".join(one.value for one in possible)
    return Reason(Code.NO_SUCH_MOVE, subject=target.value, expected=named, found=source.value)


def ask_others(proposal: Proposal, to: State, reasons: Reasons) -> None:
    """Where all that is missing is another person, the attempt asks for them, once."""
    _ask_management(proposal, reasons)
    somebody = all(one.subject in SECONDS and one.remedy != "countersign" for one in reasons)
    if somebody and proposal.case.second_asked is not to:
        proposal.add(SecondAsked(to=to))


def _ask_management(proposal: Proposal, reasons: Reasons) -> None:
    """Where nobody but the lead could close, the attempt asks management for its signature, once."""
    waiting = proposal.case.awaits_countersign(SecondPersonRule.CLOSE)
    asked = any(reason.subject == Criterion.CLOSED_BY_OTHER and reason.remedy == "countersign" for reason in reasons)
    if asked and not waiting and proposal.case.state is State.REVIEW:
        first = next(iter(led_by(proposal.situation)), None)
        proposal.add(countersign(proposal.situation, SecondPersonRule.CLOSE, first))


def move(proposal: Proposal, to: State, override: int | None = None, at: datetime | None = None) -> None:
    """Record a move whose criteria were judged. With an override, what is missing becomes due before.

    `at` is when it really was, for a case that is entered after the fact.
    """
    situation = proposal.situation
    judgements = judge(situation, situation.case.state, to)
    _sign(proposal, to)
    proposal.add(
        ev.Moved(
            from_state=proposal.case.state,
            to_state=to,
            met=_criteria(judgements, Standing.MET),
            exempted=_criteria(judgements, Standing.EXEMPTED),
            relaxed=_criteria(judgements, Standing.RELAXED),
            overridden=_criteria(judgements, Standing.MISSING),
            override=override,
            update_due=_update_due(situation, to),
            review_due=_review_due(situation, to),
        ),
        at,
    )


def _update_due(situation: Situation, to: State) -> datetime | None:
    """The next update that an incident owes from this move on; what is only entered afterwards owes none."""
    case = situation.case
    return next_due(situation, case.severity) if to in RESPONDING and not case.backfill else None


def _review_due(situation: Situation, to: State) -> datetime | None:
    case = situation.case
    owed = to is State.REVIEW and not case.backfill
    return review_due(situation.policy, case.severity, situation.now) if owed else None


def _contain_due(situation: Situation, to: State) -> datetime | None:
    """Going back to contain it: by the severity, from now on."""
    case = situation.case
    owed = to is State.CONTAIN and not case.backfill
    return contain_due(situation.policy, case.severity, situation.now) if owed else None


def _again(proposal: Proposal, to: State, reason: str, at: datetime | None = None) -> None:
    """Record a move back, or an opening, and what is owed from then on."""
    situation = proposal.situation
    proposal.add(
        ev.Moved(
            from_state=situation.case.state,
            to_state=to,
            reason=reason,
            update_due=_update_due(situation, to),
            contain_due=_contain_due(situation, to),
            review_due=_review_due(situation, to),
        ),
        at,
    )


def _criteria(judgements: tuple[Judgement, ...], wanted: Standing) -> tuple[CriterionId, ...]:
    return tuple(item.criterion for item in judgements if item.standing is wanted)


def _sign(proposal: Proposal, to: State) -> None:
    """What the actor signs as second person by moving, or what management owes from then on."""
    situation = proposal.situation
    if to is State.DISMISSED and _needs_signature(situation):
        first = assessor(situation)
        if judge_second(situation, SecondPersonRule.DISMISSAL, first) is Second.FITS:
            proposal.add(ev.DismissalConfirmed())
        else:
            proposal.add(countersign(situation, SecondPersonRule.DISMISSAL, first))
    if to is State.CLOSED:
        for duty in situation.case.duties:
            if not duty.is_settled and can_confirm(situation, duty):
                proposal.add(ev.DutyConfirmed(regime=duty.regime))


def _needs_signature(situation: Situation) -> bool:
    return needs_confirmation(situation) and situation.case.dismissal_confirmed_by is None


def go_back(proposal: Proposal, command: GoBack) -> Reasons:
    """To an earlier phase. A near miss goes back to `identify`, an incident in review to `recover`."""
    case = proposal.case
    possible = ways_back(case.state, near_miss=case.kind is Kind.NEAR_MISS)
    if command.to not in possible:
        return (_impossible(case.state, command.to, possible),)
    if not command.reason:
        return (Reason(Code.NEEDS_REASON, subject=command.to.value, remedy="back"),)
    # Of a backfilled case only the record goes back: what follows has its real times again.
    at = last_moved(case) if case.backfill else None
    _again(proposal, command.to, command.reason, at)
    return ()


def reopen(proposal: Proposal, command: Reopen) -> Reasons:
    """A closed case goes back to review, a dismissed one to identify; the ISB decides, except on a light dismissal."""
    situation, case = proposal.situation, proposal.case
    if case.state.is_open:
        return (Reason(Code.ALREADY, subject="open", found=case.state.value, remedy="back"),)
    problems: Reasons = () if command.reason else (Reason(Code.NEEDS_REASON, subject="reopen", remedy="reopen"),)
    light = case.state is State.DISMISSED and case.worst not in SEVERE
    if not light and not _may_reopen(situation):
        roles = who(situation, SecondPersonRule.REOPEN)
        problems += (Reason(Code.SECOND_PERSON, SecondPersonRule.REOPEN.value, who=roles, remedy="reopen"),)
    if not problems:
        to = State.REVIEW if case.state is State.CLOSED else State.IDENTIFY
        _again(proposal, to, command.reason)
    return problems


def _may_reopen(situation: Situation) -> bool:
    """Whoever the policy names; where nobody holds such a role, management."""
    roles = situation.policy.second_persons[SecondPersonRule.REOPEN].roles
    alone = not holders(situation, SecondPersonRule.REOPEN)
    return situation.actor.has(*roles) or (alone and situation.actor.has(Role.MANAGEMENT))
