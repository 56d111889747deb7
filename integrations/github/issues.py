"""Issues of GitHub: how one stands. Its title and its text are not read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime

from integrations.github.bodies import FromRepository, Part
from integrations.parsing import Ignored
from workflows.actors import Source
from workflows.incident.issues import IssueTold
from workflows.incident.terms import IssueState

EVENT: Final = "issues"
_GONE: Final = frozenset({"deleted", "transferred"})
_STATES: Final[Mapping[str, IssueState]] = {"open": IssueState.OPEN, "closed": IssueState.CLOSED}


class _Issue(Part):
    number: int
    state: str
    updated_at: AwareDatetime
    html_url: str = ""


class _Body(FromRepository):
    issue: _Issue


def read_issue(action: str, payload: Mapping[str, Any], seen_at: datetime) -> IssueTold | Ignored:
    """The issue that an event tells of. Raises ValidationError for a body that lacks what every issue has."""
    if action in _GONE:
        return Ignored(EVENT, action)
    body = _Body.model_validate(payload)
    told = body.issue
    state = _STATES.get(told.state)
    if state is None:
        return Ignored(EVENT, action)
    return IssueTold(
        source=Source.GITHUB,
        repository=body.repository.full_name,
        repository_id=body.repository.number,
        number=told.number,
        state=state,
        at=min(told.updated_at, seen_at),
        url=told.html_url,
        by=(body.sender.login or "") if body.sender else "",
        reopened=action == "reopened",
    )
