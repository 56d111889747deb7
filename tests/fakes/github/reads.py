"""REST v3 routes that read repositories, requests and checks."""

from typing import Any

from tests.fakes.github.calls import Call, check_of
from tests.fakes.history import changed_by
from tests.fakes.routing import Listed


def get_repository(call: Call) -> Any:
    """A repository."""
    return call.forge.shapes.repository(call.repository)


def list_pulls(call: Call) -> Any:
    """Requests, newest first; open ones unless asked otherwise."""
    call.caller.need("pull_requests")
    state = call.request.query.get("state", "open")
    head = call.request.query.get("head", "").rpartition(":")[2]
    shown = [
        one
        for one in reversed(call.repository.pulls.values())
        if state in ("all", one.state) and head in ("", one.head_ref)
    ]
    if call.request.query.get("sort") == "updated":
        shown.sort(key=lambda one: one.updated, reverse=call.request.query.get("direction", "desc") == "desc")
    return Listed([call.forge.shapes.pull(call.repository, one) for one in shown])


def get_pull(call: Call) -> Any:
    """A request."""
    call.caller.need("pull_requests")
    return call.forge.shapes.pull(call.repository, call.repository.pull(int(call.parts["number"])))


def list_reviews(call: Call) -> Any:
    """Reviews of a request, oldest first."""
    call.caller.need("pull_requests")
    return Listed([call.forge.shapes.review(one) for one in call.repository.pull(int(call.parts["number"])).reviews])


def list_pull_commits(call: Call) -> Any:
    """Commits of a request, oldest first; never more than 250."""
    call.caller.need("pull_requests")
    pull = call.repository.pull(int(call.parts["number"]))
    return Listed([call.forge.shapes.commit(call.repository, one) for one in call.repository.commits_of(pull)[:250]])


def list_files(call: Call) -> Any:
    """Files of a request; never more than 3000."""
    call.caller.need("pull_requests")
    pull = call.repository.pull(int(call.parts["number"]))
    return Listed([call.forge.shapes.file(one) for one in call.repository.files_of(pull)[:3000]])


def get_commit(call: Call) -> Any:
    """A commit with its files."""
    call.caller.need("contents")
    commit = call.repository.commit(call.parts["ref"])
    return call.forge.shapes.commit(call.repository, commit) | {
        "files": [call.forge.shapes.file(one) for one in commit.files]
    }


def compare(call: Call) -> Any:
    """What `head` has beyond its merge base with `base`."""
    call.caller.need("contents")
    base, head = call.parts["basehead"].split("...")
    repository = call.repository
    ahead = repository.between(repository.commit(base).sha, repository.commit(head).sha)
    return {
        "status": "ahead",
        "ahead_by": len(ahead),
        "total_commits": len(ahead),
        "commits": [call.forge.shapes.commit(repository, one) for one in ahead],
        "files": [call.forge.shapes.file(one) for one in changed_by(ahead)],
    }


def commit_pulls(call: Call) -> Any:
    """Requests that a commit belongs to."""
    call.caller.need("pull_requests")
    repository, sha = call.repository, call.repository.commit(call.parts["ref"]).sha
    found = [
        one
        for one in repository.pulls.values()
        if sha in (one.head, one.merge_commit) or sha in {commit.sha for commit in repository.commits_of(one)}
    ]
    return Listed([call.forge.shapes.pull(repository, one) for one in found])


def list_checks(call: Call) -> Any:
    """The newest run of each check on a commit (or all with `filter=all`)."""
    call.caller.need("checks")
    repository, sha = call.repository, call.repository.commit(call.parts["ref"]).sha
    everything = [one for one in repository.checks.values() if one.sha == sha]
    runs = everything if call.request.query.get("filter") == "all" else repository.latest_checks(sha)
    name = call.request.query.get("check_name")
    slug = call.request.query.get("app_id")
    runs = [one for one in runs if name in (None, one.name) and slug in (None, str(one.app.id))]
    return Listed([call.forge.shapes.check(repository, one) for one in reversed(runs)], "check_runs")


def combined_status(call: Call) -> Any:
    """The newest status of each context, and what they make together."""
    call.caller.need("statuses")
    repository, sha = call.repository, call.repository.commit(call.parts["ref"]).sha
    newest = repository.latest_statuses(sha)
    states = {one.state for one in newest}
    bad, waiting = states & {"failure", "error"}, "pending" in states or not states
    return {
        "state": "failure" if bad else "pending" if waiting else "success",
        "sha": sha,
        "total_count": len(newest),
        "statuses": [call.forge.shapes.status(repository, one) for one in newest],
        "repository": call.forge.shapes.repository(repository),
    }


def list_statuses(call: Call) -> Any:
    """All statuses of a commit, newest first."""
    call.caller.need("statuses")
    repository, sha = call.repository, call.repository.commit(call.parts["ref"]).sha
    found = [one for one in reversed(repository.statuses) if one.sha == sha]
    return Listed([call.forge.shapes.status(repository, one) for one in found])


def get_check(call: Call) -> Any:
    """A check run."""
    call.caller.need("checks")
    return call.forge.shapes.check(call.repository, check_of(call))
