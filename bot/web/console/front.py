"""How a request reached the console: which cookie may go along with it, and whether a page of ours sent it.

Over plain http everybody on the way could read a session and use it. So there is none, but for this machine itself.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from config.settings.rules import is_loopback

_PROXIED: Final = ("x-forwarded-proto", "x-forwarded-for", "x-forwarded-host", "forwarded")


@dataclass(frozen=True, slots=True)
class Cookie:
    """The session's cookie. `__Host-`: browsers take it over https alone, from this host alone."""

    name: str
    secure: bool

    def put(self, response: Response, session: str, seconds: int) -> None:
        """Hand a session to the browser; 0 seconds take it back."""
        response.set_cookie(
            self.name, session, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )


SECURE: Final = Cookie("__Host-wachbuch", secure=True)
ON_THIS_MACHINE: Final = Cookie("wachbuch", secure=False)


@dataclass(frozen=True, slots=True)
class Front:
    """`public` is the origin of the https address by the settings, empty where there is none."""

    public: str = ""

    def cookie(self, request: Request) -> Cookie | None:
        """The cookie that fits the way the request came; None for plain http from elsewhere."""
        if self._is_secure(request):
            return SECURE
        # What a browser names as host is where it believes to be. A proxy's plain http comes from somewhere else.
        proxied = any(name in request.headers for name in _PROXIED)
        return ON_THIS_MACHINE if not proxied and is_loopback(_hostname(request)) else None

    def session(self, request: Request) -> str:
        """The session that the browser brings along, empty for none."""
        cookie = self.cookie(request)
        return request.cookies.get(cookie.name, "") if cookie else ""

    def is_foreign(self, request: Request) -> bool:
        """Whether a POST was not sent by a page of ours.

        Browsers tell by `Sec-Fetch-Site`, older ones by `Origin` alone, which is `null` where referrers are hidden.
        """
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        is_ours = origin in self._origins(request)
        return not ((is_ours or origin in {None, "null"}) and (site == "same-origin" or (site is None and is_ours)))

    def _origins(self, request: Request) -> frozenset[str]:
        scheme = "https" if self._is_secure(request) else "http"
        return frozenset({f"{scheme}://{_host(request)}", self.public} - {""})

    def _is_secure(self, request: Request) -> bool:
        """Whether the browser speaks https. A proxy that claims so wrongly only makes a cookie that is not kept."""
        claimed = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().casefold()
        if claimed:
            return claimed == "https"
        return request.scope["scheme"] == "https" or (
            bool(self.public) and urlsplit(self.public).netloc == _host(request)
        )


def reads_pages(request: Request) -> bool:
    """Whether it is a person's browser that asks; machines get what they can read."""
    return "text/html" in request.headers.get("accept", "")


def _host(request: Request) -> str:
    return request.headers.get("host", "").casefold()


def _hostname(request: Request) -> str:
    try:
        return urlsplit(f"//{_host(request)}").hostname or ""
    except ValueError:
        return ""
