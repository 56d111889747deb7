"""One REST call as the routes see it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from tests.fakes.gitlab.access import Caller
from tests.fakes.gitlab.world import Access, GitLabError, MergeRequest, Pipeline, Project
from tests.fakes.wire import Request

if TYPE_CHECKING:
    from tests.fakes.gitlab.server import FakeGitLab

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One REST call, authenticated."""

    forge: "FakeGitLab"
    request: Request
    caller: Caller
    parts: Mapping[str, str]

    def project(self, access: Access = Access.REPORTER) -> Project:
        """The project of the path, for who is at least that."""
        project = self.forge.world.project(self.parts["project"])
        self.caller.role(project, access)
        return project

    def group(self, access: Access) -> str:
        """The group of the path, for who is at least that; what it asks for comes with Premium."""
        path, world = self.parts["group"], self.forge.world
        role = world.group_role(path, self.caller.account)
        if role == Access.NONE:
            raise GitLabError(404, "404 Group Not Found")
        if all(one.rules.tier == "free" for one in world.projects_of(path)):
            raise GitLabError(404, "404 Not Found", key="error")
        if role < access:
            raise GitLabError(403, "403 Forbidden")
        return path

    def merge_request(self, access: Access = Access.REPORTER) -> MergeRequest:
        """The merge request of the path."""
        return self.project(access).request(int(self.parts["iid"]))

    def pipeline(self) -> tuple[Project, Pipeline]:
        """The pipeline of the path, with its project."""
        project = self.project()
        found = project.pipelines.get(int(self.parts["pipeline"]))
        if found is None:
            raise GitLabError(404, "404 Not found")
        return project, found

    @property
    def input(self) -> dict[str, Any]:
        """The body, JSON or a form, together with the query."""
        if "json" in self.request.headers.get("content-type", ""):
            return {**self.request.query, **self.request.json()}
        return dict(self.request.form())

    def flag(self, name: str) -> bool:
        """A yes in the input."""
        return str(self.input.get(name, "")).lower() in ("true", "1")

    def wanted(self, *names: str) -> None:
        """Refuse an input that lacks one of these."""
        missing = [name for name in names if not self.input.get(name)]
        if missing:
            raise GitLabError(400, ", ".join(f"{name} is missing" for name in missing), key="error")

    def since(self, items: Iterable[T], updated: Callable[[T], datetime]) -> list[T]:
        """The items within `updated_after` and `updated_before`."""
        after, before = self.moment("updated_after"), self.moment("updated_before")
        return [one for one in items if (not after or updated(one) > after) and (not before or updated(one) < before)]

    def moment(self, name: str) -> datetime | None:
        """A time in the query."""
        given = self.request.query.get(name)
        try:
            return datetime.fromisoformat(given) if given else None
        except ValueError as error:
            raise GitLabError(400, f"{name} is invalid", key="error") from error

    def ordered(self, items: Iterable[T], keys: Mapping[str, Callable[[T], Any]], by: str, sort: str) -> list[T]:
        """The items in the order asked for, else by `by` in direction `sort`."""
        order = self.request.query.get("order_by", by)
        if order not in keys:
            raise GitLabError(400, "order_by does not have a valid value", key="error")
        return sorted(items, key=keys[order], reverse=self.request.query.get("sort", sort) == "desc")
