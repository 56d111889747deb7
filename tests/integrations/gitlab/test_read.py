"""A reading of the fake GitLab by the real SDK: what is asked, and what it is in our terms."""

from collections.abc import Callable
from datetime import datetime
from itertools import permutations
from typing import Any

import pytest

from integrations.errors import NotThere, Unexpected
from integrations.gitlab import read as reading_module
from integrations.gitlab.client import Client
from integrations.gitlab.read import RequestReading, read_request
from tests.fakes.gitlab import FakeGitLab
from tests.integrations.gitlab.conftest import NOW, PROJECT, Clock
from workflows.change.facts import RequestFacts, merge
from workflows.change.seen import CheckStatus, Forge, Review, ReviewState


@pytest.fixture
def read(client: Client, iid: int) -> Callable[..., RequestReading]:
    def reading(**more: Any) -> RequestReading:
        return read_request(client, PROJECT, iid, NOW, **more)

    return reading


def _reviews(found: RequestReading) -> list[tuple[str | None, ReviewState, str | None]]:
    return [(one.reviewer.login, one.state, one.commit) for one in found.request.reviews]


def test_one_call_reads_a_request_that_nobody_approved(
    forge: FakeGitLab, read: Callable[..., RequestReading], iid: int
) -> None:
    found = read()
    assert dict(forge.calls) == {"graphql": 1}
    core = found.request.core
    request = forge.world.project(PROJECT).request(iid)
    assert (core.head, core.base, core.head_ref, core.title) == (request.head, "main", "feature", "Add basket")
    assert (core.author.forge, core.author.login, core.fork, core.draft) == (Forge.GITLAB, "lena", False, False)
    assert core.body == "Change: CHG-2026-0117"
    assert found.request.paths == ("src/app.py",)
    (commit,) = found.request.commits
    assert commit.changes == ("CHG-2026-0117",)
    assert (commit.authors[0].login, commit.committer and commit.committer.login) == ("lena", "lena")
    assert found.commit.checks == ()
    assert (found.pipeline, found.gate) == (None, None)


def test_an_approval_is_bound_to_the_head_that_stood_when_it_was_given(
    forge: FakeGitLab, clock: Clock, read: Callable[..., RequestReading], iid: int
) -> None:
    forge.set_rules(PROJECT, reset_approvals_on_push=False)
    request = forge.world.project(PROJECT).request(iid)
    clock.move(minutes=1)
    first = request.head
    forge.approve(PROJECT, iid, "max")
    clock.move(minutes=1)
    forge.push(PROJECT, "feature", "lena", files=["src/more.py"])
    clock.move(minutes=1)
    forge.approve(PROJECT, iid, "tom")
    forge.reset_calls()
    found = read()
    assert sorted(_reviews(found)) == [
        ("max", ReviewState.APPROVED, first),
        ("tom", ReviewState.APPROVED, request.head),
    ]
    assert dict(forge.calls) == {"graphql": 1, "requests.versions": 1}
    diffs = {version.sha: version.diff for version in found.request.versions}
    assert set(diffs) == {first, request.head}
    assert diffs[first] != diffs[request.head]


def test_where_no_time_is_told_the_notes_tell_it_and_else_it_stays_unknown(
    forge: FakeGitLab, clock: Clock, read: Callable[..., RequestReading], iid: int
) -> None:
    forge.hide_approval_times()
    clock.move(minutes=1)
    forge.approve(PROJECT, iid, "max")
    request = forge.world.project(PROJECT).request(iid)
    assert _reviews(read()) == [("max", ReviewState.APPROVED, request.head)]
    request.notes.clear()
    (unsure,) = read().request.reviews
    assert (unsure.commit, unsure.unsure) == (None, True)


def test_an_approval_that_was_taken_back_and_an_objection(
    forge: FakeGitLab, clock: Clock, read: Callable[..., RequestReading], iid: int
) -> None:
    clock.move(minutes=1)
    forge.approve(PROJECT, iid, "max")
    forge.unapprove(PROJECT, iid, "max")
    assert _reviews(read()) == []
    forge.approve(PROJECT, iid, "max")
    forge.request_changes(PROJECT, iid, "max")
    (objection,) = read().request.reviews
    assert (objection.state, objection.commit) == (ReviewState.CHANGES_REQUESTED, None)
    assert objection.submitted_at == NOW, "since when is not told: as early as can be"


def test_everybody_who_wrote_in_any_version_is_told(
    forge: FakeGitLab, clock: Clock, read: Callable[..., RequestReading], iid: int
) -> None:
    forge.push(PROJECT, "feature", "eve", force=True, message="Other\n\nCo-authored-by: Kim <kim@example.org>")
    forge.push(PROJECT, "feature", "lena", force=True)
    clock.move(minutes=1)
    forge.approve(PROJECT, iid, "max")
    found = read()
    gone = [commit for version in found.versions for commit in version.commits]
    addresses = {who.email for one in gone for who in (*one.authors, *one.co_authors)}
    assert addresses == {"lena@example.org", "eve@example.org", "kim@example.org"}
    forge.reset_calls()
    read(known={commit.sha for commit in gone})
    assert forge.calls["requests.version"] == 0, "what is stored is not read again"


