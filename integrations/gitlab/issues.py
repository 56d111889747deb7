"""Issues of GitLab, confidential ones too: how one stands. Its title and its text are not read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from pydantic import Field, ValidationError

from integrations.errors import Unexpected
from integrations.gitlab.bodies import Moment, Part, Project, User
from integrations.gitlab.client import Client
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


class _Shown(Part):
    iid: int
    project_id: int
    state: str
    updated_at: Moment
    closed_at: Moment | None = None
    closed_by: User | None = None
    web_url: str = ""


@dataclass(frozen=True, slots=True)
class GitLabIssues:
    """Reads issues by the API. `below`: the path under which GitLab stands, which addresses have and names have not."""

    client: Client
    below: str = ""

    def read(self, repository: str, number: int, now: datetime) -> IssueTold | None:
        """How the issue stands. Raises ForgeError."""
        name = repository.removeprefix(f"{self.below}/") if self.below else repository
        try:
            issue = _Shown.model_validate(self.client.get(f"/projects/{quote(name, safe='')}/issues/{number}").body)
        except ValidationError as error:
            raise Unexpected("expected an issue, found something else") from error
        state = _STATES.get(issue.state)
        if state is None:
            return None
        return IssueTold(
            source=Source.GITLAB,
            repository=name,
            repository_id=str(issue.project_id),
            number=issue.iid,
            state=state,
            at=min(issue.closed_at or issue.updated_at, now),
            url=issue.web_url,
            by=(issue.closed_by.username or "") if issue.closed_by else "",
        )
