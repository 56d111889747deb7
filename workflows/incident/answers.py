"""From answers as given to events. Each problem is a reason; what is in order is recorded in any case."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from config.policy.ids import CaseRole, Criterion, Role
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.choices import Cause, CorrectiveNeed, Credentials, DutyAnswer, EvidenceKept, ReviewForm
from workflows.incident.codes import Code
from workflows.incident.commands import DecideDuty, FileDuty, Given
from workflows.incident.criteria.registry import is_exemptible
from workflows.incident.criteria.rule import WORKERS
from workflows.incident.duty_rules import decide_duty, file_duty
from workflows.incident.situation import Proposal, Situation
from workflows.incident.terms import ActionKind, DutyDecision, TaskKind

Reasons = tuple[Reason, ...]
Taker = Callable[[Proposal, Given], Reasons]


def take(proposal: Proposal, given: Given) -> Reasons:
    """Record an answer, or an exemption. Nothing given is no answer and no problem."""
    if given.skip:
        return exempt(proposal, given.criterion, given.skip)
    if given == Given(criterion=given.criterion):
        return ()
    taker = TAKERS.get(given.criterion)
    if taker is None:
        return (_problem(Code.INVALID, given, expected="assess", found="answer"),)
    return taker(proposal, given)


def exempt(proposal: Proposal, criterion: Criterion, because: str) -> Reasons:
    """Record that a criterion does not apply."""
    if not because:
        return (Reason(Code.NEEDS_REASON, subject=criterion.value, who=WORKERS),)
    if not is_exemptible(criterion):
        return (Reason(Code.NOT_EXEMPTIBLE, subject=criterion.value, who=WORKERS),)
    proposal.add(ev.Exempted(criterion=criterion, because=because))
    return ()


def in_future(situation: Situation, subject: str, *times: datetime | None) -> Reasons:
    """The refusal of times that should be past."""
    late = any(time is not None and time > situation.now for time in times)
    return (Reason(Code.IN_FUTURE, subject=subject),) if late else ()


def _problem(code: Code, given: Given, expected: str = "", found: str = "") -> Reason:
    return Reason(code, given.criterion.value, expected, found, WORKERS, "answer")


def _needs(given: Given, *parts: str) -> Reasons:
    left = [part for part in parts if not getattr(given, part)]
    return (_problem(Code.NEEDS_TEXT, given, expected=" ".join(left)),) if left else ()


def _choice(given: Given, possible: type[Cause | Credentials | EvidenceKept | ReviewForm | CorrectiveNeed]) -> Reasons:
    known = [choice.value for choice in possible]
    if given.choice in known:
        return ()
    return (_problem(Code.INVALID, given, expected=" ".join(known), found=given.choice),)


def _record(proposal: Proposal, given: Given, **instead: object) -> Reasons:
    values: dict[str, object] = {
        "text": given.text or None,
        "detail": given.detail or None,
        "choice": given.choice or None,
        "choices": given.choices,
        "when": given.when,
        "person": proposal.situation.of(given.person),
    }
    proposal.add(ev.Answered.model_validate({"criterion": given.criterion, **values, **instead}))
    return ()


def _text(proposal: Proposal, given: Given) -> Reasons:
    return _needs(given, "text") or _record(proposal, given)


def _root_cause(proposal: Proposal, given: Given) -> Reasons:
    """`detail` is the tag by which a recurrence is found."""
    sure = given.choice or Cause.HYPOTHESIS.value
    problems = _needs(given, "text") or (_choice(given, Cause) if given.choice else ())
    return problems or _record(proposal, given, choice=sure)


def _containment(proposal: Proposal, given: Given) -> Reasons:
    """`detail` is the result, `when` the time of the action."""
    problems = _needs(given, "text", "detail") + in_future(proposal.situation, given.criterion.value, given.when)
    if not problems:
        done = ev.ActionRecorded(action=ActionKind.CONTAINMENT, text=given.text, result=given.detail)
        proposal.add(done, given.when)
    return problems


def _evidence(proposal: Proposal, given: Given) -> Reasons:
    """`text` is what was kept and `detail` where, or `text` is why there is none."""
    problems = _choice(given, EvidenceKept) + _needs(given, "text")
    problems += in_future(proposal.situation, given.criterion.value, given.when)
    if problems:
        return problems
    if given.choice == EvidenceKept.NONE:
        return _record(proposal, given)
    proposal.add(ev.EvidenceRecorded(description=given.text, location=given.detail or None), given.when)
    return ()


def _credentials(proposal: Proposal, given: Given) -> Reasons:
    """None found: who checked. Rotation running: its task."""
    rotating = given.choice == Credentials.ROTATION
    problems = _choice(given, Credentials) + (_needs(given, "text") if rotating else ())
    if problems:
        return problems
    person = proposal.situation.of(given.person)
    if rotating:
        task = ev.TaskOpened(task=TaskKind.ROTATION, text=given.text, owner=person, due=given.when)
        proposal.add(task)
    return _record(proposal, given, person=person or proposal.situation.me)


def _monitoring(proposal: Proposal, given: Given) -> Reasons:
    return _needs(given, "when") or _record(proposal, given)


def _declared(proposal: Proposal, given: Given) -> Reasons:
    """Who declares it; without a name, who answers."""
    person = proposal.situation.of(given.person) or proposal.situation.me
    if person is None:
        return (_problem(Code.NEEDS_TEXT, given, expected="person"),)
    return _record(proposal, given, person=person)


def _owner_agrees(proposal: Proposal, given: Given) -> Reasons:
    """The one who agrees has to be a service owner."""
    situation = proposal.situation
    person = situation.of(given.person) or situation.me
    if person is None or Role.SERVICE_OWNER not in situation.standing(person):
        return (_problem(Code.INVALID, given, expected=Role.SERVICE_OWNER.value, found="person"),)
    return _record(proposal, given, person=person)


def _review_held(proposal: Proposal, given: Given) -> Reasons:
    """`when` it was held, as what (`choice`), who took part by role (`choices`)."""
    roles = {role.value for role in (*Role, *CaseRole)}
    problems = _choice(given, ReviewForm) + _needs(given, "when", "choices")
    problems += in_future(proposal.situation, given.criterion.value, given.when)
    unknown = [role for role in given.choices if role not in roles]
    if unknown:
        problems += (_problem(Code.INVALID, given, expected="role", found=" ".join(unknown)),)
    return problems or _record(proposal, given)


def _corrective(proposal: Proposal, given: Given) -> Reasons:
    """`text`, `person` and `when` of a corrective action, or `text` why none is needed."""
    none = given.choice == CorrectiveNeed.NONE
    problems = _choice(given, CorrectiveNeed) + (
        _needs(given, "text") if none else _needs(given, "text", "person", "when")
    )
    if problems:
        return problems
    if none:
        return _record(proposal, given)
    owner = proposal.situation.of(given.person)
    proposal.add(ev.CorrectiveOpened.model_validate({"text": given.text, "owner": owner, "due": given.when}))
    return ()


def _duties(proposal: Proposal, given: Given) -> Reasons:
    """Decides all duties that are open: not required (`text` says why), or filed (`text` is the reference)."""
    known = {answer.value for answer in DutyAnswer}
    if given.choice not in known:
        return (_problem(Code.INVALID, given, expected=" ".join(sorted(known)), found=given.choice),)
    problems: Reasons = ()
    for duty in proposal.case.duties:
        if duty.is_settled or duty.decision is DutyDecision.NOT_REQUIRED:
            continue
        if given.choice == DutyAnswer.FILED:
            problems += file_duty(proposal, FileDuty(regime=duty.regime, reference=given.text, filed=given.when))
        else:
            problems += decide_duty(proposal, DecideDuty(regime=duty.regime, required=False, reason=given.text))
    return problems


def _retention(proposal: Proposal, given: Given) -> Reasons:
    policy = proposal.situation.policy
    if policy.retention_class(given.choice) is None:
        known = " ".join(entry.id for entry in policy.retention_classes)
        return (_problem(Code.INVALID, given, expected=known, found=given.choice),)
    return _record(proposal, given)


TAKERS: Final[Mapping[Criterion, Taker]] = MappingProxyType(
    {
        Criterion.DISMISSAL_REASON: _text,
        Criterion.CONTAINMENT_ACTION: _containment,
        Criterion.EVIDENCE: _evidence,
        Criterion.CREDENTIALS: _credentials,
        Criterion.ROOT_CAUSE: _root_cause,
        Criterion.ENTRY_PATH: _text,
        Criterion.SIMILAR_SYSTEMS: _text,
        Criterion.RESTORE_SOURCE: _text,
        Criterion.SYSTEMS_VERIFIED: _text,
        Criterion.MONITORING_OVER: _monitoring,
        Criterion.RECOVERY_DECLARED: _declared,
        Criterion.SERVICE_OWNER_AGREES: _owner_agrees,
        Criterion.REVIEW_HELD: _review_held,
        Criterion.PROCESS_CAUSE: _text,
        Criterion.LESSONS: _text,
        Criterion.CORRECTIVE_ACTION: _corrective,
        Criterion.DUTIES_DECIDED: _duties,
        Criterion.RETENTION_CLASS: _retention,
    }
)
"""How each answer is taken. The other criteria are met by an assessment, another step, or another person."""
