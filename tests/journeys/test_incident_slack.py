"""From `/incident` to *closed*, as people in Slack live it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.chat.texts import criteria
from config.i18n import translator
from config.policy.ids import Criterion
from tests.journeys.policies import DIGEST, INTAKE, slack_id
from tests.journeys.telling import NUMBER, REPORT, STEPS, Step, in_slack
from tests.journeys.world import World, world
from workflows.incident.terms import State

COMMAND = {"en": "/incident", "de": "/vorfall"}
CHANNEL = "inc-2026-0001"


EVERY = [("de", "sqlite"), ("en", "postgresql"), ("de", "postgresql"), ("en", "sqlite")]
SETTINGS = [pytest.param(one, marks=[pytest.mark.full] if place > 0 else []) for place, one in enumerate(EVERY)]


@pytest.fixture(params=SETTINGS, ids="-".join)
def setting(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Language and database."""
    found: tuple[str, str] = request.param
    return found


@pytest.fixture
def language(setting: tuple[str, str]) -> str:
    return setting[0]


@pytest.fixture
def office(request: pytest.FixtureRequest, setting: tuple[str, str]) -> Iterator[World]:
    url: str = request.getfixturevalue("sqlite_url" if setting[1] == "sqlite" else "postgres_url")
    with world(url, language=setting[0]) as made:
        yield made


def text_of(body: Any) -> str:
    """Everything a person reads in an answer."""
    return json.dumps(body, ensure_ascii=False)


def report(office: World, language: str) -> str:
    office.say("jana", COMMAND[language])
    told = text_of(office.fill("jana", in_slack(REPORT, office.clock.now)))
    office.proves(told, "incident.reported")
    return told


def take(office: World, language: str, step: Step) -> str:
    """One step of the story; what the person reads."""
    answer = office.say(step.who, COMMAND[language], step.line(language))
    if not (step.fields or step.looks):
        return text_of(answer.json())
    assert not answer.text, "a form opens, nothing is said"
    return text_of(office.fill(step.who, in_slack(step.fields, office.clock.now)))


def test_an_incident_walks_from_the_command_to_closed(office: World, language: str) -> None:
    told = report(office, language)
    assert NUMBER in told
    assert "Tom Berger" in told, "who is on call is told"
    office.work()
    for step in STEPS:
        told = take(office, language, step)
        assert office.incident().state is step.after, told
        office.proves(told, *step.kinds)
        for criterion in step.missing:
            assert criteria.label(translator(language), Criterion(criterion)) in told
        office.work(seconds=30)
    assert office.incident().answers, "what came with refused moves was kept"
    assert [one.text for one in office.incident().correctives] == ["Makros sperren"]
    office.intact()


def test_a_refused_move_moves_nothing_and_keeps_the_answers(office: World, language: str) -> None:
    report(office, language)
    first, second = STEPS[1], STEPS[2]
    told = take(office, language, first)
    assert office.incident().state is State.IDENTIFY
    assert office.incident().category == "phishing"
    asked = {block["block_id"] for block in office.view("tom")["blocks"] if block["type"] == "input"}
    assert asked == set(second.fields), "only what is still missing is asked for again"
    assert "Petra Maurer" in told, "who decides when it cannot wait is named"
    office.intact()


def test_only_somebody_else_than_the_lead_closes_and_they_are_named(office: World, language: str) -> None:
    report(office, language)
    for step in STEPS[:-2]:
        take(office, language, step)
    told = take(office, language, STEPS[-2])
    office.work()
    take(office, language, replace(STEPS[-2], fields={}))
    office.work()
    asked = [one for one in office.slack.channel_named(CHANNEL).messages if "incident.close" in str(one.blocks)]
    asked = [one for one in asked if not one.edited]
    assert len(asked) == 1, "whoever can close it is asked where they read it, once"
    assert f"<@{slack_id('petra')}>" in str(asked[0].blocks)
    assert f"<@{slack_id('tom')}>" not in str(asked[0].blocks)
    assert "Petra Maurer" in told
    assert "Paul Deppe" in told
    assert "incident.moved" not in {entry.kind for entry in office.receipts_in(told)}
    for who, waits in (("petra", True), ("tom", False)):
        office.sender.home(slack_id(who))
        office.work()
        home = office.slack.home_of(slack_id(who))
        assert home is not None
        assert ("incident.close" in json.dumps(home.view)) is waits, f"{who} can close it, or not"
    again = office.say("tom", COMMAND[language], STEPS[-1].line(language)).text
    assert office.incident().state is State.REVIEW, again
    take(office, language, STEPS[-1])
    assert office.incident().state is State.CLOSED


def test_channel_topic_summary_and_thread_follow_from_jobs(office: World, language: str) -> None:
    report(office, language)
    assert not office.slack.messages(INTAKE), "on record before Slack is asked for anything"
    office.work()
    thread = office.slack.messages(INTAKE)[0]
    assert slack_id("tom") in json.dumps(thread.blocks), "who is on call is mentioned"
    take(office, language, STEPS[0])
    office.work()
    assert office.slack.messages(INTAKE)[1].thread_ts == thread.ts
    for step in STEPS[1:4]:
        take(office, language, step)
        office.work()
    channel = office.slack.channel_named(CHANNEL)
    assert "S3" in channel.topic
    assert "Tom Berger" in channel.topic
    assert {slack_id("tom"), slack_id("petra"), slack_id("paul")} <= set(channel.members)
    (pinned,) = channel.pins
    summary = channel.message(pinned)
    assert summary.edited, "one summary, edited in place"
    posted = [one for one in channel.messages if one.ts != pinned]
    assert posted
    for message in posted:
        office.proves(message.text)
    (announced,) = office.slack.messages(DIGEST)
    assert NUMBER in announced.text
    for step in STEPS[4:]:
        take(office, language, step)
        office.work()
    assert not _archived(office), "the last lines are still to be read"
    office.work(minutes=20)
    assert _archived(office)
    office.intact()


def _archived(office: World) -> bool:
    return office.slack.channel_named(CHANNEL).is_archived
