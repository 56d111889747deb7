"""What the console answers. Its routes come after all others: everything else is the console."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.chat.app import Chat
from bot.chat.texts import console
from bot.web.console import assets
from bot.web.console.signing import Signing
from bot.web.console.templating import render
from bot.web.console.visitor import Visitors
from config.i18n import translator


@dataclass(frozen=True, slots=True)
class Console:
    """What its pages are made of. `visitors` knows who looks at them; `signing` has the page for everybody else."""

    visitors: Visitors
    chat: Chat
    signing: Signing


def console_routes(found: Console) -> list[BaseRoute]:
    """Every route of the console."""

    def home(request: Request) -> Response:
        visitor = found.visitors.of(request)
        if visitor is None:
            return found.signing.signed_out(request)
        t = translator(visitor.speaker.language)
        return render("base.html", t, title=console.frame(t).home, who=visitor.name)

    return [Route(assets.PATH, assets.asset), *found.signing.routes(), Route("/", home)]
