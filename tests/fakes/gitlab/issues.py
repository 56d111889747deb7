"""Issues, told by webhook as GitLab does."""

from datetime import datetime
from typing import Any, Final

from tests.fakes.gitlab.calls import Call
from tests.fakes.gitlab.shapes import moment
from tests.fakes.gitlab.speaking import Speaking
from tests.fakes.gitlab.world import GitLabError

_OLDEST: Final = 20
_BEFORE: Final = "2026-01-01T00:00:00.000Z"


class IssueTelling(Speaking):
    """Mixed into the fake."""

    def issue(
        self, project: str, number: int, action: str, *, state: str = "", by: str = "max", at: datetime | None = None
    ) -> None:
        """Tell what happened to an issue. `state` only where the action does not say it; `at`: when it changed."""
        with self.lock:
            found, account = self.world.project(project), self.world.account(by)
            now, stands = moment(at or self.world.now()), state or ("closed" if action == "close" else "opened")
            attributes: dict[str, Any] = {
                "id": 9_000 + number, "iid": number, "project_id": found.id, "title": "Geheim: Kundendaten",
                "description": "Geheim", "state": stands, "state_id": 2 if stands == "closed" else 1,
                "action": action, "confidential": False, "created_at": now, "updated_at": now,
                "closed_at": now if stands == "closed" else None, "type": "Issue",
                "url": f"{self.bodies.web}/{project}/-/issues/{number}",
            }  # fmt: skip
            found.issues[number] = attributes | {"closed_by": {"id": account.id, "username": account.username}}
            body = {
                "object_kind": "issue", "event_type": "issue", "object_attributes": attributes, "labels": [],
                "user": {"id": account.id, "username": account.username, "name": account.name},
                "project": {"id": found.id, "path_with_namespace": project},
            }  # fmt: skip
            self._emit(found, "issue_hooks", body)


def get_issue(call: Call) -> Any:
    """An issue, with times as the API writes them."""
    project, number = call.project(), int(call.parts["iid"])
    told = project.issues.get(number)
    if told is None and number > _OLDEST:
        raise GitLabError(404, "404 Not found")
    known = told or {"state": "opened", "updated_at": _BEFORE, "closed_at": None}
    closed = known["state"] == "closed"
    return {
        "id": 9_000 + number, "iid": number, "project_id": project.id, "title": "Geheim: Kundendaten",
        "state": known["state"], "updated_at": known["updated_at"], "closed_at": known["closed_at"],
        "closed_by": known["closed_by"] if closed else None,
        "web_url": f"{call.forge.bodies.web}/{project.path}/-/issues/{number}",
    }  # fmt: skip
