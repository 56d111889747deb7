"""Data protection hears of personal data; and whoever can confirm that a duty does not apply is asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import Visibility
from tests.fakes.slack.world import Message
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.test_roles import press
from tests.journeys.world import World, world
from tests.properties.catalog import actor

NUMBER = "INC-2026-0001"


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        yield made


def report(office: World, **more: Any) -> str:
    office.say("max", "/vorfall")
    told = str(office.fill("max", {"what": "Kundenliste falsch verschickt", **more}))
    office.work(minutes=1)
    return told


def written(office: World, who: str, part: str) -> list[Message]:
    return [one for one in office.slack.messages(slack_id(who)) if part in str(one.blocks)]


def decide(office: World) -> None:
    office.say("petra", "/vorfall", "pflicht 1")
    office.fill("petra", {"regime": "gdpr_33_1", "required": "no", "reason": "Liste war leer"})
    office.work(minutes=1)


@pytest.mark.parametrize("answer", ["yes", "unknown"])
def test_data_protection_is_told_once_and_invited(office: World, answer: str) -> None:
    report(office)
    assert written(office, "dora", NUMBER) == []
    for _ in range(2):
        office.say("tom", "/vorfall", "bewerten 1")
        office.fill("tom", {"personal_data": answer})
        office.work(minutes=1)
        office.say("tom", "/vorfall", "bewerten 1")
        office.fill("tom", {"personal_data": "no"})
        office.work(minutes=1)
    (told,) = written(office, "dora", NUMBER)
    assert "Anzeigen" in str(told.blocks)
    office.say("max", "/vorfall", "dringend 1")
    office.work(minutes=1)
    channel = office.slack.channel_named("inc-2026-0001")
    assert slack_id("dora") in channel.members, "a duty is open, and hers, whatever else was said meanwhile"
    assert len(written(office, "dora", NUMBER)) == 1


def test_data_protection_does_not_lose_a_case_before_its_duty_is_settled(office: World) -> None:
    report(office, personal_data="yes")
    office.say("tom", "/vorfall", "bewerten 1")
    office.fill("tom", {"personal_data": "no"})
    decide(office)
    dora = actor("dora")
    assert office.app.core.queries.case(NUMBER, dora) is not None
    office.say("dora", "/vorfall", "bestätigen 1 gdpr_33_1")
    assert office.app.core.queries.case(NUMBER, dora) is None


def test_data_protection_is_told_when_a_decision_is_open_again(office: World) -> None:
    report(office, personal_data="unknown")
    decide(office)
    office.say("dora", "/vorfall", "bestätigen 1 gdpr_33_1")
    office.say("tom", "/vorfall", "bewerten 1")
    office.fill("tom", {"personal_data": "yes"})
    office.work(minutes=1)
    assert len(written(office, "dora", "wieder offen")) == 1
    assert not office.incident().duties[0].is_settled
    assert office.dead() == []


@pytest.mark.parametrize("visibility", [Visibility.TEAM, Visibility.RESTRICTED])
def test_the_answer_says_who_sees_it_and_data_protection_only_where_it_is_so(
    office: World, visibility: Visibility
) -> None:
    said = report(office, visibility=visibility.value, personal_data="yes")
    open_to_all = visibility is Visibility.TEAM
    assert ("wer den Meldekanal liest" in said) == open_to_all
    assert ("Der Datenschutz kann den Fall jetzt sehen" in said) == open_to_all
    assert bool(written(office, "dora", NUMBER)) == open_to_all


def test_who_can_confirm_that_a_duty_does_not_apply_is_asked_in_the_thread(office: World) -> None:
    report(office, personal_data="yes")
    decide(office)
    (asked,) = [one for one in office.slack.messages(INTAKE) if "zweite Person" in str(one.blocks)]
    assert all(f"<@{slack_id(who)}>" in str(asked.blocks) for who in ("paul", "dora"))
    assert f"<@{slack_id('petra')}>" not in str(asked.blocks)
    office.proves(press(office, "dora", "Bestätigen", asked.blocks, INTAKE), "duty.confirmed")
    office.work(minutes=1)
    assert "Dora Schulz bestätigt" in str(office.slack.messages(INTAKE)[-1].blocks)


def test_without_a_place_to_talk_they_are_written_to(office: World) -> None:
    report(office, visibility="restricted", personal_data="yes")
    decide(office)
    (asked,) = written(office, "paul", "zweite Person")
    assert "Liste" not in str(asked.blocks)
    assert [written(office, who, "zweite Person") for who in ("petra", "dora", "tom")] == [[], [], []]
    office.proves(press(office, "paul", "Bestätigen", asked.blocks, "D0PAUL"), "duty.confirmed")


def test_what_data_protection_was_told_is_taken_back_and_told_again(office: World) -> None:
    report(office, personal_data="yes")
    for text, shown in (("einschränken 1 vertraulich", False), ("einschränken 1 team", True)):
        assert bool(written(office, "dora", "personenbezogene Daten")) is not shown
        office.say("petra", "/vorfall", text)
        if shown:
            office.fill("petra", {"visibility": "team", "reason": "Geklärt"})
        office.work(minutes=1)
        assert bool(written(office, "dora", "personenbezogene Daten")) is shown
