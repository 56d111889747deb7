"""Whatever people type: nothing calls anybody, nothing breaks, and what is cut says so.

Every message, answer and view has to pass Slack's rules (the fake refuses it otherwise) and must not smuggle anything
in (the world looks through all that was sent when it ends).
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.slack.blocks import smuggled
from tests.journeys.policies import DIGEST, INTAKE, slack_id
from tests.journeys.telling import NUMBER, STEPS, in_slack
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from tests.waiting import until
from workflows.events import plain
from workflows.incident.commands import Report
from workflows.outcome import Accepted
from workflows.service import Service

PINGS = "<!channel> <!here> <@U0PETRA> <!subteam^S012|x> @channel "
LINKS = "<https://evil.example|INC-2026-0001> https://evil.example [hier](https://evil.example) "
SHAPES = "*fett* _kursiv_ `code` ```\n> Zitat\n• #1·AAAAAAAAAAAAAAAA & &amp; &lt;!channel&gt; "
TURNED = "\u202eGNP.redliB\u202c \u2066x\u2069 "
SIGNS = "👩‍👩‍👧‍👦" * 40 + "\u0000\u0007\ufeff\u200b" + "ß" * 20 + "\ud83d" + "e\u0301" * 9
HOSTILE = [PINGS, LINKS, SHAPES, TURNED, SIGNS.encode("utf-16", "surrogatepass").decode("utf-16", "replace")]
ALL = "".join(HOSTILE)
HUGE = (ALL * 60)[:10_000]
_VERBS = ("update", "notiz", "aufgabe", "maßnahme", "beweis", "nichts", "rolle leitung", "schwere", "pflicht", "zurück")
FITS = 1_400
"""So much fits into a field, whatever the signs are made of."""


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def texts(sent: Any) -> Iterator[str]:
    """Every text that somebody reads."""
    if isinstance(sent, list):
        for part in sent:
            yield from texts(part)
    elif isinstance(sent, dict):
        yield from (value for key, value in sent.items() if key == "text" and isinstance(value, str))
        for part in sent.values():
            yield from texts(part)


def answers(fields: dict[str, Any]) -> dict[str, Any]:
    """The answers of the story, every free text of them hostile."""
    texts = ("~text", "~detail", "reason", "affected")
    return {name: (ALL[:FITS] if value and name.endswith(texts) else value) for name, value in fields.items()}


def test_a_whole_incident_of_hostile_texts(office: World) -> None:
    for who in ("jana", "tom"):
        office.slack.world.users[slack_id(who)].real_name = f"{PINGS}{TURNED}"
    office.slack.add_user("U0EVE", "eve", real_name=ALL[:200])
    office.clock.move(seconds=1)
    office.sender.command("/vorfall", "", user="U0EVE")
    office.sender.submit({"what": ALL[:FITS]}, user="U0EVE")
    office.work(seconds=5)
    for verb in _VERBS:
        office.say("tom", "/vorfall", f"1 {verb} {ALL}")
    for step in STEPS[:6]:
        office.say(step.who, "/vorfall", step.line("de"))
        if step.fields:
            office.fill(step.who, in_slack(answers(dict(step.fields)), office.clock.now))
        office.work(seconds=5)
    assert office.incident().notes, "they are on record"
    assert plain(office.incident().what) == ALL[:FITS].strip().replace("\u0000", "\ufffd")
    office.say("tom", "/vorfall", "status 1")
    office.sender.home(slack_id("tom"))
    office.sender.home("U0EVE")
    office.work(seconds=15)
    channel = office.slack.channel_named("inc-2026-0001")
    assert "<" not in channel.topic
    read = list(texts(list(office.slack.world.sent)))
    assert any("GNP.redliB" in one for one in read), "the texts are shown"
    assert not any(sign in one for one in read for sign in "\u202e\u202c\u2066\u2069"), "nothing turns its direction"
    assert office.slack.messages(INTAKE)
    assert office.slack.messages(DIGEST)
    assert len(channel.messages) > 7
    assert not smuggled(list(office.slack.world.sent), (INTAKE, DIGEST))
    office.intact()


@pytest.mark.parametrize("text", [*HOSTILE, HUGE], ids=["pings", "links", "shapes", "turned", "signs", "huge"])
def test_a_message_of_anybody_becomes_a_note_or_a_report(office: World, text: str) -> None:
    office.say("jana", "/vorfall", "melden Anhang geöffnet")
    office.work()
    said, _ = office.sender.message("C0INTAKE01", slack_id("max"), text)
    office.sender.message_action("add_to_timeline", user=slack_id("tom"), channel="C0INTAKE01", ts=said["ts"])
    office.sender.submit({"case": NUMBER}, user=slack_id("tom"))
    (note,) = office.incident().notes
    kept = plain(note.text)
    assert len(kept.strip()) == len(text.strip()) or kept.endswith("…"), "cut with a mark, or whole"
    office.sender.message_action("report_incident", user=slack_id("max"), channel="C0INTAKE01", ts=said["ts"])
    (asked,) = [one for one in office.view("max")["blocks"] if one["block_id"] == "what"]
    given = asked["element"]["initial_value"]
    assert given
    office.fill("max", {})
    office.work(seconds=5)
    assert office.incident("INC-2026-0002").number
    office.intact()


@pytest.mark.full
def test_two_hundred_open_cases_of_hostile_texts(office: World) -> None:
    core = office.app.core
    quiet = Service(core.store, core.policy.policy, core.policy.sha256, core.moment, frozenset({"timer"}))
    for number in range(200):
        command = Report(what=(HOSTILE[number % len(HOSTILE)] + str(number)) * (1 + number % 7))
        assert isinstance(quiet.handle(command, actor("jana")), Accepted)
    office.clock.move(seconds=1)
    listed = office.say("tom", "/vorfall", "liste").json()
    assert "200 offene" in listed["text"]
    assert "180 weitere Fälle" in str(listed["blocks"])
    picker = office.say("tom", "/vorfall", f"notiz {PINGS}").json()["blocks"]
    (select,) = [one for block in picker for one in block.get("elements", ()) if one["type"] == "static_select"]
    assert len(select["options"]) == 100
    assert "100 weitere Fälle" in str(picker)
    before = len(office.slack.world.responses)
    office.sender.click(
        "incident.note:select", user=slack_id("tom"), blocks=picker, value=select["options"][7]["value"]
    )
    until(lambda: len(office.slack.world.responses) > before)
    chosen = select["options"][7]["value"].split()[0]
    until(lambda: office.incident(chosen).notes)
    assert plain(office.incident(chosen).notes[0].text) == PINGS.strip()
    office.sender.home(slack_id("tom"))
    office.work(seconds=1)
    home = office.slack.home_of(slack_id("tom"))
    assert home is not None
    assert "170 weitere Einträge" in str(home.view["blocks"][-1])
    said, _ = office.sender.message("C0INTAKE01", slack_id("max"), HUGE)
    office.sender.message_action("add_to_timeline", user=slack_id("tom"), channel="C0INTAKE01", ts=said["ts"])
    (which,) = office.view("tom")["blocks"]
    assert len(which["element"]["options"]) == 100
    assert "100 weitere Fälle" in str(which["hint"])
    office.intact()


def test_a_text_too_long_for_its_field_is_said_to_be_so(office: World) -> None:
    office.say("jana", "/vorfall", f"melden {HUGE}")
    assert "Nur der Anfang" in str(office.view("jana")["blocks"][0]), "3,000 signs fit"
    office.fill("jana", {"what": "Kurz"})
    said, _ = office.sender.message("C0INTAKE01", slack_id("max"), HUGE)
    office.sender.message_action("report_incident", user=slack_id("max"), channel="C0INTAKE01", ts=said["ts"])
    assert "Nur der Anfang" in str(office.view("max")["blocks"][0])
    said, _ = office.sender.message("C0INTAKE01", slack_id("max"), "Kurz")
    office.sender.message_action("report_incident", user=slack_id("tom"), channel="C0INTAKE01", ts=said["ts"])
    assert "Nur der Anfang" not in str(office.view("tom")["blocks"][0])
