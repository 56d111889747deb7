"""What a real GitHub refuses, forgets, delays or leaves unsaid, seen through the real SDK."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import requests
from github import Auth, Github, GithubException, GithubIntegration, RateLimitExceededException

from tests.fakes.client import Answer
from tests.fakes.github import APP_ID, INSTALLATION_ID, PERSONAL_TOKEN, FakeGitHub
from tests.fakes.github.world import GitHubError

REPO = "acme/shop"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def forge(clock: Clock) -> Iterator[FakeGitHub]:
    with FakeGitHub(clock=clock) as fake:
        fake.add_repository(REPO)
        yield fake


def sdk(forge: FakeGitHub, timeout: float = 30) -> Github:
    return Github(auth=Auth.Token(PERSONAL_TOKEN), base_url=forge.api, retry=None, timeout=timeout,  # type: ignore[arg-type]
                  seconds_between_requests=None, seconds_between_writes=None)  # fmt: skip


def app(forge: FakeGitHub) -> Github:
    auth = Auth.AppAuth(APP_ID, forge.gate.private_key)
    integration = GithubIntegration(auth=auth, base_url=forge.api, retry=None,
                                    seconds_between_requests=None, seconds_between_writes=None)  # fmt: skip
    return integration.get_github_for_installation(INSTALLATION_ID)


def opened(forge: FakeGitHub, **details: object) -> tuple[int, str]:
    sha = forge.push(REPO, "work", "lena")
    return forge.open_pull(REPO, "work", "lena", **details), sha  # type: ignore[arg-type]


def test_a_required_check_counts_only_from_its_expected_source(forge: FakeGitHub) -> None:
    forge.require(REPO, ["gate@wachbuch"])
    number, sha = opened(forge)
    pull = sdk(forge).get_repo(REPO).get_pull(number)
    forge.set_status(REPO, sha, "gate", "success", by="somebody")
    forge.run_check(REPO, sha, "gate", "success", app="github-actions")
    with pytest.raises(GithubException, match="is expected") as held:
        pull.merge()
    assert held.value.status == 405
    app(forge).get_repo(REPO).create_check_run("gate", sha, status="completed", conclusion="failure")
    with pytest.raises(GithubException, match="is failure"):
        pull.merge()
    app(forge).get_repo(REPO).create_check_run("gate", sha, status="completed", conclusion="success")
    with pytest.raises(GithubException) as moved:
        pull.merge(sha="0" * 40)
    assert moved.value.status == 409
    assert pull.merge(sha=sha).merged


def test_required_approvals_end_with_a_push_that_changes_something(forge: FakeGitHub) -> None:
    forge.require(REPO, reviews=1, dismiss_stale=True)
    number, _ = opened(forge)
    with pytest.raises(GitHubError, match="approving review is required"):
        forge.merge(REPO, number, "lena")
    forge.review(REPO, number, "max")
    forge.push(REPO, "main", "tom", files=["other.py"])
    forge.update_branch(REPO, number, "lena")
    pull = sdk(forge).get_repo(REPO).get_pull(number)
    assert [one.state for one in pull.get_reviews()] == ["APPROVED"], "the base brought nothing of its own"
    forge.push(REPO, "work", "lena", files=["more.py"])
    assert [one.state for one in pull.get_reviews()] == ["DISMISSED"]
    assert forge.hook.deliveries[-1].event == "pull_request_review"
    with pytest.raises(GitHubError, match="approving review is required"):
        forge.merge(REPO, number, "lena")
    forge.review(REPO, number, "max")
    forge.review(REPO, number, "tom", "changes_requested")
    with pytest.raises(GitHubError, match="Changes have been requested"):
        forge.merge(REPO, number, "lena")
    forge.review(REPO, number, "tom")
    assert forge.merge(REPO, number, "lena")


def test_a_fork_moves_without_a_push_and_its_checks_name_no_request(forge: FakeGitHub) -> None:
    number, _ = opened(forge, fork="max/shop")
    forge.push(REPO, "work", "lena")
    sha = forge.push_fork(REPO, number, "max")
    assert [one.event for one in forge.hook.deliveries[-1:]] == ["pull_request"]
    pull = sdk(forge).get_repo(REPO).get_pull(number)
    assert (pull.head.sha, pull.head.repo.full_name) == (sha, "max/shop")
    check = app(forge).get_repo(REPO).create_check_run("gate", sha)
    assert check.pull_requests == []


def test_lists_lag_behind_a_push_for_a_while(forge: FakeGitHub) -> None:
    number, before = opened(forge)
    pulls = sdk(forge).get_repo(REPO).get_pull
    forge.lag(2, ["pulls.get"])
    after = forge.push(REPO, "work", "lena")
    assert [pulls(number).head.sha for _ in range(3)] == [before, before, after]
    assert forge.world.repository(REPO).pull(number).head == after


def test_a_write_may_take_effect_though_its_answer_never_comes(forge: FakeGitHub) -> None:
    number, _ = opened(forge)
    issue = sdk(forge).get_repo(REPO).get_pull(number)
    forge.fail("comments.create", after_effect=True)
    with pytest.raises(requests.ConnectionError):
        issue.create_issue_comment("once")
    forge.fail("comments.create", status=502)
    with pytest.raises(GithubException) as bad_gateway:
        issue.create_issue_comment("twice")
    assert bad_gateway.value.status == 502
    assert [one.body for one in issue.get_issue_comments()] == ["once"]


def test_graphql_has_a_quota_of_its_own(forge: FakeGitHub) -> None:
    opened(forge)
    query = 'query Q { repository(owner: "acme", name: "shop") { databaseId } }'
    forge.exhaust(resource="graphql")
    with pytest.raises(GithubException, match="rate limit"):
        sdk(forge).requester.graphql_query(query, {})
    assert sdk(forge).get_repo(REPO).full_name == REPO
    forge.exhaust(0)
    forge.graphql_quota.exhaust(10)
    with pytest.raises(RateLimitExceededException):
        sdk(forge).get_repo(REPO)
    sdk(forge).requester.graphql_query(query, {})


def test_too_many_points_a_minute_are_refused_until_they_are_older(forge: FakeGitHub) -> None:
    _, sha = opened(forge)
    repository = sdk(forge).get_repo(REPO)
    forge.limit_bursts(7)
    repository.get_commit(sha).create_status("success", context="a")
    repository.get_commit(sha)
    with pytest.raises(RateLimitExceededException) as limited:
        repository.get_commit(sha)
    headers = limited.value.headers or {}
    assert 0 < int(headers["retry-after"]) <= 60
    assert headers["x-ratelimit-remaining"] != "0", "the hourly quota is another matter"


def test_deliveries_are_kept_for_three_days(forge: FakeGitHub, clock: Clock) -> None:
    received: list[str] = []

    def service(path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        received.append(headers["x-github-delivery"])
        return Answer(202, {}, b"")

    forge.hook.transport = service
    forge.lose(1)
    forge.push(REPO, "work", "lena")
    forge.settle()
    lost = forge.hook.deliveries[-1]
    requester = sdk(forge).requester
    attempts = f"/repos/{REPO}/hooks/77/deliveries/{lost.id}/attempts"
    requester.requestJsonAndCheck("POST", attempts)
    forge.settle()
    assert received == [lost.guid]
    clock.now += timedelta(days=3)
    _, listed = requester.requestJsonAndCheck("GET", f"/repos/{REPO}/hooks/77/deliveries")
    assert listed == []
    with pytest.raises(GithubException) as gone:
        requester.requestJsonAndCheck("POST", attempts)
    assert gone.value.status == 404


def test_a_protection_rule_reports_and_decides_once(forge: FakeGitHub) -> None:
    tip = forge.world.repository(REPO).branches["main"]
    run = forge.request_deployment(REPO, tip, "prod", "lena")
    told = forge.hook.deliveries[-1]
    assert (told.event, told.action) == ("deployment_protection_rule", "requested")
    path = f"/repos/{REPO}/actions/runs/{run}/deployment_protection_rule"

    def say(by: Github, **words: object) -> int:
        try:
            return int(by.requester.requestJson("POST", path, input={"environment_name": "prod", **words})[0])
        except GithubException as error:
            return int(error.status)

    ours = app(forge)
    assert say(sdk(forge), state="approved") == 403
    assert say(ours, state="maybe") == 422
    assert [say(ours, comment=f"waits for {number}") for number in range(11)] == [204] * 10 + [422]
    assert say(ours, state="approved", comment="fine") == 204
    assert say(ours, state="rejected") == 422
    found = forge.protection(REPO, run)
    assert (found["state"], len(found["reports"])) == ("approved", 10)
    states = [one[1] for one in forge.world.repository(REPO).deployments[found["deployment"]].statuses]
    assert states == ["waiting", "in_progress"]
