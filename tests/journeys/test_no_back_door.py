"""No way past a refused gate: not by Slack, terminal, webhook, the core's commands, nor the library of machines."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import transitions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.directory import PolicyDirectory
from bot.chat.forms.phases import TARGETS
from bot.chat.verbs import CHANGE_WORDS, INCIDENT_WORDS, Verb
from bot.terminal import run_terminal
from tests.journeys.policies import PEOPLE, SHOP, policy, slack_id
from tests.journeys.telling import NUMBER, REPORT, STEPS, in_slack
from tests.journeys.test_change_github import GATE, Request
from tests.journeys.world import START, World, world
from tests.properties.catalog import ACTORS, COMMANDS, Making, actor
from workflows.actors import Source
from workflows.change import moves as change_moves
from workflows.change.codes import ChangeState, VerdictStatus
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.errors import BrokenInput, NotFound
from workflows.events import IdentityData
from workflows.incident.moves import MACHINE, MOVES
from workflows.incident.terms import State
from workflows.machine import Machine

BACK = {(str(move.source), str(move.target)) for move in MOVES if move.back}
PHASES = {State.IDENTIFY: 1, State.CONTAIN: 3, State.ERADICATE: 4, State.RECOVER: 5, State.REVIEW: 6}
"""How much of the story brings a case there with nothing answered for its next step."""


def bring(office: World, state: State) -> None:
    office.say("jana", "/vorfall")
    office.fill("jana", in_slack(REPORT, office.clock.now))
    for step in STEPS[: PHASES[state]]:
        office.say(step.who, "/vorfall", step.line("de"))
        if step.fields:
            office.fill(step.who, in_slack(step.fields, office.clock.now))
    assert office.incident().state is state


AT_ONCE = {State.IDENTIFY, State.REVIEW}
"""The phases that the quick suite tries; the others are tried the same way in the full one."""
TRIED = [one if one in AT_ONCE else pytest.param(one, marks=pytest.mark.full) for one in PHASES]


@pytest.fixture(scope="module", params=TRIED, ids=str)
def held(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A case at the end of whose phase everything is missing.

    One for all attempts: it stays where it is, also when they come one after the other.
    """
    with world(f"sqlite:///{tmp_path_factory.mktemp('held') / 'wachbuch.db'}") as made:
        bring(made, request.param)
        yield made


def stays(office: World, before: State) -> None:
    """The case stands where it stood, or went back, which needs no criteria."""
    now = office.incident().state
    assert now is before or (str(before), str(now)) in BACK, f"{before} → {now}"


def test_no_verb_in_slack_moves_a_held_case(held: World) -> None:
    before = held.incident().state
    for words in INCIDENT_WORDS.values():
        for who in ("tom", "petra"):
            held.say(who, "/vorfall", f"{words[-1]} {NUMBER}")
    assert held.incident().state is before
    held.intact()


def test_no_form_that_was_never_offered_moves_a_held_case(held: World) -> None:
    """A crafted submission: any form of a phase, for any case, with every criterion called not applicable."""
    before = held.incident().state
    for form in TARGETS:
        for who in ("tom", "petra"):
            payload = {
                "type": "view_submission",
                "team": {"id": "T0WACHBUCH"},
                "user": {"id": slack_id(who), "username": who, "team_id": "T0WACHBUCH"},
                "view": {
                    "id": "V1", "type": "modal", "callback_id": f"form:{form}",
                    "private_metadata": json.dumps({"case": NUMBER}),
                    "state": {"values": {"skip_because": {"answer": {"value": "eilt"}}}},
                },
            }  # fmt: skip
            assert held.sender.interaction(payload).status == 200
    assert held.incident().state is before
    held.intact()


