"""Folding the parts of a case: notes, actions, evidence, tasks, corrective actions, duties, overrides, due items."""

from config.policy.ids import SecondPersonRule
from workflows.events import Recorded
from workflows.incident import events as ev
from workflows.incident.changes import Changes, numbered, replaced
from workflows.incident.items import Action, Corrective, DueItem, Duty, Evidence, NoteItem, Override, Task
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState, DutyDecision, OverrideState


def noted(case: IncidentCase, event: ev.Noted, recorded: Recorded) -> Changes:
    """A note."""
    note = NoteItem(
        seq=recorded.seq,
        text=event.text,
        corrects=event.corrects,
        by=recorded.by,
        occurred_at=recorded.when,
        at=recorded.at,
    )
    return {"notes": (*case.notes, note)}


def action_recorded(case: IncidentCase, event: ev.ActionRecorded, recorded: Recorded) -> Changes:
    """A response action."""
    action = Action(
        no=len(case.actions) + 1,
        kind=event.action,
        text=event.text,
        result=event.result,
        done=event.done,
        by=recorded.by,
        at=recorded.when,
    )
    return {"actions": (*case.actions, action)}


def evidence_recorded(case: IncidentCase, event: ev.EvidenceRecorded, recorded: Recorded) -> Changes:
    """A piece of evidence."""
    same = {name: getattr(event, name) for name in ev.EvidenceRecorded.model_fields if name != "collected_by"}
    item = Evidence(
        no=len(case.evidence) + 1,
        collected_at=recorded.when,
        collected_by=event.collected_by or recorded.by,
        **same,
    )
    return {"evidence": (*case.evidence, item)}


def task_opened(case: IncidentCase, event: ev.TaskOpened, _recorded: Recorded) -> Changes:
    """A task."""
    task = Task(no=len(case.tasks) + 1, kind=event.task, text=event.text, owner=event.owner, due=event.due)
    return {"tasks": (*case.tasks, task)}


def task_done(case: IncidentCase, event: ev.TaskDone, recorded: Recorded) -> Changes:
    """A task is done."""
    done = {"done_at": recorded.when, "done_by": recorded.by, "result": event.result}
    return {"tasks": replaced(case.tasks, where=numbered(event.no), **done)}


def corrective_opened(case: IncidentCase, event: ev.CorrectiveOpened, _recorded: Recorded) -> Changes:
    """A corrective action."""
    action = Corrective(no=len(case.correctives) + 1, text=event.text, owner=event.owner, due=event.due)
    return {"correctives": (*case.correctives, action)}


def corrective_done(case: IncidentCase, event: ev.CorrectiveDone, recorded: Recorded) -> Changes:
    """Done; its effect is still open."""
    done = {
        "state": CorrectiveState.DONE,
        "done_at": recorded.when,
        "result": event.result,
        "check_due": event.check_due,
    }
    return {"correctives": replaced(case.correctives, where=numbered(event.no), **done)}


def corrective_checked(case: IncidentCase, event: ev.CorrectiveChecked, recorded: Recorded) -> Changes:
    """Effective, or not."""
    checked = {
        "state": CorrectiveState.EFFECTIVE if event.effective else CorrectiveState.NOT_EFFECTIVE,
        "checked_at": recorded.when,
        "checked_by": recorded.by,
        "finding": event.finding,
    }
    return {"correctives": replaced(case.correctives, where=numbered(event.no), **checked)}


def corrective_reopened(case: IncidentCase, event: ev.CorrectiveReopened, _recorded: Recorded) -> Changes:
    """Open again; what was said of its effect stays readable in the ledger."""
    old = next((action.reopened for action in case.correctives if action.no == event.no), ())
    again = {
        "state": CorrectiveState.OPEN,
        "done_at": None,
        "result": None,
        "check_due": None,
        "reopened": (*old, event.cause),
    }
    return {"correctives": replaced(case.correctives, where=numbered(event.no), **again)}


