"""When deciding takes longer than Slack waits, and when a request comes twice."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.chat.app import Chat
from bot.slack.repeats import KEPT_SECONDS, MOST, Repeats
from tests.bot.slack.conftest import Office
from tests.journeys.replica import Line
from tests.unhurried import TIME_ENOUGH, unhurried

FORM = "application/x-www-form-urlencoded"


class Gate:
    """Nothing is decided while it is shut, and nobody waits long for it then; it starts open."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._go = threading.Event()
        self._go.set()

    def shut(self) -> None:
        self._go.clear()
        unhurried(self._office.edge, 0.05)

    def open(self) -> None:
        unhurried(self._office.edge)
        self._go.set()

    def before(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def later(*arguments: Any) -> Any:
            assert self._go.wait(TIME_ENOUGH)
            return work(*arguments)

        return later


@pytest.fixture
def gate(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(office)
    for name in ("handle", "submit"):
        monkeypatch.setattr(Chat, name, made.before(getattr(Chat, name)))
    yield made
    made.open()


def shown(office: Office, user: str) -> str:
    return json.dumps(office.sender.view(user), ensure_ascii=False)


def written(office: Office) -> str:
    """Everything that the bot wrote anywhere."""
    said = [message.blocks for channel in office.slack.world.channels.values() for message in channel.messages]
    return json.dumps(said, ensure_ascii=False)


def reports(office: Office) -> int:
    with office.on.store.reading() as reads:
        return sum(entry.kind == "incident.reported" for entry in reads.entries())


def test_a_waiting_form_says_nothing_about_recording(office: Office, gate: Gate) -> None:
    gate.shut()
    assert office.sender.command("/vorfall", user="U0MAX").body == b""
    assert "Einen Moment" in shown(office, "U0MAX")
    gate.open()
    office.until(lambda: "Was ist passiert?" in shown(office, "U0MAX"))


def test_a_sentence_that_begins_like_a_verb_waits_in_a_window(office: Office, gate: Gate) -> None:
    gate.shut()
    assert office.sender.command("/vorfall", "Update hat Server zerlegt", user="U0MAX").body == b""
    assert "Einen Moment" in shown(office, "U0MAX")
    gate.open()
    office.until(lambda: "Update hat Server zerlegt" in shown(office, "U0MAX"))
    assert reports(office) == 0


def test_the_form_behind_a_button_waits_in_its_window(office: Office, gate: Gate) -> None:
    answer = office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX").json()
    gate.shut()
    office.sender.click("incident.note:1", user="U0MAX", blocks=answer["blocks"])
    assert "Einen Moment" in shown(office, "U0MAX")
    gate.open()
    office.until(lambda: "Was wurde beobachtet" in shown(office, "U0MAX"))


def test_who_closes_the_waiting_window_is_told_what_became_of_it(office: Office, gate: Gate) -> None:
    office.sender.command("/vorfall", user="U0MAX")
    gate.shut()
    waiting = office.sender.submit({"what": "Laptop weg"}, user="U0MAX").json()
    assert "Noch nicht eingetragen" in json.dumps(waiting, ensure_ascii=False)
    assert reports(office) == 0
    office.sender.close(user="U0MAX")
    gate.open()
    office.until(lambda: "INC-2026-0001 ist aufgenommen" in written(office))


def test_the_same_form_again_after_it_was_decided_is_not_told_to_be_waiting(office: Office, gate: Gate) -> None:
    office.sender.transport = line = Line(office.sender.transport)
    office.sender.command("/vorfall", user="U0MAX")
    gate.shut()
    assert "Noch nicht eingetragen" in office.sender.submit({"what": "Laptop weg"}, user="U0MAX").text
    gate.open()
    office.until(lambda: "INC-2026-0001 ist aufgenommen" in shown(office, "U0MAX"))
    again = json.dumps(office.sender.send(line.body, FORM).json(), ensure_ascii=False)
    assert "INC-2026-0001 ist aufgenommen" in again
    assert "Noch nicht eingetragen" not in again
    assert reports(office) == 1


def test_nothing_typed_is_lost_with_a_closed_window(office: Office, gate: Gate) -> None:
    office.sender.command("/vorfall", user="U0MAX")
    gate.shut()
    values = {"what": "Kollege kopiert Kundendaten", "visibility": "sealed", "named": ["U0MAX"]}
    office.sender.submit(values, user="U0MAX")
    office.sender.close(user="U0MAX")
    gate.open()
    office.until(lambda: "Kollege kopiert Kundendaten" in written(office))
    assert "mindestens zwei Benannte" in written(office)
    assert reports(office) == 0


def test_a_form_that_cannot_open_gives_back_what_was_typed(office: Office) -> None:
    office.slack.fail("views.open", times=1, status=500)
    answer = office.sender.command("/vorfall", "Drucker druckt von selbst", user="U0MAX").json()
    assert "/vorfall Drucker druckt von selbst" in answer["text"]


@pytest.mark.parametrize("reason", ["expired", "reused"])
def test_a_trigger_that_is_used_up_gives_back_what_was_typed(office: Office, reason: str) -> None:
    text = "Drucker druckt von selbst"
    issued = office.sender.slack.do("issue", user="U0MAX")
    if reason == "expired":
        office.slack.world.trigger_seconds = 0.0
    else:
        office.slack.world.exchange(issued["trigger_id"])
    sent = {"command": "/vorfall", "text": text, "user_id": "U0MAX", "channel_id": "D0MAX", **issued}
    answer = office.sender.send(urlencode(sent).encode(), FORM).json()
    assert f"/vorfall {text}" in answer["text"], "to copy instead of to type again"
    assert reports(office) == 0
    office.slack.world.trigger_seconds = TIME_ENOUGH
    assert office.sender.command("/vorfall", text, user="U0MAX").body == b""
    assert text in shown(office, "U0MAX")
    office.sender.submit({}, user="U0MAX")
    assert reports(office) == 1


def test_a_button_whose_trigger_is_used_up_says_so_and_loses_nothing(office: Office) -> None:
    answer = office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX").json()
    office.slack.world.trigger_seconds = 0.0
    office.sender.click("incident.note:1", user="U0MAX", blocks=answer["blocks"])
    office.until(lambda: any(one.replies for one in office.slack.world.responses.values()))
    (told,) = [reply for one in office.slack.world.responses.values() for reply in one.replies]
    assert "ging nicht rechtzeitig auf" in json.dumps(told, ensure_ascii=False)
    assert reports(office) == 1


def test_the_same_request_again_opens_no_second_case(office: Office) -> None:
    issued = office.sender.slack.do("issue", user="U0MAX")
    sent = {"command": "/vorfall", "text": "melden Laptop weg", "user_id": "U0MAX", "channel_id": "D0MAX", **issued}
    body = urlencode(sent).encode()
    first, again = office.sender.send(body, FORM), office.sender.send(body, FORM)
    assert first.json() == again.json()
    assert "INC-2026-0001 ist aufgenommen" in first.json()["text"]
    assert reports(office) == 1
    another = urlencode(sent | office.sender.slack.do("issue", user="U0MAX")).encode()
    assert "INC-2026-0002" in office.sender.send(another, FORM).json()["text"], "typed again is meant again"


def test_a_repeat_while_the_first_still_works_waits_for_its_answer() -> None:
    repeats: Repeats[int] = Repeats()
    go, done = threading.Event(), []

    def work() -> int:
        assert go.wait(TIME_ENOUGH)
        done.append(1)
        return len(done)

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(repeats.once("a", work))) for _ in range(3)]
    for one in threads:
        one.start()
    go.set()
    for one in threads:
        one.join()
    assert found == [1, 1, 1]


def test_answers_are_forgotten_in_time_and_failures_at_once() -> None:
    now = [0.0]
    repeats: Repeats[float] = Repeats(lambda: now[0])
    assert repeats.once("a", lambda: 1.0) == repeats.once("a", lambda: 2.0) == 1.0
    now[0] = KEPT_SECONDS + 1
    assert repeats.once("a", lambda: 3.0) == 3.0
    with pytest.raises(ZeroDivisionError):
        repeats.once("b", lambda: 1 / 0)
    assert repeats.once("b", lambda: 4.0) == 4.0
    for number in range(MOST + 5):
        repeats.once(str(number), lambda: 0.0)
    assert len(repeats._known) <= MOST
