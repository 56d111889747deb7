"""Somebody at the console: signed in, and sitting before a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.chat.directory import PolicyDirectory
from bot.chat.port import Speaker
from bot.web.console.page import Console
from bot.web.console.templating import render
from bot.web.console.visitor import Visitor
from bot.web.server import create_app
from config.i18n import translator
from tests.journeys.browser import Browser
from tests.journeys.door import Door
from tests.journeys.world import World
from tests.properties.catalog import actor
from workflows.actors import Source


@dataclass
class Seats:
    """Whoever says a name is in."""

    language: str

    def of(self, request: Request) -> Visitor | None:
        """By the cookie."""
        name = request.headers.get("cookie", "")
        return Visitor(Speaker(actor(name, Source.CONSOLE), self.language)) if name else None

    def routes(self) -> list[BaseRoute]:
        """None."""
        return []

    def signed_out(self, request: Request) -> Response:
        """A page of its own."""
        return render("base.html", translator(self.language), title="Sign in")

    def foreign(self, request: Request) -> Response | None:
        """All are ours."""
        return None


@contextmanager
def console(office: World) -> Iterator[Door]:
    """The console of a world."""
    policy = office.app.core.policy.policy
    seats = Seats(policy.language)
    made = Console(seats, office.app.core.chat(PolicyDirectory(policy)), seats)
    door = Door(create_app(replace(office.app.edge, console=made)))
    try:
        yield door
    finally:
        door.close()


def signed_in(door: Door, name: str) -> Browser:
    """The browser of somebody."""
    return Browser(door, name)
