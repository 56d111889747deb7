"""What every page of the console is made with: who looks, what the chat answers, and what to say when it fails."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.chat.app import Chat
from bot.chat.port import Speaker
from bot.chat.reply import Fact, FieldErrors, Form, Reply
from bot.chat.room import Room
from bot.chat.texts import common, console
from bot.chat.typed_back import question
from bot.web.console.inputs import inputs
from bot.web.console.links import CHANGES, HOME, INCIDENTS
from bot.web.console.signing import Signing
from bot.web.console.templating import render, to_home
from bot.web.console.visitor import Visitor, Visitors
from config.i18n import Translator
from workflows.errors import Conflict
from workflows.store.errors import Unavailable

log = structlog.get_logger(__name__)

FOUND, FORBIDDEN, ABSENT, WRONG, BROKEN, LATER = 200, 403, 404, 422, 500, 503


@dataclass(frozen=True, slots=True)
class Page:
    """One page for one visitor."""

    speaker: Speaker
    chat: Chat

    @property
    def t(self) -> Translator:
        """In the visitor's language."""
        return self.chat.translator(self.speaker.language)

    @property
    def room(self) -> Room:
        """What the conversation is made with."""
        return self.chat.room(self.speaker)

    def show(self, name: str, title: str, *, status: int = FOUND, **values: object) -> Response:
        """A page, with a mark of its own: what is sent twice from it is carried out once."""
        who = Visitor(self.speaker).name
        return render(name, self.t, title=title, status=status, who=who, once=secrets.token_hex(16), **values)

    def reply(self, told: Reply) -> Response:
        """What the chat answers: a form to fill in, or how it went."""
        if told.form is not None:
            return self.form(told.form)
        receipts = common.receipts(self.t, told.receipts) if told.receipts else ""
        title = told.case or common.title(self.t)
        return self.show("reply.html", title, told=told, receipts=receipts, case_link=case_link(told.case))

    def form(self, form: Form, errors: FieldErrors | None = None) -> Response:
        """A form; with errors once more, each under its field and all of them above."""
        wrong = errors.errors if errors else {}
        asked = inputs(self.room, form, wrong)
        above = [text for name, text in wrong.items() if name not in {one.id for one in form.fields}]
        status = WRONG if wrong else FOUND
        return self.show(
            "form.html", form.title, status=status, form=form, inputs=asked, above=above,
            case_link=case_link(form.case),
        )  # fmt: skip

    def nothing(self) -> Response:
        """Absent, or not for this visitor: the same page to the byte."""
        title, text = console.nothing_here(self.t)
        return self.show("said.html", title, status=ABSENT, text=text, typed=())


@dataclass(frozen=True, slots=True)
class Console:
    """What the pages are made of."""

    visitors: Visitors
    chat: Chat
    signing: Signing

    def answer(self, request: Request, make: Callable[[Page], Response], typed: Mapping[str, str]) -> Response:
        """A page for who is signed in. Whoever is not gets nothing but the way to sign in, and what they `typed`."""
        language: str = self.chat.policy.language
        try:
            visitor = self.visitors.of(request)
            if visitor is None:
                return self._stranger(request, typed)
            language = visitor.speaker.language
            return make(Page(visitor.speaker, self.chat))
        except (Unavailable, Conflict) as error:
            log.warning("console_later", error=type(error).__name__)
            return self.said(console.later(self.chat.translator(language)), LATER, typed, language)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("console_failed", reference=reference)
            return self.said(console.unexpected(self.chat.translator(language), reference), BROKEN, typed, language)

    def said(self, told: tuple[str, str], status: int, typed: Mapping[str, str], language: str = "") -> Response:
        """A title and a sentence, and what somebody typed, so that it is not lost."""
        title, text = told
        t, policy = self.chat.translator(language or self.chat.policy.language), self.chat.policy
        facts = [Fact(question(t, policy, name), value) for name, value in typed.items() if value]
        return render("said.html", t, title=title, status=status, text=text, typed=facts)

    def _stranger(self, request: Request, typed: Mapping[str, str]) -> Response:
        if request.method == "POST":
            return self.said(console.not_sent(self.chat.translator(self.chat.policy.language)), FORBIDDEN, typed)
        if request.url.path != HOME:
            return to_home()
        return self.signing.signed_out(request)


def case_link(number: str) -> str:
    """The page of a case; empty where there is none."""
    if not number:
        return ""
    return f"{CHANGES if number.startswith('CHG') else INCIDENTS}/{number}"
