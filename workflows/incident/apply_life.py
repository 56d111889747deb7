"""Folding what concerns the case as a whole: report, assessment, answers, moves, roles, links."""

from collections.abc import Mapping
from typing import Final

from config.policy.ids import CaseRole, Criterion, Phase, Severity, Visibility
from workflows.events import Recorded
from workflows.incident import events as ev
from workflows.incident.apply_handover import NO_HANDOVER
from workflows.incident.apply_owner import NO_QUESTION
from workflows.incident.changes import Changes, given
from workflows.incident.items import Answer, AskedPart, Exemption, Link, Override, PhaseEntry, RoleHolder
from workflows.incident.moves import MACHINE
from workflows.incident.second_events import SecondAsked
from workflows.incident.state import Assessment, IncidentCase
from workflows.incident.terms import Goal, Kind, OverrideState, State

SAID_OF_RECOVERY: Final = frozenset(
    {
        Criterion.RESTORE_SOURCE,
        Criterion.SYSTEMS_VERIFIED,
        Criterion.MONITORING_OVER,
        Criterion.RECOVERY_DECLARED,
        Criterion.SERVICE_OWNER_AGREES,
    }
)
"""Statements that the recovery is over. Going back says that it was not, so they are asked for again."""

SAID_OF_REVIEW: Final = frozenset(
    {Criterion.REVIEW_HELD, Criterion.PROCESS_CAUSE, Criterion.LESSONS, Criterion.CORRECTIVE_ACTION}
)
"""What was said of a review that ended with the closing. Opening again says that there is more, so it is held anew."""


def reported(_case: IncidentCase, event: ev.Reported, recorded: Recorded) -> Changes:
    """The first entry."""
    named = tuple(RoleHolder(role=CaseRole.NAMED, person=person) for person in event.named)
    return {
        "state": State.IDENTIFY,
        "kind": Kind.EVENT,
        "what": event.what,
        "title": event.title,
        "affected": event.affected,
        "occurred": event.occurred,
        "detected": event.detected,
        "reported": event.reported,
        "reporter": event.reporter,
        "reporter_name": event.reporter_name,
        "way": event.way,
        "recorded_by": recorded.by,
        "personal_data": event.personal_data,
        "visibility": event.visibility,
        "roles": named,
        "urgent": event.urgent,
        "drill": event.drill,
        "quiet": event.quiet,
        "backfill": event.backfill,
        "entered": (PhaseEntry(state=State.IDENTIFY, at=event.reported),),
    }


def acknowledged(_case: IncidentCase, _event: ev.Acknowledged, recorded: Recorded) -> Changes:
    """Somebody looks after it."""
    return {"acknowledged": recorded.when, "acknowledged_by": recorded.by}


def assessed(case: IncidentCase, event: ev.Assessed, recorded: Recorded) -> Changes:
    """What was not said stays as it was; a new kind asks for a new reason and a new confirmation."""
    impact = {goal: value for goal in Goal if (value := getattr(event, goal.value)) is not None}
    changes = {
        "impact": {goal: value for goal in Goal if (value := {**case.impact, **impact}.get(goal)) is not None},
        "spread": given(event.spread, case.spread),
        "category": given(event.category, case.category),
        "personal_data": given(event.personal_data, case.personal_data),
        "affected": given(event.affected, case.affected),
        "watched": case.watched or event.watched,
        "duplicate_of": given(event.duplicate_of, case.duplicate_of),
        "duplicate_id": given(event.duplicate_id, case.duplicate_id),
    }
    if event.severity is not None:
        changes |= {"severity": event.severity, "severity_reason": event.severity_reason}
        changes["worst"] = _worst(case, event.severity)
    if event.outcome is not None or event.reason is not None:
        changes |= _judged(case, event, recorded)
    return changes


def _judged(case: IncidentCase, event: ev.Assessed, recorded: Recorded) -> Changes:
    kind = event.outcome or case.kind
    earlier = case.assessment.reason if case.assessment and case.assessment.kind is kind else None
    return {
        "kind": kind,
        "assessment": Assessment(kind=kind, reason=given(event.reason, earlier), by=recorded.by, at=recorded.when),
        "dismissal_confirmed_by": None,
    }


