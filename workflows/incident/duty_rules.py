"""Duties to notify: opened, decided by two persons or filed. (A.5.5, A.5.31, A.5.34; GDPR Art. 33.)."""

from config.policy.ids import Role, SecondPersonRule
from workflows import duties
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import ConfirmDuty, DecideDuty, FileDuty
from workflows.incident.plausible import before_all
from workflows.incident.second import Second, countersign, judge, others, second_person_needed
from workflows.incident.situation import Proposal
from workflows.incident.terms import DueKind, DutyDecision, PersonalData

Reasons = tuple[Reason, ...]
KNOWS_AWARENESS = (Role.ISB, Role.DEPUTY, Role.DPO, Role.MANAGEMENT)
"""Who may set when the organisation became aware."""
_GRAVITY = (PersonalData.NO, PersonalData.UNKNOWN, PersonalData.YES)


def open_duties(proposal: Proposal, before: PersonalData | None) -> None:
    """Open what personal data calls for: `yes` and `unknown` do, `no` does not. `before`: what was on record.

    "Not required" was decided on what was known then. When more personal data turns out to be affected it no longer
    holds, and has to be decided anew (GDPR Art. 33 para. 1: as soon as the organisation is aware).
    """
    now = proposal.case.personal_data
    if now not in (PersonalData.YES, PersonalData.UNKNOWN):
        return
    is_more = before is not None and _GRAVITY.index(now) > _GRAVITY.index(before)
    for regime in duties.opened_by_personal_data(proposal.situation.policy):
        duty = proposal.case.duty(regime)
        if is_more and duty is not None and duty.decision is DutyDecision.NOT_REQUIRED:
            proposal.add(ev.DutyOpened(regime=regime, alarm_from=duty.alarm_from))
            _settle_signatures(proposal, regime)
        _ensure(proposal, regime)


def _ensure(proposal: Proposal, regime: str) -> None:
    if proposal.case.duty(regime) is None:
        alarm_from = proposal.case.reported or proposal.situation.now
        proposal.add(ev.DutyOpened(regime=regime, alarm_from=alarm_from))


def _unknown(proposal: Proposal, regime: str) -> Reasons:
    policy = proposal.situation.policy
    if duties.is_known(policy, regime):
        return ()
    known = " ".join(entry.id for entry in policy.regimes)
    return (Reason(Code.INVALID, subject="regime", expected=known, found=regime),)


def _subject(proposal: Proposal, regime: str) -> str:
    """What a refusal is about. Its entry keeps the subject for ever: never what somebody typed, only what is known."""
    return "regime" if _unknown(proposal, regime) else regime


def _open_for_decision(proposal: Proposal, regime: str) -> Reasons:
    duty = proposal.case.duty(regime)
    filed = duty is not None and duty.filed_at is not None
    return (Reason(Code.ALREADY, subject=regime, found="filed"),) if filed else ()


def decide_duty(proposal: Proposal, command: DecideDuty) -> Reasons:
    """Required, or not required with a reason; then a second person confirms, or management countersigns."""
    problems = _unknown(proposal, command.regime) or _open_for_decision(proposal, command.regime)
    if not command.reason and (command.aware is not None or not command.required):
        problems += (Reason(Code.NEEDS_REASON, subject=_subject(proposal, command.regime), remedy="duty"),)
    problems += _awareness(proposal, command)
    if problems:
        return problems
    _ensure(proposal, command.regime)
    decision = DutyDecision.REQUIRED if command.required else DutyDecision.NOT_REQUIRED
    reason = command.reason or None
    proposal.add(ev.DutyDecided(regime=command.regime, decision=decision, reason=reason, aware=command.aware))
    _settle_signatures(proposal, command.regime)
    first = proposal.situation.me
    if not command.required and judge(proposal.situation, SecondPersonRule.DUTY, first) is Second.OWED:
        proposal.add(countersign(proposal.situation, SecondPersonRule.DUTY, first, command.regime))
    return ()


def _awareness(proposal: Proposal, command: DecideDuty) -> Reasons:
    if command.aware is None:
        return ()
    if command.aware > proposal.situation.now:
        return (Reason(Code.IN_FUTURE, subject=_subject(proposal, command.regime)),)
    if proposal.situation.actor.has(*KNOWS_AWARENESS):
        return before_all(proposal.situation, _subject(proposal, command.regime), command.aware)
    return (
        Reason(
            Code.INVALID, _subject(proposal, command.regime), expected="aware", who=tuple(map(str, KNOWS_AWARENESS))
        ),
    )


def _settle_signatures(proposal: Proposal, regime: str) -> None:
    """A new decision, or a filing, makes an earlier call for a signature moot."""
    for item in proposal.case.open_due_items:
        if item.kind is DueKind.COUNTERSIGN and item.regime == regime:
            proposal.add(ev.DueSettled(no=item.no))


def confirm_duty(proposal: Proposal, command: ConfirmDuty) -> Reasons:
    """Be the second person of "not required"."""
    duty = proposal.case.duty(command.regime)
    if duty is None or duty.decision is not DutyDecision.NOT_REQUIRED:
        return (Reason(Code.UNKNOWN_ITEM, subject="duty", found=command.regime),)
    if duty.is_settled:
        return (Reason(Code.ALREADY, subject=command.regime),)
    if judge(proposal.situation, SecondPersonRule.DUTY, duty.decided_by) is not Second.FITS:
        remedy = "confirm" if others(proposal.situation, SecondPersonRule.DUTY, duty.decided_by) else "countersign"
        return (second_person_needed(proposal.situation, SecondPersonRule.DUTY, remedy),)
    proposal.add(ev.DutyConfirmed(regime=command.regime))
    _settle_signatures(proposal, command.regime)
    return ()


def file_duty(proposal: Proposal, command: FileDuty) -> Reasons:
    """Record a notification that was sent."""
    problems = _unknown(proposal, command.regime) or _open_for_decision(proposal, command.regime)
    if not command.reference:
        problems += (Reason(Code.NEEDS_TEXT, _subject(proposal, command.regime), expected="reference", remedy="duty"),)
    if command.filed is not None and command.filed > proposal.situation.now:
        problems += (Reason(Code.IN_FUTURE, subject=_subject(proposal, command.regime)),)
    problems += before_all(proposal.situation, _subject(proposal, command.regime), command.filed)
    if problems:
        return problems
    _ensure(proposal, command.regime)
    proposal.add(ev.DutyFiled(regime=command.regime, reference=command.reference), command.filed)
    _settle_signatures(proposal, command.regime)
    return ()
