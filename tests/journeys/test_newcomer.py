"""From bare `/incident` to *closed* by nothing but what the messages say: no verb is known, no number, no rule."""

from tests.journeys.newcomer import Newcomer
from tests.journeys.policies import PEOPLE
from tests.journeys.world import World
from workflows.incident.terms import State

COMMAND = {"en": "/incident", "de": "/vorfall"}
PHASES = (State.IDENTIFY, State.CONTAIN, State.ERADICATE, State.RECOVER, State.REVIEW, State.CLOSED)
ENOUGH = 30
"""More presses than anybody should need."""


def reported(office: World) -> None:
    jana = Newcomer(office, "jana")
    office.say("jana", COMMAND[office.app.core.policy.policy.language])
    jana.answer_form()
    assert "INC-2026-0001" in jana.text()
    assert jana.named() == ["tom"], "who looks after it is named"
    jana.close_window()
    office.work()


def follow(office: World, me: Newcomer, others: dict[str, Newcomer]) -> tuple[list[State], list[str]]:
    """Press what is offered; ask whoever is named where nothing is. Which states came, and who did something."""
    tried: set[tuple[str, str]] = set()
    states, acted = [office.incident().state], [me.name]
    for _ in range(ENOUGH):
        button = me.next_button(tried)
        if button is None:
            me.close_window()
            me = next(other for other in map(others.__getitem__, me.named()) if other.look_around())
            tried.clear()
            acted.append(me.name)
            continue
        tried.add((button["action_id"], button.get("value", "")))
        me.press(button)
        office.work(seconds=30)
        if office.incident().state is not states[-1]:
            states.append(office.incident().state)
            tried.clear()
        if not office.incident().state.is_open:
            break
    return states, acted


def test_somebody_who_never_saw_it_gets_to_closed(office: World) -> None:
    reported(office)
    people = {name: Newcomer(office, name) for name in PEOPLE}
    tom = people["tom"]
    assert tom.look_around(), "whoever is called finds the first button in the call"
    states, acted = follow(office, tom, people)
    assert tuple(states) == PHASES, tom.text()
    assert acted == ["tom", "petra"], "the second person was named, and found the button"
    assert len(tom.pressed) <= len(PHASES) + 2, f"no detours: {tom.pressed}"
    office.intact()


def test_where_no_exception_is_possible_none_is_offered(office: World) -> None:
    reported(office)
    people = {name: Newcomer(office, name) for name in PEOPLE}
    tom = people["tom"]
    tom.look_around()
    follow(office, tom, people)
    asks = {"Ausnahme anfragen", "Ask for an override"}
    assert not asks & set(tom.pressed), "closing cannot be had by override"
    office.say("jana", COMMAND["en"], "report again")
    office.say("tom", COMMAND["en"], "assess INC-2026-0002")
    office.fill("tom", {"kind": "incident", "reason": "so war es"})
    office.say("tom", COMMAND["en"], "contain INC-2026-0002")
    labels = {one["text"]["text"] for block in office.view("tom")["blocks"] for one in block.get("elements", ())}
    assert asks & labels, "leaving a phase of the response can"
