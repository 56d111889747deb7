"""GitLab's side of a history."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

from tests.fakes.gitlab import FakeGitLab
from tests.fakes.gitlab.hooks import Delivery
from tests.fakes.gitlab.world import Commit, GitLabError, Job, MergeRequest, Project
from tests.fakes.wire import Request
from tests.journeys.policies import TILL
from tests.properties.histories.known import SUCCESS, WAITING, CheckKey, Core, Opinion, Rules, Run, Told
from tests.properties.histories.side import Side
from tests.properties.histories.steps import CHECKS, ENDS
from workflows.change.seen import Forge

GATE = "wachbuch/gate"
_SOURCE = "gitlab-ci"
_STATES = {"success": SUCCESS, "failed": "failure", "canceled": "failure"}
_STATUSES = {SUCCESS: "success", "failure": "failed", WAITING: "running"}


class Lab(Side):
    """The enforced project on the fake GitLab. `free`: approvals outlive pushes, and authors may approve."""

    forge: ClassVar[Forge] = Forge.GITLAB
    name: ClassVar[str] = TILL
    rules: ClassVar[Rules] = Rules((("build", _SOURCE), ("scan", "")), "scan", readings_replace_opinions=True)

    def __init__(self, fake: FakeGitLab, *, free: bool = False) -> None:
        self.fake: FakeGitLab = fake
        if free:
            fake.set_rules(TILL, tier="free")

    @property
    def place(self) -> Project:
        """The project."""
        return self.fake.world.project(TILL)

    @property
    def requests(self) -> Mapping[int, MergeRequest]:
        return self.place.requests

    @property
    def sent(self) -> Sequence[Delivery]:
        return [one for one in self.fake.hooks.deliveries if not one.again]

    def answered(self, sent: Delivery, *, fine: bool) -> None:
        sent.response_status = "202" if fine else "internal error"

    def lasting(self, sent: Delivery) -> bool:
        return sent.trigger in ("push_hooks", "deployment_hooks")

    def envelope(self, sent: Delivery) -> tuple[Mapping[str, str], bytes]:
        return self.fake.hooks.headers(sent), sent.body

    # what it tells --------------------------------------------------------------------------------------------

    def told(self, sent: Delivery) -> Told:
        body = json.loads(sent.body)
        match body["object_kind"]:
            case "push":
                merges = self.merges(body["after"])
                return Told() if merges else Told(pushed=((body["after"], body["user_username"]),))
            case "merge_request":
                return self._request_told(body)
            case "pipeline":
                sha = body["object_attributes"]["sha"]
                return Told(runs=tuple(_run(sha, one["name"], one["id"], one["status"]) for one in body["builds"]))
            case "build":
                return Told(runs=(_run(body["sha"], body["build_name"], body["build_id"], body["build_status"]),))
        return Told()

    def _request_told(self, body: Mapping[str, Any]) -> Told:
        told = body["object_attributes"]
        at = datetime.strptime(told["updated_at"], "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
        head = told["last_commit"]["id"]
        core = Core(at, head, told["draft"], told["state"] == "opened")
        if "oldrev" not in told or self.merges(head):
            return Told(told["iid"], core)
        pushed = ((head, body["user"]["username"]),)
        return Told(told["iid"], core, pushed=pushed, heads=frozenset({told["oldrev"]}))

    def shown(self, number: int) -> Told:
        request = self.place.request(number)
        core = Core(request.updated.replace(microsecond=0), request.head, request.draft, request.state == "opened")
        heads = frozenset(one.head for one in request.versions)
        commits = [one for version in request.versions for one in self.place.between(version.base, version.head)]
        wrote = {request.author.username, *(name for one in commits if not one.merges_cleanly for name in _people(one))}
        runs = tuple(_run(request.head, one.name, one.id, one.status) for one in self._jobs(request))
        return Told(number, core, self._opinions(request), runs, frozenset(wrote), heads=heads, whole=True)

    def _opinions(self, request: MergeRequest) -> tuple[Opinion, ...]:
        """An approval is for the version that stood there when it was given."""
        against = [one.user for one in request.reviewers if one.state == "requested_changes"]
        said = [Opinion(one.username, "objected", request.updated, one.id) for one in against]
        for one in request.approvals:
            head = [version.head for version in request.versions if version.at <= one.at][-1]
            if one.user not in against:
                said.append(Opinion(one.user.username, "approved", one.at, one.user.id, head))
        return tuple(said)

    def _jobs(self, request: MergeRequest) -> list[Job]:
        pipelines = self.place.newest(request.head)
        return [job for one in pipelines for job in one.latest if not job.external]

    def read_of(self, operation: str, request: Request) -> int | None:
        if operation != "graphql":
            return None
        given = request.json()["variables"]
        return int(given["iid"]) if given.get("path") == TILL else None

    def shows_open(self, number: int) -> bool:
        pipeline = self.place.head_pipeline(self.place.request(number))
        ours = [one for one in pipeline.latest if one.external and one.name == GATE] if pipeline else []
        return bool(ours) and ours[-1].status == "success"

    # what happens ---------------------------------------------------------------------------------------------

    def open(self, branch: str, by: str) -> None:
        self.fake.open_request(TILL, branch, by, title=f"Arbeit {branch}")

    def branch_of(self, number: int) -> str:
        return self.place.request(number).source_branch

    def head_of(self, number: int) -> str:
        return self.place.request(number).head

    def is_open(self, number: int) -> bool:
        return self.place.request(number).state == "opened"

    def merge_commit(self, number: int) -> str | None:
        return self.place.request(number).merge_commit

    def ran_after_merge(self, number: int) -> bool:
        request = self.place.request(number)
        runs = [one.started for one in self._jobs(request) if one.started]
        return request.merged_at is not None and any(at >= request.merged_at for at in runs)

    def versions_of(self, number: int) -> Sequence[Sequence[Commit]]:
        request = self.place.request(number)
        now = self.place.commits_of(request)
        known = {one.sha for one in now}
        gone = [one for one in request.versions if one.head not in known]
        return [now, *(self.place.between(one.base, one.head) for one in gone)]

    @property
    def acts(self) -> Mapping[str, Callable[[int, str, int], object]]:
        fake = self.fake
        return {
            "update": self._update,
            "approve": lambda number, who, _: fake.approve(TILL, number, who),
            "object": self._object,
            "comment": lambda number, who, _: fake.comment(TILL, number, who, "Was ist hier?"),
            "withdraw": lambda number, who, _: fake.unapprove(TILL, number, who),
            "draft": lambda number, who, choice: fake.set_draft(TILL, number, who, draft=choice % 2 == 0),
            "check": self._check,
            "green": self._green,
            "ready": self._ready,
            "merge": lambda number, who, choice: fake.merge(TILL, number, who, bypass=choice % 2 == 0),
            "close": lambda number, who, _: fake.close_request(TILL, number, who),
            "reopen": lambda number, who, _: fake.reopen_request(TILL, number, who),
            "edit": lambda number, who, choice: fake.edit_request(TILL, number, who, title=f"Titel {choice}"),
        }

    def _update(self, number: int, who: str, choice: int) -> None:
        if self.is_open(number):
            (self.fake.rebase if choice % 2 else self.fake.update_branch)(TILL, number, who)

    def _object(self, number: int, who: str, _: int) -> None:
        """Not after the merge: GitLab does not tell when an objection was raised, and drops the approval."""
        if self.is_open(number):
            self.fake.request_changes(TILL, number, who)

    def _check(self, number: int, _: str, choice: int) -> None:
        status = _STATUSES[ENDS[choice % len(ENDS)]]
        self.fake.run_job(TILL, self.head_of(number), CHECKS[choice % 2], status)

    def _green(self, number: int, _: str, __: int) -> None:
        for name in CHECKS:
            self.fake.run_job(TILL, self.head_of(number), name)

    def _ready(self, number: int, who: str, choice: int) -> None:
        self._green(number, who, choice)
        with suppress(GitLabError):
            self.fake.approve(TILL, number, "jana")

    def deploy(self, sha: str, environment: str, state: str) -> None:
        self.fake.deploy(TILL, sha, environment, "ralf", status=_STATUSES[state])


def _run(sha: str, name: str, number: int, status: str) -> tuple[CheckKey, Run]:
    return (sha, name, _SOURCE), Run(number, _STATES.get(status, WAITING))


def _people(commit: Commit) -> set[str]:
    return {one.account.username for one in (*commit.authors, commit.committer) if one.account}
