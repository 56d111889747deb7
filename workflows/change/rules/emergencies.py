"""The emergency way (break-glass): one commit is let through, by two persons, or by one now and the second soon after.

Refused are those whose role may not ask, what needs no emergency, and what names no commit. What follows is due: a
second person within the policy's time, a retrospective review, and each requirement that was skipped.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from config.policy.ids import Mode, Role, SecondPersonRule
from workflows.access import seen_by
from workflows.change.codes import EmergencyEnd, Finding, Refusal, Remedy
from workflows.change.emergency import Emergency
from workflows.change.emergency_commands import BreakGlass, ConfirmEmergency, EndEmergency, LinkEmergency
from workflows.change.emergency_events import EmergencyConfirmed, EmergencyEnded, EmergencyLinked, EmergencyOpened
from workflows.change.linking import carried
from workflows.change.requirements.plan import involved
from workflows.change.rules import deploying
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import evaluate, inputs_for, named, open_finding
from workflows.change.rules.owing import demand
from workflows.change.rules.persons import second_person, seconds
from workflows.change.rules.planning import missing
from workflows.change.state import LinkedRequest
from workflows.change.verdict import deploy_verdict, merge_verdict, mode_of
from workflows.deadlines import end_of_working_day
from workflows.decisions import Reason

SUBJECT: Final = "emergency"
_RULE: Final = SecondPersonRule.EMERGENCY


def break_glass(draft: Draft, command: BreakGlass) -> tuple[Reason, ...]:
    """Open the gates for the present head of a request, or ask a second person to."""
    reasons = list(_may_ask(draft))
    if not command.reason.strip():
        reasons.append(missing("reason"))
    if command.incident and not _names_a_case(draft, command.incident):
        reasons.append(Reason(Refusal.UNKNOWN_CASE, subject="incident", found=command.incident))
    if draft.case.over:
        return (*reasons, Reason(Refusal.OVER, subject=SUBJECT, found=draft.case.state))
    request = _meant(draft, command)
    if isinstance(request, Reason):
        return (*reasons, request)
    head = head_of(draft, request)
    reasons.extend(_needless(draft, request, head))
    if reasons or head is None:
        return tuple(reasons)
    alone = draft.actor.has(*draft.policy.change.emergency.alone)
    days = draft.policy.change.emergency.confirm_working_days
    draft.add(
        EmergencyOpened.model_validate(
            {
                **named(request),
                "emergency": draft.context.new_id(),
                "head": head,
                "reason": command.reason.strip(),
                "alone": alone,
                "second_due": end_of_working_day(draft.policy, draft.now, days),
                "incident": command.incident or None,
            }
        )
    )
    if alone:
        demand(draft)
    judge_now(draft)
    return ()


def confirm_emergency(draft: Draft, command: ConfirmEmergency) -> tuple[Reason, ...]:
    """Agree as the second person, who neither asked nor wrote the request nor asked for the change."""
    waiting = [item for item in draft.case.emergencies if item.waits(draft.now)]
    meant = [item for item in waiting if command.emergency in {None, item.id}]
    if not meant:
        return (Reason(Refusal.UNKNOWN_EMERGENCY, subject=SUBJECT),)
    asked = meant[-1]
    reasons = second_person(draft, _RULE, Remedy.CONFIRM_EMERGENCY, {asked.by, *involved(draft.case)})
    if not reasons:
        draft.add(EmergencyConfirmed(emergency=asked.id))
        demand(draft)
        judge_now(draft)
    return reasons


def end_emergency(draft: Draft, command: EndEmergency) -> tuple[Reason, ...]:
    """Shut the gates again. The timer ends only what no second person agreed to in time."""
    running = [item for item in draft.case.emergencies if item.ended_at is None]
    meant = [item for item in running if command.emergency in {None, item.id}]
    if draft.actor.person is None:
        _lapse(draft, meant)
        return ()
    if not meant:
        return (Reason(Refusal.UNKNOWN_EMERGENCY, subject=SUBJECT),)
    reasons = [] if command.reason.strip() else [missing("reason")]
    able = seconds(draft, _RULE, {meant[-1].by})
    if draft.me != meant[-1].by and not draft.actor.has(*able):
        reasons.append(Reason(Refusal.NOT_ALLOWED, subject=SUBJECT, who=tuple(role.value for role in able)))
    if not reasons:
        end = EmergencyEnded(emergency=meant[-1].id, end=EmergencyEnd.WITHDRAWN, reason=command.reason.strip())
        draft.add(end)
        judge_now(draft)
    return tuple(reasons)


def link_emergency(draft: Draft, command: LinkEmergency) -> tuple[Reason, ...]:
    """Remember the report that was opened for an emergency."""
    known = next((item for item in draft.case.emergencies if item.id == command.emergency), None)
    if known is not None and known.incident is None:
        draft.add(EmergencyLinked(emergency=known.id, incident=command.incident))
    return ()


def head_of(draft: Draft, request: LinkedRequest) -> str | None:
    """The commit that an emergency is about: the head, or the one that was merged."""
    if request.frozen is not None:
        return request.frozen.head
    facts = draft.facts.request(request.ref)
    return facts.head if facts and not facts.contested else None


def judge_now(draft: Draft) -> None:
    """Judge at once, so that nobody waits for a reading; what other changes it carries is judged with them later."""
    told = (draft.facts.request(item.ref) for item in draft.case.requests)
    if not any(carried(facts, draft.case.number) for facts in told if facts):
        evaluate(draft)
    deploying.follow(draft)


def _may_ask(draft: Draft) -> tuple[Reason, ...]:
    given = draft.policy.change.emergency
    able = (*given.roles, *given.alone)
    if draft.actor.person is not None and not {*draft.actor.roles, Role.ENGINEER}.isdisjoint(able):
        return ()
    who = tuple(dict.fromkeys(role.value for role in able))
    return (Reason(Refusal.NOT_ALLOWED, subject=SUBJECT, who=who),)


def _names_a_case(draft: Draft, number: str) -> bool:
    """What the actor may not see and what does not exist are the same."""
    other = draft.context.related.get(number)
    return other is not None and seen_by(other, draft.actor)


def _meant(draft: Draft, command: BreakGlass) -> LinkedRequest | Reason:
    listed = draft.case.requests
    if command.request is not None:
        found = draft.case.request(command.request)
        return found or Reason(Refusal.NOT_LINKED, subject="request")
    if not listed:
        return Reason(Refusal.NO_HEAD, subject="request")
    return listed[0] if len(listed) == 1 else Reason(Refusal.SEVERAL_REQUESTS, subject="request")


def _needless(draft: Draft, request: LinkedRequest, head: str | None) -> tuple[Reason, ...]:
    if head is None:
        return (Reason(Refusal.NO_HEAD, subject="request"),)
    key = (str(request.ref), head)
    at = draft.now
    known = [item for item in draft.case.emergencies if (item.request, item.head) == key]
    # Who may open alone need not wait for the answer to somebody else's question.
    alone = draft.actor.has(*draft.policy.change.emergency.alone)
    if any(item.counts(at) or (item.waits(at) and not alone) for item in known):
        return (Reason(Refusal.EMERGENCY_KNOWN, subject=SUBJECT, found=head[:7]),)
    return () if _held(draft, request, head) else (Reason(Refusal.NOT_HELD, subject=SUBJECT, found=head[:7]),)


def _held(draft: Draft, request: LinkedRequest, head: str) -> bool:
    """Whether something holds the merge or, once merged, a deployment."""
    inputs, repository = inputs_for(draft, request), draft.facts.repository(request.ref)
    if mode_of(inputs, repository) is Mode.OBSERVE:
        return False
    if request.merge_commit is None:
        return not merge_verdict(inputs, repository, head).opens or request.verdict is None or not request.verdict.opens
    commit = draft.facts.commit(request.ref, request.merge_commit)
    there = (replace(inputs, commit=commit, environment=place) for place in inputs.rules.environments)
    return any(not deploy_verdict(one, repository, request.merge_commit).opens for one in there)


def _lapse(draft: Draft, running: list[Emergency]) -> None:
    for item in running:
        if item.second_at is None and item.second_due <= draft.now:
            _unconfirmed(draft, item, item.second_due)


def _unconfirmed(draft: Draft, item: Emergency, at: datetime) -> None:
    """Without a second person: the gate shuts; where it stood open that is a finding."""
    draft.add(EmergencyEnded(emergency=item.id, end=EmergencyEnd.UNCONFIRMED), occurred_at=at)
    request = draft.case.numbered().get(item.request)
    if item.alone and request is not None:
        open_finding(draft, request, Finding.EMERGENCY_UNCONFIRMED, commit=item.head, by=item.by)
    judge_now(draft)
