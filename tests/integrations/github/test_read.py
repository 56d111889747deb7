from collections.abc import Callable

import pytest

from integrations.errors import NotThere, Unexpected
from integrations.github.client import Client
from integrations.github.nodes import number_in
from integrations.github.read import RequestReading, diff_of, read_request
from tests.fakes.github import FakeGitHub
from tests.fakes.github.schema import node_id
from tests.integrations.github.conftest import NOW, REPO
from workflows.change.facts import RequestFacts, merge
from workflows.change.seen import CheckStatus, RequestState, ReviewState

Head = Callable[[], str]


def _read(client: Client, pull: int, *, carry_over: bool = True) -> RequestReading:
    return read_request(client, REPO, pull, NOW, carry_over=carry_over)


def test_one_call_reads_everything_about_a_request(forge: FakeGitHub, client: Client, pull: int, head: Head) -> None:
    forge.push(REPO, "feature", "tom", author="lena", committer="web-flow", co_authors=["max", "Eve <eve@nowhere.org>"])
    forge.review(REPO, pull, "max", "changes_requested")
    forge.review(REPO, pull, "anna")
    forge.run_check(REPO, head(), "ci", "failure")
    forge.run_check(REPO, head(), "ci", "success")
    forge.run_check(REPO, head(), "scan", None, app="scanner")
    forge.set_status(REPO, head(), "legacy", "error")
    client.get(REPO, "")
    forge.reset_calls()
    reading = _read(client, pull)

    assert forge.calls == {"graphql": 1}
    request = reading.request
    assert (request.repository, request.number, request.truncated) == (REPO, pull, False)
    assert (request.core.title, request.core.head, request.core.base) == ("Add basket", head(), "main")
    assert request.core.state is RequestState.OPEN
    first, second = request.commits
    assert first.changes == ("CHG-2026-0117",)
    assert [one.login for one in second.authors] == ["lena"]
    assert [(one.login, one.email) for one in second.co_authors] == [
        ("max", "max@example.org"),
        (None, "eve@nowhere.org"),
    ]
    assert second.committer is not None
    assert second.committer.login == "web-flow"
    assert [(one.reviewer.login, one.state, one.commit) for one in request.reviews] == [
        ("max", ReviewState.CHANGES_REQUESTED, head()),
        ("anna", ReviewState.APPROVED, head()),
    ]
    assert request.paths == ("src/app.py",)
    checks = {one.name: (one.source, one.status, one.conclusion, one.form) for one in reading.commit.checks}
    assert checks == {
        "ci": ("github-actions", CheckStatus.COMPLETED, "success", "check"),
        "scan": ("scanner", CheckStatus.IN_PROGRESS, None, "check"),
        "legacy": ("ci-user", CheckStatus.COMPLETED, "error", "status"),
    }


def test_accounts_have_the_numbers_and_names_that_webhooks_show(forge: FakeGitHub, client: Client, pull: int) -> None:
    forge.push(REPO, "bots", "dependabot[bot]")
    number = forge.open_pull(REPO, "bots", "dependabot[bot]")
    author = _read(client, number).request.core.author
    account = forge.world.account("dependabot[bot]")
    assert (author.id, author.login, author.bot) == (str(account.id), "dependabot[bot]", True)
    assert _read(client, pull).request.core.author.bot is False


def test_checks_and_statuses_carry_the_numbers_that_webhooks_show(
    forge: FakeGitHub, client: Client, pull: int, head: Head
) -> None:
    check = forge.run_check(REPO, head(), "ci")
    status = forge.set_status(REPO, head(), "legacy")
    assert {one.id for one in _read(client, pull).commit.checks} == {str(check), str(status)}


@pytest.mark.parametrize("number", [1, 127, 128, 70_000, 2**31, 35_000_000_000])
def test_a_number_is_found_in_a_global_id(number: int) -> None:
    assert number_in(node_id("SC", 1003, number)) == str(number)


