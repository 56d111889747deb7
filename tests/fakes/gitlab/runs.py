"""REST v4 routes of pipelines, jobs, statuses and deployments."""

from typing import Any

from tests.fakes.gitlab.calls import Call
from tests.fakes.gitlab.world import Access, Deployment, GitLabError, Project
from tests.fakes.routing import Created, Listed

_STATES = ("pending", "running", "success", "failed", "canceled", "skipped")
_LONGEST = 255


def list_pipelines(call: Call) -> Any:
    """Pipelines of a project, newest first."""
    project, query = call.project(), call.request.query
    found = [
        one
        for one in call.since(project.pipelines.values(), lambda one: one.updated)
        if query.get("sha") in (None, one.sha)
        and query.get("ref") in (None, one.ref)
        and query.get("status") in (None, one.status)
        and query.get("source") in (None, one.source)
    ]
    keys = {"id": lambda one: one.id, "updated_at": lambda one: (one.updated, one.id), "ref": lambda one: one.ref}
    return Listed([call.forge.shapes.pipeline(project, one) for one in call.ordered(found, keys, "id", "desc")])


def get_pipeline(call: Call) -> Any:
    """A pipeline."""
    project, pipeline = call.pipeline()
    return call.forge.shapes.pipeline(project, pipeline) | {"user": call.forge.shapes.account(pipeline.user)}


def pipeline_jobs(call: Call) -> Any:
    """Jobs of a pipeline, newest first. Posted statuses are none."""
    project, pipeline = call.pipeline()
    again = call.flag("include_retried")
    jobs = [one for one in reversed(pipeline.jobs) if not one.external and (again or not one.retried)]
    return Listed([call.forge.shapes.job(project, pipeline, one) for one in jobs])


def get_job(call: Call) -> Any:
    """A job."""
    project = call.project()
    for pipeline in project.pipelines.values():
        for job in pipeline.jobs:
            if job.id == int(call.parts["job"]) and not job.external:
                return call.forge.shapes.job(project, pipeline, job)
    raise GitLabError(404, "404 Not found")


def list_statuses(call: Call) -> Any:
    """Statuses of a commit: jobs and posted ones, the newest of each unless `all`."""
    project, query = call.project(), call.request.query
    sha = project.commit(call.parts["sha"]).sha
    found = [
        call.forge.shapes.status(pipeline, job)
        for pipeline in reversed(project.newest(sha))
        for job in (pipeline.jobs if call.flag("all") else pipeline.latest)
        if query.get("ref") in (None, pipeline.ref)
        and query.get("name") in (None, job.name)
        and query.get("pipeline_id") in (None, str(pipeline.id))
    ]
    return Listed(found)


def create_status(call: Call) -> Any:
    """A posted status."""
    project = call.project(Access.DEVELOPER)
    given = call.input
    call.wanted("state")
    if given["state"] not in _STATES:
        raise GitLabError(400, "state does not have a valid value", key="error")
    for name in ("description", "target_url", "name", "context", "ref"):
        if len(str(given.get(name) or "")) > _LONGEST:
            raise GitLabError(400, {name: ["is too long (maximum is 255 characters)"]})
    pipeline, job = call.forge.put_status(
        project,
        call.parts["sha"],
        given.get("name") or given.get("context") or "default",
        given["state"],
        call.caller.account,
        ref=given.get("ref") or "",
        pipeline_id=int(given.get("pipeline_id") or 0),
    )
    job.description = given.get("description", job.description)
    job.target_url = given.get("target_url", job.target_url)
    return Created(call.forge.shapes.status(pipeline, job))


# deployments ------------------------------------------------------------------------------------------------------


def list_deployments(call: Call) -> Any:
    """Deployments, oldest first unless asked otherwise."""
    project, query = call.project(), call.request.query
    found = [
        one
        for one in call.since(project.deployments.values(), lambda one: one.updated)
        if query.get("environment") in (None, one.environment) and query.get("status") in (None, one.status)
    ]
    if "updated_after" in query and query.get("order_by") not in (None, "updated_at"):
        raise GitLabError(400, "`updated_at` filter and `updated_at` sorting must be paired")
    keys = {"id": lambda one: one.id, "iid": lambda one: one.iid, "created_at": lambda one: one.at}
    shown = call.ordered(found, {**keys, "updated_at": lambda one: (one.updated, one.id)}, "id", "asc")
    return Listed([call.forge.shapes.deployment(project, one) for one in shown])


def _deployment(call: Call, access: Access = Access.REPORTER) -> tuple[Project, Deployment]:
    project = call.project(access)
    found = project.deployments.get(int(call.parts["deployment"]))
    if found is None:
        raise GitLabError(404, "404 Deployment Not Found")
    return project, found


def get_deployment(call: Call) -> Any:
    """A deployment."""
    return call.forge.shapes.deployment(*_deployment(call))


def create_deployment(call: Call) -> Any:
    """A deployment that another system made."""
    project = call.project(Access.DEVELOPER)
    call.wanted("environment", "sha", "ref", "status")
    given = call.input
    by, ref = call.caller.account.username, given["ref"]
    number = call.forge.deploy(project.id, given["sha"], given["environment"], by, status=given["status"], ref=ref)
    return Created(call.forge.shapes.deployment(project, project.deployments[number]))


def approve_deployment(call: Call) -> Any:
    """Approve or reject what waits for it (Premium)."""
    project, deployment = _deployment(call)
    if project.rules.tier == "free":
        raise GitLabError(404, "404 Not Found", key="error")
    call.wanted("status")
    given = call.input
    if given["status"] not in ("approved", "rejected"):
        raise GitLabError(400, "status does not have a valid value", key="error")
    by, comment = call.caller.account.username, given.get("comment") or ""
    call.forge.approve_deployment(project.id, deployment.id, by, given["status"], comment)
    who, status, comment, at = deployment.approvals[-1]
    shapes = call.forge.shapes
    return Created({"user": shapes.account(who), "status": status, "comment": comment, "created_at": shapes.time(at)})


def deployment_requests(call: Call) -> Any:
    """Merge requests that came with a deployment: merged, and not in the one before it there."""
    project, deployment = _deployment(call)
    inside = set(project.reachable(deployment.sha))
    before = [
        one
        for one in project.deployments.values()
        if (one.environment, one.status) == (deployment.environment, "success") and one.id < deployment.id
    ]
    known = set(project.reachable(before[-1].sha)) if before else set()
    found = [
        one
        for one in project.requests.values()
        if one.state == "merged" and one.head in inside and one.head not in known
    ]
    shapes = call.forge.shapes
    return Listed([shapes.request(one, call.forge.status_of(one)) for one in found])


def list_environments(call: Call) -> Any:
    """Environments."""
    project = call.project()
    return Listed([call.forge.shapes.environment(project, name) for name in project.environments])


def list_protected_environments(call: Call) -> Any:
    """Environments with rules (Premium)."""
    project = call.project(Access.MAINTAINER)
    return Listed(
        [
            {"name": name, "required_approval_count": count, "deploy_access_levels": [], "approval_rules": []}
            for name, count in project.deploy_approvals.items()
        ]
    )
