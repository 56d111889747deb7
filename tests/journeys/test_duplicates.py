"""Two reports of the same thing: one goes on, both logs stay, and nobody learns of a case that they may not see."""

from collections.abc import Iterator

import pytest

from bot.chat.texts import terms
from config.i18n import translator
from config.policy.ids import CaseRole, Visibility
from tests.journeys.policies import INTAKE, PEOPLE
from tests.journeys.test_home import look, read
from tests.journeys.test_paging import give
from tests.journeys.world import World, world
from tests.properties.catalog import actor, person
from workflows.incident import commands as c
from workflows.incident.terms import Kind, State
from workflows.outcome import Accepted
from workflows.queries import Queries

MAIN, SECOND = "INC-2026-0001", "INC-2026-0002"


@pytest.fixture
def german(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="de") as made:
        yield made


def two_reports(office: World, main: Visibility, second: Visibility) -> tuple[str, str]:
    """Both with their numbers; the second has a task and evidence of its own, and is assessed as a duplicate."""
    numbers = []
    for visibility, text in ((main, "Mail one"), (second, "Mail two")):
        report = c.Report(what=text, visibility=visibility, named=(person("petra"), person("tom")))
        done = office.app.core.service.handle(report, actor("jana"))
        assert isinstance(done, Accepted)
        numbers.append(done.case.number)
    first, other = numbers
    give(office, "tom", c.OpenTask(case=other, text="Ask the sender", owner=person("tom")))
    give(office, "tom", c.RecordEvidence(case=other, description="Headers of mail two"))
    give(office, "tom", c.Assess(case=other, kind=Kind.DUPLICATE, reason="Same sender", duplicate_of=first))
    return first, other


def end(office: World, number: str = SECOND) -> str:
    told = office.say("tom", "/incident", f"close {number}")
    assert office.incident(number).state is State.DISMISSED
    for _ in range(3):
        office.work(seconds=5)
    return str(told.json())


def thread(office: World, text: str) -> str:
    """What stands in the thread of the report with this text."""
    messages = office.slack.messages(INTAKE)
    (first,) = [one for one in messages if text in str(one.blocks) and not one.thread_ts]
    return "\n".join(str(one.blocks) for one in messages if one.thread_ts == first.ts)


def status(office: World, who: str, number: str) -> str:
    return str(office.say(who, "/incident", f"status {number}").json())


def test_both_logs_stay_and_each_knows_of_the_other(office: World) -> None:
    two_reports(office, Visibility.TEAM, Visibility.TEAM)
    assert MAIN in end(office)
    assert MAIN in thread(office, "Mail two"), "where it goes on"
    assert SECOND in thread(office, "Mail one")
    shown = status(office, "tom", MAIN)
    assert "Headers of mail two" in shown
    assert "Ask the sender" in shown
    phase = terms.name(translator(office.app.core.policy.policy.language), State.IDENTIFY)
    assert f"{MAIN} ({phase})" in status(office, "tom", SECOND), "and how far it is"
    assert "Ask the sender" in read(look(office, "tom")), "its tasks are still somebody's"
    give(office, "tom", c.FinishTask(case=SECOND, no=1))
    assert "Ask the sender" not in read(look(office, "tom"))
    assert "Ask the sender" not in status(office, "tom", MAIN), "as it now is"
    office.say("tom", "/incident", f"back {SECOND} another sender after all")
    for _ in range(3):
        office.work(seconds=5)
    assert office.incident(MAIN).duplicates == ()
    assert "Headers" not in status(office, "tom", MAIN)
    assert office.kinds().count("incident.duplicate") == 2
    office.intact()


def test_who_reported_the_duplicate_keeps_seeing_it_and_no_more(german: World) -> None:
    two_reports(german, Visibility.TEAM, Visibility.TEAM)
    named = (person("petra"), person("tom"))
    give(german, "petra", c.SetVisibility(case=MAIN, visibility=Visibility.SEALED, named=named))
    told = end(german)
    assert MAIN in told, "who ends it sees both"
    seen = status(german, "jana", SECOND)
    assert SECOND in seen
    assert "zu einem anderen Fall" in seen
    assert MAIN not in seen
    assert MAIN not in thread(german, "Mail two")
    assert "zu einem anderen Fall" in thread(german, "Mail two")
    assert "Headers of mail two" in status(german, "petra", MAIN)


def test_a_confidential_duplicate_is_not_named_in_an_open_case(german: World) -> None:
    two_reports(german, Visibility.TEAM, Visibility.RESTRICTED)
    give(german, "tom", c.AssignRole(case=MAIN, role=CaseRole.SCRIBE, person=person("sven")))
    end(german)
    assert SECOND not in thread(german, "Mail one")
    assert "Mail one" in status(german, "sven", MAIN)
    assert SECOND not in status(german, "sven", MAIN)
    assert "Headers of mail two" in status(german, "petra", MAIN)
    german.intact()


def test_no_two_are_duplicates_of_each_other(german: World) -> None:
    two_reports(german, Visibility.TEAM, Visibility.TEAM)
    german.say("tom", "/vorfall", f"bewerten {MAIN}")
    told = str(german.fill("tom", {"kind": "duplicate", "reason": "Derselbe Absender", "duplicate_of": SECOND}))
    assert f"{SECOND} ist selbst eine Dublette" in told
    assert german.incident(MAIN).duplicate_id is None


@pytest.mark.full
@pytest.mark.parametrize("second", Visibility)
@pytest.mark.parametrize("main", Visibility)
def test_everybody_sees_of_the_other_exactly_what_they_may_see(
    german: World, main: Visibility, second: Visibility
) -> None:
    first, other = two_reports(german, main, second)
    end(german, other)
    queries = Queries(german.store)
    for who in PEOPLE:
        sees_both = all(queries.case(number, actor(who)) is not None for number in (first, other))
        assert ("Headers of mail two" in status(german, who, first)) is sees_both, who
        assert (first in status(german, who, other)) is sees_both, who
    german.intact()
