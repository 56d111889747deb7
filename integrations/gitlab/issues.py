"""Issues of GitLab, confidential ones too: how one stands. Its title and its text are not read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from integrations.gitlab.bodies import Moment, Part, Project, User
from integrations.parsing import Ignored
from workflows.actors import Source
from workflows.incident.issues import IssueTold
from workflows.incident.terms import IssueState

KIND: Final = "issue"
_STATES: Final[Mapping[str, IssueState]] = {"opened": IssueState.OPEN, "closed": IssueState.CLOSED}


class _Told(Part):
    iid: int
    project_id: int
    state: str
    updated_at: Moment
    url: str = ""
    action: str = ""


class _Body(Part):
    told: _Told = Field(alias="object_attributes")
    project: Project
    user: User | None = None


def read_issue(payload: Mapping[str, Any], seen_at: datetime) -> IssueTold | Ignored:
    """The issue that a hook tells of. Raises ValidationError for a body that lacks what every issue has."""
    body = _Body.model_validate(payload)
    told = body.told
    state = _STATES.get(told.state)
    if state is None:
        return Ignored(KIND, told.action)
    return IssueTold(
        source=Source.GITLAB,
        repository=body.project.path,
        repository_id=str(told.project_id),
        number=told.iid,
        state=state,
        at=min(told.updated_at, seen_at),
        url=told.url,
        by=(body.user.username or "") if body.user else "",
        reopened=told.action == "reopen",
    )
