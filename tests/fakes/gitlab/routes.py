"""REST v4: verb and path to a function, and the name under which a call is counted and can be made to fail."""

from typing import Final

from tests.fakes import routing
from tests.fakes.gitlab import hooking, issues, reads, runs, writes
from tests.fakes.routing import Entry, Route

_P: Final = "/projects/{project}"
_MR: Final = f"{_P}/merge_requests/{{iid}}"
_COMMIT: Final = f"{_P}/repository/commits/{{sha}}"
_HOOK: Final = f"{_P}/hooks/{{hook}}"
_GROUP_HOOK: Final = "/groups/{group}/hooks/{hook}"
_DEPLOYMENT: Final = f"{_P}/deployments/{{deployment}}"
_TABLE: Final[tuple[Entry, ...]] = (
    ("user.get", "GET", "/user", reads.user),
    ("users.list", "GET", "/users", reads.list_users),
    ("users.get", "GET", "/users/{id}", reads.some_user),
    ("version", "GET", "/version", reads.version),
    ("token.get", "GET", "/personal_access_tokens/self", reads.token_self),
    ("projects.list", "GET", "/projects", reads.list_projects),
    ("projects.get", "GET", _P, reads.get_project),
    ("requests.list", "GET", f"{_P}/merge_requests", reads.list_requests),
    ("requests.get", "GET", _MR, reads.get_request),
    ("requests.commits", "GET", f"{_MR}/commits", reads.request_commits),
    ("requests.diffs", "GET", f"{_MR}/diffs", reads.request_diffs),
    ("requests.changes", "GET", f"{_MR}/changes", reads.request_changes),
    ("requests.versions", "GET", f"{_MR}/versions", reads.list_versions),
    ("requests.version", "GET", f"{_MR}/versions/{{id}}", reads.get_version),
    ("requests.pipelines", "GET", f"{_MR}/pipelines", reads.request_pipelines),
    ("requests.approvals", "GET", f"{_MR}/approvals", reads.approvals),
    ("requests.approval_state", "GET", f"{_MR}/approval_state", reads.approval_state),
    ("requests.reviewers", "GET", f"{_MR}/reviewers", reads.reviewers),
    ("requests.merge", "PUT", f"{_MR}/merge", writes.merge),
    ("requests.approve", "POST", f"{_MR}/approve", writes.approve),
    ("requests.unapprove", "POST", f"{_MR}/unapprove", writes.unapprove),
    ("requests.checks", "GET", f"{_MR}/status_checks", reads.request_status_checks),
    ("requests.answer_check", "POST", f"{_MR}/status_check_responses", writes.answer_status_check),
    ("notes.list", "GET", f"{_MR}/notes", reads.list_notes),
    ("notes.create", "POST", f"{_MR}/notes", writes.create_note),
    ("notes.get", "GET", f"{_MR}/notes/{{id}}", reads.get_note),
    ("notes.update", "PUT", f"{_MR}/notes/{{id}}", writes.update_note),
    ("notes.delete", "DELETE", f"{_MR}/notes/{{id}}", writes.delete_note),
    ("commits.list", "GET", f"{_P}/repository/commits", reads.list_commits),
    ("commits.requests", "GET", f"{_COMMIT}/merge_requests", reads.commit_requests),
    ("commits.diff", "GET", f"{_COMMIT}/diff", reads.commit_diff),
    ("commits.statuses", "GET", f"{_COMMIT}/statuses", runs.list_statuses),
    ("commits.get", "GET", _COMMIT, reads.get_commit),
    ("commits.compare", "GET", f"{_P}/repository/compare", reads.compare),
    ("statuses.create", "POST", f"{_P}/statuses/{{sha}}", runs.create_status),
    ("branches.list", "GET", f"{_P}/repository/branches", reads.list_branches),
    ("branches.get", "GET", f"{_P}/repository/branches/{{branch}}", reads.get_branch),
    ("branches.protected", "GET", f"{_P}/protected_branches", reads.list_protected),
    ("projects.approvals", "GET", f"{_P}/approvals", reads.project_approvals),
    ("projects.events", "GET", f"{_P}/events", reads.list_events),
    ("pipelines.list", "GET", f"{_P}/pipelines", runs.list_pipelines),
    ("pipelines.get", "GET", f"{_P}/pipelines/{{pipeline}}", runs.get_pipeline),
    ("pipelines.jobs", "GET", f"{_P}/pipelines/{{pipeline}}/jobs", runs.pipeline_jobs),
    ("jobs.get", "GET", f"{_P}/jobs/{{job}}", runs.get_job),
    ("issues.get", "GET", f"{_P}/issues/{{iid}}", issues.get_issue),
    ("deployments.list", "GET", f"{_P}/deployments", runs.list_deployments),
    ("deployments.create", "POST", f"{_P}/deployments", runs.create_deployment),
    ("deployments.get", "GET", _DEPLOYMENT, runs.get_deployment),
    ("deployments.approve", "POST", f"{_DEPLOYMENT}/approval", runs.approve_deployment),
    ("deployments.requests", "GET", f"{_DEPLOYMENT}/merge_requests", runs.deployment_requests),
    ("environments.list", "GET", f"{_P}/environments", runs.list_environments),
    ("environments.protected", "GET", f"{_P}/protected_environments", runs.list_protected_environments),
    ("checks.list", "GET", f"{_P}/external_status_checks", reads.project_status_checks),
    ("hooks.list", "GET", f"{_P}/hooks", hooking.list_hooks),
    ("hooks.create", "POST", f"{_P}/hooks", hooking.create_hook),
    ("hooks.get", "GET", _HOOK, hooking.get_hook),
    ("hooks.update", "PUT", _HOOK, hooking.update_hook),
    ("hooks.delete", "DELETE", _HOOK, hooking.delete_hook),
    ("hooks.events", "GET", f"{_HOOK}/events", hooking.list_hook_events),
    ("hooks.resend", "POST", f"{_HOOK}/events/{{event}}/resend", hooking.resend),
    ("hooks.test", "POST", f"{_HOOK}/test/{{trigger}}", hooking.test_hook),
    ("groups.hooks", "GET", "/groups/{group}/hooks", hooking.list_hooks),
    ("groups.hook", "GET", _GROUP_HOOK, hooking.get_hook),
    ("groups.events", "GET", f"{_GROUP_HOOK}/events", hooking.list_hook_events),
    ("groups.resend", "POST", f"{_GROUP_HOOK}/events/{{event}}/resend", hooking.resend),
    ("groups.test", "POST", f"{_GROUP_HOOK}/test/{{trigger}}", hooking.test_hook),
)
"""Name, verb, path and function."""


def compiled() -> tuple[Route, ...]:
    """The table with its patterns compiled. Slashes in names come escaped."""
    return routing.compiled(_TABLE)
