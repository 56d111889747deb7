"""What the console answers. Its routes come after all others: everything else is the console."""

from starlette.routing import BaseRoute, Route

from bot.web.console import assets
from bot.web.console.acting import Acting
from bot.web.console.links import CHANGES, HOME, INCIDENTS, REPORT
from bot.web.console.looking import Looking
from bot.web.console.page import Console

__all__ = ["Console", "console_routes"]


def console_routes(console: Console) -> list[BaseRoute]:
    """Every route of the console."""
    looking, acting = Looking(console), Acting(console)
    return [
        Route(assets.PATH, assets.asset),
        *console.signing.routes(),
        Route(HOME, looking.home),
        Route(INCIDENTS, looking.incidents),
        Route(f"{INCIDENTS}/{{number}}", looking.incident),
        Route(f"{CHANGES}/{{number}}", looking.change),
        Route(REPORT, looking.report),
        Route("/press", acting.press, methods=["POST"]),
        Route("/press", looking.back),
        Route("/forms/{form_id}", acting.submit, methods=["POST"]),
        Route("/forms/{form_id}", looking.back),
    ]
