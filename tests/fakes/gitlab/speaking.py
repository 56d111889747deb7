"""The webhooks and the lines of activity that follow from what happens."""

from typing import Any

from tests.fakes.gitlab.bodies import Bodies, Body
from tests.fakes.gitlab.hooks import Hooks
from tests.fakes.gitlab.shapes import Shapes
from tests.fakes.gitlab.world import (
    Access,
    Account,
    Event,
    GitLabError,
    MergeRequest,
    Note,
    Pipeline,
    Project,
    World,
)


class Speaking:
    """Mixed into the fake: writes `bodies`, sends them through `hooks`."""

    world: World
    hooks: Hooks
    shapes: Shapes
    bodies: Bodies
    lock: Any

    def settle(self) -> None:
        """Wait until all webhooks on their way have arrived."""
        self.hooks.settle()

    def redeliver(self, number: int = -1) -> None:
        """Deliver the n-th delivery once more (default: the last)."""
        self.hooks.again(self.hooks.deliveries[number].id)

    def status_of(self, request: MergeRequest) -> str:
        """The detailed merge status: what holds the merge, or `mergeable`."""
        rules, pipeline = request.target.rules, request.target.head_pipeline(request)
        fine = {"success", "skipped"} if rules.skipped_is_success else {"success"}
        running = pipeline is not None and pipeline.status in ("running", "pending", "created")
        pipeline_fine = pipeline is not None and pipeline.status in fine
        answers = [self.check_status(request, number) for number in request.target.status_checks]
        holds = (
            ("not_open", request.state != "opened"),
            ("draft_status", request.draft),
            ("discussions_not_resolved", rules.threads_must_be_resolved and not all(request.threads.values())),
            ("ci_still_running", rules.pipelines_must_succeed and running),
            ("ci_must_pass", rules.pipelines_must_succeed and not pipeline_fine),
            ("status_checks_must_pass", rules.status_checks_must_pass and set(answers) - {"passed"}),
            ("requested_changes", rules.tier != "free" and self._objected(request)),
            ("not_approved", len(request.approvals) < rules.approvals_required),
        )
        return next((name for name, so in holds if so), "mergeable")

    def check_status(self, request: MergeRequest, number: int) -> str:
        """How an external status check stands; what is pending for more than two minutes has failed."""
        sha, status, at = request.status_checks.get(number, ("", "pending", request.versions[-1].at))
        if sha != request.head:
            status, at = "pending", request.versions[-1].at
        late = status == "pending" and (self.world.now() - at).total_seconds() > 120
        return "failed" if late else status

    @staticmethod
    def _objected(request: MergeRequest) -> bool:
        return any(one.state == "requested_changes" for one in request.reviewers)

    def _known(self, project: str | int, iid: int) -> tuple[Project, MergeRequest]:
        found = self.world.project(project)
        return found, found.request(iid)

    def _touch(self, request: MergeRequest) -> None:
        request.updated = request.target.activity = self.world.now()

    def _needs(self, project: Project, account: Account, access: Access) -> None:
        if project.role(account) < access:
            raise GitLabError(403, "403 Forbidden")

    def _emit(self, project: Project, trigger: str, body: Body) -> None:
        project.activity = self.world.now()
        groups = project.group if project.rules.tier != "free" else ""
        self.hooks.emit(project.id, groups, trigger, body)

    def attributes_of(self, request: MergeRequest) -> Body:
        """The request as webhooks give it."""
        return self.bodies.attributes(request, self.status_of(request), request.target.head_pipeline(request))

    def _emit_request(
        self, request: MergeRequest, by: Account, action: str, changes: Body | None = None, **more: Any
    ) -> None:
        attributes = {**self.attributes_of(request), "action": action, **more}
        self._emit(request.target, "merge_request_hooks", self.bodies.request(request, by, attributes, changes or {}))

    def _happened(self, project: Project, action: str, by: Account, request: MergeRequest | None = None,
                  push: Body | None = None) -> None:  # fmt: skip
        target = ("MergeRequest", request.id, request.iid, request.title) if request else None
        project.events.append(Event(self.world.new_id(), action, by, self.world.now(), target, push))

    def _system_note(self, request: MergeRequest, by: Account, text: str) -> None:
        now = self.world.now()
        request.notes.append(Note(self.world.new_id(), by, text, now, now, system=True))

    def _emit_pipeline(self, project: Project, pipeline: Pipeline) -> None:
        pipeline.updated = self.world.now()
        request = project.requests.get(pipeline.request) if pipeline.request else None
        self._emit(project, "pipeline_hooks", self.bodies.pipeline(project, pipeline, request))
