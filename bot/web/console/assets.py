"""The one stylesheet, at an address that changes with it, so that browsers may keep it for ever."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.web.problems import problem

PATH: Final = "/assets/{name}"
_FILE: Final = Path(__file__).with_name("assets") / "console.css"
_MARK: Final = 16
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """Its bytes, and the name they are asked for by."""

    name: str
    body: bytes

    @property
    def address(self) -> str:
        """Where a page links to it."""
        return PATH.format(name=self.name)


@cache
def stylesheet() -> Stylesheet:
    """Read once."""
    body = _FILE.read_bytes()
    return Stylesheet(f"console-{sha256(body).hexdigest()[:_MARK]}.css", body)


def asset(request: Request) -> Response:
    """The stylesheet; 404 for every other name, also that of another release."""
    found = stylesheet()
    if request.path_params["name"] != found.name:
        return problem(404, "no such file")
    headers = {"cache-control": _FOR_EVER, "x-content-type-options": "nosniff"}
    return Response(found.body, headers=headers, media_type="text/css")
