"""What CI and deployments do on GitLab."""

from collections.abc import Iterable, Mapping

from tests.fakes.gitlab.repository import Repository
from tests.fakes.gitlab.world import Access, Account, Deployment, GitLabError, Job, Pipeline, Project

_DONE = ("success", "failed", "canceled", "skipped")
_ACTIVE = ("pending", "running", "created")
_FROM = {
    "pending": ("created", "skipped", "manual"),
    "running": ("pending", "created", "skipped", "manual"),
}
"""From where a posted status gets to a state that is not final."""


class Machines(Repository):
    """Mixed into the fake. All arguments are plain, for `/control/do`."""

    # pipelines ------------------------------------------------------------------------------------------------

    def run_pipeline(
        self,
        project: str | int,
        sha: str,
        by: str = "ci-user",
        *,
        jobs: Mapping[str, str] | None = None,
        allow_failure: Iterable[str] = (),
        ref: str = "",
        request: int = 0,
        merged_result: bool = False,
        source: str = "push",
    ) -> int:
        """A pipeline with jobs in these states; with `request` one for that merge request. Returns its id.

        `merged_result`: it runs on a commit that joins head and target, which nobody pushed. `source`: what else made
        it, `parent_pipeline` for a child, which is never the head pipeline of a request.
        """
        with self.lock:
            found = self.world.project(project)
            source = "merge_request_event" if request else source
            own = f"refs/merge-requests/{request}/{'merge' if merged_result else 'head'}"
            ref = ref or (own if request else self._ref_of(found, sha))
            head = found.commit(sha).sha
            if merged_result:
                parents = (found.branches[found.request(request).target_branch], head)
                sha = self.world.make_commit(found, parents, "Merge", "ghost").sha
            pipeline = self._new_pipeline(found, sha, ref, source, self.world.account(by))
            pipeline.request, pipeline.source_sha = request or None, head
            for name, status in (jobs or {"build": "success"}).items():
                self._new_job(pipeline, name, status, allow_failure=name in set(allow_failure))
            for job in pipeline.jobs:
                self._emit(found, "job_hooks", self.bodies.job(found, pipeline, job))
            self._emit_pipeline(found, pipeline)
            return pipeline.id

    def run_job(
        self, project: str | int, sha: str, name: str, status: str = "success", *, allow_failure: bool = False
    ) -> int:
        """A job of the commit's newest pipeline gets into a state; pipeline and job are made when missing."""
        with self.lock:
            found = self.world.project(project)
            pipeline = next((one for one in found.newest(sha) if one.source != "external"), None)
            if pipeline is None:
                ref = self._ref_of(found, sha)
                pipeline = self._new_pipeline(found, sha, ref, "push", self.world.account("ci-user"))
            before = pipeline.status if pipeline.jobs else ""
            job = next((one for one in pipeline.latest if one.name == name and not one.external), None)
            if job is None:
                job = self._new_job(pipeline, name, status, allow_failure=allow_failure)
            elif job.status in _DONE:
                job.retried = True
                job = self._new_job(pipeline, name, status, allow_failure=allow_failure)
            self._into(job, status)
            self._emit(found, "job_hooks", self.bodies.job(found, pipeline, job))
            self._moved(found, pipeline, before)
            return job.id

    def retry_job(self, project: str | int, job: int, status: str = "running") -> int:
        """Somebody presses "Run again": a new job in the old one's place. Returns its id."""
        with self.lock:
            found = self.world.project(project)
            for pipeline in found.pipelines.values():
                for old in pipeline.jobs:
                    if old.id == job:
                        before, old.retried = pipeline.status, True
                        new = self._new_job(pipeline, old.name, status, allow_failure=old.allow_failure)
                        self._emit(found, "job_hooks", self.bodies.job(found, pipeline, new))
                        self._moved(found, pipeline, before)
                        return new.id
            raise GitLabError(404, "404 Not found")

    def _moved(self, project: Project, pipeline: Pipeline, before: str) -> None:
        """A pipeline tells only of its own states."""
        pipeline.updated = self.world.now()
        if pipeline.status != before:
            self._emit_pipeline(project, pipeline)

    @staticmethod
    def _ref_of(project: Project, sha: str) -> str:
        return next((name for name, tip in project.branches.items() if sha in project.reachable(tip)), "")

    def _new_pipeline(self, project: Project, sha: str, ref: str, source: str, by: Account) -> Pipeline:
        now, iid = self.world.now(), len(project.pipelines) + 1
        pipeline = Pipeline(self.world.new_id(), iid, project.commit(sha).sha, ref, source, by, now, now)
        project.pipelines[pipeline.id] = pipeline
        return pipeline

    def _new_job(self, pipeline: Pipeline, name: str, status: str, *, allow_failure: bool = False) -> Job:
        job = Job(self.world.new_id(), name, "test", "created", pipeline.user, self.world.now(), allow_failure)
        self._into(job, status)
        pipeline.jobs.append(job)
        return job

    def _into(self, job: Job, status: str) -> None:
        now, job.status = self.world.now(), status
        job.started = job.started or (now if status in ("running", *_DONE) else None)
        job.finished = now if status in _DONE else None

    # statuses -------------------------------------------------------------------------------------------------

    def set_status(
        self,
        project: str | int,
        sha: str,
        name: str,
        state: str = "success",
        *,
        by: str = "other-ci",
        ref: str = "",
        pipeline_id: int = 0,
    ) -> int:
        """Somebody posts a commit status. Returns its id."""
        with self.lock:
            found = self.world.project(project)
            _, job = self.put_status(found, sha, name, state, self.world.account(by), ref=ref, pipeline_id=pipeline_id)
            return job.id

    def put_status(
        self, project: Project, sha: str, name: str, state: str, by: Account, *, ref: str = "", pipeline_id: int = 0
    ) -> tuple[Pipeline, Job]:
        """A posted status: into the newest fitting pipeline, else into a new external one.

        It goes on with what the same user posted under this name as long as that is not finished; what is finished
        gets a new one in its place.
        """
        sha = project.commit(sha).sha
        fitting = [one for one in project.newest(sha) if ref in ("", one.ref) and pipeline_id in (0, one.id)]
        if pipeline_id and not fitting:
            raise GitLabError(404, "404 Pipeline for pipeline_id, sha and ref Not Found")
        branch = ref or (fitting[0].ref if fitting else self._ref_of(project, sha))
        if not branch:
            raise GitLabError(404, "404 References for commit Not Found")
        pipeline = fitting[0] if fitting else self._new_pipeline(project, sha, branch, "external", by)
        before = pipeline.status if pipeline.jobs else ""
        named = [one for one in pipeline.latest if one.name == name]
        mine = [one for one in named if one.external and one.user == by]
        job = next((one for one in mine if one.status in _ACTIVE), None)
        if job is None:
            job = self._new_job(pipeline, name, "created")
            job.user, job.stage, job.external = by, "external", True
            for old in named:
                old.retried = True
        _check_transition(job, state)
        self._into(job, state)
        self._moved(project, pipeline, before)
        return pipeline, job

    # deployments ----------------------------------------------------------------------------------------------

    def deploy(
        self, project: str | int, sha: str, environment: str, by: str, *, status: str = "success", ref: str = ""
    ) -> int:
        """A deployment of a commit; it is blocked first where the environment wants approvals. Returns its id."""
        with self.lock:
            found, now = self.world.project(project), self.world.now()
            found.environments.setdefault(environment, self.world.new_id())
            needs = found.deploy_approvals.get(environment, 0)
            deployment = Deployment(
                self.world.new_id(),
                len(found.deployments) + 1,
                found.commit(sha).sha,
                ref or found.default_branch,
                environment,
                self.world.account(by),
                now,
                now,
                "blocked" if needs else "created",
                needs,
            )
            found.deployments[deployment.id] = deployment
            if needs:
                self._emit_deployment(found, deployment)
            for state in () if needs else dict.fromkeys(("running", status)):
                self._deployed(found, deployment, state)
            return deployment.id

    def finish_deployment(self, project: str | int, deployment: int, status: str) -> None:
        """A deployment gets into a state (running, success, failed, canceled)."""
        with self.lock:
            found = self.world.project(project)
            self._deployed(found, found.deployments[deployment], status)

    def approve_deployment(
        self, project: str | int, deployment: int, by: str, status: str = "approved", comment: str = ""
    ) -> None:
        """Somebody approves or rejects a blocked deployment (Premium)."""
        with self.lock:
            found, account = self.world.project(project), self.world.account(by)
            self._needs(found, account, Access.DEVELOPER)
            one = found.deployments[deployment]
            if one.status != "blocked":
                raise GitLabError(400, "This deployment is not waiting for approvals.")
            if account == one.user:
                raise GitLabError(400, "You cannot approve your own deployment.")
            one.approvals.append((account, status, comment, self.world.now()))
            given = [state for _, state, _, _ in one.approvals]
            if "rejected" in given:
                self._deployed(found, one, "failed")
            elif len(given) >= one.needs:
                self._deployed(found, one, "created")

    def _deployed(self, project: Project, deployment: Deployment, status: str) -> None:
        deployment.status, deployment.updated = status, self.world.now()
        self._emit_deployment(project, deployment)

    def _emit_deployment(self, project: Project, deployment: Deployment) -> None:
        self._emit(project, "deployment_hooks", self.bodies.deployment(project, deployment))


def _check_transition(job: Job, state: str) -> None:
    event = {"pending": "enqueue", "running": "run"}.get(state)
    if event and job.status not in _FROM[state]:
        why = f'(Reason(s): Status cannot transition via "{event}")'
        raise GitLabError(400, f"Cannot transition status via :{event} from :{job.status} {why}")
