"""GitHub's side of a history."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

from tests.fakes.client import Answer
from tests.fakes.github import FakeGitHub
from tests.fakes.github.hooks import Delivery
from tests.fakes.github.world import CheckRun, Commit, GitHubError, Pull, Repository, Review
from tests.fakes.wire import Request
from tests.journeys.policies import SHOP
from tests.properties.histories.known import SUCCESS, WAITING, CheckKey, Core, Opinion, Rules, Run, Told
from tests.properties.histories.side import Side
from tests.properties.histories.steps import CHECKS, ENDS
from workflows.change.seen import Forge

GATE = "wachbuch/gate"
_NAMES = {"build": "build", "scan": "codeql"}
_SAYS = {"APPROVED": "approved", "CHANGES_REQUESTED": "objected", "COMMENTED": "commented", "DISMISSED": "dismissed"}


class Hub(Side):
    """The enforced repository on the fake GitHub."""

    forge: ClassVar[Forge] = Forge.GITHUB
    name: ClassVar[str] = SHOP
    rules: ClassVar[Rules] = Rules((("build", "github-actions"), ("codeql", "")), "codeql")

    def __init__(self, fake: FakeGitHub) -> None:
        self.fake: FakeGitHub = fake

    @property
    def place(self) -> Repository:
        """The repository."""
        return self.fake.world.repository(SHOP)

    @property
    def requests(self) -> Mapping[int, Pull]:
        return self.place.pulls

    def lasting(self, sent: Delivery) -> bool:
        return sent.event in ("push", "deployment", "deployment_status")

    @property
    def sent(self) -> Sequence[Delivery]:
        return [one for one in self.fake.hook.deliveries if not one.redelivery]

    def answered(self, sent: Delivery, *, fine: bool) -> None:
        sent.status, sent.status_code = ("OK", 202) if fine else ("failed to connect to host", 0)

    def reconnect(self, receive: Callable[[Mapping[str, str], bytes], None] | None) -> bool:
        def transport(_: str, headers: Mapping[str, str], body: bytes) -> Answer:
            assert receive is not None
            receive(headers, body)
            return Answer(202, {}, b"")

        self.fake.settle()
        self.fake.hook.transport = transport if receive else None
        return True

    def envelope(self, sent: Delivery) -> tuple[Mapping[str, str], bytes]:
        return self.fake.hook.headers(sent, sent.body), sent.body

    # what it tells --------------------------------------------------------------------------------------------

    def told(self, sent: Delivery) -> Told:
        body = json.loads(sent.body)
        pull, sender = body.get("pull_request"), body["sender"]["login"]
        number = pull["number"] if pull else 0
        core = _core(pull) if pull else None
        if sent.event == "push" and not self.merges(body["after"]):
            return Told(pushed=((body["after"], sender),))
        if sent.event == "pull_request" and sent.action == "synchronize" and not self.merges(pull["head"]["sha"]):
            return Told(number, core, pushed=((pull["head"]["sha"], sender),), heads=frozenset({body["before"]}))
        if sent.event == "pull_request_review":
            return Told(number, core, (_opinion_of(body["review"], dismissed=sent.action == "dismissed"),))
        if sent.event == "check_run" and body["check_run"]["name"] != GATE:
            return Told(runs=(_run_of(body["check_run"]),))
        return Told(number, core)

    def shown(self, number: int) -> Told:
        pull = self.place.pull(number)
        core = Core(pull.updated, pull.head, pull.draft, pull.state == "open")
        runs = tuple(_run(one) for one in self.place.latest_checks(pull.head) if one.name != GATE)
        wrote = {pull.author.login}
        commits = [one for one in self.place.commits_of(pull) if not one.merges_cleanly]
        commits += [self.place.commits[one.before] for one in pull.force_pushes]
        wrote |= {name for one in commits for name in _people(one)}
        wrote |= {one.actor.login for one in pull.force_pushes}
        heads = frozenset({pull.head, *(one.before for one in pull.force_pushes)})
        opinions = tuple(map(_opinion, pull.reviews))
        return Told(number, core, opinions, runs, frozenset(wrote), heads=heads, whole=True)

    def read_of(self, operation: str, request: Request) -> int | None:
        if operation != "graphql":
            return None
        number = request.json()["variables"].get("number")
        return int(number) if number else None

    def shows_open(self, number: int) -> bool:
        head = self.head_of(number)
        ours = [one for one in self.place.checks.values() if (one.name, one.sha) == (GATE, head)]
        return bool(ours) and ours[-1].conclusion == SUCCESS

    # what happens ---------------------------------------------------------------------------------------------

    def open(self, branch: str, by: str) -> None:
        self.fake.open_pull(SHOP, branch, by, title=f"Arbeit {branch}")

    def branch_of(self, number: int) -> str:
        return self.place.pull(number).head_ref

    def head_of(self, number: int) -> str:
        return self.place.pull(number).head

    def is_open(self, number: int) -> bool:
        return self.place.pull(number).state == "open"

    def merge_commit(self, number: int) -> str | None:
        return self.place.pull(number).merge_commit

    def ran_after_merge(self, number: int) -> bool:
        pull = self.place.pull(number)
        runs = [one.started for one in self.place.latest_checks(pull.head) if one.name != GATE and one.started]
        return pull.merged_at is not None and any(at >= pull.merged_at for at in runs)

    def versions_of(self, number: int) -> Sequence[Sequence[Commit]]:
        pull = self.place.pull(number)
        return [self.place.commits_of(pull), *([self.place.commits[one.before]] for one in pull.force_pushes)]

    @property
    def acts(self) -> Mapping[str, Callable[[int, str, int], object]]:
        fake = self.fake
        return {
            "update": lambda number, who, _: fake.update_branch(SHOP, number, who),
            "approve": lambda number, who, choice: self._review(number, who, "approved", choice),
            "object": lambda number, who, choice: self._review(number, who, "changes_requested", choice),
            "comment": lambda number, who, choice: self._review(number, who, "commented", choice),
            "withdraw": self._dismiss,
            "draft": lambda number, who, choice: fake.set_draft(SHOP, number, who, draft=choice % 2 == 0),
            "check": self._check,
            "green": self._green,
            "ready": self._ready,
            "merge": lambda number, who, choice: fake.merge(SHOP, number, who, bypass=choice % 2 == 0),
            "close": lambda number, who, _: fake.close_pull(SHOP, number, who),
            "reopen": lambda number, who, _: fake.reopen_pull(SHOP, number, who),
            "edit": lambda number, who, choice: fake.edit_pull(SHOP, number, who, title=f"Titel {choice}"),
        }

    def _review(self, number: int, who: str, state: str, choice: int) -> None:
        """Mostly on the head; sometimes somebody still looks at an earlier commit."""
        commits = self.place.commits_of(self.place.pull(number))
        earlier = commits[0].sha if choice == 0 and commits else ""
        self.fake.review(SHOP, number, who, state, commit=earlier)

    def _dismiss(self, number: int, who: str, choice: int) -> None:
        """Not after the merge: GitHub does not tell with a review when it was dismissed."""
        if not self.is_open(number):
            return
        said = [one for one in self.place.pull(number).reviews if one.state in ("APPROVED", "CHANGES_REQUESTED")]
        if said:
            self.fake.dismiss(SHOP, number, said[choice % len(said)].id, who)

    def _check(self, number: int, _: str, choice: int) -> None:
        name, end = _NAMES[CHECKS[choice % 2]], ENDS[choice % len(ENDS)]
        self.fake.run_check(SHOP, self.head_of(number), name, None if end == WAITING else end)

    def _green(self, number: int, _: str, __: int) -> None:
        for name in _NAMES.values():
            self.fake.run_check(SHOP, self.head_of(number), name)

    def _ready(self, number: int, who: str, choice: int) -> None:
        """So that gates stand open often enough to be found open wrongly."""
        self._green(number, who, choice)
        self.fake.review(SHOP, number, "jana")

    def deploy(self, sha: str, environment: str, state: str) -> None:
        with suppress(GitHubError):
            self.fake.deploy(SHOP, sha, environment, "ralf", state=state)


def _core(pull: Mapping[str, Any]) -> Core:
    at = datetime.fromisoformat(pull["updated_at"])
    return Core(at, pull["head"]["sha"], pull["draft"], pull["state"] == "open")


def _opinion_of(review: Mapping[str, Any], *, dismissed: bool) -> Opinion:
    says = "dismissed" if dismissed else _SAYS[review["state"].upper()]
    at = datetime.fromisoformat(review["submitted_at"])
    return Opinion(review["user"]["login"], says, at, review["id"], review["commit_id"])


def _opinion(review: Review) -> Opinion:
    return Opinion(review.user.login, _SAYS[review.state], review.at, review.id, review.commit)


def _run_of(check: Mapping[str, Any]) -> tuple[CheckKey, Run]:
    key = (check["head_sha"], check["name"], check["app"]["slug"])
    return key, Run(check["id"], check["conclusion"] or WAITING)


def _run(check: CheckRun) -> tuple[CheckKey, Run]:
    return (check.sha, check.name, check.app.slug), Run(check.id, check.conclusion or WAITING)


def _people(commit: Commit) -> set[str]:
    accounts = [one.account for one in (*commit.authors, commit.committer)]
    return {one.login for one in accounts if one and one.login != "web-flow"}
