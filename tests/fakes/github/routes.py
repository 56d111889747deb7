"""REST v3: verb and path to a function, and the name under which a call is counted and can be made to fail."""

from typing import Final

from tests.fakes import routing
from tests.fakes.github import apps, issues, reads, watched, writes
from tests.fakes.routing import Entry, Route

_REPO: Final = "/repos/{owner}/{repo}"
_TABLE: Final[tuple[Entry, ...]] = (
    ("repo.get", "GET", _REPO, reads.get_repository),
    ("pulls.list", "GET", f"{_REPO}/pulls", reads.list_pulls),
    ("pulls.get", "GET", f"{_REPO}/pulls/{{number}}", reads.get_pull),
    ("pulls.reviews", "GET", f"{_REPO}/pulls/{{number}}/reviews", reads.list_reviews),
    ("pulls.commits", "GET", f"{_REPO}/pulls/{{number}}/commits", reads.list_pull_commits),
    ("pulls.files", "GET", f"{_REPO}/pulls/{{number}}/files", reads.list_files),
    ("pulls.merge", "PUT", f"{_REPO}/pulls/{{number}}/merge", writes.merge),
    ("commits.checks", "GET", f"{_REPO}/commits/{{ref}}/check-runs", reads.list_checks),
    ("commits.status", "GET", f"{_REPO}/commits/{{ref}}/status", reads.combined_status),
    ("commits.statuses", "GET", f"{_REPO}/commits/{{ref}}/statuses", reads.list_statuses),
    ("commits.pulls", "GET", f"{_REPO}/commits/{{ref}}/pulls", reads.commit_pulls),
    ("commits.get", "GET", f"{_REPO}/commits/{{ref}}", reads.get_commit),
    ("commits.compare", "GET", f"{_REPO}/compare/{{basehead}}", reads.compare),
    ("checks.create", "POST", f"{_REPO}/check-runs", writes.create_check),
    ("checks.get", "GET", f"{_REPO}/check-runs/{{id}}", reads.get_check),
    ("checks.update", "PATCH", f"{_REPO}/check-runs/{{id}}", writes.update_check),
    ("statuses.create", "POST", f"{_REPO}/statuses/{{ref}}", writes.create_status),
    ("comments.list", "GET", f"{_REPO}/issues/{{number}}/comments", writes.list_comments),
    ("comments.create", "POST", f"{_REPO}/issues/{{number}}/comments", writes.create_comment),
    ("comments.update", "PATCH", f"{_REPO}/issues/comments/{{id}}", writes.update_comment),
    ("issues.get", "GET", f"{_REPO}/issues/{{number}}", issues.get_issue),
    ("deployments.list", "GET", f"{_REPO}/deployments", writes.list_deployments),
    ("deployments.create", "POST", f"{_REPO}/deployments", writes.create_deployment),
    (
        "runs.protection",
        "POST",
        f"{_REPO}/actions/runs/{{id}}/deployment_protection_rule",
        writes.answer_protection,
    ),
    ("hooks.list", "GET", f"{_REPO}/hooks", watched.list_hooks),
    ("hooks.deliveries", "GET", f"{_REPO}/hooks/{{hook}}/deliveries", apps.list_deliveries),
    ("hooks.delivery", "GET", f"{_REPO}/hooks/{{hook}}/deliveries/{{id}}", apps.get_delivery),
    ("hooks.redeliver", "POST", f"{_REPO}/hooks/{{hook}}/deliveries/{{id}}/attempts", watched.redeliver),
    ("app.installation", "GET", f"{_REPO}/installation", apps.installation),
    ("app.get", "GET", "/app", apps.app),
    ("app.installations.get", "GET", "/app/installations/{id}", apps.installation),
    ("app.token", "POST", "/app/installations/{id}/access_tokens", apps.access_token),
    ("app.deliveries", "GET", "/app/hook/deliveries", apps.list_deliveries),
    ("app.delivery", "GET", "/app/hook/deliveries/{id}", apps.get_delivery),
    ("app.redeliver", "POST", "/app/hook/deliveries/{id}/attempts", watched.redeliver),
    ("installation.repositories", "GET", "/installation/repositories", apps.installed_repositories),
    ("user.get", "GET", "/user", apps.user),
    ("activity.list", "GET", f"{_REPO}/activity", watched.list_activity),
    ("deployments.statuses", "GET", f"{_REPO}/deployments/{{id}}/statuses", watched.deployment_statuses),
    ("rules.branch", "GET", f"{_REPO}/rules/branches/{{ref}}", watched.rules_of_branch),
    ("rulesets.get", "GET", f"{_REPO}/rulesets/{{id}}", watched.ruleset),
    ("branches.get", "GET", f"{_REPO}/branches/{{ref}}", watched.get_branch),
    ("hooks.update", "PATCH", f"{_REPO}/hooks/{{hook}}", watched.update_hook),
    ("app.installations", "GET", "/app/installations", watched.list_installations),
    ("app.hook.config", "GET", "/app/hook/config", watched.app_hook_config),
    ("user.repositories", "GET", "/user/repos", watched.own_repositories),
    ("users.get", "GET", "/users/{login}", apps.some_user),
)
"""Name, verb, path and function."""


def compiled() -> tuple[Route, ...]:
    """The table with its patterns compiled. A ref may contain slashes; owners and names may not."""
    return routing.compiled(_TABLE, ("ref", "basehead"))


def by_app(route: Route) -> bool:
    """Whether the App itself calls (JWT), not one of its installations."""
    return route.name.startswith("app.")
