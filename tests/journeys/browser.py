"""A browser: keeps cookies as one does, sends along what one sends along, and follows nothing by itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.fakes.client import Answer
from tests.journeys.door import Door

PUBLIC = "https://wachbuch.example"


@dataclass
class Browser:
    """Speaks to `base` over its scheme; behind https stands a proxy that says so."""

    door: Door
    base: str = PUBLIC
    language: str = "de-DE,de;q=0.9,en;q=0.5"
    cookies: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    """Every Set-Cookie that came."""
    referrer: str = ""
    """The `Referrer-Policy` of the page that is looked at: with `no-referrer` its forms tell no origin."""

    def get(self, path: str, verb: str = "GET", /, **headers: str) -> Answer:
        return self._send(verb, path, headers, b"")

    def post(self, path: str, values: Mapping[str, str] | Sequence[tuple[str, str]] = (), /, **headers: str) -> Answer:
        """As a form on a page of the same address; other headers say that it was not."""
        given = {"sec_fetch_site": "same-origin", "origin": self._origin, **headers}
        given.setdefault("content_type", "application/x-www-form-urlencoded")

        return self._send("POST", path, given, urlencode(values).encode())

    @property
    def _origin(self) -> str:
        return "null" if self.referrer == "no-referrer" else self.base

    def follow(self, answer: Answer) -> Answer:
        assert answer.status == 303, answer.text
        return self.get(answer.headers["location"])

    def _send(self, verb: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        parts = urlsplit(self.base)
        sent = {"host": parts.netloc, "accept-language": self.language}
        if parts.scheme == "https":
            sent["x-forwarded-proto"] = "https"
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.door.send(verb, path, {name: value for name, value in sent.items() if value}, body).result(30)
        self._keep(answer)
        self.referrer = answer.headers.get("referrer-policy", "")
        return answer

    def _keep(self, answer: Answer) -> None:
        told = answer.headers.get("set-cookie")
        if told is None:
            return
        self.said.append(told)
        for name, morsel in SimpleCookie(told).items():
            assert morsel["path"] == "/"
            assert not name.startswith("__Host-") or morsel["secure"]
            self.cookies[name] = morsel.value
            if morsel["max-age"] == "0":
                del self.cookies[name]


def path_of(url: str) -> str:
    return urlsplit(url).path


def lines(answer: Answer) -> str:
    """What stands on a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).strip()
