"""One REST call as the routes see it, and the kinds of results they give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.github.access import Caller
from tests.fakes.github.world import CheckRun, GitHubError, Repository
from tests.fakes.wire import Request

if TYPE_CHECKING:
    from tests.fakes.github.server import FakeGitHub


@dataclass(frozen=True, slots=True)
class Call:
    """One REST call, authenticated."""

    forge: "FakeGitHub"
    request: Request
    caller: Caller
    parts: Mapping[str, str]

    @property
    def repository(self) -> Repository:
        """The repository of the path."""
        return self.forge.world.repository(f"{self.parts['owner']}/{self.parts['repo']}")

    @property
    def input(self) -> dict[str, Any]:
        """The JSON body."""
        body: dict[str, Any] = self.request.json()
        return body

    def wanted(self, *names: str) -> None:
        """Refuse a body that lacks one of these."""
        for name in names:
            if not self.input.get(name):
                raise GitHubError(422, "Invalid request.", errors=[f'"{name}" wasn\'t supplied.'])


def check_of(call: Call) -> CheckRun:
    """The check run of the path."""
    found = call.repository.checks.get(int(call.parts["id"]))
    if found is None:
        raise GitHubError(404, "Not Found")
    return found