def answered(case: IncidentCase, event: ev.Answered, recorded: Recorded) -> Changes:
    """The latest answer to a criterion counts, and lifts an exemption from it."""
    answer = Answer(**{name: getattr(event, name) for name in ev.Answered.model_fields}, by=recorded.by, at=recorded.at)
    changes = {
        "answers": {**case.answers, event.criterion: answer},
        "exemptions": {key: value for key, value in case.exemptions.items() if key != event.criterion},
    }
    if event.criterion is Criterion.ROOT_CAUSE:
        changes["root_cause_tag"] = given(event.detail, case.root_cause_tag)
    return {**changes, **_unasked(event)}


def exempted(case: IncidentCase, event: ev.Exempted, recorded: Recorded) -> Changes:
    """A criterion does not apply."""
    said = {name: getattr(event, name) for name in ev.Exempted.model_fields}
    exemption = Exemption(**said, by=recorded.by, at=recorded.at)
    return {"exemptions": {**case.exemptions, event.criterion: exemption}, **_unasked(event)}


def _unasked(event: ev.Answered | ev.Exempted) -> Changes:
    """Where it is answered whether the service owner agrees, nobody is asked any more."""
    return NO_QUESTION if event.criterion is Criterion.SERVICE_OWNER_AGREES else {}


def moved(case: IncidentCase, event: ev.Moved, recorded: Recorded) -> Changes:
    """A new state, its times, and what going back makes void."""
    changes: dict[str, object] = {
        "state": event.to_state,
        "entered": (*case.entered, PhaseEntry(state=event.to_state, at=recorded.when)),
        **_times(event, recorded),
    }
    changes["answers"] = {key: value for key, value in case.answers.items() if not _is_void(event, value)}
    changes["exemptions"] = {key: value for key, value in case.exemptions.items() if not _is_void(event, value)}
    if event.to_state is State.REVIEW:
        leading = case.lead or (case.assessment.by if case.assessment else None)
        changes["review_leads"] = tuple(dict.fromkeys((*case.review_leads, *((leading,) if leading else ()))))
    if event.to_state is State.IDENTIFY:
        changes["review_leads"] = ()
    if not event.to_state.is_open:
        changes |= NO_HANDOVER
    if not event.to_state.is_open or _goes_back(event):
        changes |= NO_QUESTION
    changes["second_asked"] = None
    changes["overrides"] = tuple(map(_left_behind, case.overrides))
    if event.from_state is State.DISMISSED:
        changes |= _event_again(recorded)
    return changes


def _goes_back(event: ev.Moved) -> bool:
    """Whether it leads to an earlier phase."""
    return any(move.back and move.target == event.to_state for move in MACHINE.moves_from(event.from_state))


def _event_again(recorded: Recorded) -> Changes:
    """What was taken for no incident is a report again, that waits for somebody and for its assessment."""
    return {
        "kind": Kind.EVENT,
        "assessment": None,
        "dismissal_confirmed_by": None,
        "acknowledged": None,
        "acknowledged_by": None,
        "unanswered": None,
        "contain_due": None,
        "reopened": recorded.at,
    }


def _is_void(event: ev.Moved, said: AskedPart) -> bool:
    """Whether this move says that it does not hold any more."""
    match event.from_state:
        case State.CLOSED:
            return said.criterion in SAID_OF_REVIEW or said.leaving is Phase.REVIEW
        case State.DISMISSED:
            return said.criterion is Criterion.DISMISSAL_REASON
        case State.RECOVER | State.REVIEW if event.to_state not in (State.REVIEW, State.CLOSED):
            return said.criterion is Criterion.REVIEW_HELD or _of_recovery(said)
        case _:
            return False


def _of_recovery(said: AskedPart) -> bool:
    return said.criterion in SAID_OF_RECOVERY or said.leaving is Phase.RECOVER


def _left_behind(override: Override) -> Override:
    """What was asked about the step that is made now, or in a phase that is left, waits no more."""
    asked = override.state is OverrideState.REQUESTED
    return override.model_copy(update={"state": OverrideState.VOID}) if asked else override


