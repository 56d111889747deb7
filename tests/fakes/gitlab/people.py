"""What people do to merge requests, each step with the webhooks that follow from it."""

from typing import Any, ClassVar

from tests.fakes.gitlab.alerts import Warnings
from tests.fakes.gitlab.issues import IssueTelling
from tests.fakes.gitlab.machines import Machines
from tests.fakes.gitlab.world import (
    Access,
    Account,
    Approval,
    GitLabError,
    MergeRequest,
    Note,
    Project,
    Reviewer,
)


class People(Warnings, IssueTelling, Machines):
    """Mixed into the fake: acts on `world`, speaks through `hooks`. All arguments are plain, for `/control/do`."""

    actions: ClassVar[frozenset[str]] = frozenset(
        {
            "add_hook",
            "add_project",
            "add_status_check",
            "add_user",
            "approve",
            "approve_deployment",
            "close_request",
            "comment",
            "deploy",
            "edit_request",
            "finish_deployment",
            "merge",
            "open_request",
            "own_group",
            "protect_environment",
            "push",
            "push_many",
            "rebase",
            "redeliver",
            "remove_reviewer",
            "reopen_request",
            "request_changes",
            "resolve",
            "retarget",
            "retry_job",
            "review",
            "run_job",
            "run_pipeline",
            "set_draft",
            "set_role",
            "set_rules",
            "set_status",
            "unapprove",
            "update_branch",
        }
    )

    # requests -------------------------------------------------------------------------------------------------

    def open_request(
        self,
        project: str | int,
        branch: str,
        by: str,
        *,
        title: str = "A change",
        description: str = "",
        target: str = "",
        draft: bool = False,
        source: str = "",
    ) -> int:
        """A request for a branch that was pushed before (`source`: in this fork). Returns its iid."""
        with self.lock:
            found = self.world.project(project)
            origin = self.world.project(source) if source else found
            now, author, iid = self.world.now(), self.world.account(by), len(found.requests) + 1
            request = MergeRequest(
                self.world.new_id(),
                iid,
                title,
                description,
                author,
                branch,
                target or found.default_branch,
                origin,
                found,
                now,
                now,
                draft=draft,
            )
            self._new_version(request)
            found.requests[iid] = request
            self._happened(found, "opened", author, request)
            self._emit_request(request, author, "open")
            return iid

    def edit_request(
        self, project: str | int, iid: int, by: str, *, title: str | None = None, description: str | None = None
    ) -> None:
        """New title or description."""
        with self.lock:
            _, request = self._known(project, iid)
            changes: dict[str, Any] = {}
            for name, value in (("title", title), ("description", description)):
                if value is not None:
                    changes[name] = {"previous": getattr(request, name), "current": value}
                    setattr(request, name, value)
            self._changed(request, by, changes)

    def set_draft(self, project: str | int, iid: int, by: str, *, draft: bool) -> None:
        """A draft, or ready."""
        with self.lock:
            _, request = self._known(project, iid)
            before, request.draft = request.shown_title, draft
            self._system_note(
                request, self.world.account(by), f"marked this merge request as **{_ready(draft=draft)}**"
            )
            title = {"previous": before, "current": request.shown_title}
            self._changed(request, by, {"draft": {"previous": not draft, "current": draft}, "title": title})

    def retarget(self, project: str | int, iid: int, by: str, target: str) -> None:
        """Another target branch; that makes a new version, and approvals stay."""
        with self.lock:
            _, request = self._known(project, iid)
            before, request.target_branch = request.target_branch, target
            self._new_version(request)
            self._system_note(request, self.world.account(by), f"changed target branch from `{before}` to `{target}`")
            self._changed(request, by, {"target_branch": {"previous": before, "current": target}})

    def close_request(self, project: str | int, iid: int, by: str) -> None:
        """Closed without a merge."""
        self._set_state(project, iid, by, "closed")

    def reopen_request(self, project: str | int, iid: int, by: str) -> None:
        """Opened again."""
        self._set_state(project, iid, by, "opened")

    def _set_state(self, project: str | int, iid: int, by: str, state: str) -> None:
        with self.lock:
            found, request = self._known(project, iid)
            account = self.world.account(by)
            if request.state not in {"opened", "closed"} - {state}:
                raise GitLabError(422, f"state_event does not lead from {request.state} to {state}")
            request.state = state
            request.closed_at = self.world.now() if state == "closed" else None
            self._touch(request)
            self._happened(found, "closed" if state == "closed" else "reopened", account, request)
            self._emit_request(request, account, "close" if state == "closed" else "reopen")

    def _changed(self, request: MergeRequest, by: str, changes: dict[str, Any]) -> None:
        self._touch(request)
        self._emit_request(request, self.world.account(by), "update", changes)

    def merge(self, project: str | int, iid: int, by: str, *, sha: str = "", bypass: bool = False) -> str:
        """Merge, unless something holds it; `bypass`: an administrator switched the settings off for a moment.

        Returns the commit that the target branch has now.
        """
        with self.lock:
            found, request = self._known(project, iid)
            account = self.world.account(by)
            self._needs(found, account, Access.DEVELOPER)
            if request.state != "opened" or (not bypass and self.status_of(request) != "mergeable"):
                raise GitLabError(405, "405 Method Not Allowed")
            if sha not in ("", request.head):
                raise GitLabError(409, f"SHA does not match HEAD of source branch: {request.head}")
            request.commit_shas = tuple(one.sha for one in found.commits_of(request))
            tip = self._merged(found, request, account)
            request.state, request.merged_at, request.merged_by = "merged", self.world.now(), account
            self._touch(request)
            self._move(found, request.target_branch, tip, account)
            self._happened(found, "accepted", account, request)
            self._emit_request(request, account, "merge")
            return tip

    def _merged(self, project: Project, request: MergeRequest, by: Account) -> str:
        target, head = project.branches[request.target_branch], request.head
        if request.squash:
            files = project.commits[head].files
            message = f"{request.title}"
            head = self.world.make_commit(project, (target,), message, request.author.username, files=files).sha
            request.squash_commit = head
        if project.rules.merge_method == "ff":
            return head
        message = f"Merge branch '{request.source_branch}' into '{request.target_branch}'\n\n{request.title}\n\n"
        message += f"See merge request {project.path}!{request.iid}"
        request.merge_commit = self.world.make_commit(project, (target, head), message, by.username).sha
        return request.merge_commit

    # reviews --------------------------------------------------------------------------------------------------

    def approve(self, project: str | int, iid: int, by: str, *, sha: str = "") -> None:
        """Approve; 401 for who may not (or did already), 409 when the head is another one."""
        with self.lock:
            found, request = self._known(project, iid)
            account, rules = self.world.account(by), found.rules
            if sha not in ("", request.head):
                raise GitLabError(409, f"SHA does not match HEAD of source branch: {request.head}")
            own = account == request.author and not rules.author_approval and rules.tier != "free"
            committed = not rules.committer_approval and account in {
                one.committer.account for one in found.commits_of(request)
            }
            again = account in [one.user for one in request.approvals]
            if own or committed or again or request.state != "opened" or found.role(account) < Access.DEVELOPER:
                raise GitLabError(401, "401 Unauthorized")
            request.approvals.append(Approval(account, self.world.now()))
            self._reviewed(request, account, "approved")
            self._system_note(request, account, "approved this merge request")
            self._touch(request)
            self._happened(found, "approved", account, request)
            enough = len(request.approvals) >= rules.approvals_required
            self._emit_request(request, account, "approved" if enough else "approval")

    def unapprove(self, project: str | int, iid: int, by: str) -> None:
        """Take an approval back; 404 when there is none."""
        with self.lock:
            found, request = self._known(project, iid)
            account = self.world.account(by)
            if request.state == "merged" or account not in [one.user for one in request.approvals]:
                raise GitLabError(404, "404 Not found")
            enough = len(request.approvals) >= found.rules.approvals_required
            request.approvals = [one for one in request.approvals if one.user != account]
            self._reviewed(request, account, "unapproved")
            self._system_note(request, account, "unapproved this merge request")
            self._touch(request)
            self._emit_request(request, account, "unapproved" if enough else "unapproval")

    def request_changes(self, project: str | int, iid: int, by: str) -> None:
        """An objection. It stays through pushes, until the reviewer approves or is asked again."""
        self.review(project, iid, by, "requested_changes")

    def review(self, project: str | int, iid: int, by: str, state: str = "reviewed") -> None:
        """A reviewer's state: unreviewed (asked again), review_started, reviewed, requested_changes."""
        with self.lock:
            _, request = self._known(project, iid)
            account = self.world.account(by)
            before = [{"username": one.user.username, "state": one.state} for one in request.reviewers]
            self._reviewed(request, account, state)
            if state == "requested_changes":
                request.approvals = [one for one in request.approvals if one.user != account]
                self._system_note(request, account, "requested changes")
            after = [{"username": one.user.username, "state": one.state} for one in request.reviewers]
            self._changed(request, by, {"reviewers": {"previous": before, "current": after}})

    def remove_reviewer(self, project: str | int, iid: int, by: str, reviewer: str) -> None:
        """Somebody takes a reviewer off the list; what was said stays in the notes only."""
        with self.lock:
            _, request = self._known(project, iid)
            before = [{"username": one.user.username, "state": one.state} for one in request.reviewers]
            request.reviewers = [one for one in request.reviewers if one.user.username != reviewer]
            after = [{"username": one.user.username, "state": one.state} for one in request.reviewers]
            self._changed(request, by, {"reviewers": {"previous": before, "current": after}})

    def _reviewed(self, request: MergeRequest, account: Account, state: str) -> None:
        known = next((one for one in request.reviewers if one.user == account), None)
        if known is None:
            known = Reviewer(account, self.world.now())
            request.reviewers.append(known)
        known.state = state

    # notes ----------------------------------------------------------------------------------------------------

    def comment(self, project: str | int, iid: int, by: str, body: str, *, thread: bool = False) -> int:
        """A comment; `thread`: one that is to be resolved. Returns its id."""
        with self.lock:
            _, request = self._known(project, iid)
            return self.put_note(request, self.world.account(by), body, thread=thread).id

    def resolve(self, project: str | int, iid: int, note: int, *, resolved: bool = True) -> None:
        """A thread is resolved, or open again."""
        with self.lock:
            self._known(project, iid)[1].threads[note] = resolved

    def put_note(self, request: MergeRequest, by: Account, body: str, *, thread: bool = False) -> Note:
        """A new comment."""
        now = self.world.now()
        note = Note(self.world.new_id(), by, body, now, now)
        request.notes.append(note)
        if thread:
            request.threads[note.id] = False
        self._touch(request)
        self._happened(request.target, "commented on", by, request)
        self.emit_note(request, note, "create")
        return note

    def emit_note(self, request: MergeRequest, note: Note, action: str) -> None:
        """Tell about a comment."""
        body = self.bodies.note(request, note, action, self.attributes_of(request))
        self._emit(request.target, "note_hooks", body)


def _ready(*, draft: bool) -> str:
    return "draft" if draft else "ready"
