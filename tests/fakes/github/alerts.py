"""Warnings of GitHub's own scanners, told by webhook as its schema has them."""

from typing import Any, Final

from tests.fakes.github.shapes import moment
from tests.fakes.github.speaking import Speaking

_PLACES: Final = {
    "secret_scanning_alert": "secret-scanning",
    "code_scanning_alert": "code-scanning",
    "dependabot_alert": "dependabot",
}


class Warnings(Speaking):
    """Mixed into the fake."""

    def warn(
        self, repo: str, event: str, number: int, action: str = "created", by: str = "github", **fields: Any
    ) -> None:
        """Tell what happened to a warning. `fields` are those of the alert besides number, times and address."""
        with self.lock:
            repository = self.world.repository(repo)
            now = moment(self.world.now())
            alert = {
                "number": number, "created_at": now, "updated_at": now,
                "html_url": f"https://github.example/{repo}/security/{_PLACES[event]}/{number}", **fields,
            }  # fmt: skip
            self._emit(event, repository, self.world.account(by), action=action, alert=alert)
