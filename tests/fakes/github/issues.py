"""Issues, told by webhook as GitHub's schema has them."""

from datetime import datetime
from typing import Any

from tests.fakes.github.shapes import moment
from tests.fakes.github.speaking import Speaking


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
            self._emit("issues", repository, self.world.account(by), action=action, issue=issue)
