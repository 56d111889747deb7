"""A case that is opened again gets its places again: Slack takes no bot's word to take a channel out of the archive."""

from collections.abc import Iterator

import pytest

from config.policy.ids import Visibility
from tests.fakes.slack.world import Channel
from tests.journeys.policies import slack_id
from tests.journeys.telling import NUMBER
from tests.journeys.test_every_move import KINDS, WHY, do, onward
from tests.journeys.world import World, world
from tests.properties.catalog import person
from workflows.incident.commands import Advance, Note, Report, SetVisibility
from workflows.incident.terms import State

WHY_AGAIN = "Neue Spuren im Protokoll"


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def ours(office: World) -> list[Channel]:
    return [one for one in office.slack.world.channels.values() if one.name.startswith("inc-")]


def said(channel: Channel) -> list[str]:
    return [str(one.blocks) for one in channel.messages if not one.deleted]


def ended(office: World, how: State, visibility: Visibility) -> Channel:
    """A case that is over, and its channel."""
    do(office, "jana", Report(what="Anhang geöffnet, drei Leute", urgent=True))
    if visibility is not Visibility.TEAM:
        do(office, "petra", SetVisibility(case=NUMBER, visibility=visibility, named=(person("tom"),)))
    office.work(minutes=1)
    if how is State.DISMISSED:
        do(office, "tom", Advance(case=NUMBER, to=how, assess=KINDS[how], answers=WHY))
    while office.incident().state.is_open:
        onward(office, office.incident().state)
    assert office.incident().state is how
    office.work(seconds=5)
    return next(one for one in ours(office) if not one.is_archived)


def reopen(office: World) -> str:
    told = office.say("petra", "/vorfall", f"zurück {NUMBER} {WHY_AGAIN}").text
    assert office.incident().state.is_open, told
    for _ in range(4):
        office.work(seconds=5)
    return told


@pytest.mark.parametrize(
    ("how", "visibility"),
    [
        (State.CLOSED, Visibility.TEAM),
        (State.CLOSED, Visibility.RESTRICTED),
        (State.DISMISSED, Visibility.TEAM),
    ],
)
def test_it_goes_on_in_a_new_channel_that_names_the_old_one(office: World, how: State, visibility: Visibility) -> None:
    old = ended(office, how, visibility)
    office.work(minutes=20)
    assert old.is_archived
    reopen(office)
    new = ours(office)[-1]
    assert (new.is_archived, new.is_private) == (False, visibility is Visibility.RESTRICTED)
    assert new.name.startswith("inc-2026-0001-")
    assert {slack_id("tom"), slack_id("petra")} <= set(new.members)
    assert new.topic
    assert len(new.pins) == 1
    assert sum(f"<#{old.id}>" in one for one in said(new)) == 1
    assert sum(WHY_AGAIN in one for one in said(new)) == 1, "whoever works on it reads there why"
    assert office.app.core.queries.case_in_channel(new.id) == NUMBER
    do(office, "tom", Note(case=NUMBER, text="Konto wieder gesperrt"))
    office.work(seconds=5)
    assert "Konto wieder gesperrt" in said(new)[-1]
    office.intact()


def test_a_channel_that_is_not_archived_yet_stays_the_one(office: World) -> None:
    old = ended(office, State.CLOSED, Visibility.TEAM)
    office.work(minutes=5)
    reopen(office)
    assert ours(office) == [old]
    assert WHY_AGAIN in " ".join(said(old))
    assert "bleibt lesbar" not in " ".join(said(old))
    office.work(minutes=20)
    assert not old.is_archived
    office.intact()


def test_a_false_alarm_that_had_a_channel_has_one_again(office: World) -> None:
    do(office, "jana", Report(what="Anhang geöffnet, drei Leute"))
    onward(office, State.IDENTIFY)
    office.work(minutes=1)
    office.say("petra", "/vorfall", f"zurück {NUMBER} erkennen doch nichts")
    do(office, "tom", Advance(case=NUMBER, to=State.DISMISSED, assess=KINDS[State.DISMISSED], answers=WHY))
    office.work(minutes=20)
    office.work(minutes=20)
    reopen(office)
    old, new = ours(office)
    assert (old.is_archived, new.is_archived) == (True, False)
    assert f"<#{old.id}>" in " ".join(said(new))
