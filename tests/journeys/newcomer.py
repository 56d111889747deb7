"""Somebody who never saw the tool: reads what is shown, fills what is asked, and presses what is offered.

Knows people's names and their own business (what happened, what was done), but no verb, no number and no rule.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.slack.blocks import elements
from tests.journeys.policies import PEOPLE, slack_id
from tests.journeys.world import World
from tests.waiting import until

Blocks = Sequence[dict[str, Any]]
KNOWS: Final[Mapping[str, object]] = {
    "kind": "incident",
    "personal_data": "no",
    "spread": "single",
    "evidence.preserved~choice": "none",
    "credentials.revoked~choice": "revoked",
    "service_owner.agrees~person": "sven",
    "corrective_action~person": "sven",
}
"""What only somebody who was there can tell; everything else is the first choice, or a few words."""
LEAVES: Final = (
    "skip",
    "skip_because",
    "severity",
    "severity_reason",
    "visibility",
    "named",
    "reported_by",
    "reporter_name",
    "way",
    "occurred",
    "special",
    "reported_by",
    "reporter_name",
    "way",
    "lead",
    "duplicate_of",
)
"""Fields that say themselves they may be left open."""


@dataclass
class Newcomer:
    """One person, and the last thing that they were shown."""

    office: World
    name: str
    shown: Blocks = ()
    pressed: list[str] = field(default_factory=list)
    """Labels in their order."""

    # looking --------------------------------------------------------------------------------------------------

    @property
    def user(self) -> str:
        """Their Slack user."""
        return slack_id(self.name)

    def look_around(self) -> bool:
        """The newest message with a button that they can read: written to them, or in a channel that they are in."""
        found = [
            (float(message.ts), message.blocks)
            for channel in self.office.slack.world.channels.values()
            if self.user in channel.members
            for message in self.office.slack.messages(channel.id)
            if any(buttons(message.blocks))
        ]
        self.shown = max(found)[1] if found else ()
        return bool(found)

    def text(self) -> str:
        """Everything that is shown."""
        return json.dumps(self.shown, ensure_ascii=False)

    def named(self) -> list[str]:
        """The others who are named in what is shown, in the order of the text."""
        text = self.text()
        found = [(text.index(name), person) for person, (name, _) in PEOPLE.items() if name in text]
        return [person for _, person in sorted(found) if person != self.name]

    # acting ---------------------------------------------------------------------------------------------------

    def next_button(self, tried: set[tuple[str, str]]) -> Mapping[str, Any] | None:
        """The one that stands out, else the first; none that led nowhere before."""
        offered = [one for one in buttons(self.shown) if (one["action_id"], one.get("value", "")) not in tried]
        standing_out = [one for one in offered if one.get("style") == "primary"]
        return next(iter((*standing_out, *offered)), None)

    def press(self, button: Mapping[str, Any]) -> None:
        """Press it, fill the form that may come, and read the answer."""
        self.pressed.append(button["text"]["text"])
        window, before = self._window(), len(self._replies())
        self.office.clock.move(seconds=20)
        self.office.sender.click(button["action_id"], user=self.user, blocks=None if window else self.shown)
        until(lambda: self._window() != window or len(self._replies()) > before)
        if self._window() != window:
            self.answer_form()
        else:
            self.shown = self._replies()[-1]

    def _window(self) -> str:
        """Which state of which window is open."""
        view = self.office.slack.view_of(self.user)
        return f"{view.id} {view.hash}" if view is not None else ""

    def _replies(self) -> list[Blocks]:
        mine = [one for one in self.office.slack.world.responses.values() if one.user == self.user]
        return [reply["blocks"] for one in mine for reply in one.replies]

    def answer_form(self) -> None:
        """Fill and send until no form is left, or until one comes back as it was."""
        asked: set[str] = set()
        while True:
            view = self.office.view(self.name)
            fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
            self.shown = view["blocks"]
            # A window without questions that can be sent was to be seen first.
            fields = fields or ({"send"} if view.get("submit") else set())
            if not fields or fields <= asked:
                return
            asked |= fields
            body = self.office.fill(self.name, dict(self._answers(view)))
            assert body.get("response_action") != "errors", body
            if self.office.slack.view_of(self.user) is None:
                return

    def close_window(self) -> None:
        """Close every window that is open."""
        while self.office.slack.view_of(self.user) is not None:
            self.office.sender.close(user=self.user)

    def _answers(self, view: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
        for block, element in elements(view["blocks"]):
            if block["type"] == "input" and block["block_id"] not in LEAVES:
                yield block["block_id"], self._answer(block["block_id"], element)

    def _answer(self, name: str, element: Mapping[str, Any]) -> object:
        known = KNOWS.get(name)
        options = [one["value"] for one in element.get("options", ())]
        match element["type"]:
            case "users_select":
                return slack_id(str(known)) if known else self.user
            case "static_select" | "radio_buttons":
                return known or options[0]
            case "checkboxes" | "multi_static_select":
                return options[:1]
            case "datetimepicker":
                return int(self.office.clock.now.timestamp())
            case "datepicker":
                return "2026-05-01"
            case _:
                return "so war es"


def buttons(blocks: Blocks) -> list[Mapping[str, Any]]:
    """The buttons of a message or window, from top to bottom; links are none."""
    return [element for _, element in elements(blocks) if element["type"] == "button" and not element.get("url")]
