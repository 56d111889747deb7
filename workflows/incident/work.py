"""Work on a case: response actions, evidence, tasks. They count in whichever phase they are needed."""

import re
from datetime import datetime
from typing import Final

from config.policy.ids import CaseRole, Role
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.answers import in_future
from workflows.incident.codes import Code
from workflows.incident.commands import FinishTask, OpenTask, RecordAction, RecordEvidence
from workflows.incident.items import Task
from workflows.incident.plausible import already_over
from workflows.incident.rights import WORK
from workflows.incident.situation import Proposal, Situation

Reasons = tuple[Reason, ...]
SHA256: Final = re.compile(r"[0-9a-f]{64}")


def record_action(proposal: Proposal, command: RecordAction) -> Reasons:
    """A response action. One that is done has a result."""
    left = [name for name in ("text", "result") if not getattr(command, name) and (name == "text" or command.done)]
    problems: Reasons = (Reason(Code.NEEDS_TEXT, "action", expected=" ".join(left)),) if left else ()
    problems += in_future(proposal.situation, "occurred", command.occurred)
    if not problems:
        event = ev.ActionRecorded(
            action=command.kind, text=command.text, result=command.result or None, done=command.done
        )
        proposal.add(event, command.occurred)
    return problems


def record_evidence(proposal: Proposal, command: RecordEvidence) -> Reasons:
    """Evidence that was kept (A.5.28)."""
    situation = proposal.situation
    if command.origin and any(item.origin == command.origin for item in proposal.case.evidence):
        return ()
    problems: Reasons = () if command.description else (Reason(Code.NEEDS_TEXT, "evidence", expected="description"),)
    problems += in_future(situation, "occurred", command.occurred)
    if command.sha256 and not SHA256.fullmatch(command.sha256):
        problems += (Reason(Code.INVALID, "sha256", expected="sha256", found=command.sha256),)
    if command.size is not None and command.size < 0:
        problems += (Reason(Code.INVALID, "size", expected="0", found=str(command.size)),)
    classes = [entry.id for entry in situation.policy.evidence_access]
    if command.access_class and command.access_class not in classes:
        problems += (Reason(Code.INVALID, "access_class", " ".join(classes), command.access_class),)
    if not problems:
        proposal.add(_evidence(situation, command), command.occurred)
    return problems


def _evidence(situation: Situation, command: RecordEvidence) -> ev.EvidenceRecorded:
    return ev.EvidenceRecorded(
        description=command.description,
        source_system=command.source_system or None,
        location=command.location or None,
        method=command.method or None,
        file_name=command.file_name or None,
        storage=command.storage or None,
        sha256=command.sha256 or None,
        size=command.size,
        access_class=command.access_class or None,
        collected_by=situation.of(command.collected_by),
        media_type=command.media_type or None,
        origin=command.origin or None,
        utc_offset=_offset(situation, command.occurred or situation.now),
        stored=command.stored,
    )


def _offset(situation: Situation, when: datetime) -> int:
    offset = when.astimezone(situation.policy.zone).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


def open_task(proposal: Proposal, command: OpenTask) -> Reasons:
    """Something to do."""
    if not command.text:
        return (Reason(Code.NEEDS_TEXT, "task", expected="text"),)
    over = already_over(proposal.situation, "due", command.due)
    if over:
        return over
    owner = proposal.situation.of(command.owner)
    proposal.add(ev.TaskOpened(task=command.kind, text=command.text, owner=owner, due=command.due))
    return ()


def find_task(proposal: Proposal, no: int) -> Task | Reason:
    """The task with this number that can still be done, or why there is none."""
    task = next((task for task in proposal.case.tasks if task.no == no), None)
    if task is None:
        return Reason(Code.UNKNOWN_ITEM, "task", found=str(no))
    if task.done_at is not None:
        return Reason(Code.ALREADY, "task", found=str(no))
    if task not in proposal.case.open_tasks:
        return Reason(Code.CASE_CLOSED, "case", found=proposal.case.state.value, remedy="reopen")
    return task


def finish_task(proposal: Proposal, command: FinishTask) -> Reasons:
    """Done, by its owner or by who works on the case."""
    task = find_task(proposal, command.no)
    if isinstance(task, Reason):
        return (task,)
    if not works_or_owns(proposal.situation, task.owner):
        return (Reason(Code.NOT_YOURS, "task", found=str(command.no), who=(CaseRole.OWNER.value, CaseRole.LEAD.value)),)
    proposal.add(ev.TaskDone(no=command.no, result=command.result or None))
    return ()


def works_or_owns(situation: Situation, owner: str | None) -> bool:
    """Whether the actor works on the case, or owns this item of it."""
    roles: frozenset[Role | CaseRole] = situation.roles()
    return not roles.isdisjoint(WORK) or (owner is not None and situation.me == owner)
