"""What real bodies tell of issues, and the same with the documented states and actions put in their place."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.github import webhook as github
from integrations.gitlab import webhook as gitlab
from integrations.parsing import Ignored, Incomplete
from tests import corpora
from workflows.actors import Source
from workflows.incident.issues import IssueTold
from workflows.incident.terms import IssueState

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def body(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((corpora.folder(name.partition("/")[0]) / name.partition("/")[2]).read_bytes())
    return found


def of_github(action: str, **issue: Any) -> github.Parsed:
    told = body("github/bodies/issues.json")
    return github.parse("issues", {**told, "action": action, "issue": {**told["issue"], **issue}}, NOW)


def of_gitlab(number: int = 4, **attributes: Any) -> gitlab.Parsed:
    told = body(f"gitlab/issue/{number}.json")
    return gitlab.parse({**told, "object_attributes": {**told["object_attributes"], **attributes}}, NOW)


def test_githubs_body_with_each_action() -> None:
    told = of_github("opened")
    assert told == IssueTold(
        Source.GITHUB, "baxterthehacker/public-repo", "35129377", 2, IssueState.OPEN,
        datetime(2015, 5, 5, 23, 40, 28, tzinfo=UTC), "https://github.com/baxterthehacker/public-repo/issues/2",
        "baxterthehacker",
    )  # fmt: skip
    closed, reopened = of_github("closed", state="closed"), of_github("reopened")
    assert isinstance(closed, IssueTold)
    assert isinstance(reopened, IssueTold)
    assert (closed.state, closed.reopened, reopened.reopened) == (IssueState.CLOSED, False, True)
    assert isinstance(of_github("transferred"), Ignored)
    assert isinstance(of_github("closed", state=None), Incomplete)
    assert isinstance(of_github("closed", state="drafted"), Ignored)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_gitlabs_bodies_with_each_action(number: int) -> None:
    told = of_gitlab(number)
    assert isinstance(told, IssueTold)
    assert (told.repository, told.repository_id, told.number) == ("gitlabhq/gitlab-test", "14", 23)
    assert told.by == ("user1" if number == 3 else "root")
    closed = of_gitlab(number, state="closed", action="close", updated_at="2017-09-15 16:52:00 UTC")
    assert isinstance(closed, IssueTold)
    assert (closed.state, closed.at) == (IssueState.CLOSED, datetime(2017, 9, 15, 16, 52, tzinfo=UTC))
    reopened = of_gitlab(number, action="reopen")
    assert isinstance(reopened, IssueTold)
    assert (reopened.state, reopened.reopened) == (IssueState.OPEN, True)
    assert isinstance(of_gitlab(number, iid=None), Incomplete)


def test_a_time_ahead_of_ours_does_not_hold_back_what_follows() -> None:
    ahead = of_github("closed", state="closed", updated_at=(NOW + timedelta(days=400)).isoformat())
    assert isinstance(ahead, IssueTold)
    assert ahead.at == NOW
