"""REST v4 routes that read projects, requests and commits."""

from typing import Any

from tests.fakes.gitlab.calls import Call
from tests.fakes.gitlab.world import Access, GitLabError, MergeRequest, Project
from tests.fakes.history import changed_by
from tests.fakes.routing import Listed


def user(call: Call) -> Any:
    """The owner of the token."""
    return call.forge.shapes.account(call.caller.account)


def some_user(call: Call) -> Any:
    """A user by id."""
    for account in call.forge.world.accounts.values():
        if account.id == int(call.parts["id"]):
            return call.forge.shapes.account(account)
    raise GitLabError(404, "404 User Not Found")


def list_users(call: Call) -> Any:
    """Users, by name when asked."""
    name = call.request.query.get("username")
    accounts = call.forge.world.accounts.values()
    return Listed([call.forge.shapes.account(one) for one in accounts if name in (None, one.username)])


def version(call: Call) -> Any:
    """Which GitLab this is."""
    return {"version": "19.0.0-ee", "revision": "abc123"}


def token_self(call: Call) -> Any:
    """The token itself."""
    return {
        "id": 1,
        "name": "wachbuch",
        "revoked": False,
        "active": True,
        "scopes": sorted(call.caller.scopes),
        "user_id": call.caller.account.id,
        "expires_at": None,
    }


def list_projects(call: Call) -> Any:
    """The projects that the token reaches."""
    after, before = call.moment("last_activity_after"), call.moment("last_activity_before")
    found = [
        one
        for one in call.forge.world.projects.values()
        if _visible(call, one)
        and (not after or one.activity > after)
        and (not before or one.activity < before)
        and call.request.query.get("search", "") in one.path
    ]
    keys = {"id": lambda one: one.id, "last_activity_at": lambda one: one.activity, "path": lambda one: one.path}
    keys |= {"created_at": lambda one: one.created, "updated_at": lambda one: one.activity}
    return Listed([call.forge.shapes.project(one) for one in call.ordered(found, keys, "created_at", "desc")])


def _visible(call: Call, project: Project) -> bool:
    role = project.role(call.caller.account)
    return role >= int(call.request.query.get("min_access_level", "0")) and (
        role > Access.NONE or (project.visibility != "private" and not call.flag("membership"))
    )


def get_project(call: Call) -> Any:
    """A project, with what the caller is in it."""
    project = call.project(Access.NONE)
    role = int(project.role(call.caller.account))
    access = {"project_access": {"access_level": role} if role else None, "group_access": None}
    return call.forge.shapes.project(project) | {"permissions": access}


# merge requests ---------------------------------------------------------------------------------------------------


def list_requests(call: Call) -> Any:
    """Merge requests of a project, newest first."""
    project, query = call.project(), call.request.query
    state, source, target = query.get("state", "all"), query.get("source_branch"), query.get("target_branch")
    found = [
        one
        for one in call.since(project.requests.values(), lambda one: one.updated)
        if state in ("all", one.state)
        and source in (None, one.source_branch)
        and target in (None, one.target_branch)
        and ("iids[]" not in query or str(one.iid) == query["iids[]"])
    ]
    keys = {"created_at": lambda one: (one.created, one.id), "updated_at": lambda one: (one.updated, one.id)}
    shown = call.ordered(found, keys, "created_at", "desc")
    return Listed([_shape(call, one) for one in shown])


def _shape(call: Call, request: MergeRequest) -> dict[str, Any]:
    return call.forge.shapes.request(request, call.forge.status_of(request))


def get_request(call: Call) -> Any:
    """A merge request with its pipeline and refs."""
    request = call.merge_request()
    project, shapes = request.target, call.forge.shapes
    pipeline = project.head_pipeline(request)
    return _shape(call, request) | {
        "head_pipeline": shapes.pipeline(project, pipeline) if pipeline else None,
        "pipeline": shapes.pipeline(project, pipeline) if pipeline else None,
        "diff_refs": shapes.refs(request),
        "changes_count": str(len(changed_by(project.commits_of(request)))),
        "user": {"can_merge": True},
    }


