"""What follows a recorded change beside its row, in the same transaction: ways to it, and facts for its neighbours."""

from typing import Final

from workflows.change.projection import updates
from workflows.change.state import ChangeCase
from workflows.events import Recorded
from workflows.factbook import absorb, enqueue
from workflows.incident.evidence_events import MessagePinned
from workflows.incident.evidence_terms import CustodyStep
from workflows.incident.issues import IssueRef
from workflows.incident.items import Evidence, Task
from workflows.incident.recurrence import tag_of
from workflows.incident.state import IncidentCase
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import Case

REQUEST_CHANGE: Final = "request_change"
"""Link scope: key of a pull or merge request → number of the change it belongs to."""


REVIEW_OPEN: Final = "review_open"
"""Link scope: number of a change with a retrospective review still to be held, or something still due → its id."""


CORRECTIVE_OPEN: Final = "corrective_open"
"""Link scope: number of an incident with something that outlives it (corrective action, duty, task, request to
destroy evidence) → its id."""


ORIGIN: Final = "origin"
"""Link scope: a file or message that was kept or put on a timeline → numbers of the cases, separated by blanks."""
EVIDENCE_CASE: Final = "evidence.case"
"""Link scope: number of an item of evidence → number of its case, and its number there."""
EVIDENCE_FILE: Final = "evidence.file"
"""Link scope: number of an item whose file is kept → SHA-256 of the file. Goes with its disposal."""
EVIDENCE_CHECKED: Final = "evidence.checked"
"""Link scope: number of an item whose file is kept → when it was last hashed (ISO 8601, UTC)."""
EVIDENCE_FINDING: Final = "evidence.finding"
"""Link scope: number of an item whose file is not what it was → what the last check showed."""
CAUSE: Final = "root_cause"
"""Link scope: id of a case with a tag of its root cause → `yes`. The tag itself stands in the case alone."""
TASK_ISSUE: Final = "task.issue"
"""Begins link scopes: a task (id of its case, and its number there) that follows the issue → `yes`."""
TIED: Final = "tied"
"""Begins link scopes: a case, by its id or its number → ids of the cases that name it (`yes`)."""
PAGER_FAILED: Final = "pager.failed"
"""Link scope: `last` → the code for which the pager did not take the last call; empty when it did."""


def point(uow: UnitOfWork, before: Case, after: Case, recorded: tuple[Recorded, ...]) -> None:
    """Write what changed between two states of a case."""
    _point_ties(uow, before, after)
    if isinstance(after, IncidentCase):
        _point_incident(uow, before, after, recorded)
    if not isinstance(after, ChangeCase):
        return
    old = {str(one.ref) for one in before.requests} if isinstance(before, ChangeCase) else set()
    new = {str(one.ref) for one in after.requests}
    for key in sorted(new - old):
        uow.links.put(REQUEST_CHANGE, key, after.number)
    for key in sorted(old - new):
        if uow.links.get(REQUEST_CHANGE, key) == after.number:
            uow.links.remove(REQUEST_CHANGE, key)
    if after.unsettled:
        uow.links.put(REVIEW_OPEN, after.number, str(after.id))
    elif isinstance(before, ChangeCase) and before.unsettled:
        uow.links.remove(REVIEW_OPEN, after.number)
    for mark in absorb(uow, updates(after, recorded)):
        enqueue(uow, mark)


def _point_incident(uow: UnitOfWork, before: Case, after: IncidentCase, recorded: tuple[Recorded, ...]) -> None:
    for item in recorded:
        if isinstance(item.event, MessagePinned) and isinstance(item.event.origin, str):
            _add_origin(uow, item.event.origin, after.number)
    _point_correctives(uow, before, after)
    _point_issues(uow, before, after)
    if tag_of(after):
        uow.links.put(CAUSE, str(after.id), "yes")
    old = {one.no: one for one in before.evidence} if isinstance(before, IncidentCase) else {}
    for one in after.evidence:
        if old.get(one.no) != one:
            _point_evidence(uow, old.get(one.no), one, after.number)


