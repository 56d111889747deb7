"""Second persons at work: confirming a dismissal, and management's signature (A.5.3)."""

from config.policy.ids import Role, SecondPersonRule
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.asking import against
from workflows.incident.codes import Code
from workflows.incident.commands import ConfirmDismissal, Countersign
from workflows.incident.criteria.identify import assessor
from workflows.incident.moving import move
from workflows.incident.second import Second, judge, others, second_person_needed
from workflows.incident.situation import Proposal
from workflows.incident.terms import DISMISSED_KINDS, DueKind, State

Reasons = tuple[Reason, ...]


def confirm_dismissal(proposal: Proposal, _command: ConfirmDismissal) -> Reasons:
    """Confirm that this is no incident. The case moves when nothing else is missing."""
    situation, case = proposal.situation, proposal.case
    if case.state is not State.IDENTIFY:
        return (Reason(Code.WRONG_PHASE, "dismissal.confirmed", found=case.state.value),)
    if case.kind not in DISMISSED_KINDS:
        return (Reason(Code.WRONG_KIND, "dismissal.confirmed", found=case.kind.value, remedy="assess"),)
    if case.dismissal_confirmed_by is not None:
        return (Reason(Code.ALREADY, "dismissal.confirmed"),)
    first = assessor(situation)
    if judge(situation, SecondPersonRule.DISMISSAL, first) is not Second.FITS:
        remedy = "confirm" if others(situation, SecondPersonRule.DISMISSAL, first) else "countersign"
        return (second_person_needed(situation, SecondPersonRule.DISMISSAL, remedy),)
    proposal.add(ev.DismissalConfirmed())
    if not against(proposal.situation, State.DISMISSED):
        move(proposal, State.DISMISSED)
    return ()


def countersign(proposal: Proposal, command: Countersign) -> Reasons:
    """Management signs what nobody else could; not for a step of one's own."""
    situation = proposal.situation
    waiting = [item for item in proposal.case.open_due_items if item.kind is DueKind.COUNTERSIGN]
    meant = [item for item in waiting if command.no in (None, item.no)]
    if not meant:
        return (Reason(Code.UNKNOWN_ITEM, "countersign", found=str(command.no or "")),)
    own = [item for item in meant if situation.me is None or item.first == situation.me]
    if own:
        management = (Role.MANAGEMENT.value,)
        return tuple(Reason(Code.SECOND_PERSON, str(item.rule), who=management, remedy="countersign") for item in own)
    for item in meant:
        if item.rule is not None:
            proposal.add(ev.Countersigned(no=item.no, rule=item.rule))
    return ()
