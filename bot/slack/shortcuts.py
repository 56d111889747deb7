"""Shortcuts on a message: *Add to timeline* and *Preserve as evidence*.

In the channel of a case, or the thread of its report, the case is known; elsewhere the person chooses among the cases
that they may see. What the message says travels in the window itself, so that nothing has to be kept meanwhile.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from bot.chat.measure import length
from bot.chat.port import Speaker
from bot.chat.reply import Field, FieldKind, Form, Option, Reply, say
from bot.chat.texts import common, fields, incident, pinning
from bot.slack import limits
from bot.slack.body import Body, text_at
from bot.slack.desk import Desk
from bot.slack.heard import moment_of
from bot.slack.inputs import values_of
from bot.slack.sending import sending
from bot.slack.written import as_written
from config.policy.models import Policy
from workflows.commands import Command
from workflows.incident.evidence_commands import AskFile, PinMessage

TIMELINE: Final = "add_to_timeline"
PRESERVE: Final = "preserve_evidence"
CHOSEN: Final = "shortcut:"
"""Callback id of the window in which the case is chosen."""
MOST: Final = 100
_LONGEST: Final = 1300
"""So many signs of a message fit into a window beside the rest; more is cut with a mark."""
_TITLES: Final = {TIMELINE: "incident.note", PRESERVE: "incident.evidence"}


@dataclass(frozen=True, slots=True)
class Shown:
    """The message that a shortcut was used on."""

    kind: str
    channel: str
    ts: str
    thread: str
    text: str
    author: str
    edited: str
    files: tuple[str, ...]

    @classmethod
    def of(cls, body: Body, policy: Policy) -> "Shown":
        """Read from a `message_action` body."""
        message = body.get("message")
        files = message.get("files") if isinstance(message, dict) else None
        return cls(
            kind=text_at(body, "callback_id"),
            channel=text_at(body, "channel", "id"),
            ts=text_at(body, "message", "ts"),
            thread=text_at(body, "message", "thread_ts"),
            text=as_written(text_at(body, "message", "text"), policy),
            author="" if text_at(body, "message", "bot_id") else text_at(body, "message", "user"),
            edited=text_at(body, "message", "edited", "ts"),
            files=tuple(text_at(one, "id") for one in files or () if isinstance(one, dict) and text_at(one, "id")),
        )

    @classmethod
    def read(cls, metadata: str) -> "Shown":
        """Read back from a window. ValueError, TypeError for what is none of ours."""
        found = json.loads(metadata)
        return cls(**{**found, "files": tuple(found["files"])})

    def packed(self) -> str:
        """For a window."""
        longest = _LONGEST
        while length(packed := self._packed(longest)) > limits.METADATA and longest:
            # Some signs take several in a window.
            longest //= 2
        return packed

    def _packed(self, longest: int) -> str:
        return json.dumps(asdict(replace(self, text=limits.cut(self.text, longest))), ensure_ascii=False)


def on_message_shortcut(desk: Desk, body: Body) -> None:
    """Carry it out where the case is known, else ask which."""
    user, shown = text_at(body, "user", "id"), Shown.of(body, desk.chat.policy)
    trigger = text_at(body, "trigger_id")
    future = desk.start(
        lambda: _begin(desk, shown, desk.people.speaker(user, text_at(body, "user", "username")), trigger)
    )

    def answer(done: tuple[Speaker, Reply], *, in_time: bool) -> None:
        speaker, reply = done
        renderer = desk.renderer(speaker.language)
        if reply.form is not None:
            view = {**renderer.view(reply.form), "callback_id": f"{CHOSEN}{shown.kind}"}
            view["private_metadata"] = shown.packed()
            if in_time and desk.open_view(trigger, view):
                return
            reply = say(common.form_not_opened(renderer.translator))
        desk.respond(text_at(body, "response_url"), {**renderer.answer(reply), "replace_original": False})

    done = desk.wait(future)
    if done is None:
        desk.later(future, lambda late: answer(late, in_time=False))
        return
    if done[1].form is not None:
        answer(done, in_time=True)
        return
    desk.start(lambda: answer(done, in_time=True))


def _begin(desk: Desk, shown: Shown, speaker: Speaker, request: str) -> tuple[Speaker, Reply]:
    t, queries = desk.translator(speaker.language), desk.chat.queries
    if shown.kind == PRESERVE and not shown.files:
        return speaker, say(pinning.no_file(t))
    number = queries.case_in_channel(shown.channel) or queries.case_in_thread(shown.channel, shown.thread or shown.ts)
    if number:
        return speaker, _carried_out(desk, shown, number, speaker, request)
    listed = desk.chat.open_to(PinMessage if shown.kind == TIMELINE else AskFile, speaker)
    options = tuple(Option(one.number, incident.headline(t, one)) for one in listed[:MOST])
    if not options:
        seen = queries.cases(speaker.actor, workflow="incident", open_only=True, limit=1)
        return speaker, say(pinning.not_yours(t) if seen else common.no_cases(t))
    hint = common.more_cases(t, len(listed) - MOST) if len(listed) > MOST else ""
    which = Field("case", common.which_case(t), FieldKind.CHOICE, hint, required=True, options=options)
    form = Form(shown.kind, fields.title(t, _TITLES[shown.kind]), common.send(t), (which,))
    return speaker, Reply(form=form)


def on_chosen(desk: Desk, body: Body) -> Mapping[str, Any]:
    """The case was chosen."""
    user, view = text_at(body, "user", "id"), body.get("view")
    speaker = desk.people.speaker(user, text_at(body, "user", "username"))
    values = values_of(view.get("state") if isinstance(view, Mapping) else None)
    try:
        shown = Shown.read(text_at(body, "view", "private_metadata"))
    except (ValueError, TypeError, KeyError):
        return {}
    request = sending(body, values)
    future = desk.start(lambda: _carried_out(desk, shown, values.get("case", ""), speaker, request))
    renderer = desk.renderer(speaker.language)
    reply = desk.wait(future)
    if reply is None:

        def finish(late: Reply) -> None:
            if desk.update_view(text_at(body, "view", "id"), renderer.result(late)) is None:
                # The window was closed meanwhile: what became of it is told all the same.
                desk.tell(user, renderer.in_words(late))

        desk.later(future, finish)
        reply = say(common.not_yet(renderer.translator))
    return {"response_action": "update", "view": renderer.result(reply)}


def _carried_out(desk: Desk, shown: Shown, number: str, speaker: Speaker, request: str) -> Reply:
    if shown.kind == TIMELINE:
        return desk.chat_for(request).carry_out(_pin(desk, shown, number), speaker)
    replies = [
        desk.chat_for(f"{request} {one}" if request else "").carry_out(AskFile(case=number, origin=one), speaker)
        for one in shown.files
    ]
    paragraphs = tuple(dict.fromkeys(one for reply in replies for one in reply.paragraphs))
    return Reply(paragraphs, receipts=tuple(one for reply in replies for one in reply.receipts), case=number)


def _pin(desk: Desk, shown: Shown, number: str) -> Command:
    author = desk.people.speaker(shown.author).actor.person if shown.author else None
    return PinMessage(
        case=number,
        origin=f"{shown.channel}/{shown.ts}",
        text=shown.text,
        occurred=moment_of(shown.ts) or desk.chat.now(),
        author=author,
        version=moment_of(shown.edited) if shown.edited else None,
    )
