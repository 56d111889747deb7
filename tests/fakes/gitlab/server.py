"""The fake GitLab: REST v4 below `/api/v4`, GraphQL at `/api/graphql`, and what people and CI do there.

The state machine half (opening, pushing, approving, merging …) sends webhooks as GitLab does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from tests.fakes.client import Transport, over_http
from tests.fakes.gitlab import routes
from tests.fakes.gitlab.access import Caller, Gatekeeper
from tests.fakes.gitlab.bodies import Bodies
from tests.fakes.gitlab.calls import Call
from tests.fakes.gitlab.hooks import SIGNING_TOKEN, WEBHOOK_TOKEN, Hooks
from tests.fakes.gitlab.people import People
from tests.fakes.gitlab.schema import IMPLEMENTS, schema
from tests.fakes.gitlab.shapes import Shapes
from tests.fakes.gitlab.world import Access, GitLabError, World
from tests.fakes.graphql import Executor, Paging, QueryError
from tests.fakes.routing import Created, Listed, Route, matched
from tests.fakes.wire import FakeServer, Fault, Quota, Reply, Request, etag_of, page, page_links

TOKEN: Final = "glpat-of-the-fake"
BOT: Final = "group_1_bot_wachbuch"
"""The user of our token."""
_LIMIT: Final = 2000
_API: Final = "/api/v4"
_TOO_MANY_TO_COUNT: Final = 10_000


class FakeGitLab(People, FakeServer):
    """A GitLab on loopback, below `prefix`. `transport` reaches our service's webhook endpoint."""

    actions: ClassVar[frozenset[str]] = People.actions | {
        "credentials",
        "send_to",
        "exhaust",
        "lose",
        "personal_token",
        "revoke",
        "hide_approval_times",
        "keep_hooks_on",
    }

    def __init__(
        self,
        *,
        latency_ms: int = 0,
        transport: Transport | None = None,
        clock: Callable[[], datetime] | None = None,
        prefix: str = "",
    ) -> None:
        super().__init__(latency_ms=latency_ms)
        self.prefix = prefix.rstrip("/")
        self.world = World(clock)
        self.hooks = Hooks(self.world.now, self.world.new_id, transport)
        self.gate = Gatekeeper()
        self.world.account(BOT, name="Wachbuch", bot=True, access=Access.MAINTAINER)
        self.gate.tokens[TOKEN] = Caller(self.world.account(BOT), frozenset({"api"}))
        self.quota = Quota(_LIMIT, 60)
        self._routes = routes.compiled()
        self._schema = schema()
        self.shapes, self.bodies = Shapes(""), Bodies("")

    def start(self, port: int = 0) -> str:
        """Listen on loopback; returns the base URL (what an administrator would set is `.web`)."""
        url = super().start(port)
        self.shapes, self.bodies = Shapes(self.web), Bodies(self.web)
        self.hooks.instance = self.web
        return url

    @property
    def web(self) -> str:
        """The address for people and for settings, with the prefix."""
        return f"{self.url}{self.prefix}"

    # controls -------------------------------------------------------------------------------------------------

    def credentials(self) -> dict[str, Any]:
        """What an administrator would copy into our settings."""
        return {"url": self.web, "token": TOKEN, "signing_token": SIGNING_TOKEN, "webhook_token": WEBHOOK_TOKEN}

    def send_to(self, url: str, path: str = "/webhooks/gitlab") -> dict[str, Any]:
        """Webhooks go there from now on."""
        self.hooks.transport, self.hooks.path = over_http(url), path
        return {}

    def exhaust(self, remaining: int = 0, reset_in: int = 60) -> dict[str, Any]:
        """The rate limit is (nearly) used up."""
        self.quota.exhaust(remaining, reset_in)
        return {}

    def lose(self, deliveries: int) -> dict[str, Any]:
        """So many of the next webhooks do not arrive."""
        self.hooks.lose = deliveries
        return {}

    def personal_token(self, username: str, *, scopes: tuple[str, ...] = ("api",)) -> str:
        """A token of a user."""
        token = f"glpat-{username}"
        self.gate.tokens[token] = Caller(self.world.account(username), frozenset(scopes))
        return token

    def revoke(self, token: str = TOKEN) -> dict[str, Any]:
        """A token ends now."""
        self.gate.tokens.pop(token, None)
        return {}

    def keep_hooks_on(self) -> dict[str, Any]:
        """Failing hooks go on, as where an administrator has set it so."""
        self.hooks.pauses = False
        return {}

    def hide_approval_times(self) -> dict[str, Any]:
        """As before GitLab 18.5."""
        self.shapes.tells_approval_times = False
        return {}

    def state(self) -> dict[str, Any]:
        """All projects with their requests, pipelines and notes."""
        shapes = self.shapes
        return {
            one.path: {
                "id": one.id,
                "branches": one.branches,
                "requests": {
                    iid: shapes.request(request, self.status_of(request))
                    | {"notes": [shapes.note(request, note) for note in request.notes]}
                    for iid, request in one.requests.items()
                },
                "statuses": [
                    shapes.status(pipeline, job) | {"external": job.external}
                    for pipeline in one.pipelines.values()
                    for job in pipeline.latest
                ],
                "deployments": [shapes.deployment(one, deployment) for deployment in one.deployments.values()],
                "deliveries": [delivery.shape() for delivery in self.hooks.deliveries],
            }
            for one in self.world.projects.values()
        }

    # serving --------------------------------------------------------------------------------------------------

    def operation(self, request: Request) -> str:
        """`graphql`, or the name of the route."""
        if request.path == f"{self.prefix}/api/graphql":
            return "graphql"
        route, _ = self._match(request)
        return route.name if route else "unknown"

    def _match(self, request: Request) -> tuple[Route | None, Mapping[str, str]]:
        return matched(self._routes, request, f"{self.prefix}{_API}")

    def refusal(self, fault: Fault) -> Reply:
        """As GitLab fails: `throttled`, else the status with `error` as its message."""
        headers = {"retry-after": str(fault.retry_after)} if fault.retry_after is not None else {}
        if fault.error == "throttled":
            return self._throttled(fault.retry_after)
        if fault.status >= 500:
            return Reply(
                fault.status, b"<html>GitLab is not responding</html>", {"content-type": "text/html", **headers}
            )
        return Reply(fault.status, {"message": fault.error}, headers)

    def _throttled(self, retry_after: int | None = None) -> Reply:
        wait = self.quota.wait if retry_after is None else retry_after
        headers = {**self._limits(), "ratelimit-remaining": "0", "retry-after": str(wait), "content-type": "text/plain"}
        return Reply(429, b"Retry later\n", headers)

    def _limits(self) -> dict[str, str]:
        return {
            "ratelimit-limit": str(_LIMIT),
            "ratelimit-name": "throttle_authenticated_api",
            "ratelimit-observed": str(_LIMIT - self.quota.left),
            "ratelimit-remaining": str(self.quota.left),
            "ratelimit-reset": str(self.quota.reset_at),
        }

    def handle(self, request: Request) -> Reply:
        """Count against the rate limit, authenticate, dispatch, and answer with ETag, pages and limits."""
        try:
            with self.lock:
                if not self.quota.spend():
                    return self._throttled()
                if request.path == f"{self.prefix}/api/graphql":
                    return self._graphql(request)
                return self._rest(request)
        except GitLabError as error:
            return Reply(error.status, error.body, self._limits())

    def _rest(self, request: Request) -> Reply:
        route, parts = self._match(request)
        if route is None:
            raise GitLabError(404, "404 Not Found", key="error")
        caller = self.gate.caller(request.headers)
        caller.need(request.verb)
        result = route.function(Call(self, request, caller, parts))
        headers, body = self._paged(request, result)
        if request.verb == "GET":
            headers["etag"] = etag_of(body)
            if request.headers.get("if-none-match") == headers["etag"]:
                return Reply(304, None, {**headers, **self._limits()})
        status = 201 if isinstance(result, Created) else 204 if result is None else 200
        return Reply(status, body, {**headers, **self._limits()})

    def _paged(self, request: Request, result: Any) -> tuple[dict[str, str], Any]:
        if isinstance(result, Created):
            return {}, result.body
        if not isinstance(result, Listed):
            return {}, result
        size = min(int(request.query.get("per_page", "20")), 100)
        if request.query.get("pagination") == "keyset":
            return self._keyset(request, result, size)
        number = int(request.query.get("page", "1"))
        some, pages = page(result.items, number, size)
        links = page_links(self.url, request, number, pages)
        headers = {
            "x-page": str(number),
            "x-per-page": str(size),
            "x-next-page": str(number + 1) if number < pages else "",
            "x-prev-page": str(number - 1) if number > 1 else "",
        }
        if len(result.items) <= _TOO_MANY_TO_COUNT:
            headers |= {"x-total": str(len(result.items)), "x-total-pages": str(pages)}
        return {**headers, **({"link": links} if links else {})}, some

    def _keyset(self, request: Request, result: Listed, size: int) -> tuple[dict[str, str], Any]:
        """Pages that begin behind an id: only where the order is by id."""
        if request.query.get("order_by") != "id":
            raise GitLabError(405, "Keyset pagination is not yet available for this type of request", key="error")
        start = int(request.query.get("cursor", "0"))
        some = list(result.items[start : start + size])
        if start + size >= len(result.items):
            return {}, some
        query = {name: value for name, value in request.query.items() if name != "cursor"}
        following = "&".join(f"{name}={value}" for name, value in {**query, "cursor": start + size}.items())
        return {"link": f'<{self.url}{request.path}?{following}>; rel="next"'}, some

    def _graphql(self, request: Request) -> Reply:
        caller = self.gate.caller(request.headers)
        caller.need("GET")
        given = request.json()
        executor = Executor(self._schema, IMPLEMENTS, Paging(needed=False, clamped=True))
        try:
            answer: dict[str, Any] = {"data": executor.run(given["query"], given.get("variables") or {}, self.world)}
        except QueryError as error:
            answer = {"errors": [{"message": str(error), "extensions": {"code": error.kind}}]}
        return Reply(200, answer, self._limits())
