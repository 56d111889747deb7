"""The one way to GitHub: PyGithub's connection and authentication, our limits, time-outs and errors.

PyGithub waits between requests and sleeps through rate limits unless told otherwise; here nothing ever sleeps longer
than a second. Longer waits belong to the job queue, which gets `RateLimited` with the time to come back.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final

import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, Github
from github.Requester import Requester

from integrations import answers
from integrations.answers import PAGE, Answer
from integrations.errors import NotPermitted, RateLimited, Unexpected, Unreachable
from integrations.github.quota import SHARE, Quota, Quotas
from integrations.observed import Observe, observed, unobserved

API: Final = "https://api.github.com"
PERMISSIONS: Final[Mapping[str, str]] = {
    "checks": "write",
    "contents": "read",
    "deployments": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
"""What an installation token is asked for, and nothing beyond."""
_TIMEOUT: Final = 10
_ENDS_HEADER: Final = "github-authentication-token-expiration"
_TOKEN_MARGIN: Final = 300.0
"""An installation token (one hour) is renewed this many seconds before it ends."""
_READS: Final = frozenset({"GET"})
_APP: Final = "app"
"""Name of the quota of the App itself."""


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """A GitHub App: its id and its private key (PEM)."""

    app_id: int
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenCredentials:
    """A personal or fine-grained token."""

    token: str = field(repr=False)


Credentials = AppCredentials | TokenCredentials


@dataclass(slots=True)
class _Token:
    value: str = field(repr=False)
    ends: float


class Client:
    """Calls to one GitHub (or GitHub Enterprise Server). Safe to share between threads; close it at the end.

    PyGithub keeps the request in flight on its connection object, so every thread gets a connection of its own.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str = API,
        timeout: int = _TIMEOUT,
        permissions: Mapping[str, str] = PERMISSIONS,
        clock: Callable[[], float] = time.time,
        observe: Observe = unobserved,
    ) -> None:
        """`observe` is told of every call."""
        self._credentials = credentials
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._permissions = dict(permissions)
        self._clock = clock
        self._lock = threading.Lock()
        self._installations: dict[str, int] = {}
        self._tokens: dict[int, _Token] = {}
        self._own = threading.local()
        self._opened: list[Github] = []
        self._login = ""
        self._ends = ""
        self._quotas = Quotas()
        self._observe = observe

    @property
    def is_app(self) -> bool:
        """Whether we act as an App (which alone may write check runs)."""
        return isinstance(self._credentials, AppCredentials)

    @property
    def app_id(self) -> int | None:
        """Id of our App, None with a token."""
        return self._credentials.app_id if isinstance(self._credentials, AppCredentials) else None

    @property
    def token_ends(self) -> date | None:
        """The day on which our personal token ends, as GitHub told with its last answer; None: not told, or never."""
        try:
            return date.fromisoformat(self._ends[:10])
        except ValueError:
            return None

    def own_login(self) -> str:
        """The login under which we write here. Asked once."""
        if not self._login:
            found = self.as_app("GET", "/app") if self.is_app else self.as_user("/user")
            self._login = f"{found['slug']}[bot]" if self.is_app else str(found["login"])
        return self._login

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            opened, self._opened = self._opened, []
        for one in opened:
            one.close()
        self._own = threading.local()

    def know_installation(self, repository: str, installation_id: int) -> None:
        """Remember where the App is installed, as every webhook tells; spares a look-up."""
        with self._lock:
            self._installations[_owner(repository)] = installation_id

    def quota(self, repository: str) -> Quota | None:
        """What GitHub told last about the quota that calls about a repository draw on; None: nothing yet."""
        return self._quotas.of(self._budget(repository))

    def pause(self, repository: str, share: float = SHARE) -> float:
        """Seconds for which nobody who may spend only a `share` of that quota should call; 0: call at once."""
        return self._quotas.pause(self._budget(repository), self._clock(), share)

    # calls ----------------------------------------------------------------------------------------------------

    def get(self, repository: str, path: str, *, parameters: Mapping[str, Any] | None = None, etag: str = "") -> Answer:
        """Read one thing. `path` stands below the repository; empty for the repository itself."""
        headers = {"If-None-Match": etag} if etag else {}
        return self._call(repository, "GET", _below(repository, path), parameters=parameters, headers=headers)

    def pages(
        self, repository: str, path: str, *, key: str = "", parameters: Mapping[str, Any] | None = None, most: int = 10
    ) -> Iterator[Any]:
        """Read a list, 100 at a time and at most `most` pages. `key` names the list where it is wrapped."""
        for number in range(1, most + 1):
            wanted = {**(parameters or {}), "per_page": PAGE, "page": number}
            body = self.get(repository, path, parameters=wanted).body
            items = body.get(key) if key and isinstance(body, dict) else body
            if not isinstance(items, list):
                raise Unexpected(f"expected a list at {path}, found {type(items).__name__}")
            yield from items
            if len(items) < PAGE:
                return

    def write(self, repository: str, verb: str, path: str, content: Mapping[str, Any]) -> Any:
        """Write once: never repeated here, since it may have taken effect (Unreachable says so)."""
        return self._call(repository, verb, _below(repository, path), content=content).body

    def query(self, repository: str, text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The `data` of a GraphQL query."""
        content = {"query": text, "variables": dict(variables)}
        requester = self._requester(repository)
        answer = self._call(repository, "POST", requester.graphql_url, content=content, repeat=True)
        return answers.graphql_data(answer.body, answer.wait)

    def as_app(self, verb: str, path: str, content: Mapping[str, Any] | None = None) -> Any:
        """A call of the App itself, outside any installation."""
        return self._send(_APP, self._app_requester(), verb, path, content=content, repeat=verb in _READS).body

    def as_user(self, path: str) -> Any:
        """A read outside any repository with a personal token (`/user`)."""
        return self.page_of("", path).body

    def page_of(self, owner: str, path: str, *, parameters: Mapping[str, Any] | None = None) -> Answer:
        """A page of a list outside any repository: with a token, or as the installation at `owner`."""
        return self._call(owner, "GET", path, parameters=parameters)

    def page_as_app(self, path: str, *, parameters: Mapping[str, Any] | None = None) -> Answer:
        """A page of a list of the App itself (its installations, the deliveries of its webhook)."""
        return self._send(_APP, self._app_requester(), "GET", path, parameters=parameters, repeat=True)

    def _call(self, repository: str, verb: str, path: str, *, repeat: bool = False, **parts: Any) -> Answer:
        repeat = repeat or verb in _READS
        requester = self._requester(repository)
        try:
            return self._send(self._budget(repository), requester, verb, path, repeat=repeat, **parts)
        except NotPermitted as error:
            # A token can end early (key rotated, installation changed): one attempt with a new one.
            if not self.is_app or not answers.is_bad_credentials(error):
                raise
            self._forget_token(repository)
            return self._send(self._budget(repository), self._requester(repository), verb, path, repeat=repeat, **parts)

    def _budget(self, repository: str) -> str:
        """The name of the quota that a call draws on: each installation has its own."""
        if not self.is_app:
            return "token"
        with self._lock:
            return str(self._installations.get(_owner(repository), ""))

    def _send(
        self,
        budget: str,
        requester: Requester,
        verb: str,
        path: str,
        *,
        repeat: bool,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        content: Mapping[str, Any] | None = None,
    ) -> Answer:
        def once() -> Answer:
            return self._once(budget, requester, verb, path, (parameters, headers, content))

        def left() -> int | None:
            told = self._quotas.of(budget)
            return told.remaining if told else None

        return answers.tried(lambda: observed(once, self._observe, left), repeat=repeat)

    def _once(
        self,
        budget: str,
        requester: Requester,
        verb: str,
        path: str,
        sent: tuple[Mapping[str, Any] | None, Mapping[str, str] | None, Mapping[str, Any] | None],
    ) -> Answer:
        parameters, headers, content = sent
        try:
            status, found, text = requester.requestJson(
                verb,
                path,
                dict(parameters or {}),
                dict(headers or {}),
                dict(content) if content is not None else None,
            )
        except requests.Timeout as error:
            raise Unreachable(f"no answer within {self._timeout} s to {verb} {path}", timed_out=True) from error
        except requests.RequestException as error:
            raise Unreachable(f"no connection for {verb} {path}: {type(error).__name__}") from error
        self._quotas.note(budget, found)
        self._ends = str(found.get(_ENDS_HEADER, ""))
        try:
            return answers.answer(status, found, text, self._clock())
        except RateLimited as error:
            self._quotas.shut(budget, self._clock() + error.retry_after)
            raise

    # credentials ----------------------------------------------------------------------------------------------

    def _requester(self, repository: str) -> Requester:
        if isinstance(self._credentials, TokenCredentials):
            return self._connection("token", self._credentials.token, Auth.Token(self._credentials.token))
        installation = self._installation(repository)
        token = self._token(installation)
        return self._connection(str(installation), token, Auth.Token(token))

    def _app_requester(self) -> Requester:
        if not isinstance(self._credentials, AppCredentials):
            raise NotPermitted("this takes a GitHub App, but a token is configured")
        auth = Auth.AppAuth(self._credentials.app_id, partial(_signing_key, self._credentials.private_key))
        return self._connection("app", "app", auth)

    def _connection(self, name: str, credential: str, auth: Auth.Auth) -> Requester:
        """This thread's connection for a credential, made anew when the credential is another."""
        known: dict[str, tuple[str, Github]] = self._own.__dict__
        found = known.get(name)
        if found is None or found[0] != credential:
            fresh = Github(
                auth=auth,
                base_url=self._base_url,
                timeout=self._timeout,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                user_agent="wachbuch",
                lazy=True,
            )
            self._replace(found[1] if found else None, fresh)
            known[name] = found = (credential, fresh)
        return found[1].requester

    def _replace(self, old: Github | None, fresh: Github) -> None:
        with self._lock:
            if old is not None and old in self._opened:
                self._opened.remove(old)
                old.close()
            self._opened.append(fresh)

    def _installation(self, repository: str) -> int:
        owner = _owner(repository)
        with self._lock:
            known = self._installations.get(owner)
        if known is None:
            body = self.as_app("GET", f"/repos/{repository}/installation")
            known = int(body["id"])
            self.know_installation(repository, known)
        return known

    def _token(self, installation: int) -> str:
        with self._lock:
            known = self._tokens.get(installation)
        if known is not None and known.ends - _TOKEN_MARGIN > self._clock():
            return known.value
        path = f"/app/installations/{installation}/access_tokens"
        body = self.as_app("POST", path, {"permissions": self._permissions})
        fresh = _Token(str(body["token"]), answers.moment(body["expires_at"]).timestamp())
        with self._lock:
            self._tokens[installation] = fresh
        return fresh.value

    def _forget_token(self, repository: str) -> None:
        with self._lock:
            self._tokens.pop(self._installations.get(_owner(repository), 0), None)


@lru_cache(maxsize=2)
def _signing_key(pem: str) -> Any:
    """The key of the App, read once: every call signs with it, and reading one takes longer than most calls."""
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except ValueError as error:
        raise NotPermitted("expected a private key in PEM form for the GitHub App, found another text") from error


def _owner(repository: str) -> str:
    return repository.partition("/")[0].casefold()


def _below(repository: str, path: str) -> str:
    return f"/repos/{repository}{path}"
