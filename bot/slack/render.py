"""Replies and forms as Slack shows them. Pure: values in, Block Kit out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.chat.home import Home
from bot.chat.measure import length
from bot.chat.reply import Audience, Button, Fact, FieldErrors, Form, Paragraph, Reply
from bot.chat.texts import common, home
from bot.slack import limits
from bot.slack.blocks import Block, actions, context, facts, header, paragraph, plain, section, select, within
from bot.slack.inputs import SlackIdOf, input_block
from config.i18n import Translator

RESULT: Final = "result"
LOADING: Final = "loading"
FORM_PREFIX: Final = "form:"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders for one language. `slack_id` finds the Slack id of a person, to preset a choice of people."""

    translator: Translator
    slack_id: SlackIdOf

    def message(self, reply: Reply) -> Mapping[str, Any]:
        """A message: `text` for notifications, `blocks` for everybody else."""
        return {
            "text": limits.cut_escaped(reply.text or "—", limits.FALLBACK),
            "blocks": self.blocks(reply, limits.MESSAGE_BLOCKS),
        }

    def answer(self, reply: Reply) -> Mapping[str, Any]:
        """A message as the answer to a command or button."""
        where = "in_channel" if reply.audience is Audience.CHANNEL else "ephemeral"
        return {"response_type": where, **self.message(reply)}

    def blocks(self, reply: Reply, most: int) -> list[Block]:
        """The blocks of a reply, its receipts last. What does not fit is left out with a note."""
        body = [block for one in reply.paragraphs for block in paragraph(one)]
        body += [*facts(reply.facts), *actions(reply.buttons), *select(reply.choice)]
        tail = [context(common.receipts(self.translator, reply.receipts))] if reply.receipts else []
        kept = within(body or [section("—")], most - len(tail), common.cut_note(self.translator))
        return [*kept, *tail]

    def view(self, form: Form) -> Mapping[str, Any]:
        """A modal that asks a form's questions."""
        is_cut = any(length(one.value) > limits.TYPED for one in form.fields)
        notice = "\n".join(
            one for one in (form.notice, common.only_beginning(self.translator) if is_cut else "") if one
        )
        page = [section(one) for one in form.page[: limits.PAGE]]
        head = [*([section(notice)] if notice else []), *page]
        asked = [input_block(field, self.slack_id) for field in form.fields]
        room = limits.MODAL_BLOCKS - len(head) - 1
        body = [*head, *asked[:room], *actions(form.buttons[: limits.ACTIONS])]
        return {
            "type": "modal",
            "callback_id": f"{FORM_PREFIX}{form.id}"[: limits.ACTION_ID],
            "private_metadata": json.dumps({"case": form.about}),
            "title": plain(form.title, limits.TITLE),
            "submit": plain(form.submit, limits.TITLE),
            "close": plain(common.cancel(self.translator), limits.TITLE),
            "blocks": body or [section("—")],
        }

    def result(self, reply: Reply) -> Mapping[str, Any]:
        """A modal that only tells how it went."""
        return {
            "type": "modal",
            "callback_id": RESULT,
            "title": plain(reply.case or common.title(self.translator), limits.TITLE),
            "close": plain(common.done(self.translator), limits.TITLE),
            "blocks": self.blocks(reply, limits.MODAL_BLOCKS),
        }

    def home(self, page: Home, elsewhere: str = "") -> Mapping[str, Any]:
        """The home tab of one person. `elsewhere`: address of the page with all rows, empty where there is none."""
        body = paragraph(page.head)
        for one in page.sections:
            body += [header(one.title), *(block for row in one.rows for block in paragraph(row))]
        body += self._left_out(page, elsewhere)
        return {"type": "home", "blocks": within(body, limits.MODAL_BLOCKS, common.cut_note(self.translator))}

    def _left_out(self, page: Home, elsewhere: str) -> list[Block]:
        if page.more and elsewhere:
            link = Button("home.all", home.all_there(self.translator), url=elsewhere)
            return paragraph(Paragraph(home.more_there(self.translator, page.more), (link,)))
        return [context(page.hint)] if page.hint else []

    def loading(self) -> Mapping[str, Any]:
        """A modal for the while in which the case is still being read."""
        return {
            "type": "modal",
            "callback_id": LOADING,
            "title": plain(common.title(self.translator), limits.TITLE),
            "close": plain(common.cancel(self.translator), limits.TITLE),
            "blocks": [section(common.loading(self.translator))],
        }

    def submitted(self, outcome: Reply | FieldErrors) -> Mapping[str, Any]:
        """The acknowledgement of a submitted modal."""
        if isinstance(outcome, FieldErrors):
            errors = {name: limits.cut(text, limits.FIELD_ERROR) for name, text in outcome.errors.items()}
            return {"response_action": "errors", "errors": errors}
        return {"response_action": "update", "view": self.outcome_view(outcome)}

    def in_words(self, reply: Reply) -> Mapping[str, Any]:
        """A reply as a message, where no form can be shown: its notice, and every answer given; none is lost."""
        if reply.form is None:
            return self.message(reply)
        form = reply.form
        typed = tuple(Fact(one.label, one.value) for one in form.fields if one.value)
        told = reply.paragraphs or tuple(Paragraph(one) for one in (form.notice, *form.page) if one)
        head = (Paragraph(common.not_submitted(self.translator, form.title)),)
        return self.message(Reply((*head, *told), typed, reply.buttons, receipts=reply.receipts, case=form.case))

    def outcome_view(self, reply: Reply) -> Mapping[str, Any]:
        """The view that follows: the form again where the reply brings one, else how it went."""
        return self.view(reply.form) if reply.form is not None else self.result(reply)


def case_of(metadata: object) -> str:
    """The case number that a view carries; empty when it carries none that can be read."""
    try:
        read = json.loads(metadata) if isinstance(metadata, str) else {}
    except ValueError:
        return ""
    case = read.get("case") if isinstance(read, dict) else None
    return case if isinstance(case, str) else ""
