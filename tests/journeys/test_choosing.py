"""A verb without a number, where many cases are open: what is offered, and that a choice says all that was typed."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Impact, Spread, Visibility
from tests.journeys.policies import slack_id
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from workflows.commands import Command
from workflows.events import plain
from workflows.incident.commands import Assess, Report
from workflows.outcome import Accepted


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def do(office: World, who: str, command: Command) -> None:
    assert isinstance(office.app.core.service.handle(command, actor(who)), Accepted)


def reported(office: World, count: int) -> None:
    for number in range(count):
        do(office, "jana", Report(what=f"Meldung {number}"))


def offered(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for block in blocks for one in block.get("elements", ()) if "action_id" in one]


def test_a_few_are_buttons_and_many_are_a_list_with_the_most_severe_first(office: World) -> None:
    reported(office, 5)
    few = offered(office.say("tom", "/vorfall", "notiz Proxy geprüft").json()["blocks"])
    assert [one["type"] for one in few] == ["button"] * 5
    reported(office, 1)
    high = Impact.HIGH
    do(office, "tom", Assess(case="INC-2026-0002", confidentiality=high, integrity=high, availability=high,
                             authenticity=high, spread=Spread.MANY))  # fmt: skip
    do(office, "petra", Report(what="Geheim", visibility=Visibility.RESTRICTED))
    blocks = office.say("jana", "/vorfall", "notiz Proxy geprüft").json()["blocks"]
    (select,) = offered(blocks)
    assert select["type"] == "static_select"
    assert len(select["options"]) == 6, "and not what Jana may not see"
    assert select["options"][0]["text"]["text"].startswith("INC-2026-0002 · S1")
    office.sender.click(
        "incident.note:select", user=slack_id("jana"), blocks=blocks, value="INC-2026-0002 Proxy geprüft"
    )
    office.work()
    assert [plain(one.text) for one in office.incident("INC-2026-0002").notes] == ["Proxy geprüft"]


def test_at_most_a_hundred_and_the_rest_is_counted(office: World) -> None:
    reported(office, 103)
    answer = office.say("tom", "/vorfall", "status").json()
    (select,) = offered(answer["blocks"])
    assert len(select["options"]) == 100
    assert "3 weitere Fälle" in str(answer["blocks"])
    listed = office.say("tom", "/vorfall", "liste").json()
    assert "103 offene" in listed["text"]
    assert "83 weitere Fälle" in str(listed["blocks"])


@pytest.mark.parametrize("length", [400, 1900, 1901, 3800])
def test_no_text_is_cut_on_its_way_through_a_choice(office: World, length: int) -> None:
    reported(office, 7)
    typed = ("Lange Beobachtung & mehr. " * 200)[:length].strip()
    answer = office.say("tom", "/vorfall", f"notiz {typed}").json()
    buttons = offered(answer["blocks"])
    if len(typed) > 1900:
        assert not buttons
        shown = [one["text"]["text"].replace("&amp;", "&") for one in answer["blocks"][1:]]
        assert "".join(shown).replace(" ", "") == typed.replace(" ", "")
        return
    assert [one["type"] for one in buttons] == ["button"] * 5
    assert "42 notiz" in answer["text"]
    assert buttons[0]["value"].partition(" ")[2] == typed
