"""What GitLab's webhooks say. Times are written differently than by the API."""

from datetime import UTC, datetime
from typing import Any

from tests.fakes.gitlab.shapes import tier_of
from tests.fakes.gitlab.world import Account, Commit, Deployment, Job, MergeRequest, Note, Pipeline, Project

Body = dict[str, Any]
_LEVELS = {"private": 0, "internal": 10, "public": 20}
_STATES = {"opened": 1, "closed": 2, "merged": 3, "locked": 4}


def stamp(when: datetime | None) -> str | None:
    """To the second, with the zone written out."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if when else None


class Bodies:
    """Writes bodies whose links point to this fake (`web`: its address for people)."""

    def __init__(self, web: str) -> None:
        self.web = web

    def user(self, account: Account) -> Body:
        """Who did it. The address is hidden."""
        return {
            "id": account.id,
            "name": account.name,
            "username": account.username,
            "avatar_url": None,
            "email": "[REDACTED]",
        }

    def project(self, project: Project) -> Body:
        """The project."""
        url = f"{self.web}/{project.path}"
        return {
            "id": project.id,
            "name": project.name,
            "description": None,
            "web_url": url,
            "avatar_url": None,
            "git_ssh_url": f"git@gitlab.example:{project.path}.git",
            "git_http_url": f"{url}.git",
            "namespace": project.group,
            "visibility_level": _LEVELS[project.visibility],
            "path_with_namespace": project.path,
            "default_branch": project.default_branch,
            "ci_config_path": None,
            "homepage": url,
            "url": f"git@gitlab.example:{project.path}.git",
            "ssh_url": f"git@gitlab.example:{project.path}.git",
            "http_url": f"{url}.git",
        }

    def repository(self, project: Project) -> Body:
        """The project once more, in short."""
        url = f"{self.web}/{project.path}"
        return {"name": project.name, "url": f"{url}.git", "description": None, "homepage": url}

    def commit(self, project: Project, commit: Commit) -> Body:
        """A commit."""
        return {
            "id": commit.sha,
            "message": commit.message,
            "title": commit.message.partition("\n")[0],
            "timestamp": commit.committer.date.isoformat(),
            "url": f"{self.web}/{project.path}/-/commit/{commit.sha}",
            "author": {"name": commit.author.name, "email": commit.author.email},
        }

    def pushed(self, project: Project, commit: Commit) -> Body:
        """A commit of a push, with its files."""
        paths = [file.path for file in commit.files]
        return {**self.commit(project, commit), "added": [], "modified": paths, "removed": []}

    def push(self, project: Project, by: Account, ref: str, before: str, after: str, commits: list[Commit]) -> Body:
        """A push; never more than 20 commits are listed."""
        kind = "tag_push" if ref.startswith("refs/tags/") else "push"
        gone = set(after) == {"0"}
        return {
            "object_kind": kind,
            "event_name": kind,
            "before": before,
            "after": after,
            "ref": ref,
            "ref_protected": ref.removeprefix("refs/heads/") in project.protected,
            "checkout_sha": None if gone else after,
            "message": None,
            "user_id": by.id,
            "user_name": by.name,
            "user_username": by.username,
            "user_email": None,
            "user_avatar": None,
            "project_id": project.id,
            "project": self.project(project),
            "commits": [self.pushed(project, one) for one in commits[-20:]],
            "total_commits_count": len(commits),
            "push_options": {},
            "repository": self.repository(project),
        }

    def attributes(self, request: MergeRequest, status: str, pipeline: Pipeline | None) -> Body:
        """The request itself."""
        return {
            "id": request.id,
            "iid": request.iid,
            "target_branch": request.target_branch,
            "source_branch": request.source_branch,
            "source_project_id": request.source.id,
            "target_project_id": request.target.id,
            "author_id": request.author.id,
            "assignee_ids": [],
            "assignee_id": None,
            "reviewer_ids": [one.user.id for one in request.reviewers],
            "title": request.shown_title,
            "description": request.description,
            "created_at": stamp(request.created),
            "updated_at": stamp(request.updated),
            "last_edited_at": None,
            "last_edited_by_id": None,
            "milestone_id": None,
            "state": request.state,
            "state_id": _STATES[request.state],
            "blocking_discussions_resolved": all(request.threads.values()),
            "work_in_progress": request.draft,
            "draft": request.draft,
            "first_contribution": False,
            "merge_status": "can_be_merged",
            "detailed_merge_status": status,
            "merge_commit_sha": request.merge_commit,
            "merge_user_id": request.merged_by.id if request.merged_by else None,
            "head_pipeline_id": pipeline.id if pipeline else None,
            "url": f"{self.web}/{request.target.path}/-/merge_requests/{request.iid}",
            "source": self.project(request.source),
            "target": self.project(request.target),
            "last_commit": self.commit(request.source, request.source.commits[request.head]),
            "labels": [{"id": 1, "title": label} for label in request.labels],
        }

    def request(self, request: MergeRequest, by: Account, attributes: Body, changes: Body) -> Body:
        """A merge request event."""
        reviewers = [{**self.user(one.user), "state": one.state, "re_requested": False} for one in request.reviewers]
        return {
            "object_kind": "merge_request",
            "event_type": "merge_request",
            "user": self.user(by),
            "project": self.project(request.target),
            "object_attributes": attributes,
            "labels": attributes["labels"],
            "changes": changes,
            "repository": self.repository(request.target),
            **({"reviewers": reviewers} if reviewers else {}),
        }

    def short_request(self, request: MergeRequest) -> Body:
        """The request that a pipeline is for."""
        return {
            "id": request.id,
            "iid": request.iid,
            "title": request.shown_title,
            "source_branch": request.source_branch,
            "source_project_id": request.source.id,
            "target_branch": request.target_branch,
            "target_project_id": request.target.id,
            "state": request.state,
            "merge_status": "can_be_merged",
            "url": f"{self.web}/{request.target.path}/-/merge_requests/{request.iid}",
        }

    def pipeline(self, project: Project, pipeline: Pipeline, request: MergeRequest | None) -> Body:
        """A pipeline with the newest run of each job. Posted statuses are no builds."""
        done = pipeline.status in ("success", "failed", "canceled", "skipped")
        return {
            "object_kind": "pipeline",
            "object_attributes": {
                "id": pipeline.id,
                "iid": pipeline.iid,
                "name": None,
                "ref": request.source_branch if request else pipeline.ref,
                "tag": False,
                "sha": pipeline.sha,
                "before_sha": "0" * 40,
                "source": pipeline.source,
                "status": pipeline.status,
                "detailed_status": pipeline.status,
                "stages": list(dict.fromkeys(one.stage for one in pipeline.jobs)),
                "created_at": stamp(pipeline.at),
                "finished_at": stamp(pipeline.updated) if done else None,
                "duration": 1 if done else None,
                "variables": [],
                "url": f"{self.web}/{project.path}/-/pipelines/{pipeline.id}",
            },
            "merge_request": self.short_request(request) if request else None,
            "user": self.user(pipeline.user),
            "project": self.project(project),
            "commit": self.commit(project, project.commits[pipeline.sha]),
            "builds": [self._build(one) for one in pipeline.latest if not one.external],
        }

    def _build(self, job: Job) -> Body:
        return {
            "id": job.id,
            "stage": job.stage,
            "name": job.name,
            "status": job.status,
            "created_at": stamp(job.at),
            "started_at": stamp(job.started),
            "finished_at": stamp(job.finished),
            "duration": 1.0 if job.finished else None,
            "queued_duration": 0.5,
            "failure_reason": "script_failure" if job.status == "failed" else None,
            "when": "on_success",
            "manual": False,
            "allow_failure": job.allow_failure,
            "user": self.user(job.user),
            "runner": None,
            "artifacts_file": {"filename": None, "size": None},
            "environment": None,
        }

    def job(self, project: Project, pipeline: Pipeline, job: Job) -> Body:
        """A job event, which still calls itself a build. `commit.id` is the pipeline's."""
        commit = project.commits[pipeline.sha]
        return {
            "object_kind": "build",
            "ref": pipeline.ref,
            "tag": False,
            "before_sha": "0" * 40,
            "sha": pipeline.sha,
            "retries_count": sum(one.name == job.name and one.retried for one in pipeline.jobs),
            "build_id": job.id,
            "build_name": job.name,
            "build_stage": job.stage,
            "build_status": job.status,
            "build_created_at": stamp(job.at),
            "build_started_at": stamp(job.started),
            "build_finished_at": stamp(job.finished),
            "build_duration": 1.0 if job.finished else None,
            "build_queued_duration": 0.5,
            "build_allow_failure": job.allow_failure,
            "build_failure_reason": "script_failure" if job.status == "failed" else "unknown_failure",
            "pipeline_id": pipeline.id,
            "runner": None,
            "project_id": project.id,
            "project_name": project.path.replace("/", " / "),
            "user": self.user(job.user),
            "commit": {
                "id": pipeline.id,
                "name": None,
                "sha": pipeline.sha,
                "message": commit.message,
                "author_name": commit.author.name,
                "author_email": commit.author.email,
                "status": pipeline.status,
                "duration": None,
                "started_at": None,
                "finished_at": None,
            },
            "repository": self.repository(project),
            "project": self.project(project),
            "environment": None,
        }

    def deployment(self, project: Project, deployment: Deployment) -> Body:
        """A deployment: only the short sha is told."""
        commit = project.commits[deployment.sha]
        return {
            "object_kind": "deployment",
            "status": deployment.status,
            "status_changed_at": f"{deployment.updated.astimezone(UTC):%Y-%m-%d %H:%M:%S} +0000",
            "deployment_id": deployment.id,
            "deployable_id": None,
            "deployable_url": None,
            "environment": deployment.environment,
            "environment_tier": tier_of(deployment.environment),
            "environment_slug": deployment.environment,
            "environment_external_url": None,
            "project": self.project(project),
            "ref": deployment.ref,
            "short_sha": deployment.sha[:8],
            "user": self.user(deployment.user),
            "user_url": f"{self.web}/{deployment.user.username}",
            "commit_url": f"{self.web}/{project.path}/-/commit/{deployment.sha}",
            "commit_title": commit.message.partition("\n")[0],
        }

    def note(self, request: MergeRequest, note: Note, action: str, attributes: Body) -> Body:
        """A comment on a request."""
        project = request.target
        return {
            "object_kind": "note",
            "event_type": "note",
            "user": self.user(note.author),
            "project_id": project.id,
            "project": self.project(project),
            "object_attributes": {
                "id": note.id,
                "note": note.body,
                "noteable_type": "MergeRequest",
                "noteable_id": request.id,
                "author_id": note.author.id,
                "created_at": stamp(note.at),
                "updated_at": stamp(note.updated),
                "project_id": project.id,
                "system": note.system,
                "internal": False,
                "action": action,
                "url": f"{attributes['url']}#note_{note.id}",
            },
            "repository": self.repository(project),
            "merge_request": attributes,
        }
