"""Slash commands: decided in the request and answered in its acknowledgement, or acknowledged as not recorded yet."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from bot.chat.port import Utterance
from bot.chat.reply import Reply, say
from bot.chat.texts import common
from bot.slack.body import Body, text_at
from bot.slack.desk import Answer, Desk
from bot.slack.written import unescaped


@dataclass(frozen=True, slots=True)
class Asked:
    """What a slash command says."""

    user: str
    name: str
    command: str
    text: str
    channel: str
    trigger: str
    response_url: str

    @classmethod
    def of(cls, body: Body) -> "Asked":
        """Read from the fields Slack sends."""
        return cls(
            user=text_at(body, "user_id"),
            name=text_at(body, "user_name"),
            command=text_at(body, "command"),
            text=unescaped(text_at(body, "text")),
            channel=text_at(body, "channel_id"),
            trigger=text_at(body, "trigger_id"),
            response_url=text_at(body, "response_url"),
        )


def on_command(desk: Desk, body: Body) -> Mapping[str, Any]:
    """The body of the acknowledgement."""
    asked = Asked.of(body)
    future = desk.start(lambda: _answer(desk, asked))
    answer = desk.wait(future)
    if answer is None:
        return _late(desk, asked, future)
    return _shown(desk, asked, answer)


def _answer(desk: Desk, asked: Asked) -> Answer:
    speaker = desk.people.speaker(asked.user, asked.name)
    said = Utterance(speaker, asked.text, asked.command, asked.channel)
    return Answer(speaker, desk.chat_for(asked.trigger).handle(said))


def _shown(desk: Desk, asked: Asked, answer: Answer) -> Mapping[str, Any]:
    renderer = desk.renderer(answer.speaker.language)
    if answer.reply.form is None:
        return renderer.answer(answer.reply)
    if desk.open_view(asked.trigger, renderer.view(answer.reply.form)):
        return {}
    return renderer.answer(_not_opened(desk, asked, answer))


def _not_opened(desk: Desk, asked: Asked, answer: Answer) -> Reply:
    """With what was typed, so that it can be copied instead of typed again."""
    typed = f"{asked.command} {asked.text}" if asked.text else ""
    return say(common.form_not_opened(desk.translator(answer.speaker.language)), typed)


def _late(desk: Desk, asked: Asked, future: Future[Answer]) -> Mapping[str, Any]:
    """Never 'recorded' before the commit: say so, and answer when it is decided."""
    renderer = desk.renderer(desk.people.language(asked.user))
    view_id = None
    if desk.chat.may_ask(asked.command, asked.text):
        view_id = desk.open_view(asked.trigger, renderer.loading())
    desk.later(future, lambda answer: _finish(desk, asked, answer, view_id))
    # A waiting window says all there is to say: the case is being read, so nothing is recorded yet.
    return {} if view_id else renderer.answer(say(common.not_yet(renderer.translator)))


def _finish(desk: Desk, asked: Asked, answer: Answer, view_id: str | None) -> None:
    renderer = desk.renderer(answer.speaker.language)
    if view_id and desk.update_view(view_id, renderer.outcome_view(answer.reply)):
        return
    reply = answer.reply if answer.reply.form is None else _not_opened(desk, asked, answer)
    desk.respond(asked.response_url, renderer.answer(reply))