def request_commits(call: Call) -> Any:
    """Commits of a request, newest first."""
    request = call.merge_request()
    commits = reversed(request.target.commits_of(request))
    return Listed([call.forge.shapes.commit(request.target, one) for one in commits])


def request_diffs(call: Call) -> Any:
    """Changed files of a request."""
    request = call.merge_request()
    return Listed([call.forge.shapes.diff(one) for one in changed_by(request.target.commits_of(request))])


def request_changes(call: Call) -> Any:
    """The request with its changed files (the older way)."""
    diffs = request_diffs(call).items
    return _shape(call, call.merge_request()) | {"changes": diffs, "overflow": False}


def list_versions(call: Call) -> Any:
    """Diff versions, newest first."""
    request = call.merge_request()
    return Listed([call.forge.shapes.version(request, one) for one in reversed(request.versions)])


def get_version(call: Call) -> Any:
    """A diff version with its commits and files."""
    request = call.merge_request()
    for one in request.versions:
        if one.id == int(call.parts["id"]):
            commits = request.target.between(one.base, one.head)
            return call.forge.shapes.version(request, one) | {
                "commits": [call.forge.shapes.commit(request.target, commit) for commit in reversed(commits)],
                "diffs": [call.forge.shapes.diff(file) for file in changed_by(commits)],
            }
    raise GitLabError(404, "404 Not found")


def request_pipelines(call: Call) -> Any:
    """Pipelines of a request, newest first."""
    request = call.merge_request()
    project, heads = request.target, {one.head for one in request.versions}
    found = [one for one in reversed(project.pipelines.values()) if one.sha in heads]
    return Listed([call.forge.shapes.pipeline(project, one) for one in found])


def approvals(call: Call) -> Any:
    """Who approved."""
    return call.forge.shapes.approvals(call.merge_request())


def approval_state(call: Call) -> Any:
    """How the approval rules stand (Premium)."""
    request = call.merge_request()
    if request.target.rules.tier == "free":
        raise GitLabError(404, "404 Not Found", key="error")
    return call.forge.shapes.approval_state(request)


def reviewers(call: Call) -> Any:
    """Reviewers with their states."""
    request = call.merge_request()
    shapes = call.forge.shapes
    return Listed(
        [
            {"user": shapes.account(one.user), "state": one.state, "created_at": shapes.time(one.at)}
            for one in request.reviewers
        ]
    )


def list_notes(call: Call) -> Any:
    """Notes of a request, newest first, those of GitLab itself included."""
    request = call.merge_request()
    keys = {"created_at": lambda one: (one.at, one.id), "updated_at": lambda one: (one.updated, one.id)}
    system = {"only_comments": [False], "only_activity": [True]}.get(
        call.request.query.get("activity_filter", ""), [False, True]
    )
    notes = [one for one in call.ordered(request.notes, keys, "created_at", "desc") if one.system in system]
    return Listed([call.forge.shapes.note(request, one) for one in notes])


def get_note(call: Call) -> Any:
    """A note."""
    request = call.merge_request()
    for one in request.notes:
        if one.id == int(call.parts["id"]):
            return call.forge.shapes.note(request, one)
    raise GitLabError(404, "404 Note Not Found")


def request_status_checks(call: Call) -> Any:
    """External status checks of a request (Ultimate)."""
    request = call.merge_request()
    if request.target.rules.tier != "ultimate":
        raise GitLabError(403, "403 Forbidden")
    return Listed(
        [
            {
                "id": one.id,
                "name": one.name,
                "external_url": one.url,
                "status": call.forge.check_status(request, one.id),
            }
            for one in request.target.status_checks.values()
        ]
    )


# repository -------------------------------------------------------------------------------------------------------


def get_commit(call: Call) -> Any:
    """A commit, with the newest pipeline."""
    project = call.project()
    commit = project.commit(call.parts["sha"])
    newest = next(iter(project.newest(commit.sha)), None)
    return call.forge.shapes.commit(project, commit) | {
        "status": newest.status if newest else None,
        "last_pipeline": call.forge.shapes.pipeline(project, newest) if newest else None,
        "project_id": project.id,
        "stats": {"additions": 1, "deletions": 1, "total": 2},
    }


