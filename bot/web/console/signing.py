"""Signing in and out: a page with one button, which alone uses a link up; mail and chat scanners only fetch."""

from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.chat.texts import console, entering
from bot.signin.door import PATH, SignIn
from bot.signin.kept import LINK_HOLDS, SESSION_HOLDS
from bot.web.console.front import Front, reads_pages
from bot.web.console.templating import render, to_home
from bot.web.console.visitor import Visitor
from bot.web.problems import problem
from config.i18n import Translator, language_of, translator

log = structlog.get_logger(__name__)

FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Signing:
    """The pages around signing in, and who is in. `language`: for whoever's browser asks for none of ours."""

    door: SignIn
    front: Front
    language: str

    def routes(self) -> list[BaseRoute]:
        """The routes. HEAD is answered like GET; other methods are refused with those that there are."""
        return [
            Route(f"{PATH}{{secret}}", self.link, methods=["GET", "POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
        ]

    def of(self, request: Request) -> Visitor | None:
        """Who signed in; None for nobody, and for a session that is over."""
        session = self.front.session(request)
        speaker = self.door.who(session) if session else None
        return Visitor(speaker) if speaker is not None else None

    def foreign(self, request: Request) -> Response | None:
        """The refusal of a step that no page of ours sent, in the browser's language; None for one of ours."""
        if not self.front.is_foreign(request):
            return None
        if not reads_pages(request):
            return problem(FORBIDDEN, "not sent by a page of the console", "a form on a page of this address")
        t = self._texts(request)
        title, text = console.foreign(t)
        return render("said.html", t, title=title, status=FORBIDDEN, text=text, typed=())

    def signed_out(self, request: Request) -> Response:
        """For whoever is not signed in: how to get a link."""
        t = self._texts(request)
        if self.front.cookie(request) is None:
            return _page(t, entering.plain_title(t), entering.plain(t), status=FORBIDDEN)
        return _page(t, entering.signed_out(t), entering.how_to_get_in(t, LINK_HOLDS))

    def link(self, request: Request) -> Response:
        """GET shows whom the link lets in and changes nothing; POST uses it up, once."""
        if self.front.cookie(request) is None:
            return self.signed_out(request)
        secret = str(request.path_params["secret"])
        return self._use(request, secret) if request.method == "POST" else self._show(request, secret)

    def sign_out(self, request: Request) -> Response:
        """End the session, here and in the browser."""
        refused = self.foreign(request)
        if refused is not None:
            return refused
        session, cookie = self.front.session(request), self.front.cookie(request)
        if session:
            self.door.leave(session)
        answer = to_home()
        if cookie is not None:
            cookie.put(answer, "", 0)
        return answer

    def _show(self, request: Request, secret: str) -> Response:
        speaker, present = self.door.invited(secret), self.of(request)
        if speaker is None:
            return self._not_good(request, present)
        t, invited = translator(speaker.language), Visitor(speaker)
        instead = entering.instead_of(t, present.name) if present is not None else ""
        return _page(t, entering.title(t), entering.sign_in(t, invited.name), instead, button=entering.title(t))

    def _use(self, request: Request, secret: str) -> Response:
        refused = self.foreign(request)
        if refused is not None:
            return refused
        session, cookie = self.door.enter(secret, self.front.session(request)), self.front.cookie(request)
        if session is None or cookie is None:
            return self._not_good(request, self.of(request))
        answer = to_home()
        cookie.put(answer, session, int(SESSION_HOLDS.total_seconds()))
        return answer

    def _not_good(self, request: Request, present: Visitor | None) -> Response:
        """The same page whether a link is unknown, used, or expired: nobody learns which links there were."""
        log.info("console.link_not_good")
        t = translator(present.speaker.language) if present else self._texts(request)
        if present is not None:
            return _page(t, entering.not_good(t), entering.in_already(t), who=present.name, status=404)
        return _page(t, entering.not_good(t), entering.how_to_get_in(t, LINK_HOLDS), status=404)

    def _texts(self, request: Request) -> Translator:
        """What the browser asks for first among the languages we speak."""
        asked = request.headers.get("accept-language", "").split(",")
        tags = (one.partition(";")[0].strip() for one in asked)
        return translator(next(filter(None, (language_of(tag, "") for tag in tags)), self.language))


def _page(t: Translator, title: str, *lines: str, button: str = "", who: str = "", status: int = 200) -> Response:
    told = [line for line in lines if line]
    return render("signing.html", t, title=title, status=status, who=who, lines=told, button=button)
