"""What people do to a project and its branches, with the webhooks that follow."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes.gitlab.hooks import SIGNING_TOKEN
from tests.fakes.gitlab.speaking import Speaking
from tests.fakes.gitlab.world import (
    Access,
    Account,
    Commit,
    GitLabError,
    MergeRequest,
    Project,
    Rules,
    StatusCheck,
    Version,
)
from tests.fakes.history import ZERO, File, Files, changed_by, files_of

PUSHED_BRANCHES_WITH_HOOKS = 3
"""A push to more branches at once fires no hook at all."""


class Repository(Speaking):
    """Mixed into the fake. All arguments are plain, for `/control/do`."""

    def add_user(self, username: str, account_id: int = 0, **details: Any) -> dict[str, Any]:
        """A user; `details` as in `world.Account`, `access` as a number."""
        if "access" in details:
            details["access"] = Access(details["access"])
        account = self.world.account(username, account_id, **details)
        return {"id": account.id, "username": account.username}

    def add_project(
        self,
        path: str,
        *,
        visibility: str = "private",
        by: str = "founder",
        branch: str = "main",
        hook: bool = True,
        fork_of: str = "",
        **rules: Any,
    ) -> dict[str, Any]:
        """A project with one commit on its protected default branch and a signed hook; `rules` as in `world.Rules`."""
        with self.lock:
            base = self.world.project(fork_of) if fork_of else None
            project = Project(self.world.new_id(), path, visibility, branch, self.world.now(), base, Rules(**rules))
            if base:
                project.commits, project.branches = dict(base.commits), dict(base.branches)
            else:
                first = self.world.make_commit(project, (), "Start", by, files=[File("README.md", status="added")])
                project.branches[branch] = first.sha
            project.protected[branch] = False
            project.activity = self.world.now()
            self.world.projects[project.id] = project
            if hook and not base:
                self.hooks.add(project=project.id, signing_token=SIGNING_TOKEN)
            return {"id": project.id, "sha": project.branches[branch]}

    def set_rules(self, project: str | int, **rules: Any) -> None:
        """An administrator changes settings; as in `world.Rules`."""
        with self.lock:
            for name, value in rules.items():
                setattr(self.world.project(project).rules, name, value)

    def set_role(self, project: str | int, username: str, access: int) -> None:
        """Somebody gets another role in a project."""
        self.world.project(project).members[username] = Access(access)

    def own_group(self, group: str, username: str) -> None:
        """Somebody becomes an owner of a group, and so of what stands in it."""
        with self.lock:
            self.world.owners.setdefault(group, set()).add(username)
            for project in self.world.projects_of(group):
                project.members[username] = Access.OWNER

    def add_hook(self, project: str | int = "", **settings: Any) -> int:
        """One more hook of a project, or of a `group`; as in `hooks.Hook`. Returns its id."""
        with self.lock:
            if project:
                settings["project"] = self.world.project(project).id
            return self.hooks.add(**settings).id

    def add_status_check(self, project: str | int, name: str, url: str = "https://wachbuch.example/check") -> int:
        """An external status check (Ultimate). Returns its id."""
        with self.lock:
            check = StatusCheck(self.world.new_id(), name, url)
            self.world.project(project).status_checks[check.id] = check
            return check.id

    def protect_environment(self, project: str | int, environment: str, approvals: int) -> None:
        """Deployments there wait for so many approvals (Premium)."""
        self.world.project(project).deploy_approvals[environment] = approvals

    # commits --------------------------------------------------------------------------------------------------

    def push(
        self,
        project: str | int,
        branch: str,
        by: str,
        *,
        message: str = "Work",
        author: str = "",
        committer: str = "",
        co_authors: Iterable[str] = (),
        files: Files = ("src/app.py",),
        force: bool = False,
    ) -> str:
        """One more commit on a branch (`force`: instead of its last one); open requests follow. Returns the sha."""
        with self.lock:
            found = self.world.project(project)
            if force and not found.protected.get(branch, True):
                raise GitLabError(403, "You are not allowed to force push code to a protected branch on this project.")
            before = found.branches.get(branch, found.branches[found.default_branch])
            parents = found.commits[before].parents if force else (before,)
            commit = self.world.make_commit(
                found,
                parents,
                message,
                author or by,
                committer=committer or author or by,
                co_authors=co_authors,
                files=files_of(files),
            )
            self._move(found, branch, commit.sha, self.world.account(by))
            return commit.sha

    def push_many(self, project: str | int, branches: Iterable[str], by: str) -> dict[str, str]:
        """One push to several branches at once. Returns their shas."""
        with self.lock:
            found, moved = self.world.project(project), {}
            quiet = len(names := list(branches)) > PUSHED_BRANCHES_WITH_HOOKS
            for branch in names:
                before = found.branches.get(branch, found.branches[found.default_branch])
                commit = self.world.make_commit(found, (before,), "Work", by, files=[File("src/app.py")])
                self._move(found, branch, commit.sha, self.world.account(by), quiet=quiet)
                moved[branch] = commit.sha
            return moved

    def update_branch(self, project: str | int, iid: int, by: str) -> str:
        """Somebody merges the target into the source branch without a conflict. Returns the sha."""
        with self.lock:
            _, request = self._known(project, iid)
            self._take_over(request.target, request.source, request.target.branches[request.target_branch])
            parents = (request.head, request.target.branches[request.target_branch])
            message = f"Merge branch '{request.target_branch}' into '{request.source_branch}'"
            commit = self.world.make_commit(request.source, parents, message, by)
            self._move(request.source, request.source_branch, commit.sha, self.world.account(by))
            return commit.sha

    def rebase(self, project: str | int, iid: int, by: str) -> str:
        """The button "Rebase": the same changes on top of the target, committed by who pressed it. Returns the sha."""
        with self.lock:
            found, request = self._known(project, iid)
            self._take_over(request.target, request.source, request.target.branches[request.target_branch])
            tip = request.target.branches[request.target_branch]
            for old in [one for one in found.commits_of(request) if not one.merges]:
                tip = self._copied(request.source, old, tip, self.world.account(by)).sha
            self._move(request.source, request.source_branch, tip, self.world.account(by))
            return tip

    def _copied(self, project: Project, old: Commit, parent: str, by: Account) -> Commit:
        signature = self.world.signature(by.username)
        sha = self.world.make_commit(project, (parent,), "", by.username).sha
        return project.add_commit(sha, (parent,), old.message, ((old.author,), signature), old.files)

    @staticmethod
    def _take_over(origin: Project, target: Project, sha: str) -> None:
        if origin is not target:
            target.commits.update(origin.reachable(sha))

    def _move(self, project: Project, branch: str, sha: str, by: Account, *, quiet: bool = False) -> None:
        before = project.branches.get(branch, ZERO)
        project.branches[branch] = sha
        start = before if before != ZERO else project.branches[project.default_branch]
        commits = project.between(start, sha)
        action = "pushed new" if before == ZERO else "pushed to"
        self._happened(project, action, by, push=_push_data(branch, before, sha, commits))
        if not quiet:
            body = self.bodies.push(project, by, f"refs/heads/{branch}", before, sha, commits)
            self._emit(project, "push_hooks", body)
        for one in self.world.projects.values():
            for request in one.requests.values():
                if (request.source, request.source_branch, request.state) == (project, branch, "opened"):
                    self._follow(request, by)

    # requests follow ------------------------------------------------------------------------------------------

    def _follow(self, request: MergeRequest, by: Account) -> None:
        """A new head: a new version; approvals end where the project wants it, unless the changes are the same."""
        before, same = request.head, self._changes(request)
        self._new_version(request)
        self._touch(request)
        commits = request.source.between(before, request.head)
        count = f"{len(commits)} commit{'s' if len(commits) != 1 else ''}"
        self._system_note(request, by, f"added {count}\n\n[Compare with previous version]({request.versions[-1].id})")
        self._emit_request(request, by, "update", {"updated_at": {}}, oldrev=before)
        reset = request.target.rules.reset_approvals_on_push and request.target.rules.tier != "free"
        if reset and request.approvals and same != self._changes(request):
            self._reset_approvals(request, by)

    @staticmethod
    def _changes(request: MergeRequest) -> Mapping[str, str]:
        own = request.target.between(request.target.branches[request.target_branch], request.head)
        return {file.path: file.patch for file in changed_by(own)}

    def _new_version(self, request: MergeRequest) -> None:
        request.head = request.source.branches[request.source_branch]
        self._take_over(request.source, request.target, request.head)
        start = request.target.branches[request.target_branch]
        base = request.target.merge_base(start, request.head)
        request.versions.append(Version(self.world.new_id(), request.head, base, start, self.world.now()))

    def _reset_approvals(self, request: MergeRequest, by: Account) -> None:
        names = ", ".join(f"@{one.user.username}" for one in request.approvals)
        request.approvals.clear()
        for one in request.reviewers:
            one.state = "unapproved" if one.state == "approved" else one.state
        self._system_note(request, by, f"reset approvals from {names} by pushing to the branch")
        self._emit_request(request, by, "unapproved", system=True, system_action="approvals_reset_on_push")


def _push_data(branch: str, before: str, sha: str, commits: list[Commit]) -> dict[str, Any]:
    return {
        "commit_count": len(commits),
        "action": "created" if before == ZERO else "pushed",
        "ref_type": "branch",
        "commit_from": None if before == ZERO else before,
        "commit_to": sha,
        "ref": branch,
        "commit_title": commits[-1].message.partition("\n")[0] if commits else None,
        "ref_count": None,
    }
