"""The fake GitHub: REST v3 below `/api/v3`, GraphQL at `/api/graphql`, and what people and other apps do there.

The state machine half (opening, pushing, reviewing, merging …) sends webhooks as GitHub does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from tests.fakes.client import Transport, over_http
from tests.fakes.github import routes
from tests.fakes.github.access import APP_ID, APP_SLUG, INSTALLATION_ID, Caller, Gatekeeper
from tests.fakes.github.calls import Call
from tests.fakes.github.hooks import Hook
from tests.fakes.github.people import People
from tests.fakes.github.schema import IMPLEMENTS, NotFound, schema
from tests.fakes.github.shapes import Shapes
from tests.fakes.github.world import App, GitHubError, World
from tests.fakes.graphql import Executor, QueryError
from tests.fakes.routing import Created, Listed, Route, matched
from tests.fakes.wire import Burst, FakeServer, Fault, Quota, Reply, Request, etag_of, page, page_links

PERSONAL_TOKEN: Final = "ghp_of_the_fake"
_LIMIT: Final = 5000
_TOO_FAST: Final = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
_WRITE_POINTS: Final = 5


class FakeGitHub(People, FakeServer):
    """github.com on loopback. `transport` reaches our service's webhook endpoint; without it nothing is sent."""

    actions: ClassVar[frozenset[str]] = People.actions | {
        "credentials",
        "send_to",
        "expire_tokens",
        "exhaust",
        "limit_bursts",
        "lose",
        "personal_token",
    }

    def __init__(
        self,
        *,
        latency_ms: int = 0,
        transport: Transport | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(latency_ms=latency_ms)
        self.world = World(clock)
        self.hook = Hook(self.world.now, self.world.new_id, transport)
        app = App(APP_ID, APP_SLUG)
        self.world.apps[APP_SLUG] = app
        self.gate = Gatekeeper(app, self.world.account(f"{APP_SLUG}[bot]"))
        self.gate.personal[PERSONAL_TOKEN] = self.world.account("gate-user")
        self.quota = Quota(_LIMIT, 3600, self._seconds)
        self.graphql_quota = Quota(_LIMIT, 3600, self._seconds)
        self.burst = Burst()
        self._routes = routes.compiled()
        self._schema = schema()
        self.shapes = Shapes("")

    def _seconds(self) -> float:
        """The time by which quotas are counted."""
        return self.world.now().timestamp()

    @property
    def api(self) -> str:
        """The REST root, to be used as the SDK's base URL."""
        return f"{self.url}/api/v3"

    def start(self, port: int = 0) -> str:
        """Listen on loopback; returns the base URL (the REST root is `.api`)."""
        url = super().start(port)
        self.shapes = Shapes(self.api)
        return url

    # controls -------------------------------------------------------------------------------------------------

    def credentials(self) -> dict[str, Any]:
        """What an administrator would copy into our settings."""
        return {
            "app_id": APP_ID,
            "private_key": self.gate.private_key,
            "installation_id": INSTALLATION_ID,
            "token": PERSONAL_TOKEN,
            "webhook_secret": self.hook.secret,
            "api_url": self.api,
        }

    def send_to(self, url: str, secret: str | None = None, path: str = "/webhooks/github") -> dict[str, Any]:
        """Webhooks go there from now on."""
        self.hook.transport, self.hook.path = over_http(url), path
        self.hook.secret = secret or self.hook.secret
        return {}

    def expire_tokens(self) -> dict[str, Any]:
        """All installation tokens end now."""
        self.gate.expire_tokens()
        return {}

    def exhaust(self, remaining: int = 0, reset_in: int = 60, resource: str = "core") -> dict[str, Any]:
        """The primary rate limit is (nearly) used up; `graphql` has its own."""
        (self.graphql_quota if resource == "graphql" else self.quota).exhaust(remaining, reset_in)
        return {}

    def limit_bursts(self, points: int | None, seconds: float = 60.0) -> dict[str, Any]:
        """The secondary rate limit: so many points a minute, a read costs one and a write five."""
        self.burst = Burst(points, seconds)
        return {}

    def lose(self, deliveries: int) -> dict[str, Any]:
        """So many of the next webhooks do not arrive."""
        self.hook.lose = deliveries
        return {}

    def state(self) -> dict[str, Any]:
        """All repositories with their requests, checks, statuses and comments."""
        return {
            name: {
                "branches": one.branches,
                "pulls": {
                    number: self.shapes.pull(one, pull)
                    | {"comment_list": [self.shapes.comment(one, comment) for comment in pull.comments]}
                    for number, pull in one.pulls.items()
                },
                "checks": [self.shapes.check(one, check) for check in one.checks.values()],
                "statuses": [self.shapes.status(one, status) | {"sha": status.sha} for status in one.statuses],
                "deliveries": [delivery.shape() for delivery in self.hook.deliveries],
            }
            for name, one in self.world.repositories.items()
        }

    # serving --------------------------------------------------------------------------------------------------

    def operation(self, request: Request) -> str:
        """`graphql`, or the name of the route."""
        if request.path == "/api/graphql":
            return "graphql"
        route, _ = self._match(request)
        return route.name if route else "unknown"

    def _match(self, request: Request) -> tuple[Route | None, Mapping[str, str]]:
        return matched(self._routes, request, "/api/v3")

    def refusal(self, fault: Fault) -> Reply:
        """As GitHub fails: `primary` and `secondary` rate limits, `RATE_LIMITED` in GraphQL, else the status."""
        headers = {"retry-after": str(fault.retry_after)} if fault.retry_after is not None else {}
        if fault.error == "primary":
            limit = {"x-ratelimit-limit": str(_LIMIT), "x-ratelimit-remaining": "0"}
            limit["x-ratelimit-reset"] = str(int(self._seconds()) + (fault.retry_after or 60))
            message = f"API rate limit exceeded for installation ID {INSTALLATION_ID}."
            return Reply(403, {"message": message}, limit)
        if fault.error == "secondary":
            return Reply(fault.status if fault.status in (403, 429) else 403, {"message": _TOO_FAST}, headers)
        if fault.error == "RATE_LIMITED":
            return Reply(200, {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}, headers)
        if fault.status >= 500:
            return Reply(fault.status, b"<html>Unicorn!</html>", {"content-type": "text/html", **headers})
        return Reply(fault.status, {"message": fault.error}, headers)

    def handle(self, request: Request) -> Reply:
        """Authenticate, count against the rate limit, dispatch, and answer with ETag, links and limits."""
        try:
            with self.lock:
                graphql = request.path == "/api/graphql"
                if wait := self.burst.spend(1 if graphql or request.verb == "GET" else _WRITE_POINTS):
                    return Reply(403, {"message": _TOO_FAST}, {"retry-after": str(wait), **self._limits()})
                return self._graphql(request) if graphql else self._rest(request)
        except GitHubError as error:
            details = {"documentation_url": "https://docs.github.com/rest", "status": str(error.status)}
            return Reply(error.status, {"message": error.message, **error.details, **details}, self._limits())

    def _limits(self, resource: str = "core") -> dict[str, str]:
        quota = self.graphql_quota if resource == "graphql" else self.quota
        return {
            "x-ratelimit-limit": str(_LIMIT),
            "x-ratelimit-remaining": str(quota.left),
            "x-ratelimit-used": str(_LIMIT - quota.left),
            "x-ratelimit-reset": str(quota.reset_at),
            "x-ratelimit-resource": resource,
        }

    def _spend(self) -> None:
        if not self.quota.spend():
            raise GitHubError(403, f"API rate limit exceeded for installation ID {INSTALLATION_ID}.")

    def _rest(self, request: Request) -> Reply:
        route, parts = self._match(request)
        if route is None:
            raise GitHubError(404, "Not Found")
        if routes.by_app(route):
            self.gate.check_jwt(request.headers)
            caller = Caller(self.gate.bot, self.gate.app, {})
        else:
            caller = self.gate.caller(request.headers)
        result = route.function(Call(self, request, caller, parts))
        headers, body = self._paged(request, result)
        if caller.permissions is None and (ends := self.gate.personal_until):
            headers["github-authentication-token-expiration"] = f"{ends:%Y-%m-%d %H:%M:%S} UTC"
        status = result.status if isinstance(result, Created) else 200
        if request.verb == "GET":
            headers["etag"] = etag_of(body)
            if request.headers.get("if-none-match") == headers["etag"]:
                return Reply(304, None, {**headers, **self._limits()})
        self._spend()
        return Reply(status, body, {**headers, **self._limits()})

    def _paged(self, request: Request, result: Any) -> tuple[dict[str, str], Any]:
        if isinstance(result, Created):
            return {}, result.body
        if not isinstance(result, Listed):
            return {}, result
        number = int(request.query.get(result.cursor, "1"))
        size = min(int(request.query.get("per_page", "30")), 100)
        some, pages = page(result.items, number, size)
        links = page_links(self.url, request, number, pages, result.cursor)
        body = {"total_count": len(result.items), result.key: some} if result.key else some
        return ({"link": links} if links else {}), body

    def _graphql(self, request: Request) -> Reply:
        caller = self.gate.caller(request.headers)
        caller.need("pull_requests")
        limits = self._limits("graphql")
        if not self.graphql_quota.spend():
            error = {"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": "API rate limit already exceeded"}
            return Reply(200, {"errors": [error]}, limits)
        given = request.json()
        executor = Executor(self._schema, IMPLEMENTS)
        try:
            data = executor.run(given["query"], given.get("variables") or {}, self.world)
        except NotFound as error:
            answer: dict[str, Any] = {
                "data": {"repository": None},
                "errors": [{"type": "NOT_FOUND", "path": ["repository"], "message": str(error)}],
            }
        except QueryError as error:
            answer = {"errors": [{"message": str(error), **({"type": error.kind} if error.kind else {})}]}
        else:
            answer = {"data": data}
        return Reply(200, answer, self._limits("graphql"))

    def personal_token(self, login: str) -> str:
        """A personal token of a user."""
        token = f"ghp_{login}"
        self.gate.personal[token] = self.world.account(login)
        return token
