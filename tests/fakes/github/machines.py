"""What other apps do on GitHub: checks, statuses and deployments."""

from typing import Any, Final

from tests.fakes.github.speaking import Speaking
from tests.fakes.github.world import CheckRun, Deployment, GitHubError, Repository, Status, WaitingRun

REPORTS: Final = 10
"""Of a deployment protection rule, before it decides."""


class Machines(Speaking):
    """Mixed into the fake. All arguments are plain, for `/control/do`."""

    def run_check(
        self, repo: str, sha: str, name: str, conclusion: str | None = "success", *, app: str = "github-actions"
    ) -> int:
        """A check run by another app; `conclusion` None: it is still running. Returns its id."""
        with self.lock:
            repository = self.world.repository(repo)
            running = [
                one
                for one in repository.checks.values()
                if (one.sha, one.name, one.app.slug, one.status) == (sha, name, app, "in_progress")
            ]
            now = self.world.now()
            check = running[-1] if running and conclusion else None
            if check is None:
                check = CheckRun(self.world.new_id(), name, sha, self.world.app(app), "in_progress", started=now)
                repository.checks[check.id] = check
            if conclusion:
                check.status, check.conclusion, check.completed = "completed", conclusion, now
            self.emit_check(repository, check, "completed" if conclusion else "created")
            return check.id

    def rerequest(self, repo: str, check: int, by: str) -> None:
        """Somebody presses "Re-run" on a check."""
        with self.lock:
            repository = self.world.repository(repo)
            self.emit_check(repository, repository.checks[check], "rerequested", by)

    def emit_check(self, repository: Repository, check: CheckRun, action: str, by: str = "") -> None:
        """Tell about a check run."""
        sender = self.world.account(by or f"{check.app.slug}[bot]")
        self._emit("check_run", repository, sender, action=action, check_run=self.shapes.check(repository, check))

    def set_status(self, repo: str, sha: str, context: str, state: str = "success", *, by: str = "ci-user") -> int:
        """A commit status by somebody. Returns its id."""
        with self.lock:
            repository = self.world.repository(repo)
            number, account = self.world.new_id(), self.world.account(by)
            self.put_status(repository, Status(number, sha, state, context, "", "", account, self.world.now()))
            return number

    def put_status(self, repository: Repository, status: Status) -> None:
        """A new commit status."""
        repository.statuses.append(status)
        branches = [{"name": name} for name, sha in repository.branches.items() if sha == status.sha]
        shape = self.shapes.status(repository, status)
        commit = self.shapes.commit(repository, repository.commits[status.sha])
        own = {"sha": status.sha, "name": repository.full_name, "commit": commit, "branches": branches}
        self._emit(
            "status", repository, status.creator, **{key: shape[key] for key in shape if key != "creator"}, **own
        )

    def deploy(self, repo: str, sha: str, environment: str, by: str, *, state: str = "") -> int:
        """A deployment of a commit; with `state` it gets there at once. Returns its id."""
        with self.lock:
            repository = self.world.repository(repo)
            account = self.world.account(by)
            deployment = Deployment(
                self.world.new_id(), sha, repository.default_branch, environment, account, self.world.now()
            )
            repository.deployments[deployment.id] = deployment
            self._emit(
                "deployment",
                repository,
                account,
                action="created",
                deployment=self.shapes.deployment(repository, deployment),
            )
            if state:
                self.finish_deployment(repo, deployment.id, state, by)
            return deployment.id

    def finish_deployment(self, repo: str, deployment: int, state: str, by: str) -> None:
        """A deployment reaches a state (in_progress, success, failure …)."""
        with self.lock:
            repository = self.world.repository(repo)
            found = repository.deployments[deployment]
            status = (self.world.new_id(), state, self.world.now())
            found.statuses.append(status)
            self._emit(
                "deployment_status",
                repository,
                self.world.account(by),
                action="created",
                deployment_status=self.shapes.deployment_status(found, status),
                deployment=self.shapes.deployment(repository, found),
            )

    # deployment protection ------------------------------------------------------------------------------------

    def request_deployment(self, repo: str, sha: str, environment: str, by: str) -> int:
        """A workflow wants to deploy to an environment with our protection rule. Returns the run that waits."""
        with self.lock:
            repository = self.world.repository(repo)
            deployment = repository.deployments[self.deploy(repo, sha, environment, by, state="waiting")]
            run = WaitingRun(self.world.new_id(), deployment.id, environment)
            repository.waiting[run.id] = run
            url = f"{self.shapes.api}/repos/{repository.full_name}/actions/runs/{run.id}/deployment_protection_rule"
            pulls = [one for one in repository.pulls.values() if sha in (one.head, one.merge_commit)]
            self._emit(
                "deployment_protection_rule",
                repository,
                self.world.account(by),
                action="requested",
                environment=environment,
                event="push",
                sha=sha,
                ref=deployment.ref,
                deployment_callback_url=url,
                deployment=self.shapes.deployment(repository, deployment),
                pull_requests=[self.shapes.pull(repository, one) for one in pulls],
            )
            return run.id

    def answer_protection(self, repository: Repository, run: WaitingRun, state: str | None, comment: str) -> None:
        """Our rule says something: a report, or the decision."""
        if run.state != "waiting":
            raise GitHubError(422, "No pending deployment protection rule for this run and environment.")
        if state is None:
            if len(run.reports) >= REPORTS:
                raise GitHubError(422, "The limit of status reports for this deployment is reached.")
            run.reports.append(comment)
            return
        run.state = state
        reached = "in_progress" if state == "approved" else "failure"
        self.finish_deployment(repository.full_name, run.deployment, reached, "github-actions[bot]")

    def protection(self, repo: str, run: int) -> dict[str, Any]:
        """How a waiting run stands, and what was reported to it."""
        found = self.world.repository(repo).waiting[run]
        return {"state": found.state, "reports": list(found.reports), "deployment": found.deployment}
