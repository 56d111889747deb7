"""The same story without Slack: the terminal speaks the same commands, and goes on when Slack is down."""

import io
from collections.abc import Iterator, Sequence

import pytest

from bot.chat.directory import PolicyDirectory
from bot.chat.texts import criteria
from bot.terminal import run_terminal
from config.i18n import translator
from config.policy.ids import Criterion
from tests.journeys.policies import INTAKE
from tests.journeys.telling import NUMBER, REPORT, STEPS, Step, typed
from tests.journeys.world import World, world
from workflows.actors import Actor, Person, PersonId, Source
from workflows.incident.terms import State


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office(sqlite_url: str, language: str) -> Iterator[World]:
    with world(sqlite_url, language=language) as made:
        yield made


def talk(office: World, who: str, lines: Sequence[str], language: str) -> str:
    """One session of somebody at a terminal; what it printed."""
    office.clock.move(seconds=1)
    known = office.app.core.policy.policy.person_by(id=who)
    assert known is not None
    actor = Actor(Person(PersonId(known.id), known.name), known.roles, Source.CLI)
    chat = office.app.core.chat(PolicyDirectory(office.app.core.policy.policy))
    out = io.StringIO()
    run_terminal(chat, actor, io.StringIO("\n".join(lines) + "\n"), out, language)
    return out.getvalue()


def take(office: World, step: Step, language: str) -> str:
    answers = [{"de": "ja", "en": "yes"}[language]] if step.looks else typed(step.fields, office.clock.now)
    return talk(office, step.who, [step.line(language), *answers], language)


def walk(office: World, language: str) -> None:
    report = {"de": "melden", "en": "report"}[language]
    told = talk(office, "jana", [report, *typed(REPORT, office.clock.now)], language)
    assert NUMBER in told
    office.proves(told, "incident.reported")
    for step in STEPS:
        if step.looks:
            told = talk(office, step.who, [step.line(language), {"de": "nein", "en": "no"}[language]], language)
            assert office.incident().state is State.REVIEW, told
        told = take(office, step, language)
        assert office.incident().state is step.after, told
        office.proves(told, *step.kinds)
        for criterion in step.missing:
            assert criteria.label(translator(language), Criterion(criterion)) in told
        office.work()


def test_an_incident_walks_from_the_report_to_closed(office: World, language: str) -> None:
    walk(office, language)
    assert {entry.kind for entry in office.entries()} >= {"incident.reported", "incident.moved", "corrective.opened"}
    office.intact()


@pytest.mark.parametrize("failure", ["refuses", "errors"])
def test_a_case_goes_to_its_end_while_slack_is_down(office: World, language: str, failure: str) -> None:
    port = int(office.slack.url.rpartition(":")[2])
    if failure == "refuses":
        office.slack.stop()
    else:
        office.slack.fail(times=10**6, status=503)
    walk(office, language)
    assert office.incident().state is State.CLOSED
    assert not office.slack.world.channels[INTAKE].messages
    office.intact()
    if failure == "refuses":
        office.slack.start(port)
    office.slack.faults.clear()
    for _ in range(6):
        office.work(minutes=30)
    # What comes after the channel is archived, so late, is told in the thread of the report.
    told_in = (office.slack.channel_named("inc-2026-0001").messages, office.slack.messages(INTAKE))
    texts = [one.text for messages in told_in for one in messages]
    assert len(texts) == len(set(texts)), "and nothing came twice"
    told = "\n".join(texts)
    moves = [entry for entry in office.receipts_in(told) if entry.kind == "incident.moved"]
    assert len(moves) == office.kinds().count("incident.moved"), "every move was told"
    office.intact()


def test_an_hour_without_slack_gives_no_message_up(office: World) -> None:
    office.slack.fail(times=10**6, status=503)
    walk(office, "en")
    for _ in range(30):
        office.work(minutes=2)
    office.slack.faults.clear()
    for _ in range(6):
        office.work(minutes=30)
    with office.store.reading() as reads:
        assert reads.jobs.dead() == []
    assert office.slack.channel_named("inc-2026-0001").messages
