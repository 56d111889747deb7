"""Vulnerabilities that GitLab's scanners found, and awarded emoji, told by webhook."""

from typing import Any

from tests.fakes.gitlab.shapes import moment
from tests.fakes.gitlab.speaking import Speaking


class Warnings(Speaking):
    """Mixed into the fake."""

    def vulnerability(self, project: str, number: int, state: str = "detected", **fields: Any) -> None:
        """Tell how a vulnerability stands. The hook names neither its number nor the project: the address does."""
        with self.lock:
            found, now = self.world.project(project), moment(self.world.now())
            attributes = {
                "url": f"{self.bodies.web}/{project}/-/security/vulnerabilities/{number}", "project_id": found.id,
                "state": state, "severity": "critical", "report_type": "sast", "identifiers": [], "location": {},
                "created_at": now, "updated_at": now, "title": "A vulnerability", **fields,
            }  # fmt: skip
            body = {"object_kind": "vulnerability", "object_attributes": attributes}
            self._emit(found, "vulnerability_hooks", body)

    def award(
        self, project: str, number: int, by: str, name: str = "thumbsup", *, revoked: bool = False, note: int = 0
    ) -> None:
        """An emoji on a request, or on a note of it."""
        with self.lock:
            found = self.world.project(project)
            request, account = found.requests[number], self.world.account(by)
            noted = next((one for one in request.notes if one.id == note), None)
            kind, awarded = ("Note", noted.id) if noted else ("MergeRequest", request.id)
            attributes = {
                "user_id": account.id, "id": self.world.new_id(), "name": name,
                "awardable_type": kind, "awardable_id": awarded,
                "action": "revoke" if revoked else "award",
            }  # fmt: skip
            body = {
                "object_kind": "emoji", "event_type": "revoke" if revoked else "award",
                "user": {"id": account.id, "username": account.username, "name": account.name},
                "project_id": found.id, "project": {"id": found.id, "path_with_namespace": project},
                "object_attributes": attributes, "merge_request": self.attributes_of(request),
            }  # fmt: skip
            if noted:
                body["note"] = {"id": noted.id, "note": noted.body, "noteable_type": "MergeRequest"}
            self._emit(found, "emoji_hooks", body)
