"""Issues, told by webhook as GitHub's schema has them."""

from datetime import datetime
from typing import Any, Final

from tests.fakes.github.calls import Call
from tests.fakes.github.shapes import moment
from tests.fakes.github.speaking import Speaking
from tests.fakes.github.world import GitHubError, Repository

_OLDEST: Final = 20
_BEFORE: Final = "2026-01-01T00:00:00Z"


class IssueTelling(Speaking):
    """Mixed into the fake."""

    def issue(
        self, repo: str, number: int, action: str, *, state: str = "", by: str = "max", at: datetime | None = None
    ) -> None:
        """Tell what happened to an issue. `state` only where the action does not say it; `at`: when it changed."""
        with self.lock:
            repository = self.world.repository(repo)
            now = moment(at or self.world.now())
            stands = state or ("closed" if action == "closed" else "open")
            issue: dict[str, Any] = {
                "id": 9_000 + number, "number": number, "title": "Geheim: Kundendaten", "state": stands,
                "state_reason": "completed" if stands == "closed" else None, "locked": False, "labels": [],
                "user": self.shapes.account(self.world.account(by)), "body": "Geheim", "created_at": now,
                "updated_at": now, "closed_at": now if stands == "closed" else None,
                "html_url": f"https://github.example/{repo}/issues/{number}",
            }  # fmt: skip
            if stands == "closed":
                issue["closed_by"] = self.shapes.account(self.world.account(by))
            repository.issues[number] = issue
            self._emit("issues", repository, self.world.account(by), action=action, issue=issue)


def get_issue(call: Call) -> Any:
    """An issue; the first numbers are taken by requests, where there are any."""
    call.caller.need("issues")
    number, repository = int(call.parts["number"]), call.repository
    told = repository.issues.get(number)
    if number in repository.pulls and told is None:
        told = _opened(repository, number) | {"pull_request": {"url": ""}}
    if told is None and number > _OLDEST:
        raise GitHubError(404, "Not Found")
    return told or _opened(repository, number)


def _opened(repository: Repository, number: int) -> dict[str, Any]:
    return {
        "id": 9_000 + number, "number": number, "title": "Geheim: Kundendaten", "state": "open", "body": "Geheim",
        "created_at": _BEFORE, "updated_at": _BEFORE, "closed_at": None, "closed_by": None,
        "html_url": f"https://github.example/{repository.full_name}/issues/{number}",
    }  # fmt: skip