def test_a_clean_merge_of_the_base_brings_nothing_in(
    forge: FakeGitLab, clock: Clock, read: Callable[..., RequestReading], iid: int
) -> None:
    forge.set_rules(PROJECT, reset_approvals_on_push=False)
    clock.move(minutes=1)
    forge.approve(PROJECT, iid, "max")
    forge.push(PROJECT, "main", "tom", files=["docs/a.md"])
    forge.update_branch(PROJECT, iid, "max")
    assert [one.clean_merge for one in read().request.commits] == [False, True]
    forge.push(PROJECT, "feature", "lena", files=["src/b.py"])
    assert not any(one.clean_merge for one in read().request.commits)


def test_a_clean_merge_after_work_that_changed_nothing_brings_nothing_in(
    forge: FakeGitLab, clock: Clock, read: Callable[..., RequestReading], iid: int
) -> None:
    forge.set_rules(PROJECT, reset_approvals_on_push=False)
    clock.move(minutes=1)
    forge.push(PROJECT, "feature", "lena", files=[])
    forge.push(PROJECT, "main", "tom", files=["docs/a.md"])
    forge.update_branch(PROJECT, iid, "max")
    forge.approve(PROJECT, iid, "max")
    assert [one.clean_merge for one in read().request.commits] == [False, False, True]


def test_jobs_and_statuses_are_checks_with_their_source(
    forge: FakeGitLab, read: Callable[..., RequestReading], iid: int
) -> None:
    head = forge.world.project(PROJECT).request(iid).head
    jobs = {"build": "success", "lint": "failed", "slow": "running"}
    run = forge.run_pipeline(PROJECT, head, jobs=jobs, allow_failure=["lint"], request=iid)
    forge.set_status(PROJECT, head, "scan", "success", by="scanner", pipeline_id=run)
    gate = forge.set_status(PROJECT, head, "wachbuch/gate", "success", by="mallory", pipeline_id=run)
    forge.reset_calls()
    found = read(checks=["build"])
    told = {one.name: (one.source, one.status, one.conclusion, one.form) for one in found.commit.checks}
    assert told == {
        "build": ("gitlab-ci", CheckStatus.COMPLETED, "success", "check"),
        "lint": ("gitlab-ci", CheckStatus.COMPLETED, "failure_allowed", "check"),
        "slow": ("gitlab-ci", CheckStatus.IN_PROGRESS, None, "check"),
    }
    assert forge.calls.total() == 1, "every name that is asked for is a job"
    assert found.pipeline is not None
    assert (found.pipeline.id, found.pipeline.ref, found.pipeline.sha) == (run, f"refs/merge-requests/{iid}/head", head)
    assert found.gate == gate
    outside = {one.name: (one.source, one.form) for one in read(checks=["scan"]).commit.checks}
    assert outside["scan"] == ("scanner", "status")
    assert "wachbuch/gate" not in outside


@pytest.mark.parametrize(("method", "squash"), [("merge", False), ("ff", False), ("ff", True)])
def test_the_commit_that_came_into_the_branch_is_found(
    forge: FakeGitLab, read: Callable[..., RequestReading], iid: int, method: str, squash: bool
) -> None:
    assert read().request.core.merge_commit is None
    forge.set_rules(PROJECT, merge_method=method)
    forge.world.project(PROJECT).request(iid).squash = squash
    tip = forge.merge(PROJECT, iid, "lena")
    core = read().request.core
    assert (core.merge_commit, core.merged_at) == (tip, NOW)


def test_long_lists_are_read_page_by_page(
    forge: FakeGitLab, read: Callable[..., RequestReading], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(120):
        forge.push(PROJECT, "feature", "lena", files=[f"src/{number}.py"])
    found = read()
    assert (len(found.request.commits), found.request.truncated) == (121, False)
    assert len({one.sha for one in found.request.commits}) == 121
    monkeypatch.setattr(reading_module, "MOST_CALLS", 1)
    assert read().request.truncated


def test_what_is_not_there_and_what_cannot_be_read(forge: FakeGitLab, client: Client, iid: int) -> None:
    with pytest.raises(NotThere):
        read_request(client, PROJECT, iid + 1, NOW)
    with pytest.raises(NotThere):
        read_request(client, "acme/none", iid, NOW)
    forge.world.project(PROJECT).request(iid).state = 7  # type: ignore[assignment]
    with pytest.raises(Unexpected, match="expected a merge request"):
        read_request(client, PROJECT, iid, NOW)


def test_readings_join_in_any_order(forge: FakeGitLab, client: Client, clock: Clock, iid: int) -> None:
    def now() -> datetime:
        clock.move(minutes=1)
        return clock.now

    readings = [read_request(client, PROJECT, iid, now())]
    forge.approve(PROJECT, iid, "max")
    readings.append(read_request(client, PROJECT, iid, now()))
    forge.push(PROJECT, "feature", "lena", force=True, files=["src/c.py"])
    readings.append(read_request(client, PROJECT, iid, now()))
    documents = set()
    for order in permutations(readings):
        joined: Any = None
        for one in order:
            for update in one.updates:
                joined = merge(joined, update) if update.scope == "request" else joined
        assert isinstance(joined, RequestFacts)
        documents.add(joined)
    (final,) = documents
    assert final.reviews == tuple[Review, ...](), "the push reset them, and the last reading holds"
