"""Buttons, shortcuts and submitted modals."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.chat.port import Speaker, Utterance
from bot.chat.reply import FieldErrors, Reply, say
from bot.chat.texts import common
from bot.slack.blocks import action_of
from bot.slack.body import Body, text_at
from bot.slack.desk import Answer, Desk
from bot.slack.inputs import values_of
from bot.slack.render import FORM_PREFIX, case_of
from bot.slack.sending import sending
from bot.slack.shortcuts import CHOSEN, PRESERVE, TIMELINE, on_chosen, on_message_shortcut
from bot.slack.spent import without_spent
from bot.slack.written import as_written

REPORT_SHORTCUT: Final = "report_incident"
"""Callback id of the shortcut *Report as incident*."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button, or a choice from a list, and where it stands: in a message, in a modal, or on the home tab."""

    user: str
    name: str
    action: str
    value: str
    channel: str
    trigger: str
    response_url: str
    view_id: str
    at_home: bool = False
    """Whether it stands on the home tab, which answers nothing itself: windows open on it."""
    in_form: bool = False
    """Whether there is something typed around it that has to stay."""
    message: Mapping[str, Any] = field(default_factory=dict)
    """The message as everybody sees it; empty for an answer that only they see."""

    @classmethod
    def of(cls, body: Body) -> "Pressed | None":
        """Read from a `block_actions` body; None for anything but our buttons and lists."""
        actions = body.get("actions")
        first = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
        kind = text_at(first, "type")
        if kind not in {"button", "static_select"} or not text_at(body, "user", "id") or first.get("url"):
            return None
        path = ("value",) if kind == "button" else ("selected_option", "value")
        at_home = text_at(body, "view", "type") == "home"
        message = body.get("message")
        return cls(
            user=text_at(body, "user", "id"),
            name=text_at(body, "user", "username"),
            action=action_of(text_at(first, "action_id")),
            value=text_at(first, *path),
            channel=text_at(body, "channel", "id"),
            trigger=text_at(body, "trigger_id"),
            response_url=text_at(body, "response_url"),
            view_id="" if at_home else text_at(body, "view", "id"),
            at_home=at_home,
            in_form=text_at(body, "view", "callback_id").startswith(FORM_PREFIX),
            message=message if isinstance(message, Mapping) else {},
        )


def on_button(desk: Desk, body: Body) -> None:
    """Decide what a button asks. Slack shows nothing of the acknowledgement, so the answer follows by its URL."""
    pressed = Pressed.of(body)
    if pressed is None:
        return
    future = desk.start(lambda: _press(desk, pressed))
    answer = desk.wait(future)
    if answer is not None and answer.reply.form is not None:
        _open(desk, pressed, answer)
        return
    if answer is not None and pressed.at_home:
        # While the trigger is good: nothing else of what is shown there can tell the answer.
        _show(desk, pressed, answer)
        return
    if answer is not None:
        desk.start(lambda: _show(desk, pressed, answer))
        return
    waiting = _wait_in_view(desk, pressed)
    if waiting:
        desk.later(future, lambda done: _show(desk, replace(pressed, view_id=waiting), done))
        return
    _tell_not_yet(desk, pressed)
    desk.later(future, lambda done: _show(desk, pressed, done))


def _wait_in_view(desk: Desk, pressed: Pressed) -> str | None:
    """A trigger lasts three seconds: where a form may come, its window opens now and is filled later."""
    topic, _, verb = pressed.action.partition(".")
    if not pressed.at_home and not desk.chat.may_ask(topic, f"{verb} {pressed.value}"):
        return None
    return _window(desk, pressed, desk.renderer(desk.people.language(pressed.user)).loading())


def _window(desk: Desk, pressed: Pressed, view: Mapping[str, Any]) -> str | None:
    """A form stays below what opens on it. What only tells is replaced: Slack stacks no more than three windows."""
    if not pressed.view_id:
        return desk.open_view(pressed.trigger, view)
    return desk.push_view(pressed.trigger, view) if pressed.in_form else desk.update_view(pressed.view_id, view)


def _press(desk: Desk, pressed: Pressed) -> Answer:
    speaker = desk.people.speaker(pressed.user, pressed.name)
    chat = desk.chat_for(pressed.trigger)
    return Answer(speaker, chat.press(pressed.action, pressed.value, speaker, pressed.channel))


def _open(desk: Desk, pressed: Pressed, answer: Answer) -> None:
    if answer.reply.form is None:
        return
    renderer = desk.renderer(answer.speaker.language)
    if _window(desk, pressed, renderer.view(answer.reply.form)) is None:
        reply = say(common.form_not_opened(desk.translator(answer.speaker.language)))
        desk.start(lambda: _show(desk, pressed, Answer(answer.speaker, reply)))


