"""Pages from templates. Whatever is put into one is escaped, and no page goes out without its headers."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.chat.signs import shown, typed
from bot.chat.texts import console
from bot.web.console.assets import stylesheet
from bot.web.console.links import HOME, link_of
from config.i18n import Translator

if TYPE_CHECKING:
    from jinja2 import Environment

HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""Of every page: no script, nothing from elsewhere, in no frame, kept in no cache.

Not `no-referrer`: browsers would then send forms with `Origin: null`, and those that tell no more than the origin could
not be told from strangers. No address goes along in either case, so a one-time link stays out of a proxy's log.
"""
SEE_OTHER: Final = 303
_TEMPLATES: Final = Path(__file__).with_name("templates")


@cache
def environment() -> "Environment":
    """The templates. Jinja2 is loaded for the first page: a service that shows none stays 5 MB smaller."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"shown": shown, "typed": typed, "link": link_of}
    return made


def render(
    name: str, translator: Translator, *, title: str, status: int = 200, who: str = "", **values: object
) -> HTMLResponse:
    """A page. `title` stands in its head and over it; `who` is the name of who is signed in, empty for nobody."""
    text = environment().get_template(name).render(
        language=translator.language,
        stylesheet=stylesheet().address,
        frame=console.frame(translator),
        title=title,
        who=who,
        **values,
    )  # fmt: skip
    return HTMLResponse(text, status, dict(HEADERS))


def to_home() -> Response:
    """To the first page, by GET whatever was asked."""
    return RedirectResponse(HOME, SEE_OTHER, dict(HEADERS))