def commit_requests(call: Call) -> Any:
    """Merge requests that a commit belongs to."""
    project = call.project()
    sha = project.commit(call.parts["sha"]).sha
    found = [
        one
        for one in project.requests.values()
        if sha in (one.merge_commit, one.squash_commit) or sha in {commit.sha for commit in project.commits_of(one)}
    ]
    return Listed([_shape(call, one) for one in found])


def commit_diff(call: Call) -> Any:
    """Changed files of a commit."""
    project = call.project()
    return Listed([call.forge.shapes.diff(one) for one in project.commit(call.parts["sha"]).files])


def list_commits(call: Call) -> Any:
    """Commits of a branch, newest first."""
    project = call.project()
    tip = project.commit(call.request.query.get("ref_name") or project.default_branch)
    return Listed([call.forge.shapes.commit(project, one) for one in project.reachable(tip.sha).values()])


def compare(call: Call) -> Any:
    """What `to` has beyond `from`."""
    project = call.project()
    call.wanted("from", "to")
    first, last = (project.commit(call.request.query[name]).sha for name in ("from", "to"))
    commits = project.between(first, last)
    return {
        "commit": call.forge.shapes.commit(project, project.commits[last]) if commits else None,
        "commits": [call.forge.shapes.commit(project, one) for one in commits],
        "diffs": [call.forge.shapes.diff(one) for one in changed_by(commits)],
        "compare_timeout": False,
        "compare_same_ref": first == last,
    }


def list_branches(call: Call) -> Any:
    """Branches with their tips."""
    project = call.project()
    return Listed([call.forge.shapes.branch(project, one) for one in sorted(project.branches)])


def get_branch(call: Call) -> Any:
    """A branch with its tip."""
    project = call.project()
    if call.parts["branch"] not in project.branches:
        raise GitLabError(404, "404 Branch Not Found")
    return call.forge.shapes.branch(project, call.parts["branch"])


def list_protected(call: Call) -> Any:
    """Protected branches."""
    project = call.project(Access.MAINTAINER)
    levels = [{"id": 1, "access_level": 40, "access_level_description": "Maintainers"}]
    return Listed(
        [
            {
                "id": number,
                "name": name,
                "push_access_levels": levels,
                "merge_access_levels": levels,
                "allow_force_push": forced,
                "code_owner_approval_required": False,
            }
            for number, (name, forced) in enumerate(project.protected.items(), 1)
        ]
    )


def project_approvals(call: Call) -> Any:
    """How approvals are set up (Premium)."""
    project = call.project()
    if project.rules.tier == "free":
        raise GitLabError(404, "404 Not Found", key="error")
    return {
        "approvals_before_merge": project.rules.approvals_required,
        "reset_approvals_on_push": project.rules.reset_approvals_on_push,
        "selective_code_owner_removals": False,
        "disable_overriding_approvers_per_merge_request": False,
        "merge_requests_author_approval": project.rules.author_approval,
        "merge_requests_disable_committers_approval": not project.rules.committer_approval,
        "require_password_to_approve": False,
    }


def list_events(call: Call) -> Any:
    """Activity, newest first."""
    project, query = call.project(), call.request.query
    kinds = {"pushed": ("pushed new", "pushed to"), "merged": ("accepted",), "commented": ("commented on",)}
    wanted = kinds.get(query.get("action", ""), (query["action"],)) if "action" in query else None
    after, before = query.get("after"), query.get("before")
    found = [
        one
        for one in project.events
        if (wanted is None or one.action in wanted)
        and (not after or one.at.date().isoformat() > after)
        and (not before or one.at.date().isoformat() < before)
    ]
    shown = found if query.get("sort") == "asc" else found[::-1]
    return Listed([call.forge.shapes.event(project, one) for one in shown])


def project_status_checks(call: Call) -> Any:
    """The external status checks of a project (Ultimate)."""
    project = call.project(Access.MAINTAINER)
    if project.rules.tier != "ultimate":
        raise GitLabError(403, "403 Forbidden")
    return Listed(
        [
            {
                "id": one.id,
                "name": one.name,
                "project_id": project.id,
                "external_url": one.url,
                "hmac": False,
                "protected_branches": [],
            }
            for one in project.status_checks.values()
        ]
    )
