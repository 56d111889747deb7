"""Every move that an incident can make, forward and back, in Slack and at the terminal, in both languages."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest

from config.policy.ids import Criterion, Impact
from tests.journeys.policies import slack_id
from tests.journeys.telling import NUMBER
from tests.journeys.test_incident_terminal import talk
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from tests.properties.test_service import ONWARD, WHOLE, answers_to
from workflows.commands import Command
from workflows.incident.commands import Advance, Answer, Assess, Close, Given, Report
from workflows.incident.moves import MOVES
from workflows.incident.terms import Kind, State
from workflows.outcome import Accepted

REASON = "Neue Spuren im Protokoll"
WHY = (Given(criterion=Criterion.DISMISSAL_REASON, text="nur Werbung"),)
KINDS = {
    State.CONTAIN: WHOLE,
    State.DISMISSED: Assess(kind=Kind.FALSE_ALARM, reason="nur Werbung"),
    State.REVIEW: Assess(kind=Kind.NEAR_MISS, reason="rechtzeitig bemerkt"),
}
"""What a report is assessed as, by where it goes from there."""
SETTLED = Assess(case=NUMBER, authenticity=Impact.NONE)
FORWARD = {
    State.CONTAIN: {"en": "contain", "de": "eindämmen"},
    State.ERADICATE: {"en": "eradicate", "de": "bereinigen"},
    State.RECOVER: {"en": "recover", "de": "wiederherstellen"},
    State.REVIEW: {"en": "review", "de": "auswerten"},
    State.CLOSED: {"en": "close", "de": "schließen"},
    State.DISMISSED: {"en": "close", "de": "schließen"},
}
WORDS = {**FORWARD, State.IDENTIFY: {"en": "identify", "de": "erkennen"}}
BACK = {"en": "back", "de": "zurück"}
COMMAND = {"en": "/incident", "de": "/vorfall"}
WAYS = (("slack", "de"), ("terminal", "en"), ("slack", "en"), ("terminal", "de"))


@dataclass(frozen=True)
class Move:
    """One move, one way of talking, one language."""

    source: State
    target: State
    surface: str
    language: str

    @property
    def of_near_miss(self) -> bool:
        """Whether it is only made by a near miss."""
        return {self.source, self.target} == {State.IDENTIFY, State.REVIEW}


def every(*, back: bool) -> Iterator[object]:
    """Quick: each move once, the ways in turn. Full: each move on each way."""
    for number, move in enumerate(one for one in MOVES if one.back is back):
        for place, (surface, language) in enumerate(WAYS):
            found = Move(State(move.source), State(move.target), surface, language)
            marks = [] if place == number % len(WAYS) else [pytest.mark.full]
            yield pytest.param(found, marks=marks, id=f"{move.source}-{move.target}-{surface}-{language}")


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def at_its_beginning(opened: ExitStack, url: str, move: Move) -> World:
    """A world with one case, which stands where the move begins."""
    office = opened.enter_context(world(url, language=move.language))
    do(office, "jana", Report(what="Anhang geöffnet, drei Leute"))
    if move.source is State.DISMISSED or (move.of_near_miss and move.source is State.REVIEW):
        do(office, "tom", Advance(case=NUMBER, to=move.source, assess=KINDS[move.source], answers=_why(move.source)))
        return office
    state = State.IDENTIFY
    while state is not move.source:
        onward(office, state)
        state = ONWARD[state]
    return office


def _why(state: State) -> tuple[Given, ...]:
    return WHY if state is State.DISMISSED else ()


def onward(office: World, state: State) -> None:
    """The next step of an incident, with all that it asks for."""
    if state is State.IDENTIFY:
        do(office, "tom", Advance(case=NUMBER, to=State.CONTAIN, assess=WHOLE))
    elif state is State.REVIEW:
        do(office, "petra", Close(case=NUMBER, answers=answers_to(state), assess=SETTLED))
    else:
        do(office, "tom", Advance(case=NUMBER, to=ONWARD[state], answers=answers_to(state)))


def complete(office: World, move: Move) -> None:
    """Put on record what the move asks for."""
    if move.source is State.IDENTIFY:
        do(office, "tom", replace(KINDS[move.target], case=NUMBER))
    given = _why(move.target) or answers_to(move.source)
    if given:
        settled = SETTLED if move.source is State.REVIEW else None
        do(office, "tom", Answer(case=NUMBER, answers=given, assess=settled))


def do(office: World, who: str, command: Command) -> None:
    office.clock.move(seconds=1)
    outcome = office.app.core.service.handle(command, actor(who))
    assert isinstance(outcome, Accepted), outcome


def say(office: World, move: Move, who: str, line: str) -> str:
    """What the person reads; a form that opens is left unanswered."""
    if move.surface == "terminal":
        return talk(office, who, [line], move.language)
    answer = office.say(who, COMMAND[move.language], line)
    told = json.dumps(answer.json(), ensure_ascii=False) if answer.body else ""
    view = office.slack.view_of(slack_id(who))
    if view is not None:
        told += json.dumps(view.view, ensure_ascii=False)
        office.sender.close(user=slack_id(who))
    return told


@pytest.mark.parametrize("move", [*every(back=False)])
def test_a_move_forward_is_held_until_all_is_there(move: Move, sqlite_url: str, opened: ExitStack) -> None:
    office = at_its_beginning(opened, sqlite_url, move)
    line = f"{FORWARD[move.target][move.language]} {NUMBER}"
    who = "petra" if move.target is State.CLOSED else "tom"
    say(office, move, who, line)
    assert office.incident().state is move.source, "what is missing is asked for first"
    complete(office, move)
    told = say(office, move, who, line)
    assert office.incident().state is move.target, told
    office.proves(told, "incident.moved")
    office.intact()


@pytest.mark.parametrize("move", [*every(back=True)])
def test_a_move_back_is_made_with_its_reason(move: Move, sqlite_url: str, opened: ExitStack) -> None:
    office = at_its_beginning(opened, sqlite_url, move)
    where = f" {WORDS[move.target][move.language]}" if move.source.is_open else ""
    line = f"{BACK[move.language]} {NUMBER}{where}"
    say(office, move, "petra", line)
    assert office.incident().state is move.source, "the reason is asked for first"
    told = say(office, move, "petra", f"{line} {REASON}")
    assert office.incident().state is move.target, told
    office.proves(told, "incident.moved")
    office.work()
    everywhere = [str(one.blocks) for channel in office.slack.world.channels.values() for one in channel.messages]
    assert any(REASON in one for one in everywhere), "whoever works on it reads why"
    office.intact()
