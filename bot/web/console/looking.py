"""The pages that only show: overview, incidents, one case, the report form."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.chat.casepage import case_page
from bot.chat.register import register
from bot.chat.texts import console, home
from bot.chat.verbs import Topic
from bot.web.console.front import reads_pages
from bot.web.console.page import ABSENT, Console, Page
from bot.web.console.templating import to_home

_MOST_DIGITS: Final = 9
_READING: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Looking:
    """GET. Each runs in a thread, since it reads the database."""

    console: Console

    def home(self, request: Request) -> Response:
        """What waits for the visitor, and what is open."""

        def make(page: Page) -> Response:
            found = page.chat.home(page.speaker)
            hint = home.more_there(page.t, found.more) if found.more else found.hint
            return page.show("home.html", console.frame(page.t).home, home=found, hint=hint)

        return self.console.answer(request, make, {})

    def incidents(self, request: Request) -> Response:
        """Those that the visitor may see, page by page."""
        after, closed = request.query_params.get("after", ""), request.query_params.get("all") == "1"

        def make(page: Page) -> Response:
            found = register(page.room, after, closed=closed)
            return page.show("register.html", console.frame(page.t).incidents, register=found, closed=closed)

        return self.console.answer(request, make, {})

    def incident(self, request: Request) -> Response:
        """One incident."""
        return self._case(request, Topic.INCIDENT)

    def change(self, request: Request) -> Response:
        """One change."""
        return self._case(request, Topic.CHANGE)

    def report(self, request: Request) -> Response:
        """The form that opens an incident."""

        def make(page: Page) -> Response:
            return page.reply(page.chat.press("incident.report", "", page.speaker))

        return self.console.answer(request, make, {})

    def back(self, _: Request) -> Response:
        """The address of an answer, opened again: there is nothing to show without what was sent."""
        return to_home()

    def nowhere(self, request: Request, _: Exception) -> Response:
        """An address that nothing answers: a page for who reads pages, and JSON for machines."""
        if request.method not in _READING or not reads_pages(request):
            return JSONResponse({"detail": "Not Found"}, ABSENT)
        return self.console.answer(request, lambda page: page.nothing(), {})

    def _case(self, request: Request, topic: Topic) -> Response:
        number, before = request.path_params["number"], request.query_params.get("before", "")
        known = before.isascii() and before.isdigit() and len(before) <= _MOST_DIGITS

        def make(page: Page) -> Response:
            found = case_page(page.room, topic, number, int(before) if known else 0)
            return page.nothing() if found is None else page.show("case.html", found.title, case=found)

        return self.console.answer(request, make, {})