def test_no_pressed_button_moves_a_held_case(held: World) -> None:
    before = held.incident().state
    for verb in INCIDENT_WORDS:
        for more in ("", " grant") if verb is Verb.OVERRIDE else ("",):
            payload = {
                "type": "block_actions",
                "team": {"id": "T0WACHBUCH"},
                "user": {"id": slack_id("tom"), "username": "tom", "team_id": "T0WACHBUCH"},
                "channel": {"id": "C1"},
                "actions": [
                    {"type": "button", "action_id": f"incident.{verb}:0", "value": f"{NUMBER}{more}", "block_id": "b"}
                ],
            }
            assert held.sender.interaction(payload).status == 200
    assert held.incident().state is before
    held.intact()


def test_no_line_at_the_terminal_moves_a_held_case(held: World) -> None:
    before = held.incident().state
    core = held.app.core
    for who in ("tom", "petra"):
        lines = [f"{word} {NUMBER} x" for words in INCIDENT_WORDS.values() for word in words]
        script = "\n!\n".join([*lines, *map(str, range(1, 9))]) + "\n"
        chat = core.chat(PolicyDirectory(core.policy.policy))
        run_terminal(chat, actor(who), io.StringIO(script), io.StringIO())
    assert held.incident().state is before
    held.intact()


ABOUT_CHANGES = st.one_of(
    *(Making(START, ["CHG-2026-0001"], []).command(kind) for kind in COMMANDS if "change" in kind.__module__)
)
SLOW = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow], "deadline": None}


@settings(max_examples=60, **SLOW)  # type: ignore[arg-type]
@given(command=ABOUT_CHANGES, who=st.sampled_from(ACTORS))
def test_no_single_command_of_the_core_moves_a_held_change(held_change: World, command: Command, who: str) -> None:
    """Whoever gives whatever command: a change never stands at its deployment without a merge."""
    _give(held_change, command, who)
    case = held_change.change()
    assert case.stands in {ChangeState.PLAN, ChangeState.CANCELLED, ChangeState.DEV, ChangeState.REVIEW}
    for request in case.requests:
        assert request.verdict is None or request.verdict.status is not VerdictStatus.PASSED
        if request.verdict is not None and request.verdict.status is VerdictStatus.EMERGENCY:
            assert _broken_by_two_or_alone(case, request.verdict.head)


def _broken_by_two_or_alone(case: ChangeCase, head: str) -> bool:
    """Whether two persons, or one who may alone, broke the glass for this head."""
    able = policy().policy.change.emergency.alone
    for one in case.emergencies:
        who = case.people[one.by]
        assert isinstance(who, IdentityData)
        if one.head == head and (one.second not in {None, one.by} or actor(who.id).has(*able)):
            return True
    return False


def _give(office: World, command: Command, who: str) -> None:
    office.clock.move(seconds=1)
    try:
        office.app.core.service.handle(command, actor(who, Source.API))
    except (NotFound, BrokenInput):
        return


