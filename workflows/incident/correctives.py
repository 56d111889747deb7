"""Corrective actions (10.2): agreed, done, checked for their effect by someone else, reopened."""

from config.policy.ids import CaseRole, SecondPersonRule
from workflows.deadlines import effectiveness_due
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import CheckCorrective, FinishCorrective, OpenCorrective, ReopenCorrective
from workflows.incident.items import Corrective
from workflows.incident.plausible import already_over
from workflows.incident.second import Second, countersign, judge, second_person_needed
from workflows.incident.situation import Proposal
from workflows.incident.terms import CorrectiveState, ReopenCause
from workflows.incident.work import works_or_owns

Reasons = tuple[Reason, ...]


def open_corrective(proposal: Proposal, command: OpenCorrective) -> Reasons:
    """With owner and due date from the start."""
    owner = proposal.situation.of(command.owner)
    if not command.text or owner is None:
        return (Reason(Code.NEEDS_TEXT, "corrective", expected="person" if command.text else "text"),)
    over = already_over(proposal.situation, "due", command.due)
    if over:
        return over
    proposal.add(ev.CorrectiveOpened(text=command.text, owner=owner, due=command.due))
    return ()


def find(proposal: Proposal, no: int, *states: CorrectiveState) -> Corrective | Reason:
    """The action with this number in one of these states, or why there is none."""
    action = next((action for action in proposal.case.correctives if action.no == no), None)
    if action is None:
        return Reason(Code.UNKNOWN_ITEM, "corrective", found=str(no))
    if action.state not in states:
        expected = " ".join(state.value for state in states)
        return Reason(Code.ALREADY, "corrective", expected=expected, found=action.state.value)
    return action


def finish_corrective(proposal: Proposal, command: FinishCorrective) -> Reasons:
    """Done: its effect is checked after the days that the policy sets."""
    action = find(proposal, command.no, CorrectiveState.OPEN)
    if isinstance(action, Reason):
        return (action,)
    situation = proposal.situation
    problems: Reasons = () if command.result else (Reason(Code.NEEDS_TEXT, "corrective", expected="result"),)
    if not works_or_owns(situation, action.owner):
        problems += (Reason(Code.NOT_YOURS, "corrective", found=str(command.no), who=(CaseRole.OWNER.value,)),)
    if not problems:
        due = effectiveness_due(situation.policy, situation.now)
        proposal.add(ev.CorrectiveDone(no=command.no, result=command.result, check_due=due))
    return problems


def check_corrective(proposal: Proposal, command: CheckCorrective) -> Reasons:
    """Not by its owner. "Effective" cannot be said before the days are over; "not effective" can, and says why."""
    action = find(proposal, command.no, CorrectiveState.DONE)
    if isinstance(action, Reason):
        return (action,)
    situation = proposal.situation
    enough = command.effective or command.finding
    problems: Reasons = () if enough else (Reason(Code.NEEDS_TEXT, "finding", expected="finding"),)
    if command.effective and action.check_due is not None and action.check_due > situation.now:
        problems += (Reason(Code.NOT_OVER, "corrective", expected=action.check_due.isoformat()),)
    verdict = judge(situation, SecondPersonRule.EFFECTIVENESS, action.owner)
    if verdict is Second.REFUSED:
        problems += (second_person_needed(situation, SecondPersonRule.EFFECTIVENESS, "action"),)
    if problems:
        return problems
    proposal.add(ev.CorrectiveChecked(no=command.no, effective=command.effective, finding=command.finding or None))
    if verdict is Second.OWED:
        proposal.add(countersign(situation, SecondPersonRule.EFFECTIVENESS, situation.me))
    if not command.effective:
        proposal.add(ev.CorrectiveReopened(no=command.no, cause=ReopenCause.NOT_EFFECTIVE))
    return ()


def reopen_corrective(proposal: Proposal, command: ReopenCorrective) -> Reasons:
    """The same root cause came back: what was done did not keep it away."""
    if proposal.situation.actor.person is not None:
        return (Reason(Code.MACHINE_ONLY, "corrective"),)
    action = find(proposal, command.no, CorrectiveState.DONE, CorrectiveState.EFFECTIVE, CorrectiveState.NOT_EFFECTIVE)
    if isinstance(action, Reason):
        return (action,)
    proposal.add(
        ev.CorrectiveReopened(
            no=command.no, cause=command.cause, because=command.because, because_id=command.because_id
        )
    )
    return ()
