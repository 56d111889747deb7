"""REST v3 routes that write: check runs, statuses, comments, merges, deployments."""

from typing import Any, Final

from tests.fakes.github.calls import Call, check_of
from tests.fakes.github.world import CheckRun, GitHubError, Status
from tests.fakes.routing import Created, Listed

DESCRIPTION_LIMIT: Final = 140
STATUSES_PER_SHA: Final = 1000
SUMMARY_LIMIT: Final = 65_535
COMMENT_LIMIT: Final = 65_536
REPORT_LIMIT: Final = 1024


def _checked_output(call: Call) -> None:
    output = call.input.get("output")
    if output is not None:
        if not output.get("title") or not output.get("summary"):
            raise GitHubError(422, "Invalid request.", errors=['"title" and "summary" are required in "output".'])
        if max(len(output["summary"]), len(output.get("text") or "")) > SUMMARY_LIMIT:
            raise GitHubError(422, "Invalid request.", errors=["summary or text is too long."])


def create_check(call: Call) -> Any:
    """A check run: only an App may report one."""
    if call.caller.app is None:
        raise GitHubError(403, "You must authenticate via a GitHub App.")
    call.caller.need("checks", "write")
    call.wanted("name", "head_sha")
    _checked_output(call)
    repository = call.repository
    sha = repository.commit(call.input["head_sha"]).sha
    check = CheckRun(
        call.forge.world.new_id(), call.input["name"], sha, call.caller.app, started=call.forge.world.now()
    )
    repository.checks[check.id] = check
    _fill(call, check)
    call.forge.emit_check(repository, check, "completed" if check.status == "completed" else "created")
    return Created(call.forge.shapes.check(repository, check))


def update_check(call: Call) -> Any:
    """A check run goes on; only its own App may do that."""
    call.caller.need("checks", "write")
    check = check_of(call)
    if call.caller.app != check.app:
        raise GitHubError(403, "Invalid app_id. The app that created this check run must be used to update it.")
    _checked_output(call)
    before = check.status
    _fill(call, check)
    if check.status == "completed" and before != "completed":
        call.forge.emit_check(call.repository, check, "completed")
    return call.forge.shapes.check(call.repository, check)


def _fill(call: Call, check: CheckRun) -> None:
    given = call.input
    if given.get("status") == "completed" and not (given.get("conclusion") or check.conclusion):
        raise GitHubError(422, "Invalid request.", errors=['"conclusion" is required when status is "completed".'])
    check.status = "completed" if given.get("conclusion") else given.get("status", check.status)
    check.conclusion = given.get("conclusion", check.conclusion) if check.status == "completed" else None
    check.completed = call.forge.world.now() if check.status == "completed" else None
    check.output = {**check.output, **(given.get("output") or {})}
    check.external_id = given.get("external_id", check.external_id)
    check.details_url = given.get("details_url", check.details_url)


def create_status(call: Call) -> Any:
    """A commit status; any writer may report one."""
    call.caller.need("statuses", "write")
    call.wanted("state")
    given, repository = call.input, call.repository
    if given["state"] not in ("error", "failure", "pending", "success"):
        raise GitHubError(422, "Validation Failed", errors=[{"field": "state", "code": "invalid"}])
    if len(given.get("description") or "") > DESCRIPTION_LIMIT:
        raise GitHubError(422, "Validation Failed", errors=["description is too long (maximum is 140 characters)"])
    sha = repository.commit(call.parts["ref"]).sha
    context = given.get("context", "default")
    if sum(one.sha == sha and one.context == context for one in repository.statuses) >= STATUSES_PER_SHA:
        raise GitHubError(
            422, "Validation Failed", errors=["This SHA and context has reached the maximum number of statuses."]
        )
    status = Status(
        call.forge.world.new_id(),
        sha,
        given["state"],
        context,
        given.get("description") or "",
        given.get("target_url") or "",
        call.caller.account,
        call.forge.world.now(),
    )
    call.forge.put_status(repository, status)
    return Created(call.forge.shapes.status(repository, status))


def list_comments(call: Call) -> Any:
    """Comments of a request, oldest first."""
    call.caller.need("pull_requests")
    pull = call.repository.pull(int(call.parts["number"]))
    return Listed([call.forge.shapes.comment(call.repository, one) for one in pull.comments])


def create_comment(call: Call) -> Any:
    """A comment on a request."""
    call.caller.need("pull_requests", "write")
    call.wanted("body")
    pull = call.repository.pull(int(call.parts["number"]))
    comment = call.forge.put_comment(call.repository, pull, call.caller.account, _body(call))
    return Created(call.forge.shapes.comment(call.repository, comment))


def update_comment(call: Call) -> Any:
    """An edited comment."""
    call.caller.need("pull_requests", "write")
    call.wanted("body")
    for pull in call.repository.pulls.values():
        for comment in pull.comments:
            if comment.id == int(call.parts["id"]):
                comment.body, comment.updated = _body(call), call.forge.world.now()
                return call.forge.shapes.comment(call.repository, comment)
    raise GitHubError(404, "Not Found")


def _body(call: Call) -> str:
    body = str(call.input["body"])
    if len(body) > COMMENT_LIMIT:
        raise GitHubError(422, "Validation Failed", errors=["body is too long (maximum is 65536 characters)"])
    return body


def merge(call: Call) -> Any:
    """Merge a request: 405 while a required check is not green, 409 when the head moved."""
    call.caller.need("contents", "write")
    pull = call.repository.pull(int(call.parts["number"]))
    if call.input.get("sha") not in (None, pull.head):
        raise GitHubError(409, "Head branch was modified. Review and try the merge again.")
    sha = call.forge.merge(call.repository.full_name, pull.number, call.caller.account.login)
    return {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}


def create_deployment(call: Call) -> Any:
    """A deployment."""
    call.caller.need("deployments", "write")
    call.wanted("ref")
    commit = call.repository.commit(call.input["ref"])
    environment = call.input.get("environment", "production")
    number = call.forge.deploy(call.repository.full_name, commit.sha, environment, call.caller.account.login)
    return Created(call.forge.shapes.deployment(call.repository, call.repository.deployments[number]))


def list_deployments(call: Call) -> Any:
    """Deployments, newest first."""
    call.caller.need("deployments")
    sha, environment = call.request.query.get("sha"), call.request.query.get("environment")
    found = [
        one
        for one in reversed(call.repository.deployments.values())
        if sha in (None, one.sha) and environment in (None, one.environment)
    ]
    return Listed([call.forge.shapes.deployment(call.repository, one) for one in found])


def answer_protection(call: Call) -> Any:
    """A deployment protection rule answers: with a state the decision, without one a report."""
    if call.caller.app is None:
        raise GitHubError(403, "You must authenticate via a GitHub App.")
    call.caller.need("deployments", "write")
    call.wanted("environment_name")
    given, run = call.input, call.repository.waiting.get(int(call.parts["id"]))
    if run is None or run.environment != given["environment_name"]:
        raise GitHubError(404, "Not Found")
    state, comment = given.get("state"), given.get("comment") or ""
    if state not in (None, "approved", "rejected") or len(comment) > REPORT_LIMIT or not (state or comment):
        raise GitHubError(422, "Validation Failed", errors=[{"field": "state", "code": "invalid"}])
    call.forge.answer_protection(call.repository, run, state, comment)
    return Created(None, status=204)