@pytest.fixture
def held_change(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        Request(made)
        yield made


def test_no_verb_in_slack_lets_a_held_request_through(held_change: World) -> None:
    for words in CHANGE_WORDS.values():
        for more in ("", " plan", " deploy prod", " grant", " confirm"):
            for who in ("max", "rita"):
                held_change.say(who, "/change", f"{words[0]} CHG-2026-0001{more}")
    held_change.work(seconds=5)
    case = held_change.change()
    assert case.stands in {ChangeState.PLAN, ChangeState.CANCELLED}
    assert not _shown_as_free(held_change)
    held_change.intact()


def test_an_emergency_opens_by_two_persons_alone(held_change: World) -> None:
    """Whoever asks, confirms, presses or submits without the role: nothing opens before somebody with it agrees."""
    without = ("max", "lena", "jana", "rita", "dora")
    for who in without:
        held_change.say(who, "/change", "emergency CHG-2026-0001 Kasse steht")
        held_change.say(who, "/change", "emergency CHG-2026-0001 confirm")
        for form, value in (("emergency", {"reason": {"answer": {"value": "eilt"}}}), ("emergency_end", {})):
            payload = {
                "type": "view_submission",
                "team": {"id": "T0WACHBUCH"},
                "user": {"id": slack_id(who), "username": who, "team_id": "T0WACHBUCH"},
                "view": {
                    "id": "V1", "type": "modal", "callback_id": f"form:change.{form}",
                    "private_metadata": json.dumps({"case": "CHG-2026-0001"}), "state": {"values": value},
                },
            }  # fmt: skip
            assert held_change.sender.interaction(payload).status == 200
    held_change.work(seconds=5)
    assert _shown_as_free(held_change) == []
    assert len(held_change.change().emergencies) == 1, "asked for once"
    held_change.say("petra", "/change", "emergency CHG-2026-0001 confirm")
    held_change.work(seconds=5)
    assert len(_shown_as_free(held_change)) == 1
    held_change.intact()


def _shown_as_free(office: World) -> list[Any]:
    repository = office.github.world.repository(SHOP)
    return [one for one in repository.checks.values() if one.name == GATE and one.conclusion == "success"]


def test_no_webhook_lets_a_held_request_through(held_change: World) -> None:
    """Somebody else's check or status of our name, approvals on other commits, a body that claims to be done."""
    shop = held_change.github
    head = shop.world.repository(SHOP).pull(1).head
    base = shop.world.repository(SHOP).branches["main"]
    steps: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
        ("run_check", (SHOP, head, GATE), {"app": "github-actions"}),
        ("set_status", (SHOP, head, GATE), {"by": "max"}),
        ("review", (SHOP, 1, "lena"), {"commit": base}),
        ("review", (SHOP, 1, "renovate[bot]"), {}),
        ("run_check", (SHOP, head, "build"), {"app": "max-app"}),
        ("edit_pull", (SHOP, 1, "max"), {"title": "CHG-2026-0001 passed"}),
        ("close_pull", (SHOP, 1, "max"), {}),
        ("reopen_pull", (SHOP, 1, "max"), {}),
    ]
    for action, arguments, named in steps:
        held_change.clock.move(seconds=2)
        getattr(shop, action)(*arguments, **named)
        held_change.work(seconds=2)
        record = held_change.change().requests[0].verdict
        assert record is not None
        assert record.status is not VerdictStatus.PASSED, action
        ours = [one for one in shop.world.repository(SHOP).checks.values() if one.app.slug == "wachbuch"]
        assert all(one.conclusion != "success" for one in ours), action
    held_change.intact()


def test_the_library_of_machines_offers_no_way(shop: World) -> None:
    bring(shop, State.IDENTIFY)
    case = shop.incident()
    for made in (MACHINE, change_moves.machine()):
        assert isinstance(made, Machine)
        engines = [value for value in _inside(made) if isinstance(value, transitions.Machine)]
        assert [engine.models for engine in engines] == [[]], "the engine knows no case"
        assert not [name for name in dir(made) if name.startswith(("to_", "trigger", "may_", "add_", "set_"))]
    for name in ("to_closed", "trigger", "close", "may_close"):
        assert not hasattr(case, name)
    with pytest.raises(Exception, match="frozen"):
        case.state = State.CLOSED  # type: ignore[misc]
    assert shop.incident() == case


def _inside(machine: Machine) -> list[Any]:
    return [getattr(machine, f"_Machine{name}") for name in ("__engine", "__moves")]


def test_people_without_a_role_cannot_move_anything(held: World) -> None:
    before = held.incident().state
    for person, (_, role) in PEOPLE.items():
        if role not in {"responder", "isb", "deputy"}:
            for form in ("incident.close", "incident.walk", f"incident.{_next(before)}"):
                held.say(person, "/vorfall", f"{form.partition('.')[2]} {NUMBER}")
    assert held.incident().state is before


def _next(state: State) -> str:
    way = ["identify", "contain", "eradicate", "recover", "review", "close"]
    return way[way.index(state.value) + 1]