def _show(desk: Desk, pressed: Pressed, answer: Answer) -> None:
    renderer = desk.renderer(answer.speaker.language)
    if pressed.view_id:
        shown = desk.update_view(pressed.view_id, renderer.outcome_view(answer.reply))
        # Whoever closed the window before a form came has typed nothing; a result is told all the same.
        if shown is None and answer.reply.form is None:
            desk.tell(pressed.user, renderer.in_words(answer.reply))
        return
    if pressed.at_home:
        if desk.open_view(pressed.trigger, renderer.outcome_view(answer.reply)) is None:
            desk.tell(pressed.user, renderer.in_words(answer.reply))
        return
    reply = answer.reply
    if reply.form is not None:
        reply = say(common.form_not_opened(desk.translator(answer.speaker.language)))
    desk.respond(pressed.response_url, {**renderer.answer(reply), "replace_original": False})
    if reply.spent and pressed.message:
        desk.edit(pressed.channel, text_at(pressed.message, "ts"), without_spent(pressed.message, reply.spent))


def _tell_not_yet(desk: Desk, pressed: Pressed) -> None:
    if pressed.view_id or pressed.at_home:
        return
    renderer = desk.renderer(desk.people.language(pressed.user))
    message = renderer.answer(say(common.not_yet(renderer.translator)))
    desk.start(lambda: desk.respond(pressed.response_url, {**message, "replace_original": False}))


def on_submission(desk: Desk, body: Body) -> Mapping[str, Any]:
    """Decide a submitted modal in its acknowledgement, so that refusals stand under their fields."""
    callback = text_at(body, "view", "callback_id")
    user = text_at(body, "user", "id")
    if callback.startswith(CHOSEN) and user:
        return on_chosen(desk, body)
    if not callback.startswith(FORM_PREFIX) or not user:
        return {}
    future = desk.start(lambda: _submit(desk, body, callback.removeprefix(FORM_PREFIX), user))
    done = desk.wait(future)
    if done is not None:
        speaker, outcome = done
        return desk.renderer(speaker.language).submitted(outcome)
    return _late_submission(desk, body, future)


Submitted = tuple[Speaker, Reply | FieldErrors]


def _submit(desk: Desk, body: Body, form_id: str, user: str) -> Submitted:
    speaker = desk.people.speaker(user, text_at(body, "user", "username"))
    case = case_of(text_at(body, "view", "private_metadata"))
    view = body.get("view")
    values = values_of(view.get("state") if isinstance(view, Mapping) else None)
    return speaker, desk.chat_for(sending(body, values)).submit(form_id, case, values, speaker)


def _late_submission(desk: Desk, body: Body, future: Future[Submitted]) -> Mapping[str, Any]:
    view_id = text_at(body, "view", "id")
    form_id = text_at(body, "view", "callback_id").removeprefix(FORM_PREFIX)
    case = case_of(text_at(body, "view", "private_metadata"))
    state = body["view"].get("state")

    def finish(done: Submitted) -> None:
        speaker, outcome = done
        if isinstance(outcome, FieldErrors):
            # An acknowledged modal takes no errors any more: ask again, with everything that was typed.
            outcome = desk.chat.ask_again(form_id, case, values_of(state), outcome, speaker)
        renderer = desk.renderer(speaker.language)
        if desk.update_view(view_id, renderer.outcome_view(outcome)) is None:
            # The window was closed meanwhile: what became of it, and what was typed, must not be lost with it.
            desk.tell(text_at(body, "user", "id"), renderer.in_words(outcome))

    desk.later(future, finish)
    renderer = desk.renderer(desk.people.language(text_at(body, "user", "id")))
    waiting = renderer.result(say(common.not_yet(renderer.translator)))
    return {"response_action": "update", "view": waiting}


def on_shortcut(desk: Desk, body: Body) -> None:
    """*Report as incident*, on a message or from the menu: the report form, with the message in it."""
    user, trigger = text_at(body, "user", "id"), text_at(body, "trigger_id")
    if text_at(body, "callback_id") in {TIMELINE, PRESERVE} and user:
        on_message_shortcut(desk, body)
        return
    if text_at(body, "callback_id") != REPORT_SHORTCUT or not user:
        return
    future = desk.start(lambda: _report_form(desk, body, user))
    answer = desk.wait(future)
    if answer is not None and answer.reply.form is not None:
        desk.open_view(trigger, desk.renderer(answer.speaker.language).view(answer.reply.form))
        return
    view_id = desk.open_view(trigger, desk.renderer(desk.language).loading())
    if view_id:
        desk.later(future, lambda done: _update(desk, view_id, done))


def _report_form(desk: Desk, body: Body, user: str) -> Answer:
    speaker = desk.people.speaker(user, text_at(body, "user", "username"))
    reply = desk.chat.handle(Utterance(speaker, "", "incident", text_at(body, "channel", "id")))
    message = as_written(text_at(body, "message", "text"), desk.chat.policy)
    if reply.form is not None and message:
        return Answer(speaker, desk.chat.prefilled(reply, message))
    return Answer(speaker, reply)


def _update(desk: Desk, view_id: str, answer: Answer) -> None:
    desk.update_view(view_id, desk.renderer(answer.speaker.language).outcome_view(answer.reply))
