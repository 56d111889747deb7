"""Leaving `identify`: to `contain`, `dismissed`, or as near miss to `review` (A.5.25)."""

from collections.abc import Callable
from typing import Final

from config.policy.ids import Criterion, Role, SecondPersonRule, Severity
from workflows.actors import Pseudonym
from workflows.incident.codes import Code
from workflows.incident.criteria.rule import MET, Finding, Missing, Rule, answered, met_if, on_record
from workflows.incident.merging import not_the_original
from workflows.incident.others import other_case
from workflows.incident.second import Second, judge, who
from workflows.incident.situation import Situation
from workflows.incident.state import IncidentCase
from workflows.incident.terms import DISMISSED_KINDS, Goal, Kind

SEVERE: Final = (Severity.S1, Severity.S2)


def assessed_as(*kinds: Kind, with_reason: bool = True) -> Callable[[Situation], Finding]:
    """Assessed as one of these kinds, with a reason."""

    def check(situation: Situation) -> Finding:
        assessment = situation.case.assessment
        if assessment is None or assessment.kind not in kinds:
            expected = " ".join(kind.value for kind in kinds)
            return Missing(expected=expected, found=situation.case.kind.value)
        return met_if(not with_reason or on_record(assessment.reason), Missing(expected="reason"))

    return check


def category(situation: Situation) -> Finding:
    """A category of the policy."""
    return met_if(on_record(situation.case.category))


def impact(situation: Situation) -> Finding:
    """All four protection goals; "unknown" will do for now."""
    left = [goal.value for goal in Goal if goal not in situation.case.impact]
    return met_if(not left, Missing(expected=" ".join(left)))


def severity(situation: Situation) -> Finding:
    """A severity: it follows from impact and spread, or was set with a reason."""
    case = situation.case
    return met_if(case.severity is not None, Missing(expected="" if case.spread else "spread"))


def lead(situation: Situation) -> Finding:
    """Somebody leads."""
    return met_if(situation.case.lead)


def personal_data(situation: Situation) -> Finding:
    """Yes, no or unknown."""
    return met_if(situation.case.personal_data)


def affected(situation: Situation) -> Finding:
    """The asset or product concerned."""
    return met_if(on_record(situation.case.affected))


def dismissal_reason(situation: Situation) -> Finding:
    """Why this is no incident: as reason of the assessment, or as an answer."""
    assessment = situation.case.assessment
    if assessment is not None and assessment.kind in DISMISSED_KINDS and on_record(assessment.reason):
        return MET
    return answered(Criterion.DISMISSAL_REASON)(situation)


def needs_confirmation(situation: Situation) -> bool:
    """Whether a dismissal takes a second person: S1, S2, or a watched category, now or ever."""
    case = situation.case
    if case.worst in SEVERE or case.watched:
        return True
    known = situation.policy.category(case.category) if isinstance(case.category, str) else None
    return known is not None and known.watched


def dismissal_confirmed(situation: Situation) -> Finding:
    """Confirmed by a second person, or the actor is that person, or management will countersign."""
    case = situation.case
    if case.dismissal_confirmed_by or not needs_confirmation(situation):
        return MET
    if judge(situation, SecondPersonRule.DISMISSAL, assessor(situation)) is not Second.REFUSED:
        return MET
    return Missing(who=who(situation, SecondPersonRule.DISMISSAL))


def assessor(situation: Situation) -> Pseudonym | None:
    """Who decided the kind."""
    assessment = situation.case.assessment
    return assessment.by if assessment else None


def duplicate_of(situation: Situation) -> Finding:
    """A duplicate names the case it repeats, in which it goes on: one that ended meanwhile is not that any more."""
    case = situation.case
    if case.kind is not Kind.DUPLICATE or case.duplicate_id is None or not isinstance(case.duplicate_of, str):
        return met_if(case.kind is not Kind.DUPLICATE or case.duplicate_id)
    other = other_case(situation, case.duplicate_of)
    against = not_the_original(situation, other) if isinstance(other, IncidentCase) else ()
    return met_if(not against, *(Missing(Code(one.code), one.expected, one.found) for one in against))


TO_CONTAIN: Final = (
    Rule(Criterion.ASSESSMENT, assessed_as(Kind.INCIDENT), "assess", exemptible=False),
    Rule(Criterion.CATEGORY, category, "assess"),
    Rule(Criterion.IMPACT, impact, "assess"),
    Rule(Criterion.SEVERITY, severity, "assess"),
    Rule(Criterion.LEAD, lead, "role lead"),
    Rule(Criterion.PERSONAL_DATA, personal_data, "assess", exemptible=False),
    Rule(Criterion.AFFECTED, affected, "assess"),
)
TO_DISMISSED: Final = (
    Rule(Criterion.ASSESSMENT, assessed_as(*DISMISSED_KINDS, with_reason=False), "assess", exemptible=False),
    Rule(Criterion.DISMISSAL_REASON, dismissal_reason, "assess"),
    Rule(Criterion.DISMISSAL_CONFIRMED, dismissal_confirmed, "confirm", (Role.ISB.value,), exemptible=False),
    Rule(Criterion.DUPLICATE_OF, duplicate_of, "assess"),
)
TO_REVIEW: Final = (Rule(Criterion.ASSESSMENT, assessed_as(Kind.NEAR_MISS), "assess", exemptible=False),)
