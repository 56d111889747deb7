"""What the console answers. Its routes come after all others: everything else is the console."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.chat.app import Chat
from bot.chat.texts import console
from bot.web.console import assets
from bot.web.console.templating import render
from bot.web.console.visitor import Visitors
from config.i18n import translator


@dataclass(frozen=True, slots=True)
class Console:
    """What its pages are made of. `language` is read by who is not signed in."""

    visitors: Visitors
    chat: Chat
    language: str


def console_routes(found: Console) -> list[BaseRoute]:
    """Every route of the console."""

    def signed_out(_: Request) -> Response:
        t = translator(found.language)
        return render("signed_out.html", t, title=console.signed_out(t))

    return [Route(assets.PATH, assets.asset), Route("/", signed_out)]