@pytest.mark.parametrize("node", ["", "SC", "SC_", "SC_!!!!", "MDEzOlN0YXR1cw==", "SC_kwDOAAAD6w", "SC_gA"])
def test_another_form_of_id_holds_no_number_that_we_would_guess(node: str) -> None:
    assert number_in(node) is None


def test_ids_in_another_form_cost_one_more_call_and_no_fact(
    forge: FakeGitHub, client: Client, pull: int, head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = forge.set_status(REPO, head(), "legacy", "failure")
    monkeypatch.setitem(forge._schema["StatusContext"], "id", lambda of, _: "opaque")
    (check,) = _read(client, pull).commit.checks
    assert (check.id, check.conclusion, check.form) == (str(status), "failure", "status")
    assert forge.calls["commits.status"] == 1


def test_long_lists_take_few_calls(forge: FakeGitHub, client: Client, pull: int, head: Head) -> None:
    for number in range(120):
        forge.push(REPO, "feature", "lena", files=[f"src/{number}.py", f"docs/{number}.md"])
    for number in range(100):
        forge.review(REPO, pull, f"reviewer-{number}")
    for number in range(150):
        forge.run_check(REPO, head(), f"ci-{number}")
    client.get(REPO, "")
    forge.reset_calls()
    reading = _read(client, pull)

    assert forge.calls == {"graphql": 3}
    assert (len(reading.request.commits), len(reading.request.paths)) == (121, 241)
    assert (len(reading.request.reviews), len(reading.commit.checks)) == (100, 150)
    assert len(set(reading.request.paths)) == 241
    assert not reading.request.truncated


def test_a_push_between_two_pages_leaves_the_reading_incomplete(
    forge: FakeGitHub, client: Client, pull: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(101):
        forge.push(REPO, "feature", "lena")
    complete = _read(client, pull)
    assert not complete.request.truncated
    whole = client.query
    answered: list[str] = []

    def pushed_between(*arguments: object) -> object:
        if answered:
            forge.push(REPO, "feature", "tom")
        answered.append("page")
        return whole(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(client, "query", pushed_between)
    assert _read(client, pull).request.truncated


def test_who_wrote_what_was_pushed_away_still_counts(forge: FakeGitHub, client: Client, pull: int, head: Head) -> None:
    before = forge.push(REPO, "feature", "max")
    forge.push(REPO, "feature", "lena", force=True)
    reading = _read(client, pull)
    (push,) = reading.pushes
    assert (push.before, push.after, push.pusher.login) == (before, head(), "lena")

    doc = None
    for update in reading.updates:
        if update.scope == "request":
            doc = merge(doc, update)
    assert isinstance(doc, RequestFacts)
    assert "max" in {author.login for commit in doc.commits for author in commit.authors}
    assert doc.complete


def test_an_approval_survives_a_clean_update_and_no_other_push(
    forge: FakeGitHub, client: Client, pull: int, head: Head
) -> None:
    forge.review(REPO, pull, "max")
    approved = head()
    forge.push(REPO, "main", "anna", files=["other.py"])
    forge.update_branch(REPO, pull, "max")
    reading = _read(client, pull)
    diffs = {version.sha: version.diff for version in reading.request.versions}
    assert diffs[approved] == diffs[head()]
    assert diffs[head()] is not None
    assert [commit.clean_merge for commit in reading.request.commits] == [False, True]

    forge.push(REPO, "feature", "lena", files=[{"path": "src/app.py", "patch": "@@ -1 +1 @@\n-a\n+c"}])
    reading = _read(client, pull)
    diffs = {version.sha: version.diff for version in reading.request.versions}
    assert diffs[approved] != diffs[head()]
    assert not any(commit.clean_merge for commit in reading.request.commits)


def test_a_clean_update_after_work_that_changed_nothing_is_clean_too(
    forge: FakeGitHub, client: Client, pull: int, head: Head
) -> None:
    forge.review(REPO, pull, "max")
    forge.push(REPO, "feature", "lena", files=[])
    forge.push(REPO, "main", "anna", files=["other.py"])
    forge.update_branch(REPO, pull, "max")
    forge.review(REPO, pull, "max")
    assert [commit.clean_merge for commit in _read(client, pull).request.commits] == [False, False, True]


def test_what_was_compared_before_is_not_compared_again(
    forge: FakeGitHub, client: Client, pull: int, head: Head
) -> None:
    forge.review(REPO, pull, "max")
    diff = diff_of(client, REPO, "main", head())
    assert diff is not None
    known = {head(): diff}
    forge.push(REPO, "main", "anna", files=["other.py"])
    forge.update_branch(REPO, pull, "max")
    forge.reset_calls()
    reading = read_request(client, REPO, pull, NOW, known=known)
    assert forge.calls == {"graphql": 1, "commits.compare": 1}
    assert [commit.clean_merge for commit in reading.request.commits] == [False, True]


def test_an_approver_who_only_updated_the_branch_wrote_nothing(forge: FakeGitHub, client: Client, pull: int) -> None:
    forge.push(REPO, "main", "anna", files=["other.py"])
    forge.update_branch(REPO, pull, "max")
    assert not any(commit.clean_merge for commit in _read(client, pull).request.commits)
    forge.review(REPO, pull, "max")
    forge.reset_calls()
    assert [commit.clean_merge for commit in _read(client, pull).request.commits] == [False, True]
    assert forge.calls == {"graphql": 1, "commits.compare": 2}


def test_comparing_is_left_out_where_nothing_depends_on_it(forge: FakeGitHub, client: Client, pull: int) -> None:
    forge.review(REPO, pull, "max")
    forge.push(REPO, "feature", "lena")
    client.get(REPO, "")
    forge.reset_calls()
    assert _read(client, pull, carry_over=False).request.reviews
    assert forge.calls == {"graphql": 1}
    reading = read_request(client, REPO, pull, NOW)
    known = {version.sha: version.diff for version in reading.request.versions if version.diff}
    forge.reset_calls()
    read_request(client, REPO, pull, NOW, known=known)
    assert forge.calls == {"graphql": 1}
    forge.update_branch(REPO, pull, "max")
    again = read_request(client, REPO, pull, NOW, known=known)
    assert forge.calls == {"graphql": 2, "commits.compare": 1}
    assert not again.request.commits[0].clean_merge


def test_the_place_of_a_patch_is_not_part_of_it(forge: FakeGitHub, client: Client) -> None:
    def pushed(branch: str, patch: str) -> str:
        return forge.push(REPO, branch, "lena", files=[{"path": "a.py", "patch": patch}])

    here = pushed("one", "@@ -1,2 +1,2 @@ def f\n-a\n+b")
    there = pushed("two", "@@ -70,2 +71,2 @@ def g\n-a\n+b")
    other = pushed("three", "@@ -1,2 +1,2 @@ def f\n-a\n+c")
    found = [diff_of(client, REPO, "main", sha) for sha in (here, there, other)]
    assert found[0] == found[1] != found[2]
    many = forge.push(REPO, "many", "lena", files=[f"{number}.py" for number in range(300)])
    assert diff_of(client, REPO, "main", many) is None


def test_a_merged_request_names_its_merge_commit(forge: FakeGitHub, client: Client, pull: int, head: Head) -> None:
    assert _read(client, pull).request.core.merge_commit is None
    merged = forge.merge(REPO, pull, "max", bypass=True)
    core = _read(client, pull).request.core
    assert (core.state, core.merge_commit, core.head) == (RequestState.MERGED, merged, head())


def test_a_request_that_is_not_there_and_an_answer_of_another_shape(
    forge: FakeGitHub, client: Client, pull: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _read(client, pull).request.number == pull
    with pytest.raises(NotThere):
        _read(client, 99)
    monkeypatch.setitem(forge._schema["PullRequest"], "title", lambda of, _: None)
    with pytest.raises(Unexpected, match="title"):
        _read(client, pull)
