"""Leaving `review`: closing a case (A.5.27, A.5.3, 10.2)."""

from typing import Final

from config.policy.ids import CaseRole, Criterion, Impact, Role, SecondPersonRule
from workflows.actors import Pseudonym
from workflows.incident.choices import CorrectiveNeed
from workflows.incident.codes import Code
from workflows.incident.criteria.rule import MET, WORKERS, Finding, Missing, Rule, answered, met_if, on_record
from workflows.incident.items import DueItem, Duty
from workflows.incident.second import Second, judge, who
from workflows.incident.situation import Situation
from workflows.incident.terms import DueKind, DutyDecision, Goal, PersonalData, State


def review_held(situation: Situation) -> Finding:
    """Held as a meeting or by form: its date, and who took part by role."""
    answer = situation.case.answers.get(Criterion.REVIEW_HELD)
    if answer is None:
        return Missing(expected="choice when choices")
    parts = {"choice": answer.choice, "when": answer.when, "choices": answer.choices}
    left = [name for name, value in parts.items() if not value]
    return met_if(not left, Missing(expected=" ".join(left)))


def corrective_action(situation: Situation) -> Finding:
    """A corrective action (owner and due date come with it), or why none is needed."""
    if situation.case.correctives:
        return MET
    answer = situation.case.answers.get(Criterion.CORRECTIVE_ACTION)
    return met_if(answer and answer.choice == CorrectiveNeed.NONE and on_record(answer.text))


def impact_settled(situation: Situation) -> Finding:
    """Neither the impact nor personal data is unknown any more."""
    case = situation.case
    left = [goal.value for goal in Goal if case.impact.get(goal, Impact.UNKNOWN) is Impact.UNKNOWN]
    if case.personal_data in (None, PersonalData.UNKNOWN):
        left.append("personal_data")
    return met_if(not left, Missing(expected=" ".join(left)))


def duties_decided(situation: Situation) -> Finding:
    """Every duty is filed, or not required with a reason and a second person; who closes may be that person."""
    left = [duty for duty in situation.case.duties if not duty.is_settled and not can_confirm(situation, duty)]
    if not left:
        return MET
    undecided = all(duty.decision is DutyDecision.NOT_REQUIRED for duty in left)
    second = who(situation, SecondPersonRule.DUTY) if undecided else ()
    return Missing(expected=" ".join(duty.regime for duty in left), who=second)


def can_confirm(situation: Situation, duty: Duty) -> bool:
    """Whether the actor, by closing, can be the second person of a decision that a duty is not required."""
    decided = duty.decision is DutyDecision.NOT_REQUIRED and duty.reason is not None
    return decided and situation.me is not None and situation.me != duty.decided_by


def led_by(situation: Situation) -> tuple[Pseudonym, ...]:
    """Who may not close: the lead, and whoever led since containment; handing over does not make a second person.

    Without a lead (near miss) it is who assessed.
    """
    return situation.case.leaders


def closed_by_other(situation: Situation) -> Finding:
    """Closed by someone other than the lead; where nobody else can, management has countersigned before."""
    verdict = judge(situation, SecondPersonRule.CLOSE, *led_by(situation))
    if verdict is Second.FITS or any(_signs_this_review(situation, item) for item in situation.case.due_items):
        return MET
    if verdict is Second.OWED:
        return Missing(Code.SECOND_PERSON, who=(Role.MANAGEMENT.value,), remedy="countersign")
    return Missing(Code.SECOND_PERSON, who=who(situation, SecondPersonRule.CLOSE))


def _signs_this_review(situation: Situation, item: DueItem) -> bool:
    """Whether a settled countersignature was asked for in the present review, not in one before a reopening."""
    since = situation.case.entered_at(State.REVIEW)
    signed = item.rule is SecondPersonRule.CLOSE and item.kind is DueKind.COUNTERSIGN and not item.is_open
    return signed and since is not None and item.opened_at >= since and item.first in led_by(situation)


def retention_class(situation: Situation) -> Finding:
    """How long the case is kept."""
    return met_if(situation.case.retention_class)


def no_due_items(situation: Situation) -> Finding:
    """Nothing is owed, apart from the signature for the closing itself: that is a matter of `closed_by.other`."""
    left = [item for item in situation.case.open_due_items if item.rule is not SecondPersonRule.CLOSE]
    if not left:
        return MET
    names = (item.criterion or item.rule for item in left)
    owed = any(item.kind is DueKind.COUNTERSIGN for item in left)
    management = (Role.MANAGEMENT.value,) if owed else ()
    return Missing(expected=" ".join(str(name) for name in names), who=management, remedy="countersign" if owed else "")


CLOSERS: Final = (Role.ISB.value, Role.DEPUTY.value)
DECIDERS: Final = (CaseRole.LEAD.value, Role.ISB.value, Role.DPO.value)

TO_CLOSED: Final = (
    Rule(Criterion.REVIEW_HELD, review_held, "answer"),
    Rule(Criterion.PROCESS_CAUSE, answered(Criterion.PROCESS_CAUSE), "answer"),
    Rule(Criterion.LESSONS, answered(Criterion.LESSONS), "answer"),
    Rule(Criterion.CORRECTIVE_ACTION, corrective_action, "answer"),
    Rule(Criterion.IMPACT_SETTLED, impact_settled, "assess", exemptible=False),
    Rule(Criterion.DUTIES_DECIDED, duties_decided, "duty", DECIDERS, exemptible=False),
    Rule(Criterion.CLOSED_BY_OTHER, closed_by_other, "close", CLOSERS, exemptible=False),
    Rule(Criterion.RETENTION_CLASS, retention_class, "answer"),
    Rule(Criterion.NO_DUE_ITEMS, no_due_items, "answer", WORKERS, exemptible=False),
)