RESPONSE: Final = frozenset({State.CONTAIN, State.ERADICATE, State.RECOVER, State.REVIEW})
STAMPED: Final = {(State.CONTAIN, State.ERADICATE): "contained", (State.RECOVER, State.REVIEW): "recovered"}
CLEARED: Final[Mapping[State, tuple[str, ...]]] = {
    State.IDENTIFY: ("contained", "recovered"),
    State.CONTAIN: ("contained", "recovered"),
    State.ERADICATE: ("recovered",),
    State.RECOVER: ("recovered",),
    State.REVIEW: ("closed", "closed_by"),
}
"""Times that do not hold (or do not hold any more) in a state."""


def _times(event: ev.Moved, recorded: Recorded) -> Changes:
    if event.to_state is State.CLOSED:
        return {"closed": recorded.when, "closed_by": recorded.by}
    times: dict[str, object] = dict.fromkeys(CLEARED.get(event.to_state, ()))
    stamped = STAMPED.get((event.from_state, event.to_state))
    return {**times, stamped: recorded.when} if stamped else times


def second_asked(_case: IncidentCase, event: SecondAsked, _recorded: Recorded) -> Changes:
    """Asked for this move; the next move makes it void."""
    return {"second_asked": event.to}


def severity_set(case: IncidentCase, event: ev.SeveritySet, _recorded: Recorded) -> Changes:
    """Set by a person; the reason stands where it differs from the matrix."""
    differs = event.severity is not event.derived
    return {
        "severity": event.severity,
        "severity_reason": event.reason if differs else None,
        "worst": _worst(case, event.severity),
    }


def _worst(case: IncidentCase, severity: Severity) -> Severity:
    return severity if case.worst is None else min(case.worst, severity)


def visibility_set(case: IncidentCase, event: ev.VisibilitySet, _recorded: Recorded) -> Changes:
    """Sealing starts a new list of named people; otherwise people are added to it.

    Whoever is named by it stays so, also where they were asked to lead and do not.
    """
    kept = case.roles
    if event.visibility is Visibility.SEALED:
        kept = tuple(held for held in kept if held.role is not CaseRole.NAMED)
    added = (RoleHolder(role=CaseRole.NAMED, person=person) for person in event.named)
    changes: dict[str, object] = {"visibility": event.visibility, "roles": tuple(dict.fromkeys((*kept, *added)))}
    if case.handover is not None and case.handover.person in event.named:
        changes["handover"] = case.handover.model_copy(update={"named": False})
    if case.owner_asked is not None and case.owner_asked.person in event.named:
        changes["owner_asked"] = case.owner_asked.model_copy(update={"named": False})
    return changes


def role_assigned(case: IncidentCase, event: ev.RoleAssigned, _recorded: Recorded) -> Changes:
    """There is one lead at a time; other roles can be held by several."""
    holder = RoleHolder(role=event.case_role, person=event.person)
    single = event.case_role is CaseRole.LEAD
    kept = tuple(held for held in case.roles if held != holder and not (single and held.role is CaseRole.LEAD))
    changes: dict[str, object] = {"roles": kept if event.removed else (*kept, holder)}
    changes |= NO_HANDOVER if single else {}
    if single and case.state in RESPONSE:
        # Whoever led stays one who led: giving the role away makes nobody a second person.
        led = (case.lead, None if event.removed else event.person)
        changes["review_leads"] = tuple(dict.fromkeys((*case.review_leads, *(one for one in led if one))))
    return changes


def dismissal_confirmed(_case: IncidentCase, _event: ev.DismissalConfirmed, recorded: Recorded) -> Changes:
    """The second person of a dismissal."""
    return {"dismissal_confirmed_by": recorded.by}


def updated(case: IncidentCase, event: ev.Updated, recorded: Recorded) -> Changes:
    """How things stand."""
    urgent = case.urgent or event.urgent
    if event.text is None:
        return {"urgent": urgent}
    told = {"last_update": event.text, "last_update_at": recorded.when, "update_promised": event.promised}
    return {"urgent": urgent, **told}


def case_linked(case: IncidentCase, event: ev.CaseLinked, _recorded: Recorded) -> Changes:
    """A tie to another case."""
    kept = tuple(link for link in case.links if (link.id, link.relation) != (event.other, event.relation))
    if event.removed:
        return {"links": kept}
    return {"links": (*kept, Link(number=event.number, id=event.other, relation=event.relation))}
