"""The case after one more entry. Reads its arguments and nothing else, so that a verifier gets the same case."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from workflows.errors import Tampered
from workflows.events import Event, Recorded
from workflows.incident import apply_items as items
from workflows.incident import apply_life as life
from workflows.incident import events as ev
from workflows.incident.apply_drill import DRILL_FOLDS
from workflows.incident.apply_evidence import EVIDENCE_FOLDS
from workflows.incident.apply_export import EXPORT_FOLDS
from workflows.incident.apply_feedback import FEEDBACK_FOLDS
from workflows.incident.apply_handover import HANDOVER_FOLDS
from workflows.incident.apply_merging import MERGING_FOLDS
from workflows.incident.apply_owner import OWNER_FOLDS
from workflows.incident.apply_paging import PAGING_FOLDS
from workflows.incident.apply_tasks import TASK_FOLDS
from workflows.incident.changes import Changes
from workflows.incident.promises import folded
from workflows.incident.second_events import SecondAsked
from workflows.incident.state import IncidentCase
from workflows.workflow import admit

Fold = Callable[[IncidentCase, Any, Recorded], Changes]

FOLDS: Final[Mapping[type[Event], Fold]] = {
    ev.Reported: life.reported,
    ev.Acknowledged: life.acknowledged,
    ev.Assessed: life.assessed,
    ev.Answered: life.answered,
    ev.Exempted: life.exempted,
    ev.Moved: life.moved,
    ev.SeveritySet: life.severity_set,
    ev.VisibilitySet: life.visibility_set,
    ev.RoleAssigned: life.role_assigned,
    SecondAsked: life.second_asked,
    ev.DismissalConfirmed: life.dismissal_confirmed,
    ev.Updated: life.updated,
    ev.CaseLinked: life.case_linked,
    ev.Noted: items.noted,
    ev.ActionRecorded: items.action_recorded,
    ev.EvidenceRecorded: items.evidence_recorded,
    ev.TaskOpened: items.task_opened,
    ev.TaskDone: items.task_done,
    ev.CorrectiveOpened: items.corrective_opened,
    ev.CorrectiveDone: items.corrective_done,
    ev.CorrectiveChecked: items.corrective_checked,
    ev.CorrectiveReopened: items.corrective_reopened,
    ev.DutyOpened: items.duty_opened,
    ev.DutyDecided: items.duty_decided,
    ev.DutyConfirmed: items.duty_confirmed,
    ev.DutyFiled: items.duty_filed,
    ev.OverrideRequested: items.override_requested,
    ev.OverrideGranted: items.override_granted,
    ev.OverrideDenied: items.override_denied,
    ev.DueOpened: items.due_opened,
    ev.DueSettled: items.due_settled,
    ev.Countersigned: items.countersigned,
    **EVIDENCE_FOLDS,
    **PAGING_FOLDS,
    **MERGING_FOLDS,
    **DRILL_FOLDS,
    **HANDOVER_FOLDS,
    **OWNER_FOLDS,
    **TASK_FOLDS,
    **EXPORT_FOLDS,
    **FEEDBACK_FOLDS,
}


def apply(case: IncidentCase, recorded: Recorded) -> IncidentCase:
    """Fold one entry. Raises Tampered for an event that is none of an incident's."""
    fold = FOLDS.get(type(recorded.event))
    if fold is None:
        message = f"entry {recorded.seq}: expected an event of an incident, found {recorded.event.kind.value}"
        raise Tampered(message)
    known = admit(case, recorded)
    return known.model_copy(update={**folded(recorded.event), **fold(known, recorded.event, recorded)})