def _point_correctives(uow: UnitOfWork, before: Case, after: IncidentCase) -> None:
    if after.outlived:
        uow.links.put(CORRECTIVE_OPEN, after.number, str(after.id))
    elif isinstance(before, IncidentCase) and before.outlived:
        uow.links.remove(CORRECTIVE_OPEN, after.number)


def names_of(case: Case) -> tuple[str, ...]:
    """Numbers of the cases that a case names: linked to an incident, or put down in a change."""
    if isinstance(case, IncidentCase):
        return tuple(link.number for link in case.links if isinstance(link.number, str))
    known = case.incidents if isinstance(case, ChangeCase) else ()
    return known if isinstance(known, tuple) else ()


def tied_scope(case: str) -> str:
    """Link scope: who names the case of this id or number."""
    return f"{TIED}:{case}"


def _point_ties(uow: UnitOfWork, before: Case, after: Case) -> None:
    old, new = _ties(before), _ties(after)
    for case in sorted(new - old):
        uow.links.put(tied_scope(case), str(after.id), "yes")
    for case in sorted(old - new):
        uow.links.remove(tied_scope(case), str(after.id))


def _ties(case: Case) -> set[str]:
    """Links of an incident by id, since a number can be erased; what was put down in a change by number."""
    return {str(link.id) for link in case.links} if isinstance(case, IncidentCase) else {*names_of(case)}


def issue_scope(key: str) -> str:
    """Link scope: tasks that follow the issue of this key."""
    return f"{TASK_ISSUE}:{key}"


def _point_issues(uow: UnitOfWork, before: Case, after: IncidentCase) -> None:
    old = {task.no: _issue_key(task) for task in before.tasks} if isinstance(before, IncidentCase) else {}
    for task in after.tasks:
        known, key, mark = old.get(task.no, ""), _issue_key(task), f"{after.id}:{task.no}"
        if known and known != key:
            uow.links.remove(issue_scope(known), mark)
        if key and known != key:
            uow.links.put(issue_scope(key), mark, "yes")


def _issue_key(task: Task) -> str:
    """Empty where it follows none."""
    issue = task.issue
    if issue is None or not isinstance(issue.repository, str):
        return ""
    address = issue.address if isinstance(issue.address, str) else ""
    return IssueRef(repository=issue.repository, number=issue.number, address=address).key


def _add_origin(uow: UnitOfWork, origin: str, number: str) -> None:
    known = (uow.links.get(ORIGIN, origin) or "").split()
    if number not in known:
        uow.links.put(ORIGIN, origin, " ".join((*known, number)))


def _point_evidence(uow: UnitOfWork, old: Evidence | None, new: Evidence, case: str) -> None:
    if new.number is None:
        return
    if old is None:
        uow.links.put(EVIDENCE_CASE, new.number, f"{case} {new.no}")
        if isinstance(new.origin, str):
            _add_origin(uow, new.origin, case)
    if new.stored and new.sha256 is not None:
        _point_file(uow, old, new, new.number, new.sha256)


def _point_file(uow: UnitOfWork, old: Evidence | None, new: Evidence, number: str, sha256: str) -> None:
    if old is None:
        uow.links.put(EVIDENCE_FILE, number, sha256)
        uow.links.put(EVIDENCE_CHECKED, number, new.collected_at.isoformat())
    checks = [one.at for one in new.custody if one.step is CustodyStep.CHECKED]
    if checks:
        uow.links.put(EVIDENCE_CHECKED, number, checks[-1].isoformat())
    if new.finding:
        uow.links.put(EVIDENCE_FINDING, number, new.finding.value)
    elif old is not None and old.finding:
        uow.links.remove(EVIDENCE_FINDING, number)
    if new.disposed_at is not None:
        for scope in (EVIDENCE_FILE, EVIDENCE_CHECKED):
            uow.links.remove(scope, number)
