"""Issues of GitHub: how one stands. Its title and its text are not read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime, ValidationError

from integrations.errors import Unexpected
from integrations.github.bodies import Account, FromRepository, Part, Repository
from integrations.github.client import Client
from integrations.parsing import Ignored
from workflows.actors import Source
from workflows.incident.issues import IssueTold
from workflows.incident.terms import IssueState

EVENT: Final = "issues"
_GONE: Final = frozenset({"deleted", "transferred"})
_STATES: Final[Mapping[str, IssueState]] = {"open": IssueState.OPEN, "closed": IssueState.CLOSED}


PERMISSIONS: Final = {"issues": "read", "metadata": "read"}
"""What the App needs to read an issue. Asked for in a token of its own: without it all else goes on."""


class _Issue(Part):
    number: int
    state: str
    updated_at: AwareDatetime
    html_url: str = ""
    closed_at: AwareDatetime | None = None
    closed_by: Account | None = None
    pull_request: object = None


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


@dataclass(frozen=True, slots=True)
class GitHubIssues:
    """Reads issues by the API."""

    client: Client

    def read(self, repository: str, number: int, now: datetime) -> IssueTold | None:
        """How the issue stands; None for a pull request, which shares its numbers with issues. Raises ForgeError."""
        try:
            issue = _Issue.model_validate(self.client.get(repository, f"/issues/{number}").body)
            home = Repository.model_validate(self.client.get(repository, "").body)
        except ValidationError as error:
            raise Unexpected("expected an issue and its repository, found something else") from error
        state = _STATES.get(issue.state)
        if state is None or issue.pull_request is not None:
            return None
        return IssueTold(
            source=Source.GITHUB,
            repository=home.full_name,
            repository_id=home.number,
            number=issue.number,
            state=state,
            at=min(issue.closed_at or issue.updated_at, now),
            url=issue.html_url,
            by=(issue.closed_by.login or "") if issue.closed_by else "",
        )
