"""What people and other apps do on GitHub, each step with the webhooks that follow from it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from tests.fakes.github.alerts import Warnings
from tests.fakes.github.issues import IssueTelling
from tests.fakes.github.machines import Machines
from tests.fakes.github.world import (
    Account,
    Comment,
    ForcePush,
    GitHubError,
    Pull,
    Repository,
    Review,
    ReviewRule,
)
from tests.fakes.history import ZERO, File, Files, files_of


class People(Warnings, IssueTelling, Machines):
    """Mixed into the fake: acts on `world`, speaks through `hook`. All arguments are plain, for `/control/do`."""

    actions: ClassVar[frozenset[str]] = frozenset(
        {
            "add_user",
            "add_repository",
            "push",
            "open_pull",
            "edit_pull",
            "retarget",
            "set_draft",
            "close_pull",
            "reopen_pull",
            "review",
            "dismiss",
            "run_check",
            "rerequest",
            "set_status",
            "comment",
            "merge",
            "update_branch",
            "deploy",
            "finish_deployment",
            "protection",
            "push_fork",
            "redeliver",
            "request_deployment",
            "require",
        }
    )

    # accounts and repositories --------------------------------------------------------------------------------

    def add_user(
        self, login: str, account_id: int = 0, email: str = "", name: str = "", *, outside: bool = False
    ) -> dict[str, Any]:
        """A user with a known id or e-mail; `outside`: without a right to write."""
        account = self.world.account(login, account_id=account_id, email=email, name=name, outside=outside)
        return {"id": account.id, "login": account.login}

    def add_repository(
        self,
        full_name: str,
        *,
        private: bool = False,
        required: Iterable[str] = (),
        by: str = "founder",
        branch: str = "main",
    ) -> dict[str, Any]:
        """A repository with one commit on its default branch, where these checks are required."""
        with self.lock:
            owner, name = full_name.split("/")
            repository = Repository(self.world.new_id(), owner, name, private=private, default_branch=branch)
            first = self.world.make_commit(repository, (), "Start", by, files=[File("README.md", status="added")])
            repository.branches[branch] = first.sha
            self.world.repositories[full_name] = repository
            self.require(full_name, required, branch=branch)
            return {"id": repository.id, "sha": first.sha}

    def require(
        self, repo: str, checks: Iterable[str] = (), *, branch: str = "", reviews: int = 0, dismiss_stale: bool = False
    ) -> None:
        """What a ruleset wants before a merge: checks (`name`, or `name@app` with the expected source) and reviews."""
        with self.lock:
            repository = self.world.repository(repo)
            target = branch or repository.default_branch
            split = [one.partition("@") for one in checks]
            repository.required[target] = {(name, slug or None) for name, _, slug in split}
            repository.reviews.pop(target, None)
            if reviews:
                repository.reviews[target] = ReviewRule(reviews, dismiss_stale)

    # commits --------------------------------------------------------------------------------------------------

    def push(
        self,
        repo: str,
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
            repository = self.world.repository(repo)
            before = repository.branches.get(branch, repository.branches[repository.default_branch])
            created = branch not in repository.branches
            parents = repository.commits[before].parents if force else (before,)
            commit = self.world.make_commit(
                repository,
                parents,
                message,
                author or by,
                committer=committer or author or by,
                co_authors=co_authors,
                files=files_of(files),
            )
            self._move(repository, branch, commit.sha, self.world.account(by), force=force, created=created)
            return commit.sha

    def branch_from(self, repo: str, branch: str, sha: str, by: str) -> None:
        """A new branch at a commit that is there already."""
        with self.lock:
            repository = self.world.repository(repo)
            self._move(repository, branch, sha, self.world.account(by), created=True)

    def update_branch(self, repo: str, number: int, by: str) -> str:
        """The button "Update branch": merges the base into the head. Returns the sha."""
        with self.lock:
            repository = self.world.repository(repo)
            pull = repository.pull(number)
            parents = (pull.head, repository.branches[pull.base_ref])
            message = f"Merge branch '{pull.base_ref}' into {pull.head_ref}"
            commit = self.world.make_commit(repository, parents, message, by, committer="web-flow")
            self._move(repository, pull.head_ref, commit.sha, self.world.account(by))
            return commit.sha

    def _move(
        self, repository: Repository, branch: str, sha: str, by: Account, *, force: bool = False, created: bool = False
    ) -> None:
        before = ZERO if created else repository.branches[branch]
        repository.branches[branch] = sha
        self._emit(
            "push",
            repository,
            by,
            ref=f"refs/heads/{branch}",
            before=before,
            after=sha,
            created=created,
            deleted=False,
            forced=force,
            base_ref=None,
            compare="",
            commits=[self._pushed(repository, sha)],
            head_commit=self._pushed(repository, sha),
            pusher={"name": by.login, "email": by.email},
        )
        for pull in repository.pulls.values():
            if pull.state == "open" and pull.head_ref == branch and not pull.fork:
                self._follow(repository, pull, sha, by, force=force)

    def _follow(self, repository: Repository, pull: Pull, sha: str, by: Account, *, force: bool) -> None:
        """A request has a new head. Approvals end where the branch wants it, unless the changes are the same."""
        if force:
            pull.force_pushes.append(ForcePush(by, pull.head, sha, self.world.now()))
        changes = repository.files_of(pull)
        pull.head, before = sha, pull.head
        self._touch(pull)
        self._emit_pull("synchronize", repository, pull, by, before=before, after=sha)
        rule = repository.reviews.get(pull.base_ref)
        if rule and rule.dismiss_stale and changes != repository.files_of(pull):
            for review in [one for one in pull.reviews if one.state == "APPROVED"]:
                self.dismiss(repository.full_name, pull.number, review.id, by.login)

    def push_fork(self, repo: str, number: int, by: str, *, files: Files = ("src/app.py",), force: bool = False) -> str:
        """One more commit in the fork of a request. No push is told here, only the new head. Returns the sha."""
        with self.lock:
            repository, pull = self._known(repo, number)
            parents = repository.commits[pull.head].parents if force else (pull.head,)
            commit = self.world.make_commit(repository, parents, "Work", by, files=files_of(files))
            self._follow(repository, pull, commit.sha, self.world.account(by), force=force)
            return commit.sha

    # requests -------------------------------------------------------------------------------------------------

    def open_pull(
        self,
        repo: str,
        head: str,
        by: str,
        *,
        title: str = "A change",
        body: str = "",
        base: str = "",
        draft: bool = False,
        fork: str = "",
    ) -> int:
        """A request for a branch that was pushed before. Returns its number."""
        with self.lock:
            repository = self.world.repository(repo)
            target = base or repository.default_branch
            now, author = self.world.now(), self.world.account(by)
            number = len(repository.pulls) + 1
            pull = Pull(
                self.world.new_id(),
                number,
                title,
                body,
                author,
                head,
                target,
                repository.branches[head],
                repository.branches[target],
                now,
                now,
                draft=draft,
                fork=fork,
            )
            repository.pulls[number] = pull
            self._emit_pull("opened", repository, pull, author)
            return number

    def edit_pull(self, repo: str, number: int, by: str, *, title: str | None = None, body: str | None = None) -> None:
        """New title or body."""
        with self.lock:
            repository, pull = self._known(repo, number)
            changes = {"title": {"from": pull.title}} if title is not None else {"body": {"from": pull.body}}
            pull.title, pull.body = title if title is not None else pull.title, body if body is not None else pull.body
            self._touch(pull)
            self._emit_pull("edited", repository, pull, self.world.account(by), changes=changes)

    def retarget(self, repo: str, number: int, by: str, base: str) -> None:
        """Another target branch."""
        with self.lock:
            repository, pull = self._known(repo, number)
            changes = {"base": {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base}}}
            pull.base_ref, pull.base = base, repository.branches[base]
            pull.retargets.append(self.world.now())
            self._touch(pull)
            self._emit_pull("edited", repository, pull, self.world.account(by), changes=changes)

    def set_draft(self, repo: str, number: int, by: str, *, draft: bool) -> None:
        """A draft, or ready for review."""
        with self.lock:
            repository, pull = self._known(repo, number)
            pull.draft = draft
            self._touch(pull)
            action = "converted_to_draft" if draft else "ready_for_review"
            self._emit_pull(action, repository, pull, self.world.account(by))

    def close_pull(self, repo: str, number: int, by: str) -> None:
        """Closed without a merge."""
        with self.lock:
            repository, pull = self._known(repo, number)
            if pull.state != "open":
                raise GitHubError(422, "Validation Failed")
            pull.state = "closed"
            self._touch(pull)
            self._emit_pull("closed", repository, pull, self.world.account(by))

    def reopen_pull(self, repo: str, number: int, by: str) -> None:
        """Opened again."""
        with self.lock:
            repository, pull = self._known(repo, number)
            if pull.state == "open" or pull.merged_at:
                raise GitHubError(422, "Validation Failed")
            pull.state = "open"
            self._touch(pull)
            self._emit_pull("reopened", repository, pull, self.world.account(by))

    def merge(self, repo: str, number: int, by: str, *, bypass: bool = False) -> str:
        """Merge: 405 while a required check is not green, unless `bypass`ed. Returns the merge commit."""
        with self.lock:
            repository, pull = self._known(repo, number)
            if pull.state != "open" or pull.draft:
                raise GitHubError(405, "Pull Request is not mergeable")
            if not bypass and (problems := repository.unmet(pull)):
                raise GitHubError(405, " ".join(problems))
            account = self.world.account(by)
            pull.commit_shas = tuple(commit.sha for commit in repository.commits_of(pull))
            parents = (repository.branches[pull.base_ref], pull.head)
            message = f"Merge pull request #{number} from {pull.head_ref}\n\n{pull.title}"
            commit = self.world.make_commit(repository, parents, message, by, committer="web-flow")
            pull.state, pull.merged_at, pull.merged_by = "closed", self.world.now(), account
            pull.merge_commit = commit.sha
            self._touch(pull)
            self._emit_pull("closed", repository, pull, account)
            self._move(repository, pull.base_ref, commit.sha, account)
            return commit.sha

    def enqueue(self, repo: str, number: int, by: str) -> str:
        """Into the merge queue: 405 while the head is not green. Returns the commit that the queue builds for it.

        The queue asks for the required checks of that commit, and merges nothing before they are there.
        """
        with self.lock:
            repository, pull = self._known(repo, number)
            if problems := repository.unmet(pull):
                raise GitHubError(405, " ".join(problems))
            base = repository.branches[pull.base_ref]
            message = f"Merge pull request #{number} from {pull.head_ref}\n\n{pull.title}"
            commit = self.world.make_commit(repository, (base, pull.head), message, by, committer="web-flow")
            pull.queued = commit.sha
            branch = f"gh-readonly-queue/{pull.base_ref}/pr-{number}-{base}"
            repository.branches[branch] = commit.sha
            self._emit_queue("checks_requested", repository, pull, base)
            return commit.sha

    def work_off_queue(self, repo: str, number: int) -> str:
        """The queue merges: 405 while a required check is missing on the commit that it built."""
        with self.lock:
            repository, pull = self._known(repo, number)
            queued, base = pull.queued, repository.branches[pull.base_ref]
            if queued is None or (problems := repository.unmet_on(pull, queued)):
                raise GitHubError(405, " ".join(problems) if queued else "not queued")
            bot = self.world.account("github-merge-queue[bot]")
            pull.commit_shas = tuple(commit.sha for commit in repository.commits_of(pull))
            pull.state, pull.merged_at, pull.merged_by = "closed", self.world.now(), bot
            pull.merge_commit, pull.queued = queued, None
            self._touch(pull)
            self._emit_queue("destroyed", repository, pull, base, reason="merged")
            self._move(repository, pull.base_ref, queued, bot)
            self._emit_pull("closed", repository, pull, bot)
            return queued

    def _emit_queue(self, action: str, repository: Repository, pull: Pull, base: str, **more: str) -> None:
        sha = pull.queued or pull.merge_commit
        group = {
            "head_sha": sha, "head_ref": f"refs/heads/gh-readonly-queue/{pull.base_ref}/pr-{pull.number}-{base}",
            "base_sha": base, "base_ref": f"refs/heads/{pull.base_ref}",
        }  # fmt: skip
        queue = self.world.account("github-merge-queue[bot]")
        self._emit("merge_group", repository, queue, action=action, merge_group=group, **more)

    def merged_along(self, repo: str, number: int, by: str, commit: str) -> None:
        """The merge of another request brought its commits along: GitHub closes it as merged by that commit."""
        with self.lock:
            repository, pull = self._known(repo, number)
            pull.commit_shas = tuple(one.sha for one in repository.commits_of(pull))
            pull.state, pull.merged_at, pull.merged_by = "closed", self.world.now(), self.world.account(by)
            pull.merge_commit = commit
            self._touch(pull)
            self._emit_pull("closed", repository, pull, self.world.account(by))

    def review(
        self, repo: str, number: int, by: str, state: str = "approved", *, body: str = "", commit: str = ""
    ) -> int:
        """approved, changes_requested or commented; on the head unless another commit is named. Returns its id."""
        with self.lock:
            repository, pull = self._known(repo, number)
            account, now = self.world.account(by), self.world.now()
            if account == pull.author and state != "commented":
                raise GitHubError(422, "Can not approve your own pull request")
            review = Review(self.world.new_id(), account, state.upper(), commit or pull.head, body, now, now)
            pull.reviews.append(review)
            self._touch(pull)
            self._emit_review("submitted", repository, pull, review, account)
            return review.id

    def dismiss(self, repo: str, number: int, review: int, by: str) -> None:
        """Dismiss a review."""
        with self.lock:
            repository, pull = self._known(repo, number)
            found = next(one for one in pull.reviews if one.id == review)
            found.state, found.updated = "DISMISSED", self.world.now()
            self._touch(pull)
            self._emit_review("dismissed", repository, pull, found, self.world.account(by))

    def comment(self, repo: str, number: int, by: str, body: str) -> int:
        """A comment by a person. Returns its id."""
        with self.lock:
            repository, pull = self._known(repo, number)
            return self.put_comment(repository, pull, self.world.account(by), body).id

    def put_comment(self, repository: Repository, pull: Pull, by: Account, body: str) -> Comment:
        """A new comment."""
        now = self.world.now()
        comment = Comment(self.world.new_id(), by, body, now, now)
        pull.comments.append(comment)
        issue = {"number": pull.number, "title": pull.title, "state": pull.state, "pull_request": {"url": ""}}
        shape = self.shapes.comment(repository, comment)
        self._emit("issue_comment", repository, by, action="created", issue=issue, comment=shape)
        return comment
