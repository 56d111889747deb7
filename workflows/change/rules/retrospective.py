"""Retrospective reviews, held by somebody who did not act; late ones are escalated. Skipped requirements are settled.

The change is not done before (A.8.32, A.5.27).
"""

from config.policy.ids import SecondPersonRule
from workflows.actors import Pseudonym
from workflows.change.codes import Escalation, Refusal, Remedy, Settlement
from workflows.change.emergency_commands import EscalateReview, HoldReview, SettleOwed
from workflows.change.emergency_events import RequirementSettled, RetrospectiveEscalated, RetrospectiveHeld
from workflows.change.requirements.plan import involved
from workflows.change.rules import deploying
from workflows.change.rules.draft import Draft
from workflows.change.rules.persons import second_person
from workflows.change.rules.planning import missing
from workflows.change.state import ChangeCase
from workflows.decisions import Reason


def hold_review(draft: Draft, command: HoldReview) -> tuple[Reason, ...]:
    """Record the review, by somebody other than those who broke the glass or went past the gate."""
    review = draft.case.review
    if review is None:
        return (Reason(Refusal.NO_REVIEW, subject="review"),)
    reasons = [missing(name) for name in ("account", "prevention") if not getattr(command, name).strip()]
    barred = {*acted(draft.case), *involved(draft.case)}
    reasons.extend(second_person(draft, SecondPersonRule.CHANGE_REVIEW, Remedy.HOLD_REVIEW, barred))
    if not reasons:
        draft.add(
            RetrospectiveHeld(
                review=review.id,
                justified=command.justified,
                account=command.account.strip(),
                prevention=command.prevention.strip(),
                follow_up=command.follow_up.strip() or None,
            )
        )
        deploying.follow(draft)
    return tuple(reasons)


def settle_owed(draft: Draft, command: SettleOwed) -> tuple[Reason, ...]:
    """Settle a requirement wherever it is due. A risk is accepted by whoever answers for it, and did not act."""
    due = [item for item in draft.case.open_owed if item.requirement is command.requirement]
    if not due:
        return (Reason(Refusal.NOT_OWED, subject=command.requirement.value),)
    reasons = [] if command.note.strip() else [missing("settle_note")]
    if command.settlement is Settlement.ACCEPTED:
        barred = {*acted(draft.case), *involved(draft.case)}
        reasons.extend(second_person(draft, SecondPersonRule.ACCEPTANCE, Remedy.SETTLE, barred))
    if not reasons:
        for item in due:
            draft.add(RequirementSettled(owed=item.id, settlement=command.settlement, note=command.note.strip()))
        deploying.follow(draft)
    return tuple(reasons)


def escalate_review(draft: Draft, command: EscalateReview) -> tuple[Reason, ...]:
    """Remind the owner when the review is late, and the ISB when it still is. Each once."""
    review = draft.case.review
    if review is None or review.id != command.review or draft.now < review.due:
        return ()
    to = Escalation.ISB if draft.now >= review.escalate_at else Escalation.OWNER
    if to not in review.escalated:
        draft.add(RetrospectiveEscalated(review=review.id, to=to))
    return ()


def acted(case: ChangeCase) -> frozenset[Pseudonym]:
    """Who broke the glass, and who went past the gate, as far as it is known."""
    broke = (item.by for item in case.emergencies if item.opened_at is not None)
    went = (item.by for item in case.findings if item.by is not None and item.cleared_at is None)
    return frozenset((*broke, *went))
