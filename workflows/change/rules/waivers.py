"""Waivers: a requirement done without for a time, with a measure instead, granted by somebody else (A.5.3, A.5.36)."""

from datetime import timedelta

from config.policy.ids import SecondPersonRule
from workflows.change.codes import Refusal, WaiverEnd, WaiverScope
from workflows.change.commands import EndWaiver, GrantWaiver, RequestWaiver
from workflows.change.events import WaiverEnded, WaiverGranted, WaiverRequested
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import settle
from workflows.change.rules.persons import seconds
from workflows.change.rules.planning import missing
from workflows.change.state import Waiver
from workflows.decisions import Reason


def request_waiver(draft: Draft, command: RequestWaiver) -> tuple[Reason, ...]:
    """Ask for a waiver: with reason, measure, owner, and an end that the policy allows."""
    reasons = [missing(name) for name in ("reason", "measure") if not getattr(command, name).strip()]
    if draft.case.over:
        reasons.append(Reason(Refusal.OVER, subject="waiver", found=draft.case.state))
    longest = draft.policy.change.waiver_max_days
    if command.expires <= draft.now:
        reasons.append(Reason(Refusal.WAIVER_EXPIRED, subject="expires"))
    if command.expires > draft.now + timedelta(days=longest):
        reasons.append(Reason(Refusal.WAIVER_TOO_LONG, subject="expires", expected=str(longest)))
    place = draft.case.requests[0] if draft.case.requests else None
    shared = command.scope is WaiverScope.REPOSITORY
    if shared and place is None:
        reasons.append(Reason(Refusal.NOT_LINKED, subject="repository"))
    if reasons:
        return tuple(reasons)
    draft.add(
        WaiverRequested(
            waiver=draft.context.new_id(),
            requirement=command.requirement,
            scope=command.scope,
            reason=command.reason.strip(),
            measure=command.measure.strip(),
            owner=draft.cast.of(command.owner),
            expires=command.expires,
            forge=place.forge if shared and place else None,
            repository_id=place.repository_id if shared and place else None,
        )
    )
    return ()


def grant_waiver(draft: Draft, command: GrantWaiver) -> tuple[Reason, ...]:
    """Grant a waiver, by a risk owner who did not ask for it, while there is still time left on it."""
    waiver = _meant(draft, command)
    if waiver is None:
        return (Reason(Refusal.UNKNOWN_WAIVER, subject="waiver"),)
    able = seconds(draft, SecondPersonRule.WAIVER, {waiver.requested_by} if waiver.requested_by else ())
    roles = tuple(role.value for role in able)
    reasons: list[Reason] = []
    if waiver.granted_at is not None or waiver.ended_at is not None:
        reasons.append(Reason(Refusal.WAIVER_DECIDED, subject=waiver.requirement))
    if waiver.expires <= draft.now:
        reasons.append(Reason(Refusal.WAIVER_EXPIRED, subject=waiver.requirement))
    rule = SecondPersonRule.WAIVER.value
    if draft.me is None or draft.me == waiver.requested_by:
        reasons.append(Reason(Refusal.SECOND_PERSON, subject=rule, who=roles))
    if not draft.actor.has(*able):
        reasons.append(Reason(Refusal.NOT_ALLOWED, subject=rule, who=roles))
    if not reasons:
        draft.add(WaiverGranted(waiver=waiver.id))
        settle(draft)
    return tuple(reasons)


def end_waiver(draft: Draft, command: EndWaiver) -> tuple[Reason, ...]:
    """End a waiver. The timer only ends what is over; what ended already it leaves alone."""
    waiver = draft.case.waiver(command.waiver)
    if waiver is None:
        return (Reason(Refusal.UNKNOWN_WAIVER, subject="waiver"),)
    if draft.actor.person is None:
        settle(draft)
        return ()
    if waiver.ended_at is not None:
        return (Reason(Refusal.WAIVER_DECIDED, subject=waiver.requirement),)
    draft.add(WaiverEnded(waiver=waiver.id, end=WaiverEnd.WITHDRAWN))
    settle(draft)
    return ()


def _meant(draft: Draft, command: GrantWaiver) -> Waiver | None:
    if command.waiver is not None:
        return draft.case.waiver(command.waiver)
    fitting = [item for item in draft.case.waivers if item.requirement is command.requirement]
    undecided = [item for item in fitting if item.granted_at is None and item.ended_at is None]
    return next(reversed(undecided or fitting), None)
