"""Who may call the fake GitLab: personal, project and group tokens, each a user with scopes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.gitlab.world import Access, Account, GitLabError, Project


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is behind a request."""

    account: Account
    scopes: frozenset[str]

    def need(self, verb: str) -> None:
        """Refuse what the token's scopes do not cover."""
        wanted = {"api", "read_api"} if verb in ("GET", "HEAD") else {"api"}
        if not wanted & self.scopes:
            text = "The request requires higher privileges than provided by the access token."
            raise GitLabError(403, "insufficient_scope", key="error", error_description=text, scope="api")

    def role(self, project: Project, access: Access) -> None:
        """Refuse who is less than that; who is nothing sees no private project."""
        role = project.role(self.account)
        if role == Access.NONE and project.visibility == "private":
            raise GitLabError(404, "404 Project Not Found")
        if role < access:
            raise GitLabError(403, "403 Forbidden")


@dataclass(slots=True)
class Gatekeeper:
    """Knows the tokens."""

    tokens: dict[str, Caller] = field(default_factory=dict)

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Who calls; refuses unknown credentials."""
        kind, _, value = headers.get("authorization", "").partition(" ")
        given = headers.get("private-token") or headers.get("job-token") or (value if kind.lower() == "bearer" else "")
        if given not in self.tokens:
            raise GitLabError(401, "401 Unauthorized")
        return self.tokens[given]
