"""The webhooks that follow from what happens."""

from typing import Any

from tests.fakes.github.access import INSTALLATION_ID
from tests.fakes.github.hooks import Hook
from tests.fakes.github.shapes import Shape, Shapes, moment
from tests.fakes.github.world import Account, Pull, Repository, Review, World


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

    def _emit(self, event: str, repository: Repository, sender: Account, **payload: Any) -> None:
        common = {"repository": self.shapes.repository(repository), "sender": self.shapes.account(sender)}
        self.hook.emit(event, {**payload, **common, "installation": {"id": INSTALLATION_ID}})

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
