"""From answers as given to events. Each problem is a reason; what is in order is recorded in any case."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from config.policy.criteria import CriterionId
from config.policy.ids import CaseRole, Criterion, Role
from config.policy.models import Policy
from workflows.actors import Pseudonym
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.choices import Cause, CorrectiveNeed, Credentials, DutyAnswer, EvidenceKept, ReviewForm
from workflows.incident.codes import Code
from workflows.incident.commands import DecideDuty, FileDuty, Given
from workflows.incident.criteria.own import left_to_others
from workflows.incident.criteria.registry import is_ever_exemptible, is_exemptible
from workflows.incident.criteria.rule import WORKERS
from workflows.incident.duty_rules import decide_duty, file_duty
from workflows.incident.plausible import already_over, before_report
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
    barred = not_theirs(proposal.situation, given.criterion)
    if barred:
        return barred
    taker = TAKERS.get(given.criterion) if isinstance(given.criterion, Criterion) else _text
    if taker is None:
        return (_problem(Code.INVALID, given, expected="assess", found="answer"),)
    return taker(proposal, given)


def exempt(proposal: Proposal, criterion: CriterionId, because: str) -> Reasons:
    """Record that a criterion does not apply."""
    policy = proposal.situation.policy
    barred = not_theirs(proposal.situation, criterion)
    if barred:
        return barred
    if not because:
        return (Reason(Code.NEEDS_REASON, subject=str(criterion), who=WORKERS),)
    if not is_exemptible(policy, criterion):
        code = Code.NEVER_EXEMPT if is_ever_exemptible(criterion) else Code.NOT_EXEMPTIBLE
        return (Reason(code, subject=str(criterion), who=WORKERS),)
    proposal.add(ev.Exempted.model_validate({**asked(policy, criterion), "because": because}))
    return ()


def asked(policy: Policy, criterion: CriterionId) -> dict[str, object]:
    """What an entry says about the question: the criterion, and of an added one how it was asked at that time."""
    own = policy.criteria.own(criterion)
    words = {} if own is None else own.model_dump(include={"leaving", "question_en", "question_de"})
    return {"criterion": criterion, **words}


def not_theirs(situation: Situation, criterion: CriterionId) -> Reasons:
    """The refusal of an answer that the policy leaves to others, with who they are (A.5.15), or asks no more."""
    if not isinstance(criterion, Criterion) and situation.policy.criteria.own(criterion) is None:
        return (Reason(Code.UNKNOWN_CRITERION, str(criterion)),)
    others = left_to_others(situation.policy, criterion, situation.roles())
    return (Reason(Code.NOT_ALLOWED, str(criterion), who=others, remedy="answer"),) if others else ()


def in_future(situation: Situation, subject: str, *times: datetime | None) -> Reasons:
    """The refusal of times that should be past."""
    late = any(time is not None and time > situation.now for time in times)
    return (Reason(Code.IN_FUTURE, subject=subject),) if late else ()


def _problem(code: Code, given: Given, expected: str = "", found: str = "") -> Reason:
    return Reason(code, str(given.criterion), expected, found, WORKERS, "answer")


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
    question = asked(proposal.situation.policy, given.criterion)
    proposal.add(ev.Answered.model_validate({**question, **values, **instead}))
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
    problems = _needs(given, "text", "detail") + in_future(proposal.situation, str(given.criterion), given.when)
    if not problems:
        done = ev.ActionRecorded(action=ActionKind.CONTAINMENT, text=given.text, result=given.detail)
        proposal.add(done, given.when)
    return problems


def _evidence(proposal: Proposal, given: Given) -> Reasons:
    """`text` is what was kept and `detail` where, or `text` is why there is none."""
    problems = _choice(given, EvidenceKept) + _needs(given, "text")
    problems += in_future(proposal.situation, str(given.criterion), given.when)
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
    problems += already_over(proposal.situation, str(given.criterion), given.when) if rotating else ()
    if problems:
        return problems
    person = proposal.situation.of(given.person)
    if rotating:
        task = ev.TaskOpened(task=TaskKind.ROTATION, text=given.text, owner=person, due=given.when)
        proposal.add(task)
    return _record(proposal, given, person=person or proposal.situation.me)


def _monitoring(proposal: Proposal, given: Given) -> Reasons:
    problems = _needs(given, "when") + before_report(proposal.situation, str(given.criterion), given.when)
    return problems or _record(proposal, given)


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
    return not_service_owner(situation, str(given.criterion), person) or _record(proposal, given, person=person)


def not_service_owner(situation: Situation, subject: str, person: Pseudonym | None) -> Reasons:
    """The refusal of somebody who is no service owner by the policy."""
    if person is not None and Role.SERVICE_OWNER in situation.standing(person):
        return ()
    return (Reason(Code.NO_SERVICE_OWNER, subject=subject, remedy="answer"),)


def _review_held(proposal: Proposal, given: Given) -> Reasons:
    """`when` it was held, as what (`choice`), who took part by role (`choices`)."""
    roles = {role.value for role in (*Role, *CaseRole)}
    problems = _choice(given, ReviewForm) + _needs(given, "when", "choices")
    problems += in_future(proposal.situation, str(given.criterion), given.when)
    problems += before_report(proposal.situation, str(given.criterion), given.when)
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
    problems += () if none else already_over(proposal.situation, str(given.criterion), given.when)
    if problems:
        return problems
    if none:
        return _record(proposal, given)
    owner = proposal.situation.of(given.person)
    proposal.add(ev.CorrectiveOpened.model_validate({"text": given.text, "owner": owner, "due": given.when}))
    return ()


def _duties(proposal: Proposal, given: Given) -> Reasons:
    """Settles the duties that are open: not required (`text` says why), or filed (`text` is the reference).

    One text is no reference of two notifications, and does not take back that a duty was decided to be required.
    """
    known = {answer.value for answer in DutyAnswer}
    if given.choice not in known:
        return (_problem(Code.INVALID, given, expected=" ".join(sorted(known)), found=given.choice),)
    left = [one for one in proposal.case.duties if not one.is_settled and one.decision is not DutyDecision.NOT_REQUIRED]
    filed = given.choice == DutyAnswer.FILED
    apart = [one.regime for one in left if one.decision is DutyDecision.REQUIRED or filed]
    if apart and (len(apart) > 1 or not filed):
        return (Reason(Code.ONE_BY_ONE, str(given.criterion), expected=" ".join(apart), remedy="duty"),)
    problems: Reasons = ()
    for duty in left:
        if filed:
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
