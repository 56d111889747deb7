"""What a reading of the forge brought that had not been told before: the proof that something was lost on the way."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from workflows.change.facts import CommitFacts, Document, RequestFacts
from workflows.change.seen import CheckRun
from workflows.continuity import Part


def missed(before: Document | None, after: Document, since: datetime, ours: str) -> frozenset[Part]:
    """Parts in which the document tells more than before.

    What is younger than `since` may still be on its way and does not count. `ours` is the name of our own check, of
    which nobody is told.
    """
    if isinstance(after, RequestFacts) and isinstance(before, RequestFacts | None):
        return frozenset(_of_request(before, after, since))
    if isinstance(after, CommitFacts) and isinstance(before, CommitFacts | None):
        return frozenset(_of_commit(before, after, since, ours))
    return frozenset()


def _of_request(before: RequestFacts | None, after: RequestFacts, since: datetime) -> Iterable[Part]:
    current = after.current
    if current is None or current.updated_at > since:
        return
    known = before.current if before else None
    gist = (current.head, current.base, current.draft, current.state, current.title, current.body)
    if known is None or gist != (known.head, known.base, known.draft, known.state, known.title, known.body):
        yield Part.REQUEST
    told = {(one.id, one.state) for one in before.reviews} if before else set()
    if {(one.id, one.state) for one in after.reviews} - told:
        yield Part.REVIEWS


def _of_commit(before: CommitFacts | None, after: CommitFacts, since: datetime, ours: str) -> Iterable[Part]:
    known = _checks(before.checks, ours) if before else {}
    fresh = [one for name, one in _checks(after.checks, ours).items() if _told(one) != _told(known.get(name))]
    if any((one.completed_at or one.started_at or since) <= since for one in fresh):
        yield Part.CHECKS
    if set(after.pushes) - set(before.pushes if before else ()):
        yield Part.PUSHES
    if [one for one in after.deployments if one not in (before.deployments if before else ())]:
        yield Part.DEPLOYMENTS


def _checks(checks: Iterable[CheckRun], ours: str) -> Mapping[tuple[str, str, str], CheckRun]:
    return {(one.form, one.name, one.source): one for one in checks if one.name != ours}


def _told(check: CheckRun | None) -> tuple[Any, ...]:
    return (check.id, check.status, check.conclusion) if check else ()
