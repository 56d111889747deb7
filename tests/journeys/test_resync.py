"""Cases from a time without Slack, and places that somebody deleted: built afterwards, and nothing twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.slack.resync import begin
from config.policy.ids import CaseRole, Visibility
from config.policy.loader import load_texts
from tests.fakes.slack.world import Channel
from tests.journeys.policies import DIGEST, INTAKE, policy_text, slack_id
from tests.journeys.world import World, world
from tests.properties.catalog import actor, person
from workflows.commands import Command
from workflows.incident.commands import AssignRole, MarkUrgent, Report
from workflows.incident.state import IncidentCase
from workflows.outcome import Accepted
from workflows.service import Service

HANDBOOK = "https://wiki.beispiel.example/notfall"
POLICY = policy_text("de").replace(
    "slack:\n  intake", f"slack:\n  bookmarks: [{{title: Handbuch, url: {HANDBOOK}}}]\n  intake"
)


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, decided=load_texts({"policy.yaml": POLICY.encode()})) as made:
        yield made


def without_slack(office: World, who: str, command: Command) -> IncidentCase:
    """What is done while the service is not connected to Slack."""
    core = office.app.core
    service = Service(core.store, core.policy.policy, core.policy.sha256, core.moment, frozenset({"timer"}))
    outcome = service.handle(command, actor(who))
    assert isinstance(outcome, Accepted)
    assert isinstance(outcome.case, IncidentCase)
    return outcome.case


def urgent(office: World, **more: Any) -> str:
    case = without_slack(office, "jana", Report(what="Anhang geöffnet", **more))
    without_slack(office, "petra", MarkUrgent(case=case.number))
    without_slack(office, "petra", AssignRole(case=case.number, role=CaseRole.LEAD, person=person("petra")))
    return case.number


def resync(office: World, *numbers: str) -> int:
    """As the command asks for it; how many jobs it takes."""
    office.clock.move(seconds=1)
    with office.store.transaction() as uow:
        marks = begin(uow, [office.incident(one) for one in numbers], int(office.clock.now.timestamp()))
    for _ in range(3):
        office.work(seconds=2)
    with office.store.reading() as reads:
        assert {job.state.value for job in reads.jobs.with_marks(marks)} == {"done"}
        assert len(reads.jobs.with_marks(marks)) == len(marks)
    return len(marks)


def ours(office: World) -> list[Channel]:
    return [one for one in office.slack.world.channels.values() if one.name.startswith("inc-")]


def told_directly(office: World) -> list[str]:
    """Whom a direct message told that there is a report."""
    spoken = [one for one in office.slack.world.channels.values() if one.im]
    return [one.id for one in spoken for message in one.messages if "Neue vertrauliche Meldung" in message.text]


def test_a_case_from_a_time_without_slack_gets_everything_and_only_once(office: World) -> None:
    number = urgent(office)
    office.work(minutes=1)
    assert not office.slack.messages(INTAKE)
    assert resync(office, number) == 8
    thread, way = office.slack.messages(INTAKE)
    assert number in str(thread.blocks)
    assert slack_id("tom") not in str(thread.blocks), "nobody is woken for what is looked after"
    (channel,) = ours(office)
    assert (way.thread_ts, f"<#{channel.id}>" in str(way.blocks)) == (thread.ts, True), "the thread leads there"
    assert "Petra Maurer" in channel.topic
    assert slack_id("petra") in channel.members
    assert len(channel.pins) == len(channel.messages) == 1
    assert [(one["title"], one["link"]) for one in channel.bookmarks] == [("Handbuch", HANDBOOK)]
    (announced,) = office.slack.messages(DIGEST)
    resync(office, number)
    assert office.slack.messages(INTAKE) == [thread, way]
    assert ours(office) == [channel]
    assert len(channel.pins) == len(channel.messages) == len(channel.bookmarks) == 1
    assert office.slack.messages(DIGEST) == [announced]
    office.intact()


def test_what_somebody_deleted_is_built_again(office: World) -> None:
    number = urgent(office)
    resync(office, number)
    (channel,) = ours(office)
    del office.slack.world.channels[channel.id]
    office.slack.messages(INTAKE)[0].deleted = True
    office.slack.messages(DIGEST)[0].deleted = True
    resync(office, number)
    (again,) = ours(office)
    assert again.id != channel.id
    assert len(again.pins) == 1
    reports = [one for one in office.slack.messages(INTAKE) if one.thread_ts is None]
    assert len(reports) == len(office.slack.messages(DIGEST)) == 1
    (*_, way) = office.slack.messages(INTAKE)
    assert (way.thread_ts, f"<#{again.id}>" in str(way.blocks)) == (reports[0].ts, True), "it leads to the new one"
    assert office.app.core.queries.case_in_channel(again.id) == number
    assert office.app.core.queries.case_in_channel(channel.id) is None
    again.is_archived = True
    resync(office, number)
    assert [one.name for one in ours(office)] == ["inc-2026-0001", "inc-2026-0001-2"]
    office.intact()


def test_a_confidential_case_stays_so(office: World) -> None:
    number = urgent(office, visibility=Visibility.RESTRICTED)
    resync(office, number)
    (channel,) = ours(office)
    assert channel.is_private
    assert not office.slack.messages(INTAKE)
    assert "Anhang" not in str([one.blocks for one in office.slack.messages(DIGEST)])
    before = told_directly(office)
    assert before
    resync(office, number)
    assert told_directly(office) == before, "told once"


@pytest.mark.parametrize("error", ["missing_scope", "internal_error"])
def test_bookmarks_that_cannot_be_set_hold_back_nothing(office: World, error: str) -> None:
    number = urgent(office)
    if error == "missing_scope":
        office.slack.scopes -= {"bookmarks:read", "bookmarks:write"}
    else:
        office.slack.fail("bookmarks.list", error=error, times=1)
    with office.store.transaction() as uow:
        begin(uow, [office.incident(number)], 1)
    for _ in range(3):
        office.work(seconds=2)
    (channel,) = ours(office)
    assert len(channel.pins) == 1
    office.work(minutes=1)
    assert len(channel.bookmarks) == (0 if error == "missing_scope" else 1)
    assert not office.dead()
