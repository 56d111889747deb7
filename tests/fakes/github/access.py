"""Who may call the fake GitHub: the App's JWT, installation tokens with permissions, and personal tokens."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.github.world import Account, App, GitHubError

APP_ID: Final = 4711
APP_SLUG: Final = "wachbuch"
INSTALLATION_ID: Final = 9001
_TOKEN_SECONDS: Final = 3600
_JWT_SECONDS: Final = 600
_SKEW: Final = 60
_GRANTED: Final[Mapping[str, str]] = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "write",
    "checks": "write",
    "statuses": "write",
    "deployments": "write",
    "actions": "read",
    "administration": "read",
    "issues": "write",
}
_RANK: Final = {"read": 1, "write": 2}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is behind a request."""

    account: Account
    app: App | None = None
    permissions: Mapping[str, str] | None = None
    """None: a personal token, which may do what its owner may."""

    def need(self, permission: str, level: str = "read") -> None:
        """Refuse unless granted."""
        if self.permissions is None:
            return
        if _RANK[level] > _RANK.get(self.permissions.get(permission, ""), 0):
            raise GitHubError(403, "Resource not accessible by integration")


@dataclass(slots=True)
class _Token:
    permissions: dict[str, str]
    expires: float


@dataclass(slots=True)
class Gatekeeper:
    """Issues and checks credentials."""

    app: App
    bot: Account
    personal: dict[str, Account] = field(default_factory=dict)
    granted: dict[str, str] = field(default_factory=lambda: dict(_GRANTED))
    """What the installation may do."""
    personal_until: datetime | None = None
    """When the personal tokens end, as the header of each answer tells; None: never."""
    _tokens: dict[str, _Token] = field(default_factory=dict)
    _key: rsa.RSAPrivateKey | None = None

    @property
    def key(self) -> rsa.RSAPrivateKey:
        """The App's key, made on first use."""
        if self._key is None:
            self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self._key

    @property
    def private_key(self) -> str:
        """The App's private key, as GitHub gives it for download."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        ).decode()

    def expire_tokens(self) -> None:
        """All installation tokens end now."""
        self._tokens.clear()

    def check_jwt(self, headers: Mapping[str, str]) -> None:
        """Refuse unless the request is signed by the App, within ten minutes."""
        given = _credential(headers)
        try:
            claims = jwt.decode(
                given,
                self.key.public_key(),
                algorithms=["RS256"],
                options={"require": ["iat", "exp", "iss"]},
                leeway=_SKEW,
            )
        except jwt.PyJWTError as error:
            raise GitHubError(401, f"A JSON web token could not be decoded: {error}") from error
        if str(claims["iss"]) != str(self.app.id):
            raise GitHubError(401, "'Issuer' claim ('iss') must be an Integer or the client id of the app")
        if claims["exp"] > time.time() + _JWT_SECONDS + _SKEW:
            raise GitHubError(401, "'Expiration time' claim ('exp') is too far in the future")

    def issue(self, wanted: Mapping[str, str] | None) -> dict[str, Any]:
        """A new installation token with some of the granted permissions."""
        permissions = dict(wanted or self.granted)
        for name, level in permissions.items():
            if _RANK.get(level, 9) > _RANK.get(self.granted.get(name, ""), 0):
                raise GitHubError(422, "The permissions requested are not granted to this installation.")
        token = f"ghs_{secrets.token_hex(18)}"
        self._tokens[token] = _Token({"metadata": "read", **permissions}, time.time() + _TOKEN_SECONDS)
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + _TOKEN_SECONDS))
        return {"token": token, "expires_at": expires, "permissions": permissions, "repository_selection": "all"}

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Who calls; refuses unknown and expired credentials."""
        given = _credential(headers)
        token = self._tokens.get(given)
        if token and token.expires > time.time():
            return Caller(self.bot, self.app, token.permissions)
        if given in self.personal:
            return Caller(self.personal[given])
        raise GitHubError(401, "Bad credentials" if given else "Requires authentication")


def _credential(headers: Mapping[str, str]) -> str:
    kind, _, value = headers.get("authorization", "").partition(" ")
    return value if kind.lower() in ("bearer", "token") else ""