def duty_opened(case: IncidentCase, event: ev.DutyOpened, recorded: Recorded) -> Changes:
    """A duty that may apply. One that was decided before is open again: the decision no longer holds."""
    if case.duty(event.regime) is not None:
        again = {"reason": None, "decided_by": None, "decided_at": None, "second": None}
        return _duty(case, event.regime, opened_at=recorded.at, decision=DutyDecision.UNDECIDED, **again)
    duty = Duty(regime=event.regime, opened_at=recorded.at, alarm_from=event.alarm_from)
    return {"duties": (*case.duties, duty)}


def _duty(case: IncidentCase, regime: str | None, **changes: object) -> Changes:
    return {"duties": replaced(case.duties, where=lambda duty: duty.regime == regime, **changes)}


def duty_decided(case: IncidentCase, event: ev.DutyDecided, recorded: Recorded) -> Changes:
    """A decision, which needs its second person anew."""
    decided = {
        "decision": event.decision,
        "reason": event.reason,
        "decided_by": recorded.by,
        "decided_at": recorded.at,
        "second": None,
    }
    aware = {} if event.aware is None else {"aware": event.aware}
    return _duty(case, event.regime, **decided, **aware)


def duty_confirmed(case: IncidentCase, event: ev.DutyConfirmed, recorded: Recorded) -> Changes:
    """The second person."""
    return _duty(case, event.regime, second=recorded.by)


def duty_filed(case: IncidentCase, event: ev.DutyFiled, recorded: Recorded) -> Changes:
    """The notification was sent."""
    filed = {"filed_at": recorded.when, "filed_by": recorded.by, "reference": event.reference}
    return _duty(case, event.regime, decision=DutyDecision.REQUIRED, **filed)


def override_requested(case: IncidentCase, event: ev.OverrideRequested, recorded: Recorded) -> Changes:
    """An override is asked for."""
    override = Override(
        no=len(case.overrides) + 1, to=event.to, reason=event.reason, asked_by=recorded.by, asked_at=recorded.at
    )
    return {"overrides": (*case.overrides, override)}


def override_granted(case: IncidentCase, event: ev.OverrideGranted, recorded: Recorded) -> Changes:
    """Granted."""
    return _override(case, event.no, OverrideState.GRANTED, event, recorded)


def override_denied(case: IncidentCase, event: ev.OverrideDenied, recorded: Recorded) -> Changes:
    """Denied."""
    return _override(case, event.no, OverrideState.DENIED, event, recorded)


def _override(
    case: IncidentCase, no: int, state: OverrideState, event: ev.OverrideGranted | ev.OverrideDenied, recorded: Recorded
) -> Changes:
    decided = {
        "state": state,
        "decided_by": recorded.by,
        "decided_at": recorded.at,
        "decision_reason": event.reason,
    }
    return {"overrides": replaced(case.overrides, where=numbered(no), **decided)}


def due_opened(case: IncidentCase, event: ev.DueOpened, recorded: Recorded) -> Changes:
    """Something is owed."""
    item = DueItem(
        no=len(case.due_items) + 1,
        kind=event.due_kind,
        criterion=event.criterion,
        rule=event.rule,
        regime=event.regime,
        first=event.first,
        due=event.due,
        opened_at=recorded.at,
    )
    return {"due_items": (*case.due_items, item)}


def due_settled(case: IncidentCase, event: ev.DueSettled, recorded: Recorded) -> Changes:
    """It is there now."""
    return _settled(case, event.no, recorded)


def countersigned(case: IncidentCase, event: ev.Countersigned, recorded: Recorded) -> Changes:
    """Management signed; for a duty it thereby is the second person."""
    settled = _settled(case, event.no, recorded)
    if event.rule is not SecondPersonRule.DUTY:
        return settled
    regime = next((item.regime for item in case.due_items if item.no == event.no), None)
    return {**settled, **_duty(case, regime, second=recorded.by)}


def _settled(case: IncidentCase, no: int, recorded: Recorded) -> Changes:
    now = {"settled_at": recorded.at, "settled_by": recorded.by}
    return {"due_items": replaced(case.due_items, where=numbered(no), **now)}
