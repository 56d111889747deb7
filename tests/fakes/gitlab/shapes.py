"""REST shapes, as GitLab writes them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tests.fakes.gitlab.world import (
    Account,
    Commit,
    Deployment,
    Event,
    Job,
    MergeRequest,
    Note,
    Pipeline,
    Project,
    Version,
)
from tests.fakes.history import File, changed_by, sha_of

Shape = dict[str, Any]


def moment(when: datetime | None) -> str | None:
    """ISO 8601 in milliseconds, as the API gives it."""
    if when is None:
        return None
    utc = when.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


class Shapes:
    """Writes shapes whose links point to this fake (`web`: its address for people)."""

    def __init__(self, web: str) -> None:
        self.web = web

    tells_approval_times = True
    """`approved_at` is told since GitLab 18.5."""

    @staticmethod
    def time(when: datetime | None) -> str | None:
        """A time."""
        return moment(when)

    def account(self, account: Account | None) -> Shape | None:
        """A user in short."""
        if account is None:
            return None
        return {
            "id": account.id,
            "username": account.username,
            "public_email": account.public_email or None,
            "name": account.name,
            "state": "active",
            "locked": False,
            "avatar_url": None,
            "web_url": f"{self.web}/{account.username}",
        }

    def project(self, project: Project) -> Shape:
        """A project."""
        rules = project.rules
        return {
            "id": project.id,
            "name": project.name,
            "path": project.name,
            "path_with_namespace": project.path,
            "name_with_namespace": project.path.replace("/", " / "),
            "description": None,
            "default_branch": project.default_branch,
            "visibility": project.visibility,
            "web_url": f"{self.web}/{project.path}",
            "http_url_to_repo": f"{self.web}/{project.path}.git",
            "created_at": moment(project.created),
            "last_activity_at": moment(project.activity),
            "updated_at": moment(project.activity),
            "archived": False,
            "namespace": {"id": project.id + 100_000, "full_path": project.group, "kind": "group"},
            "merge_method": rules.merge_method,
            "only_allow_merge_if_pipeline_succeeds": rules.pipelines_must_succeed,
            "allow_merge_on_skipped_pipeline": rules.skipped_is_success,
            "only_allow_merge_if_all_discussions_are_resolved": rules.threads_must_be_resolved,
            "only_allow_merge_if_all_status_checks_passed": rules.status_checks_must_pass,
            **({"forked_from_project": {"id": project.forked_from.id}} if project.forked_from else {}),
        }

    def commit(self, project: Project, commit: Commit) -> Shape:
        """A commit."""
        return {
            "id": commit.sha,
            "short_id": commit.sha[:8],
            "created_at": moment(commit.committer.date),
            "parent_ids": list(commit.parents),
            "title": commit.message.partition("\n")[0],
            "message": commit.message,
            "author_name": commit.author.name,
            "author_email": commit.author.email,
            "authored_date": moment(commit.author.date),
            "committer_name": commit.committer.name,
            "committer_email": commit.committer.email,
            "committed_date": moment(commit.committer.date),
            "trailers": {},
            "web_url": f"{self.web}/{project.path}/-/commit/{commit.sha}",
        }

    def diff(self, file: File) -> Shape:
        """A changed file."""
        return {
            "old_path": file.path,
            "new_path": file.path,
            "a_mode": "100644",
            "b_mode": "100644",
            "diff": file.patch,
            "new_file": file.status == "added",
            "renamed_file": False,
            "deleted_file": file.status == "removed",
            "collapsed": False,
            "too_large": False,
        }

    def request(self, request: MergeRequest, status: str) -> Shape:
        """A merge request; `status` is the detailed merge status."""
        project = request.target
        return {
            "id": request.id,
            "iid": request.iid,
            "project_id": project.id,
            "title": request.shown_title,
            "description": request.description,
            "state": request.state,
            "created_at": moment(request.created),
            "updated_at": moment(request.updated),
            "merged_by": self.account(request.merged_by),
            "merge_user": self.account(request.merged_by),
            "merged_at": moment(request.merged_at),
            "closed_at": moment(request.closed_at),
            "target_branch": request.target_branch,
            "source_branch": request.source_branch,
            "user_notes_count": sum(not one.system for one in request.notes),
            "author": self.account(request.author),
            "assignees": [],
            "reviewers": [self.account(one.user) for one in request.reviewers],
            "source_project_id": request.source.id,
            "target_project_id": project.id,
            "labels": list(request.labels),
            "draft": request.draft,
            "work_in_progress": request.draft,
            "merge_status": "can_be_merged",
            "detailed_merge_status": status,
            "sha": request.head,
            "merge_commit_sha": request.merge_commit,
            "squash_commit_sha": request.squash_commit,
            "squash": request.squash,
            "has_conflicts": False,
            "blocking_discussions_resolved": all(request.threads.values()),
            "web_url": f"{self.web}/{project.path}/-/merge_requests/{request.iid}",
            "references": {"full": f"{project.path}!{request.iid}"},
        }

    def refs(self, request: MergeRequest) -> Shape:
        """The three commits of the newest version."""
        version = request.versions[-1]
        return {"base_sha": version.base, "head_sha": version.head, "start_sha": version.start}

    def version(self, request: MergeRequest, version: Version) -> Shape:
        """A diff version."""
        return {
            "id": version.id,
            "head_commit_sha": version.head,
            "base_commit_sha": version.base,
            "start_commit_sha": version.start,
            "created_at": moment(version.at),
            "merge_request_id": request.id,
            "state": "collected",
            "real_size": "1",
            "patch_id_sha": patch_id(changed_by(request.target.between(version.base, version.head))),
        }

    def note(self, request: MergeRequest, note: Note) -> Shape:
        """A note."""
        can = note.id in request.threads
        return {
            "id": note.id,
            "type": "DiscussionNote" if can else None,
            "body": note.body,
            "author": self.account(note.author),
            "created_at": moment(note.at),
            "updated_at": moment(note.updated),
            "system": note.system,
            "noteable_id": request.id,
            "noteable_type": "MergeRequest",
            "noteable_iid": request.iid,
            "project_id": request.target.id,
            "resolvable": can,
            **({"resolved": request.threads[note.id]} if can else {}),
            "internal": False,
            "confidential": False,
        }

    def pipeline(self, project: Project, pipeline: Pipeline) -> Shape:
        """A pipeline."""
        return {
            "id": pipeline.id,
            "iid": pipeline.iid,
            "project_id": project.id,
            "sha": pipeline.sha,
            "ref": pipeline.ref,
            "status": pipeline.status,
            "source": pipeline.source,
            "created_at": moment(pipeline.at),
            "updated_at": moment(pipeline.updated),
            "web_url": f"{self.web}/{project.path}/-/pipelines/{pipeline.id}",
        }

    def job(self, project: Project, pipeline: Pipeline, job: Job) -> Shape:
        """A job."""
        return {
            "id": job.id,
            "name": job.name,
            "stage": job.stage,
            "status": job.status,
            "ref": pipeline.ref,
            "tag": False,
            "allow_failure": job.allow_failure,
            "created_at": moment(job.at),
            "started_at": moment(job.started),
            "finished_at": moment(job.finished),
            "user": self.account(job.user),
            "commit": self.commit(project, project.commits[pipeline.sha]),
            "pipeline": self.pipeline(project, pipeline),
            "web_url": f"{self.web}/{project.path}/-/jobs/{job.id}",
        }

    def status(self, pipeline: Pipeline, job: Job) -> Shape:
        """A job or a posted status, as a status of its commit."""
        return {
            "id": job.id,
            "sha": pipeline.sha,
            "ref": pipeline.ref,
            "status": job.status,
            "name": job.name,
            "target_url": job.target_url,
            "description": job.description,
            "created_at": moment(job.at),
            "started_at": moment(job.started),
            "finished_at": moment(job.finished),
            "allow_failure": job.allow_failure,
            "coverage": None,
            "pipeline_id": pipeline.id,
            "author": self.account(job.user),
        }

    def approvals(self, request: MergeRequest) -> Shape:
        """Who approved. The Free tier tells no more than that."""
        by: list[Shape] = [{"user": self.account(one.user)} for one in request.approvals]
        for shown, one in zip(by, request.approvals if self.tells_approval_times else (), strict=False):
            shown["approved_at"] = moment(one.at)
        needed = request.target.rules.approvals_required
        left = max(0, needed - len(by))
        shape: Shape = {"approved": left == 0, "user_has_approved": False, "user_can_approve": True, "approved_by": by}
        if request.target.rules.tier == "free":
            return {**shape, "approved": bool(by)}
        own = {"id": request.id, "iid": request.iid, "project_id": request.target.id, "title": request.shown_title}
        more = {"approvals_required": needed, "approvals_left": left, "has_approval_rules": needed > 0}
        return {**own, "state": request.state, "updated_at": moment(request.updated), **shape, **more}

    def approval_state(self, request: MergeRequest) -> Shape:
        """The one rule that everybody can fulfil."""
        needed = request.target.rules.approvals_required
        rule = {
            "id": request.target.id,
            "name": "All Members",
            "rule_type": "any_approver",
            "eligible_approvers": [],
            "approvals_required": needed,
            "approved_by": [self.account(one.user) for one in request.approvals],
            "approved": len(request.approvals) >= needed,
        }
        return {"approval_rules_overwritten": False, "rules": [rule]}

    def deployment(self, project: Project, deployment: Deployment) -> Shape:
        """A deployment."""
        shape = {
            "id": deployment.id,
            "iid": deployment.iid,
            "ref": deployment.ref,
            "sha": deployment.sha,
            "created_at": moment(deployment.at),
            "updated_at": moment(deployment.updated),
            "status": deployment.status,
            "user": self.account(deployment.user),
            "environment": self.environment(project, deployment.environment),
            "deployable": None,
        }
        if project.rules.tier == "free":
            return shape
        given = [
            {"user": self.account(who), "status": status, "created_at": moment(at), "comment": comment}
            for who, status, comment, at in deployment.approvals
        ]
        waiting = max(0, deployment.needs - sum(one["status"] == "approved" for one in given))
        return {**shape, "pending_approval_count": waiting, "approvals": given}

    def environment(self, project: Project, name: str) -> Shape:
        """An environment."""
        return {
            "id": project.environments[name],
            "name": name,
            "slug": name,
            "external_url": None,
            "tier": tier_of(name),
            "state": "available",
        }

    def branch(self, project: Project, name: str) -> Shape:
        """A branch."""
        return {
            "name": name,
            "merged": False,
            "protected": name in project.protected,
            "default": name == project.default_branch,
            "can_push": True,
            "commit": self.commit(project, project.commits[project.branches[name]]),
        }

    def event(self, project: Project, event: Event) -> Shape:
        """A line of activity."""
        kind, number, iid, title = event.target or (None, None, None, None)
        return {
            "id": event.id,
            "project_id": project.id,
            "action_name": event.action,
            "target_id": number,
            "target_iid": iid,
            "target_type": kind,
            "target_title": title,
            "author_id": event.author.id,
            "author": self.account(event.author),
            "author_username": event.author.username,
            "created_at": moment(event.at),
            **({"push_data": event.push} if event.push else {}),
        }


def tier_of(environment: str) -> str:
    """What GitLab guesses from the name."""
    tiers = {"prod": "production", "stag": "staging", "test": "testing", "dev": "development"}
    return next((tier for start, tier in tiers.items() if environment.startswith(start)), "other")


def patch_id(files: Iterable[File]) -> str:
    """The same for the same changes, whatever they stand on."""
    return sha_of(*(f"{one.path}\0{one.patch}" for one in sorted(files, key=lambda one: one.path)))
