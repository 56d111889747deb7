"""REST and webhook shapes: the same objects, as GitHub writes them."""

from datetime import UTC, datetime
from typing import Any

from tests.fakes.github.world import (
    Account,
    App,
    CheckRun,
    Comment,
    Commit,
    Deployment,
    Pull,
    Repository,
    Review,
    Signature,
    Status,
)
from tests.fakes.history import File

Shape = dict[str, Any]


def moment(when: datetime | None) -> str | None:
    """ISO 8601 with Z, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None


class Shapes:
    """Writes shapes whose links point to this fake (`api`: its REST root)."""

    def __init__(self, api: str) -> None:
        self.api = api

    def account(self, account: Account | None) -> Shape | None:
        """A user or bot."""
        if account is None:
            return None
        return {
            "login": account.login,
            "id": account.id,
            "node_id": f"U_{account.id}",
            "avatar_url": "",
            "url": f"{self.api}/users/{account.login}",
            "html_url": f"https://github.example/{account.login}",
            "type": account.kind,
            "site_admin": False,
        }

    def app(self, app: App) -> Shape:
        """An app."""
        return {"id": app.id, "slug": app.slug, "node_id": f"A_{app.id}", "name": app.slug, "owner": None}

    def repository(self, repository: Repository) -> Shape:
        """A repository."""
        return {
            "id": repository.id,
            "node_id": f"R_{repository.id}",
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.private,
            "owner": {"login": repository.owner, "id": repository.id + 500_000, "type": "Organization"},
            "html_url": f"https://github.example/{repository.full_name}",
            "url": f"{self.api}/repos/{repository.full_name}",
            "fork": False,
            "archived": repository.archived,
            "default_branch": repository.default_branch,
            "visibility": "private" if repository.private else "public",
            "permissions": {"admin": False, "push": True, "pull": True},
        }

    def _git_person(self, signature: Signature) -> Shape:
        return {"name": signature.name, "email": signature.email, "date": moment(signature.date)}

    def commit(self, repository: Repository, commit: Commit) -> Shape:
        """A commit, without files."""
        url = f"{self.api}/repos/{repository.full_name}/commits/{commit.sha}"
        return {
            "sha": commit.sha,
            "node_id": f"C_{commit.sha}",
            "url": url,
            "html_url": f"https://github.example/{repository.full_name}/commit/{commit.sha}",
            "commit": {
                "message": commit.message,
                "author": self._git_person(commit.author),
                "committer": self._git_person(commit.committer),
                "tree": {"sha": commit.sha[::-1], "url": ""},
                "verification": {"verified": False, "reason": "unsigned", "signature": None, "payload": None},
            },
            "author": self.account(commit.author.account),
            "committer": self.account(commit.committer.account),
            "parents": [{"sha": sha, "url": ""} for sha in commit.parents],
        }

    def file(self, file: File) -> Shape:
        """A changed file."""
        return {
            "filename": file.path,
            "status": file.status,
            "additions": file.additions,
            "deletions": file.deletions,
            "changes": file.additions + file.deletions,
            "sha": f"{abs(hash((file.path, file.patch))):040x}"[:40],
            "patch": file.patch,
        }

    def pull(self, repository: Repository, pull: Pull) -> Shape:
        """A pull request."""
        base = self.repository(repository)
        url = f"{self.api}/repos/{repository.full_name}/pulls/{pull.number}"
        head_repo = base if not pull.fork else {**base, "id": base["id"] + 1, "full_name": pull.fork, "fork": True}
        return {
            "id": pull.id,
            "node_id": f"PR_{pull.id}",
            "number": pull.number,
            "url": url,
            "html_url": f"https://github.example/{repository.full_name}/pull/{pull.number}",
            "issue_url": f"{self.api}/repos/{repository.full_name}/issues/{pull.number}",
            "state": pull.state,
            "locked": False,
            "draft": pull.draft,
            "title": pull.title,
            "body": pull.body or None,
            "user": self.account(pull.author),
            "labels": [{"name": label} for label in pull.labels],
            "created_at": moment(pull.created),
            "updated_at": moment(pull.updated),
            "closed_at": moment(pull.updated) if pull.state == "closed" else None,
            "merged_at": moment(pull.merged_at),
            "merged": pull.merged_at is not None,
            "merged_by": self.account(pull.merged_by),
            "merge_commit_sha": pull.merge_commit or pull.head[::-1],
            "mergeable": None if pull.merged_at else True,
            "mergeable_state": "unknown" if pull.merged_at else "clean",
            "head": {"ref": pull.head_ref, "sha": pull.head, "repo": head_repo, "label": f"x:{pull.head_ref}"},
            "base": {"ref": pull.base_ref, "sha": pull.base, "repo": base, "label": f"x:{pull.base_ref}"},
            "commits": len(repository.commits_of(pull)),
            "changed_files": len(repository.files_of(pull)),
            "author_association": "MEMBER",
        }

    def review(self, review: Review) -> Shape:
        """A review."""
        return {
            "id": review.id,
            "node_id": f"PRR_{review.id}",
            "user": self.account(review.user),
            "body": review.body or None,
            "state": review.state,
            "commit_id": review.commit,
            "submitted_at": moment(review.at),
            "author_association": "NONE" if review.user.outside else "MEMBER",
            "html_url": "",
        }

    def check(self, repository: Repository, check: CheckRun) -> Shape:
        """A check run."""
        pulls = [one for one in repository.pulls.values() if one.head == check.sha and not one.fork]
        return {
            "id": check.id,
            "node_id": f"CR_{check.id}",
            "name": check.name,
            "head_sha": check.sha,
            "external_id": check.external_id,
            "url": f"{self.api}/repos/{repository.full_name}/check-runs/{check.id}",
            "html_url": f"https://github.example/{repository.full_name}/runs/{check.id}",
            "details_url": check.details_url,
            "status": check.status,
            "conclusion": check.conclusion,
            "started_at": moment(check.started),
            "completed_at": moment(check.completed),
            "output": {"title": None, "summary": None, "text": None, "annotations_count": 0, **check.output},
            "check_suite": {"id": check.id + 1, "head_sha": check.sha, "app": self.app(check.app)},
            "app": self.app(check.app),
            "pull_requests": [{"id": one.id, "number": one.number, "head": {"sha": one.head}} for one in pulls],
        }

    def status(self, repository: Repository, status: Status) -> Shape:
        """A commit status."""
        return {
            "id": status.id,
            "url": f"{self.api}/repos/{repository.full_name}/statuses/{status.sha}",
            "state": status.state,
            "context": status.context,
            "description": status.description or None,
            "target_url": status.target_url or None,
            "creator": self.account(status.creator),
            "created_at": moment(status.at),
            "updated_at": moment(status.at),
        }

    def comment(self, repository: Repository, comment: Comment) -> Shape:
        """A comment."""
        return {
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "url": f"{self.api}/repos/{repository.full_name}/issues/comments/{comment.id}",
            "html_url": "",
            "user": self.account(comment.user),
            "body": comment.body,
            "created_at": moment(comment.at),
            "updated_at": moment(comment.updated),
        }

    def deployment(self, repository: Repository, deployment: Deployment) -> Shape:
        """A deployment."""
        url = f"{self.api}/repos/{repository.full_name}/deployments/{deployment.id}"
        return {
            "id": deployment.id,
            "url": url,
            "sha": deployment.sha,
            "ref": deployment.ref,
            "task": "deploy",
            "payload": {},
            "environment": deployment.environment,
            "original_environment": deployment.environment,
            "description": None,
            "creator": self.account(deployment.creator),
            "created_at": moment(deployment.at),
            "updated_at": moment(max([deployment.at, *(one[2] for one in deployment.statuses)])),
            "statuses_url": f"{url}/statuses",
        }

    def deployment_status(self, deployment: Deployment, status: tuple[int, str, datetime]) -> Shape:
        """One state that a deployment reached."""
        number, state, when = status
        return {
            "id": number,
            "state": state,
            "environment": deployment.environment,
            "creator": self.account(deployment.creator),
            "description": "",
            "target_url": "",
            "created_at": moment(when),
            "updated_at": moment(when),
        }
