"""What one person is shown, everywhere; and who should see a case, from the design alone and not from the code."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.chat.directory import PolicyDirectory
from bot.chat.port import Speaker
from bot.chat.reply import Reply
from tests.journeys.policies import INTAKE, PEOPLE, slack_id
from tests.journeys.world import RECEIPT, World
from tests.properties.catalog import actor
from tests.waiting import until

LINK = re.compile(r"wbl_[\w-]+")
"""The secret of a one-time link: another at every asking, whatever it is asked with."""
MARK = "Quarzsand"
"""A word that stands in every text of the hidden case, and nowhere else."""


@dataclass
class Hidden:
    """A case and who has to do with it."""

    number: str
    visibility: str
    reporter: str
    named: frozenset[str]
    personal_data: str
    roles: dict[str, str] = field(default_factory=dict)
    """Role in the case to person."""

    def seen_by(self, name: str) -> bool:
        """Whether the design says that somebody sees it."""
        standing = PEOPLE[name][1] if name in PEOPLE else ""
        by_name = name in self.named or name in self.roles.values()
        if self.visibility == "sealed":
            return name in self.named
        if by_name or standing in ("isb", "deputy") or name in ("tom", "petra"):
            return True
        if self.visibility == "restricted":
            return False
        concerned = standing == "dpo" and self.personal_data in ("yes", "unknown")
        return name == self.reporter or standing == "responder" or concerned


def alike(text: str, number: str) -> str:
    """A text without the number that was asked for, receipts, times, and the secret of a link to sign in."""
    return re.sub(r"\d+", "0", RECEIPT.sub("R", LINK.sub("L", text.replace(number, "N"))))


@dataclass(frozen=True)
class Eyes:
    """What one person gets to see in Slack and at the terminal."""

    office: World
    name: str

    @property
    def user(self) -> str:
        """Their Slack user; a stranger's is in no policy."""
        return slack_id(self.name)

    def say(self, line: str) -> str:
        """The answer to a command, and the window that it opened."""
        command, _, text = line.partition(" ")
        self.office.clock.move(seconds=1)
        answer = self.office.sender.command(command, text, user=self.user)
        assert answer.status == 200, answer.text
        view = self.office.slack.view_of(self.user)
        shown = json.dumps(view.view, ensure_ascii=False) if view is not None else ""
        while self.office.slack.view_of(self.user) is not None:
            self.office.sender.close(user=self.user)
        return _read(answer.text) + shown

    def submit(self, form: str, number: str, values: Mapping[str, str]) -> str:
        """The answer to a window that nobody opened for them: made up, and signed by Slack all the same."""
        state = {name: {"answer": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
        view = {
            "id": "V0MADEUP", "type": "modal", "callback_id": f"form:{form}", "blocks": [],
            "private_metadata": json.dumps({"case": number}), "state": {"values": state},
        }  # fmt: skip
        self.office.clock.move(seconds=1)
        issued = self.office.slack.issue(user=self.user)
        common = {"team": {"id": "T0WACHBUCH"}, "user": {"id": self.user, "username": self.name}}
        payload = common | {"type": "view_submission", "trigger_id": issued["trigger_id"], "view": view}
        return _read(self.office.sender.interaction(payload).text)

    def press(self, action: str, number: str) -> str:
        """The answer to a button, as somebody could have kept it from before."""
        label = {"type": "plain_text", "text": "?"}
        button = {"type": "button", "action_id": f"{action}:0", "text": label, "value": number}
        before = len(self._told())
        self.office.clock.move(seconds=1)
        self.office.sender.click(f"{action}:0", user=self.user, blocks=[{"type": "actions", "elements": [button]}])
        until(lambda: len(self._told()) > before or self.office.slack.view_of(self.user) is not None)
        view = self.office.slack.view_of(self.user)
        if view is None:
            return json.dumps(self._told()[-1], ensure_ascii=False)
        self.office.sender.close(user=self.user)
        return json.dumps(view.view, ensure_ascii=False)

    def cases_to_choose(self) -> str:
        """What a shortcut on any message offers to put it into."""
        said = self.office.slack.say(INTAKE, self.user, "Nur eine Frage")
        self.office.sender.message_action("add_to_timeline", user=self.user, channel=INTAKE, ts=said["ts"])
        view = self.office.slack.view_of(self.user)
        shown = json.dumps(view.view, ensure_ascii=False) if view is not None else ""
        while self.office.slack.view_of(self.user) is not None:
            self.office.sender.close(user=self.user)
        return shown

    def _told(self) -> list[Any]:
        mine = [one for one in self.office.slack.world.responses.values() if one.user == self.user]
        return [reply for one in mine for reply in one.replies]

    def at_the_terminal(self, line: str) -> str:
        """The answer of the terminal."""
        chat = self.office.app.core.chat(PolicyDirectory(self.office.app.core.policy.policy))
        reply = chat.handle_line(line, Speaker(actor(self.name), "de"))
        return _text(reply)

    def everything(self, *, channels: bool) -> str:
        """All that Slack shows them: answers, windows, the home tab; `channels`: open ones and those they are in."""
        return json.dumps(list(self._shown(channels=channels)), ensure_ascii=False, default=str)

    def _shown(self, *, channels: bool) -> Iterator[Any]:
        world = self.office.slack.world
        for channel in world.channels.values():
            is_open = channels and not (channel.is_private or channel.im)
            if is_open or (self.user in channel.members and (channels or channel.im)):
                yield channel.name, channel.topic, [(one.text, one.blocks) for one in channel.messages]
            yield [one for one in channel.ephemerals if one.get("user") == self.user]
        yield [one.replies for one in world.responses.values() if one.user == self.user]
        yield [one.view for one in world.views.values() if one.user == self.user]
        if self.user in world.homes:
            yield world.homes[self.user].view


def _read(body: str) -> str:
    """A body as people read it: without the escapes of JSON."""
    return json.dumps(json.loads(body), ensure_ascii=False) if body else ""


def _text(reply: Reply) -> str:
    form = reply.form
    asked = [(one.label, one.value, [option.label for option in one.options]) for one in form.fields] if form else []
    return json.dumps([reply.text, asked, [one.label for one in reply.buttons]], ensure_ascii=False)
