"""Leaving `contain`, `eradicate` and `recover` (A.5.26, A.5.28, 10.2)."""

from typing import Final

from config.policy.ids import CaseRole, Criterion, Role
from workflows.incident.choices import Credentials, EvidenceKept
from workflows.incident.codes import Code
from workflows.incident.criteria.rule import MET, MISSING, WORKERS, Finding, Missing, Rule, answered, met_if, on_record
from workflows.incident.items import Link
from workflows.incident.situation import Situation
from workflows.incident.terms import ActionKind, TaskKind


def containment_action(situation: Situation) -> Finding:
    """A containment action done, with its result (time and actor come with the entry)."""
    actions = (action for action in situation.case.actions if action.kind is ActionKind.CONTAINMENT)
    return met_if(any(action.done and on_record(action.result) for action in actions))


def evidence(situation: Situation) -> Finding:
    """Evidence preserved, or why there is none (A.5.28)."""
    if situation.case.evidence:
        return MET
    answer = situation.case.answers.get(Criterion.EVIDENCE)
    return met_if(answer and answer.choice == EvidenceKept.NONE and on_record(answer.text))


def credentials(situation: Situation) -> Finding:
    """Exposed credentials and keys: revoked, none found (checked by whom), or their rotation runs as a task."""
    answer = situation.case.answers.get(Criterion.CREDENTIALS)
    match answer.choice if answer else None:
        case Credentials.REVOKED:
            return MET
        case Credentials.NONE_FOUND:
            return met_if(answer and answer.person, Missing(expected="person"))
        case Credentials.ROTATION:
            tasks = situation.case.tasks
            return met_if(any(task.kind is TaskKind.ROTATION for task in tasks), Missing(expected="task"))
        case _:
            return MISSING


def fixes_deployed(situation: Situation) -> Finding:
    """Every change that fixes this is in production, cancelled, or rolled back with a successor (A.8.32)."""
    pending = [link for link in situation.case.fixes if not _is_settled(situation, link)]
    if not pending:
        return MET
    states = (_state(situation, link) for link in pending)
    numbers = (str(link.number) for link in pending)
    return Missing(Code.CHANGES_PENDING, " ".join(numbers), " ".join(states))


def _state(situation: Situation, link: Link) -> str:
    """The state of a linked change; found by its id, since its number can have been erased."""
    found = (related for related in situation.context.related.values() if related.id == link.id)
    return next((str(related.state) for related in found), "unknown")


def _is_settled(situation: Situation, link: Link) -> bool:
    state = _state(situation, link)
    if state != "rolled_back":
        return state in {"done", "cancelled"}
    found = (related for related in situation.context.related.values() if related.id == link.id)
    return any(getattr(related, "successor", None) for related in found)


def monitoring_over(situation: Situation) -> Finding:
    """A monitoring period was set, and it is over."""
    answer = situation.case.answers.get(Criterion.MONITORING_OVER)
    if answer is None or answer.when is None:
        return MISSING
    return met_if(answer.when <= situation.now, Missing(Code.NOT_OVER, expected=answer.when.isoformat()))


def recovery_declared(situation: Situation) -> Finding:
    """A named person declared the end of the recovery."""
    answer = situation.case.answers.get(Criterion.RECOVERY_DECLARED)
    return met_if(answer and answer.person)


def service_owner_agrees(situation: Situation) -> Finding:
    """The service owner agrees."""
    answer = situation.case.answers.get(Criterion.SERVICE_OWNER_AGREES)
    return met_if(answer and answer.person)


OWNER: Final = (Role.SERVICE_OWNER.value, CaseRole.LEAD.value)

TO_ERADICATE: Final = (
    Rule(Criterion.CONTAINMENT_ACTION, containment_action, "action"),
    Rule(Criterion.EVIDENCE, evidence, "evidence"),
    Rule(Criterion.CREDENTIALS, credentials, "answer"),
)
TO_RECOVER: Final = (
    Rule(Criterion.ROOT_CAUSE, answered(Criterion.ROOT_CAUSE), "answer"),
    Rule(Criterion.ENTRY_PATH, answered(Criterion.ENTRY_PATH), "answer"),
    Rule(Criterion.SIMILAR_SYSTEMS, answered(Criterion.SIMILAR_SYSTEMS), "answer"),
    Rule(Criterion.FIXES_DEPLOYED, fixes_deployed, "link", (*WORKERS, Role.RELEASE_MANAGER.value)),
)
TO_REVIEW: Final = (
    Rule(Criterion.RESTORE_SOURCE, answered(Criterion.RESTORE_SOURCE), "answer"),
    Rule(Criterion.SYSTEMS_VERIFIED, answered(Criterion.SYSTEMS_VERIFIED), "answer"),
    Rule(Criterion.MONITORING_OVER, monitoring_over, "answer"),
    Rule(Criterion.RECOVERY_DECLARED, recovery_declared, "answer"),
    Rule(Criterion.SERVICE_OWNER_AGREES, service_owner_agrees, "answer", OWNER),
)
