"""The webhooks that follow from what happens."""

from typing import Any

from tests.fakes.github.access import INSTALLATION_ID
from tests.fakes.github.hooks import Hook
from tests.fakes.github.shapes import Shape, Shapes, moment
from tests.fakes.github.world import Account, Activity, Pull, Repository, Review, World


class Speaking:
    """Mixed into the fake: writes payloads in `shapes`, sends them through `hook`."""

    world: World
    hook: Hook
    shapes: Shapes
    lock: Any

    def redeliver(self, number: int = -1) -> None:
        """Deliver the n-th delivery once more (default: the last)."""
        self.hook.again(self.hook.deliveries[number].id)

    def settle(self) -> None:
        """Wait until all webhooks on their way have arrived."""
        self.hook.settle()

    def _known(self, repo: str, number: int) -> tuple[Repository, Pull]:
        repository = self.world.repository(repo)
        return repository, repository.pull(number)

    def _touch(self, pull: Pull) -> None:
        pull.updated = self.world.now()

    def _emit(self, event: str, repository: Repository, sender: Account, /, **payload: Any) -> None:
        if event == "push":
            self._note(repository, sender, payload)
        common = {"repository": self.shapes.repository(repository), "sender": self.shapes.account(sender)}
        self.hook.emit(event, {**payload, **common, "installation": {"id": INSTALLATION_ID}})

    def _note(self, repository: Repository, by: Account, push: dict[str, Any]) -> None:
        merged = push["after"] in {one.merge_commit for one in repository.pulls.values()}
        kind = "force_push" if push["forced"] else "branch_creation" if push["created"] else "push"
        kind = "pr_merge" if merged else kind
        seen = Activity(self.world.new_id(), kind, push["before"], push["after"], push["ref"], by, self.world.now())
        repository.activity.append(seen)

    def _emit_pull(self, action: str, repository: Repository, pull: Pull, sender: Account, **more: Any) -> None:
        shape = self.shapes.pull(repository, pull)
        self._emit("pull_request", repository, sender, action=action, number=pull.number, pull_request=shape, **more)

    def _emit_review(self, action: str, repository: Repository, pull: Pull, review: Review, sender: Account) -> None:
        shape = self.shapes.review(review)
        shape["state"] = shape["state"].lower()
        self._emit(
            "pull_request_review",
            repository,
            sender,
            action=action,
            review=shape,
            pull_request=self.shapes.pull(repository, pull),
        )

    def _pushed(self, repository: Repository, sha: str) -> Shape:
        commit = repository.commits[sha]
        people = {}
        for name, who in (("author", commit.author), ("committer", commit.committer)):
            people[name] = {"name": who.name, "email": who.email}
            if who.account:
                people[name]["username"] = who.account.login
        paths = [file.path for file in commit.files]
        when = moment(commit.committer.date)
        changed = {"added": [], "removed": [], "modified": paths}
        return {
            "id": sha,
            "tree_id": sha[::-1],
            "distinct": True,
            "message": commit.message,
            "timestamp": when,
            **people,
            **changed,
        }
