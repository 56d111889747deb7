"""One REST call as the routes see it, and the kinds of results they give."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Created:
    """A result that is answered with 201, or another success."""

    body: Any
    status: int = 201


@dataclass(frozen=True, slots=True)
class Listed:
    """A result that is answered in pages; `key` wraps it as `{total_count, key: […]}`.

    `cursor` is the name of the parameter by which the next page is asked for.
    """

    items: Sequence[Any]
    key: str = ""
    cursor: str = "page"


def check_of(call: Call) -> CheckRun:
    """The check run of the path."""
    found = call.repository.checks.get(int(call.parts["id"]))
    if found is None:
        raise GitHubError(404, "Not Found")
    return found
