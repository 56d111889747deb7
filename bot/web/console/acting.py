"""The steps: a pressed button and a form that was sent, decided as everywhere, each of them once."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.chat.app import Chat
from bot.chat.reply import FieldErrors
from bot.chat.texts import console
from bot.web.body import TooLarge
from bot.web.console.page import Console, Page
from bot.web.console.posted import Posted, Unreadable, read_form

TOO_LARGE = 413
UNREADABLE = 400


@dataclass(frozen=True, slots=True)
class Acting:
    """POST. The body is read first, the decision runs in a thread."""

    console: Console

    async def press(self, request: Request) -> Response:
        """A button: `action` and `value`."""

        def make(page: Page, sent: Posted) -> Response:
            action, value = sent.own.get("action", ""), sent.own.get("value", "")
            chat = _once(page, sent, action, value)
            return page.reply(chat.press(action, value, page.speaker))

        return await self._posted(request, make)

    async def submit(self, request: Request) -> Response:
        """A form: the `case` that it is about, and its answers."""
        form_id = str(request.path_params["form_id"])

        def make(page: Page, sent: Posted) -> Response:
            case = sent.own.get("case", "")
            outcome = _once(page, sent, form_id, case).submit(form_id, case, sent.answers, page.speaker)
            if not isinstance(outcome, FieldErrors):
                return page.reply(outcome)
            again = page.chat.ask_again(form_id, case, sent.answers, outcome, page.speaker)
            return page.reply(again) if again.form is None else page.form(replace(again.form, notice=""), outcome)

        return await self._posted(request, make)

    async def _posted(self, request: Request, make: Callable[[Page, Posted], Response]) -> Response:
        refused = self.console.signing.foreign(request)
        if refused is not None:
            return refused
        try:
            sent = await read_form(request)
        except (TooLarge, Unreadable) as error:
            status = TOO_LARGE if isinstance(error, TooLarge) else UNREADABLE
            t = self.console.chat.translator(self.console.chat.policy.language)
            return await run_in_threadpool(self.console.said, console.not_taken(t), status, {})
        return await run_in_threadpool(self.console.answer, request, lambda page: make(page, sent), sent.answers)


def _once(page: Page, sent: Posted, *about: str) -> Chat:
    """The conversation for this one sending: a reload, or a second click, gets the answer of the first."""
    person = page.speaker.actor.person
    return replace(page.chat, request=sent.request(person.id if person else "", *about))
